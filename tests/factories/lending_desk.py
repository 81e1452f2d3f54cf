"""Cases lent before a register without an engine: an operation that is running gives them out, one by one."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from db.models import ActivityRow, CommandRow, LoanRow, SessionRow, StaffMember, TaskRow
from db.queries.lending import not_ended
from domain.backlog.commands import Dispatch
from domain.commands import CommandRef, CommandStatus, Outcome
from domain.people import borrower_hat
from local.demo_staff import person_id
from tests.factories import backlog_desk
from tests.factories.backlog_desk import MANAGER, comes_to, remind, signs_up, starts_on
from tests.factories.backlog_rows import a_proposal
from tests.factories.complaints import GENERAL, OPERATIONS
from tests.factories.figures import an_activity
from tests.factories.register import Desk

AUDITOR, OTHER_AUDITOR = "gildas.madec", "maiwenn.le.saux"
"""They audit delegates, and have no right on complaints; here they speak English."""


def running(desk: Desk, *logins: str, procedure: str = "complaint", minutes: int = 12, sessions_from: int = 0) -> UUID:
    """An operation on complaints, or claims; these people have places in its first Saturday. It is the Friday before,
    in the evening."""
    name = f"{procedure}s-live"
    with desk.sessions.begin() as session:
        if session.get(ActivityRow, name) is None:
            an_activity(session, name, procedure=procedure)
        for login in (AUDITOR, OTHER_AUDITOR):
            session.get_one(StaffMember, person_id(login)).skills = ["english"]
    case_id = approved_on(desk, name, minutes, sessions_from)
    for login in logins or (AUDITOR,):
        signs_up(desk, case_id, login)
    first = starts_on(desk, case_id)
    comes_to(desk, first, 8)
    remind(desk, case_id, "operation_start")
    for day in range(5):
        comes_to(desk, first + timedelta(days=day), 19)
        remind(desk, case_id, "daily_point")
    return case_id


def approved_on(desk: Desk, activity: str, minutes: int, sessions_from: int = 0) -> UUID:
    """An operation on this activity, of so many minutes a case, whose sessions are open."""
    usual = a_proposal(backlog_desk.today(desk), places=4)
    situation = usual.situation.model_copy(update={"minutes": Decimal(minutes)})
    command = backlog_desk.registered(
        desk, activity=activity, sessions=usual.sessions[sessions_from:], situation=situation
    )
    assert desk.settle(command).status is CommandStatus.APPLIED
    for login in (OPERATIONS, GENERAL):
        body = backlog_desk.approval(desk, command.case_id)
        assert desk.do(command.case_id, login, body, "approve_operation").status is CommandStatus.APPLIED
    return command.case_id


def dispatches(desk: Desk, operation_id: UUID, login: str = MANAGER, session: int = 1) -> Outcome[Any]:
    """The cases of its session are given out; those that are given have not decided yet."""
    return desk.do(operation_id, login, Dispatch(session=session), None, "dispatch")


def cases_decide(desk: Desk) -> list[str]:
    """Every case that was asked to lend itself, or to end a loan, does so, in the order in which it was asked."""
    wanted = select(CommandRow).where(CommandRow.status == "received", CommandRow.kind.in_(["lend", "take_back"]))
    with desk.sessions() as session:
        asked = [
            CommandRef(row.id, row.case_id, row.kind) for row in session.scalars(wanted.order_by(CommandRow.order))
        ]
    assert all(desk.settle(command).status is CommandStatus.APPLIED for command in asked)
    return [command.kind for command in asked]


def lent(desk: Desk, *logins: str) -> tuple[UUID, UUID]:
    """A complaint that an operation has lent to the first of these people; the operation, and the complaint."""
    complaint = desk.enter()
    operation_id = running(desk, *logins)
    assert dispatches(desk, operation_id).status is CommandStatus.APPLIED
    cases_decide(desk)
    return operation_id, complaint


def loans(desk: Desk, case_id: UUID) -> list[tuple[UUID, str | None]]:
    """Who had the case, and why no more: in the order in which it was given."""
    wanted = select(LoanRow).where(LoanRow.case_id == case_id).order_by(LoanRow.asked_at, LoanRow.id)
    with desk.sessions() as session:
        return [(row.person_id, row.why) for row in session.scalars(wanted)]


def open_loan(desk: Desk, case_id: UUID) -> LoanRow:
    """The loan of this case that has not ended."""
    with desk.sessions() as session:
        [row] = not_ended(session, LoanRow.case_id == case_id)
        return row


def is_lent_to(desk: Desk, login: str, case_id: UUID) -> bool:
    """Whether somebody may work on the case now because it is lent to them."""
    return desk.actor(login).borrows(case_id)


def offered(desk: Desk, case_id: UUID, kind: str) -> tuple[bool, TaskRow]:
    """Whether the case's open task of this kind is offered to its borrower as well, and the task."""
    task = desk.task(case_id, kind)
    return borrower_hat(case_id) in task.offered_to, task


def session_day(desk: Desk, operation_id: UUID, number: int = 1) -> date:
    """The day of a session."""
    wanted = select(SessionRow.day).where(SessionRow.operation_id == operation_id, SessionRow.number == number)
    with desk.sessions() as session:
        return session.scalars(wanted).one()
