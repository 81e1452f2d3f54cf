"""Commands on a complaint, each with its page: a holding letter, another owner, a request instead of a complaint."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.cases import visible_complaint
from api.complaints import complaint_view
from api.house import House, TheHouse
from api.pages.choices import choices
from api.pages.fields import said_in
from api.pages.form import FormView, begun
from api.pages.giving import Sent, give
from api.pages.show import page
from api.pages.typed import SentForm, Typed
from api.pages.visit import Admitted, Visit
from db.queries.people import handlers_on
from domain.complaint.commands import CASE_COMMANDS
from domain.permissions import Action

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Act:
    """A command on a case: its kind, and the last part of its page's address."""

    kind: str
    part: str


HOLDING_LETTER = Act("send_holding_letter", "holding-letter")
REASSIGN = Act("reassign", "reassign")
REQUALIFY = Act("requalify", "requalify")
MayHold = Annotated[Visit, Depends(Admitted(Action.SEND_HOLDING_LETTER))]
MayReassign = Annotated[Visit, Depends(Admitted(Action.REASSIGN))]
MayRequalify = Annotated[Visit, Depends(Admitted(Action.REQUALIFY))]


@router.get("/complaints/{reference}/holding-letter")
def holding_letter_page(request: Request, reference: str, visit: MayHold, house: TheHouse) -> Response:
    """The answer takes longer."""
    return _page(request, HOLDING_LETTER, reference, visit, house)


@router.post("/complaints/{reference}/holding-letter")
async def holding_letter(
    request: Request, reference: str, visit: MayHold, typed: SentForm, house: TheHouse
) -> Response:
    """Tell the member before the date, with the new one."""
    return await _give(request, HOLDING_LETTER, reference, visit, typed, house)


@router.get("/complaints/{reference}/reassign")
def reassign_page(request: Request, reference: str, visit: MayReassign, house: TheHouse) -> Response:
    """Another owner."""
    return _page(request, REASSIGN, reference, visit, house)


@router.post("/complaints/{reference}/reassign")
async def reassign(request: Request, reference: str, visit: MayReassign, typed: SentForm, house: TheHouse) -> Response:
    """Give it to another owner."""
    return await _give(request, REASSIGN, reference, visit, typed, house)


@router.get("/complaints/{reference}/requalify")
def requalify_page(request: Request, reference: str, visit: MayRequalify, house: TheHouse) -> Response:
    """It is no complaint."""
    return _page(request, REQUALIFY, reference, visit, house)


@router.post("/complaints/{reference}/requalify")
async def requalify(
    request: Request, reference: str, visit: MayRequalify, typed: SentForm, house: TheHouse
) -> Response:
    """Say that it is a request, and why."""
    return await _give(request, REQUALIFY, reference, visit, typed, house)


async def _give(request: Request, act: Act, reference: str, visit: Visit, typed: Typed, house: House) -> Response:
    case_id = await house.transact(lambda session: visible_complaint(session, reference, visit.actor).id)
    address, form = _address(act, reference), CASE_COMMANDS[act.kind]
    shown = partial(_page, request, act, reference, visit, house)
    sent = Sent(visit, house, case_id, address, typed, shown, f"/complaints/{reference}")
    return await give(sent, act.kind, form, said_in(form, typed), act.kind)


def _page(
    request: Request,
    act: Act,
    reference: str,
    visit: Visit,
    house: House,
    sent: FormView | None = None,
    status: int = 200,
) -> Response:
    with house.reading() as session:
        case = complaint_view(session, visible_complaint(session, reference, visit.actor), house, visit.words.language)
        filled: dict[str, Any] = {"dispatch": "email" if case.email else "post"}
        form = sent or begun(session, visit.actor.id, _address(act, reference), filled)
        values = {
            "case": case,
            "form": form,
            "choices": choices(visit.words, house.book),
            "handlers": handlers_on(session, house.today()) if act is REASSIGN else [],
        }
    return page(request, visit, f"complaint/{act.kind}.html", status, **values)


def _address(act: Act, reference: str) -> str:
    return f"/complaints/{reference}/{act.part}"
