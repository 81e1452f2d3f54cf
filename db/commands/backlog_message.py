"""Write what becomes of an operation's messages to the members who wait longest; an approved one goes to each case."""

from typing import Any
from uuid import UUID

from db.commands.case import apply
from db.commands.command import receive_all_from_machine
from db.commands.journal import Writing
from db.models import DelayMessageRow, DelayNoticeRow
from db.queries.delay import long_waits
from domain.backlog import events as happened
from domain.commands import MachineCommand
from domain.delay import NotTold, why_not_told


@apply.register
def _(event: happened.MessageProposed, writing: Writing) -> None:
    writing.batch.insert(
        DelayMessageRow,
        id=writing.command_id,
        operation_id=writing.case.id,
        more_than_days=event.more_than_days,
        promised_on=event.promised_on,
        quiet_days=event.quiet_days,
        fr=event.fr,
        en=event.en,
        sha256=event.sha256,
        proposed_by=event.person_id,
        proposed_at=writing.at,
        status="waiting",
    )


def _decide(writing: Writing, message_id: UUID, status: str, **values: Any) -> None:
    writing.batch.change(
        DelayMessageRow.id,
        message_id,
        status=status,
        decided_by=writing.actor_id,
        decided_at=writing.at,
        **values,
    )


@apply.register
def _(event: happened.MessageApproved, writing: Writing) -> None:
    """Each case that it concerns has its turn by a command of its own; whose member is not told is written down."""
    _decide(writing, event.message_id, "approved")
    session, operation_id = writing.session, writing.case.id
    assert writing.book is not None  # whatever is decided is decided by a policy
    zone = writing.book.version(writing.case.policy).office.zone
    waits = long_waits(session, event.procedure, operation_id, event.on, event.more_than_days, zone)
    turns = []
    for wait in waits:
        reason = why_not_told(wait, event.promised_on, event.on, event.quiet_days)
        _concern(writing, event.message_id, wait.case_id, reason)
        if reason is None:
            turns.append(_turn(event, writing, wait.case_id))
    receive_all_from_machine(session, turns)


def _concern(writing: Writing, message_id: UUID, case_id: UUID, reason: NotTold | None) -> None:
    writing.batch.insert(
        DelayNoticeRow,
        message_id=message_id,
        case_id=case_id,
        operation_id=writing.case.id,
        status="not_told" if reason else "waiting",
        reason=reason.value if reason else None,
        at=writing.at if reason else None,
    )


def _turn(event: happened.MessageApproved, writing: Writing, case_id: UUID) -> MachineCommand:
    body = {
        "operation_id": str(writing.case.id),
        "message_id": str(event.message_id),
        "promised_on": event.promised_on.isoformat(),
        "quiet_days": event.quiet_days,
    }
    return MachineCommand(case_id, "inform_of_delay", writing.at, str(event.message_id), body)


@apply.register
def _(event: happened.MessageRefused, writing: Writing) -> None:
    _decide(writing, event.message_id, "refused", refusal=event.reason)


@apply.register
def _(event: happened.MessageLapsed, writing: Writing) -> None:
    _decide(writing, event.message_id, "lapsed")
