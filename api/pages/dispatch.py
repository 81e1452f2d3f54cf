"""Cases of an operation that its volunteers have: given out for a session, who has which, what was left and why."""

from asyncio import to_thread
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.backlog import seen_operation
from api.backlog_dispatch import LoanView, dispatches_view
from api.commands import carry_out, key_or_new
from api.house import House, TheHouse
from api.pages.fields import said_in
from api.pages.form import FormView, begun, mistaken, refused_by, status_of
from api.pages.show import go_to, page
from api.pages.typed import KEY, SentForm
from api.pages.visit import Admitted, Visit
from db.commands.command import Ask
from db.queries.backlog_sessions import sessions_of
from domain.backlog.commands import Dispatch
from domain.commands import CommandStatus
from domain.permissions import Action
from domain.refusals import Refusal
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
    case_id = await house.transact(lambda session: seen_operation(session, reference).OperationRow.case_id)
    try:
        said = Dispatch.model_validate(said_in(Dispatch, typed)).model_dump(mode="json")
        ask = Ask("dispatch", said, key_or_new(typed[KEY][:100]), case_id=case_id)
        done = await carry_out(house, case_id, ask, visit.actor)
    except (Refusal, ValidationError) as error:
        sent = mistaken(address, typed, error, visit.words)
        return await to_thread(_page, request, reference, visit, house, sent, status_of(error))
    if done.refusal is not None:
        sent = refused_by(address, typed, done.refusal, visit.words)
        return await to_thread(_page, request, reference, visit, house, sent, done.refusal.status)
    return go_to(address, "kept" if done.status == CommandStatus.RECEIVED else "dispatch")


def _page(
    request: Request, reference: str, visit: Visit, house: House, sent: FormView | None = None, status: int = 200
) -> Response:
    with house.reading() as session:
        row = seen_operation(session, reference)
        told = dispatches_view(session, visit.actor, reference)
        sessions = [one for one in sessions_of(session, row.OperationRow.case_id) if not one.entered]
        form = sent or begun(session, visit.actor.id, _address(reference))
    to_come = [one for one in sessions if one.day >= house.today()]
    return page(
        request,
        visit,
        "lending/dispatch.html",
        status,
        told=told,
        state=row.Case.state,
        by_volunteer=_by_volunteer(told.loans),
        choices=[(str(one.number), visit.words.day(one.day)) for one in to_come],
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
