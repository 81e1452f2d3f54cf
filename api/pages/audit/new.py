"""An audit is planned: of which delegate, on which of its contracts, what is asked for, when it is launched."""

from asyncio import to_thread
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.audits import plan_and_deliver
from api.commands import key_or_new
from api.house import House, TheHouse
from api.pages.audit.doors import Planner
from api.pages.choices import options
from api.pages.form import FormView, begun, mistaken, status_of
from api.pages.show import go_to, page
from api.pages.typed import KEY, SentForm, Typed
from api.pages.visit import Visit
from db.catalogue_file import load_catalogue
from db.commands.draft import forget_draft
from db.models import Case, DelegateRow
from db.queries import audit_lists
from db.queries.calendar import calendar
from domain.audit.catalogue import AskedPiece
from domain.audit.commands import Plan
from domain.audit.words import AuditDomain
from domain.refusals import Refusal

router = APIRouter(include_in_schema=False)
_NEW = "/audits/new"
_USUAL_NOTICE = timedelta(days=14)
"""How far ahead the launch meeting is proposed."""
_USUAL_HOUR = "10:00"


@router.get(_NEW)
def new_audit(
    request: Request,
    visit: Planner,
    house: TheHouse,
    delegate: Annotated[str | None, Query(max_length=20)] = None,
) -> Response:
    """First whom it is of; then the form, filled with what is usual."""
    return _page(request, visit, house, delegate or "")


@router.post(_NEW)
async def plan(request: Request, visit: Planner, typed: SentForm, house: TheHouse) -> Response:
    """Plan it, and show it; with what is wrong, the same page again."""
    address = _address(typed["delegate"])
    try:
        asked = Plan.model_validate(_said(typed, house))
        case_id = await plan_and_deliver(house, asked, key_or_new(typed[KEY][:100]), visit.actor)
    except (Refusal, ValidationError) as error:
        form = mistaken(address, typed, error, visit.words)
        return await to_thread(_page, request, visit, house, typed["delegate"], form, status_of(error))

    def kept(session: Session) -> str:
        forget_draft(session, visit.actor.id, address)
        return session.get_one(Case, case_id).reference

    return go_to(f"/audits/{await house.transact(kept)}", "plan")


def _said(typed: Typed, house: House) -> dict[str, Any]:
    """The body of the API that the form stands for: of the pieces, those of the domains that are looked at."""
    themes = typed.all("themes")
    offered = {piece.id for piece in _catalogue() if piece.domain in themes}
    return {
        "delegate": typed["delegate"],
        "contracts": typed.all("contracts"),
        "themes": themes,
        "pieces": [piece for piece in typed.all("pieces") if piece in offered],
        "launch_at": typed.instant("launch_at", house.zone),
        "place": typed.text("place") or "",
    }


def _catalogue() -> Sequence[AskedPiece]:
    return load_catalogue().asked(list(AuditDomain))


def _page(
    request: Request, visit: Visit, house: House, code: str, sent: FormView | None = None, status: int = 200
) -> Response:
    catalogue = _catalogue()
    with house.reading() as session:
        delegate = session.get(DelegateRow, code)
        known = audit_lists.delegates(session)
        filled = _usual(session, delegate, catalogue, house.today()) if delegate else {}
        form = sent or begun(session, visit.actor.id, _address(code), filled)
    return page(
        request,
        visit,
        "audit/new.html",
        status,
        form=form,
        delegate=delegate,
        known=known,
        catalogue=[(domain, [piece for piece in catalogue if piece.domain is domain]) for domain in AuditDomain],
        version=load_catalogue().version,
        domains=options(visit.words, AuditDomain),
    )


def _usual(
    session: Session, delegate: DelegateRow, catalogue: Sequence[AskedPiece], today: date
) -> Mapping[str, Sequence[str] | str]:
    """All that it manages, all domains, all pieces, two weeks ahead on a working day."""
    working, ahead = calendar(session), today + _USUAL_NOTICE
    launch_on = ahead if working.is_working_day(ahead) else working.next_working_day(ahead)
    return {
        "delegate": delegate.code,
        "contracts": list(delegate.contracts),
        "themes": [domain.value for domain in AuditDomain],
        "pieces": [piece.id for piece in catalogue],
        "launch_at": f"{launch_on.isoformat()}T{_USUAL_HOUR}",
    }


def _address(delegate: str) -> str:
    return f"{_NEW}?delegate={delegate}"
