"""One batch: its file and totals, who may release it, what became of each line, what was left out and why."""

from asyncio import to_thread
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.cases import journal_page, state_view
from api.house import House, TheHouse
from api.pages.acts import acts
from api.pages.choices import options
from api.pages.form import FormView, begun
from api.pages.people import offered_to
from api.pages.show import page
from api.pages.standing import why_not
from api.pages.visit import Admitted, Visit
from api.payments import file, line_page, payment_view
from db.models import Case, TaskRow
from db.queries import cases as case_queries
from db.queries import payment_lists
from domain.payment.words import BankDid, PaymentTask
from domain.permissions import Action

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Admitted(Action.READ_PAYMENTS))]
Treasurer = Annotated[Visit, Depends(Admitted(Action.READ_BANK_FILE))]
LINES = 100
FORMS = ("status-report", "stop", "conclude")
"""What can be sent from the page of a batch."""
_ACTS = 300


@router.get("/payments/{reference}")
def payment_page(
    request: Request,
    reference: str,
    visit: Reader,
    house: TheHouse,
    after: Annotated[int, Query(ge=0, le=10**6)] = 0,
) -> Response:
    """All that is known of one batch, with some of its lines."""
    return shown(request, reference, visit, house, after=after)


@router.get("/payments/{reference}/file.xml")
async def bank_file(reference: str, visit: Treasurer, house: TheHouse) -> Response:
    """The bank file, byte for byte."""
    return await to_thread(file, reference, house, visit.actor)


def shown(
    request: Request,
    reference: str,
    visit: Visit,
    house: House,
    sent: FormView | None = None,
    status: int = 200,
    after: int = 0,
) -> Response:
    """The page of a batch; with what was wrong in a form that was sent."""
    with house.reading() as session:
        values = known_of(session, reference, visit, house, after)
        forms = {kind: _form(session, visit, address_of(reference, kind), sent) for kind in FORMS}
    return page(
        request, visit, "payment/show.html", status, forms=forms, bank_did=options(visit.words, BankDid), **values
    )


def address_of(reference: str, kind: str) -> str:
    """Where a form on the page of a batch is sent."""
    return f"/payments/{reference}/{kind}"


def _form(session: Session, visit: Visit, address: str, sent: FormView | None) -> FormView:
    """The form that goes there: as it was sent, or begun."""
    return sent if sent is not None and sent.address == address else begun(session, visit.actor.id, address)


def known_of(session: Session, reference: str, visit: Visit, house: House, after: int = 0) -> dict[str, Any]:
    """What the pages of a batch show. Raises HTTPException 404."""
    batch = payment_view(session, reference, house, visit.actor, visit.words.language)
    case = session.scalars(select(Case).where(Case.reference == reference)).one()
    released = {one.person_id for one in payment_lists.releases(session, case.id)}
    rows = [one for one in case_queries.tasks(session, case.id) if one.closed_at is None]
    return {
        "batch": batch,
        "lines": line_page(session, case.id, visit.actor, after, LINES, visit.words.language),
        "after": after,
        "state": state_view(session, case, visit.actor, visit.words.language),
        "open_tasks": rows,
        "holders": {one.id: offered_to(session, one.offered_to, visit.words, house.book) for one in rows},
        "why_not": {one.id: _why_not(one, visit, released) for one in rows},
        "acts": acts(journal_page(session, case, 0, _ACTS).lines) if visit.may("read_journal") else [],
    }


def _why_not(row: TaskRow, visit: Visit, released: set[UUID]) -> str | None:
    """Why I may not do a task that is open; None where I may."""
    if row.kind == PaymentTask.RELEASE and visit.actor.id in released:
        return visit.words.say("You have released it already; somebody else has to as well.")
    return why_not(row, visit)
