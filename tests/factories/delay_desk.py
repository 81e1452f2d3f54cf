"""Messages to members who wait, before a register without an engine: an operation whose cases we know, one by one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from db.models import ActivityRow, CommandRow, DelayMessageRow, DelayNoticeRow, LetterRow
from domain.backlog.commands import ApproveMessage, MessageWords, ProposeMessage
from domain.commands import CommandRef, CommandStatus
from tests.factories import backlog_desk
from tests.factories.backlog_desk import MANAGER
from tests.factories.complaints import GENERAL, OPERATIONS
from tests.factories.figures import an_activity
from tests.factories.register import Desk

WORDS = MessageWords(fr="Nous avons du retard, et travaillons le samedi.", en="We are late, and work on Saturdays.")


def running(desk: Desk, procedure: str = "complaint") -> UUID:
    """An operation for the cases of this procedure, on the morning of its first day."""
    with desk.sessions.begin() as session:
        if session.get(ActivityRow, f"{procedure}s") is None:
            an_activity(session, f"{procedure}s", procedure=procedure)
    command = backlog_desk.registered(desk, activity=f"{procedure}s")
    assert desk.settle(command).status is CommandStatus.APPLIED
    for login in (OPERATIONS, GENERAL):
        asked = backlog_desk.approval(desk, command.case_id)
        assert desk.do(command.case_id, login, asked, "approve_operation").status is CommandStatus.APPLIED
    backlog_desk.comes_to(desk, backlog_desk.starts_on(desk, command.case_id), 8)
    backlog_desk.remind(desk, command.case_id, "operation_start")
    return command.case_id


def proposal(desk: Desk, **changes: Any) -> ProposeMessage:
    """To whoever waits for more than a day, of an answer within three days."""
    promised_on = backlog_desk.today(desk) + timedelta(days=3)
    return ProposeMessage(promised_on=promised_on, words=WORDS, more_than_days=1).model_copy(update=changes)


def proposed(desk: Desk, operation_id: UUID, login: str = MANAGER, **changes: Any) -> str:
    """A message is before its approver; its hash."""
    asked = proposal(desk, **changes)
    assert desk.do(operation_id, login, asked, None, "propose_message").status is CommandStatus.APPLIED
    return newest(desk, operation_id).sha256


def newest(desk: Desk, operation_id: UUID) -> DelayMessageRow:
    """The last message of an operation."""
    of_it = select(DelayMessageRow).where(DelayMessageRow.operation_id == operation_id)
    with desk.sessions() as session:
        return session.scalars(of_it.order_by(DelayMessageRow.id.desc()).limit(1)).one()


def approved(desk: Desk, operation_id: UUID, **changes: Any) -> None:
    """A message is proposed, and the director lets it leave; nobody's turn has come."""
    asked = ApproveMessage(sha256=proposed(desk, operation_id, **changes))
    assert desk.do(operation_id, OPERATIONS, asked, "approve_message").status is CommandStatus.APPLIED


def turns(desk: Desk, case_id: UUID) -> list[CommandRef]:
    """What approved messages do to a case, as it is kept; its turn comes now."""
    of_it = select(CommandRow.id).where(CommandRow.case_id == case_id, CommandRow.kind == "inform_of_delay")
    with desk.sessions() as session:
        ids = session.scalars(of_it.order_by(CommandRow.order)).all()
    return [CommandRef(one, case_id, "inform_of_delay", desk.at) for one in ids]


def outcome(desk: Desk, operation_id: UUID, case_id: UUID) -> tuple[str, str | None]:
    """What the newest message of the operation has come to for a case, and why."""
    message = newest(desk, operation_id).id
    with desk.sessions() as session:
        row = session.get_one(DelayNoticeRow, (message, case_id))
        return row.status, row.reason


def letters(desk: Desk, case_id: UUID) -> list[str]:
    """The kinds of the letters of a case."""
    with desk.sessions() as session:
        wanted = select(LetterRow.kind).where(LetterRow.case_id == case_id)
        return list(session.scalars(wanted.order_by(LetterRow.requested_at)))
