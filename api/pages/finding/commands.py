"""What is given on a finding without a task: another date, a risk to be accepted, a request withdrawn, the end."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.findings import case_of, seen_finding
from api.house import House, TheHouse
from api.pages.fields import said_in
from api.pages.finding.known import known_of
from api.pages.form import FormView, begun
from api.pages.giving import Sent, give
from api.pages.show import page
from api.pages.typed import SentForm, Typed
from api.pages.visit import Admitted, Visit
from domain.finding.commands import CASE_COMMANDS
from domain.permissions import Action

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Act:
    """A command on a finding: its kind, the last part of its page's address, and what is said when it is done."""

    kind: str
    part: str
    said: str


POSTPONE = Act("request_postponement", "request-postponement", "postponement_asked")
ACCEPT_RISK = Act("request_risk_acceptance", "request-risk-acceptance", "risk_acceptance_asked")
WITHDRAW = Act("withdraw_request", "withdraw-request", "request_withdrawn")
CANCEL = Act("cancel", "cancel", "finding_cancelled")
ByActor = Annotated[Visit, Depends(Admitted(Action.REQUEST_POSTPONEMENT))]
MayAcceptRisk = Annotated[Visit, Depends(Admitted(Action.REQUEST_RISK_ACCEPTANCE))]
MayWithdraw = Annotated[Visit, Depends(Admitted(Action.WITHDRAW_REQUEST))]
MayCancel = Annotated[Visit, Depends(Admitted(Action.CANCEL_FINDING))]


@router.get("/findings/{reference}/request-postponement")
def postponement_page(request: Request, reference: str, visit: ByActor, house: TheHouse) -> Response:
    """Another date, and why."""
    return _page(request, POSTPONE, reference, visit, house)


@router.post("/findings/{reference}/request-postponement")
async def postponement(request: Request, reference: str, visit: ByActor, typed: SentForm, house: TheHouse) -> Response:
    """Ask for it."""
    return await _give(request, POSTPONE, reference, visit, typed, house)


@router.get("/findings/{reference}/request-risk-acceptance")
def risk_acceptance_page(request: Request, reference: str, visit: MayAcceptRisk, house: TheHouse) -> Response:
    """Until when the risk is to be accepted, and why."""
    return _page(request, ACCEPT_RISK, reference, visit, house)


@router.post("/findings/{reference}/request-risk-acceptance")
async def risk_acceptance(
    request: Request, reference: str, visit: MayAcceptRisk, typed: SentForm, house: TheHouse
) -> Response:
    """Ask for it."""
    return await _give(request, ACCEPT_RISK, reference, visit, typed, house)


@router.get("/findings/{reference}/withdraw-request")
def withdraw_page(request: Request, reference: str, visit: MayWithdraw, house: TheHouse) -> Response:
    """What was asked for, and what it means to ask no longer."""
    return _page(request, WITHDRAW, reference, visit, house)


@router.post("/findings/{reference}/withdraw-request")
async def withdraw(request: Request, reference: str, visit: MayWithdraw, typed: SentForm, house: TheHouse) -> Response:
    """Ask no longer."""
    return await _give(request, WITHDRAW, reference, visit, typed, house)


@router.get("/findings/{reference}/cancel")
def cancel_page(request: Request, reference: str, visit: MayCancel, house: TheHouse) -> Response:
    """Why it has lost its object."""
    return _page(request, CANCEL, reference, visit, house)


@router.post("/findings/{reference}/cancel")
async def cancel(request: Request, reference: str, visit: MayCancel, typed: SentForm, house: TheHouse) -> Response:
    """End it."""
    return await _give(request, CANCEL, reference, visit, typed, house)


async def _give(request: Request, act: Act, reference: str, visit: Visit, typed: Typed, house: House) -> Response:
    case_id = await house.transact(lambda session: case_of(session, house, reference, visit.actor))
    address, form = _address(act, reference), CASE_COMMANDS[act.kind]
    shown = partial(_page, request, act, reference, visit, house)
    sent = Sent(visit, house, case_id, address, typed, shown, f"/findings/{reference}")
    return await give(sent, act.kind, form, said_in(form, typed), act.said)


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
        values = known_of(session, seen_finding(session, house, reference, visit.actor), visit, house)
        form = sent or begun(session, visit.actor.id, _address(act, reference))
    return page(request, visit, f"finding/{act.kind}.html", status, form=form, **values)


def _address(act: Act, reference: str) -> str:
    return f"/findings/{reference}/{act.part}"
