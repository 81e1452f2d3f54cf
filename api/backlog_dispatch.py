"""Cases of an operation: given to the volunteers of a session, who has which, what was done, what is left and why."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import Row
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.backlog import Reader, case_of
from api.commands import LATER, CommandView, Key, give, key_or_new
from api.house import TheHouse
from db.commands.command import Ask
from db.models import SessionRow
from db.queries import backlog_lending
from db.queries.cases import hidden_from
from domain.backlog.commands import Dispatch
from domain.backlog.words import LeftOver
from domain.lending import LoanEnd
from domain.people import Actor
from domain.permissions import Action, may_read
from faultpoints import fault_point

router = APIRouter(tags=["backlog operations"])
Dispatcher = Annotated[Actor, Depends(Allowed(Action.DISPATCH_CASES))]


class LoanView(BaseModel):
    """A case in a volunteer's hands, or that was."""

    case: str = Field(examples=["REC-2026-000001"])
    procedure: str
    state: str = Field(description="where the case stands now")
    session: int
    login: str
    name: str
    asked_at: datetime
    lent_at: datetime | None = Field(description="null until the case has agreed")
    ended_at: datetime | None
    why: str | None = Field(description="why the loan has ended, or the case was not lent", examples=["case_ended"])
    why_label: str | None
    done: int = Field(description="tasks that the volunteer has done meanwhile")
    in_hand: bool = Field(description="begun: something was done, or is claimed")


class LeftView(BaseModel):
    """Cases that were given to nobody."""

    why: str = Field(examples=["no_skill"])
    label: str
    skills: list[str] = Field(description="what they ask for, a skill or a role")
    cases: int


class DispatchView(BaseModel):
    """Cases were given out once."""

    session: int
    at: datetime
    by: str
    given: int
    left: list[LeftView]


class DispatchesView(BaseModel):
    """What an operation has given out."""

    reference: str
    lent: int = Field(description="cases that were lent, each counted once")
    handled: int = Field(description="those on which a volunteer has done something")
    lent_now: int
    dispatches: list[DispatchView] = Field(description="the newest first")
    loans: list[LoanView] = Field(description="of the cases that the reader may read")
    not_shown: int = Field(description="loans of other cases")


@router.post(
    "/backlog/{reference}/sessions/{session_id}/dispatch",
    response_model=CommandView,
    responses=LATER,
)
async def dispatch_cases(reference: str, session_id: UUID, house: TheHouse, actor: Dispatcher, key: Key = None) -> Any:
    """Give the oldest cases that can be done to the volunteers of a session, by skill, as many as its minutes allow.

    From the last working day before the session to the end of its day. Given again, for the cases that have come and
    the room that is left. Each case is then lent: its volunteer sees it and may do its ordinary tasks, until the loan
    is taken back or the operation ends.
    """
    case_id, number = await house.transact(lambda session: session_of(session, reference, session_id))
    body = Dispatch(session=number).model_dump(mode="json")
    told = await give(house, case_id, Ask("dispatch", body, key_or_new(key), case_id=case_id), actor)
    fault_point("cases_dispatched")
    return told


def session_of(session: Session, reference: str, session_id: UUID) -> tuple[UUID, int]:
    """An operation's id, and the number of its session. Raises HTTPException 404."""
    case_id = case_of(session, reference)
    row = session.get(SessionRow, session_id)
    if row is None or row.operation_id != case_id:
        raise HTTPException(404, "The operation has no such session.")
    return case_id, row.number


@router.get("/backlog/{reference}/dispatch")
def dispatched(reference: str, house: TheHouse, actor: Reader) -> DispatchesView:
    """Who has which case, what was done of it, what was left and why. Cases that one may not read are counted only."""
    with house.reading() as session:
        return dispatches_view(session, actor, reference)


def dispatches_view(session: Session, actor: Actor, reference: str) -> DispatchesView:
    """The same, for routes and pages. Nobody reads of a case about themselves, or of a procedure that they do not read.

    Raises HTTPException 404. Source: procedures, sections 0 and 1 step 3
    """
    operation_id = case_of(session, reference)
    rows = backlog_lending.loans_of(session, operation_id)
    lent, handled = backlog_lending.handled(rows)
    hidden = hidden_from(session, actor.id)
    shown = [row for row in rows if may_read(actor, row.procedure, row.LoanRow.case_id) and row.reference not in hidden]
    return DispatchesView(
        reference=reference,
        lent=lent,
        handled=handled,
        lent_now=sum(row.LoanRow.lent_at is not None and row.LoanRow.ended_at is None for row in rows),
        dispatches=[_dispatch(row) for row in backlog_lending.dispatches_of(session, operation_id)],
        loans=[_loan(row) for row in shown],
        not_shown=len(rows) - len(shown),
    )


def _loan(row: Row[*tuple[Any, ...]]) -> LoanView:
    loan = row.LoanRow
    why = LoanEnd(loan.why).told if loan.why else None
    return LoanView(
        case=row.reference,
        procedure=row.procedure,
        state=row.state,
        session=row.number,
        login=row.login,
        name=row.name,
        asked_at=loan.asked_at,
        lent_at=loan.lent_at,
        ended_at=loan.ended_at,
        why=why,
        why_label=why.label if why else None,
        done=row.done,
        in_hand=row.begun,
    )


def _dispatch(row: Row[*tuple[Any, ...]]) -> DispatchView:
    left = [
        LeftView(why=one["why"], label=LeftOver(one["why"]).label, skills=one["skills"], cases=one["cases"])
        for one in row.DispatchRow.left_over
    ]
    return DispatchView(session=row.number, at=row.DispatchRow.at, by=row.name, given=row.DispatchRow.given, left=left)
