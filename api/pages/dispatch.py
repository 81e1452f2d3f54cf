"""Cases of an operation that its volunteers have: given out for a session, who has which, what was left and why."""

from functools import partial
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.backlog import case_of, seen_operation
from api.backlog_dispatch import LoanView, dispatches_view
from api.house import House, TheHouse
from api.pages.backlog.known import not_now
from api.pages.fields import said_in
from api.pages.form import FormView, begun
from api.pages.giving import Sent, give
from api.pages.show import page
from api.pages.typed import SentForm
from api.pages.visit import Admitted, Visit
from db.queries.backlog_possible import given_out_now
from db.queries.backlog_sessions import sessions_of
from domain.backlog.commands import Dispatch
from domain.permissions import Action
from domain.roles import Role

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Admitted(Action.READ_OPERATIONS))]
Dispatcher = Annotated[Visit, Depends(Admitted(Action.DISPATCH_CASES))]


@router.get("/operations/{reference}/dispatch")
def dispatched(request: Request, reference: str, visit: Reader, house: TheHouse) -> Response:
    """Who has which case, what was done of it, what was left and why."""
    return _page(request, reference, visit, house)


@router.post("/operations/{reference}/dispatch")
async def dispatch_cases(
    request: Request, reference: str, visit: Dispatcher, typed: SentForm, house: TheHouse
) -> Response:
    """Give the oldest cases to the volunteers of a session."""
    address = _address(reference)
    case_id = await house.transact(lambda session: case_of(session, reference))
    sent = Sent(visit, house, case_id, address, typed, partial(_page, request, reference, visit, house), address)
    return await give(sent, "dispatch", Dispatch, said_in(Dispatch, typed), "dispatch")


def _page(
    request: Request, reference: str, visit: Visit, house: House, sent: FormView | None = None, status: int = 200
) -> Response:
    with house.reading() as session:
        row = seen_operation(session, reference)
        told = dispatches_view(session, visit.actor, reference)
        refused = not_now(session, row.OperationRow, Action.DISPATCH_CASES, visit, house)
        numbers = [] if refused else given_out_now(session, row.Case, house.book, house.now(), house.today())
        sessions = [one for one in sessions_of(session, row.OperationRow.case_id) if one.number in numbers]
        form = sent or begun(session, visit.actor.id, _address(reference))
    return page(
        request,
        visit,
        "lending/dispatch.html",
        status,
        told=told,
        state=row.Case.state,
        by_volunteer=_by_volunteer(told.loans),
        choices=[(str(one.number), visit.words.day(one.day)) for one in sessions],
        not_now=refused if row.OperationRow.ended_on is None else None,
        form=form,
        skills=skills_or_roles(visit, house),
    )


def skills_or_roles(visit: Visit, house: House) -> dict[str, str]:
    """What a case may ask for, in words: a skill, or a role."""
    known = {one.id: visit.words.name_of("Skill", one.id, one.label) for one in house.book.insurer.skills}
    return {role.value: visit.words.label(role) for role in Role} | known


def _by_volunteer(loans: list[LoanView]) -> list[tuple[str, list[LoanView]]]:
    """The loans of each volunteer, by name."""
    ordered = sorted(loans, key=lambda one: (one.name, one.login))
    return [(name, list(group)) for (name, _), group in groupby(ordered, key=lambda one: (one.name, one.login))]


def _address(reference: str) -> str:
    return f"/operations/{reference}/dispatch"
