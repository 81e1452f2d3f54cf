"""Tell volunteers what becomes of their places: a notice each, in the very transaction that changes the place.

It stays in the inbox until it is noted. By mail it leaves in the next morning's digest; where the session's day would
have come by then, in a message of its own, which the operation's run sends at once.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.command import receive_from_machine
from db.commands.journal import Writing
from db.models import SessionRow, SignUpRow, StaffMessage, VolunteerNotice
from db.queries.calendar import calendar
from domain.backlog.notice import Notice
from domain.backlog.words import NoticeKind, SignUpStatus
from domain.calendar import Calendar
from domain.commands import MachineCommand
from domain.delivery_window import digest_before
from domain.policy import Office


def gather_notices(
    writing: Writing, row: SessionRow, notices: Iterable[Notice], days: Calendar, office: Office
) -> list[UUID]:
    """The notices of one session join the batch; the messages that leave at once. Source: procedures, section 4"""
    digest = digest_before(row.day, writing.at, days, office)
    messages = []
    for one in notices:
        message_id = _gather_message(writing, one) if digest is None else None
        messages += [message_id] if message_id else []
        writing.batch.insert(
            VolunteerNotice,
            id=uuid7(),
            person_id=one.person_id,
            session_id=row.id,
            kind=one.kind.value,
            why=one.why,
            broken=one.broken.as_json() if one.broken else None,
            told_at=writing.at,
            leaves_at=digest or writing.at,
            message_id=message_id,
            noted_at=None,
        )
    return messages


def _gather_message(writing: Writing, one: Notice) -> UUID:
    """To nobody else: what somebody is told of their hours is theirs."""
    told = {"to_ids": [one.person_id], "copy_ids": [], "leaves_at": writing.at}
    writing.batch.insert(StaffMessage, id=(message_id := uuid7()), case_id=writing.case.id, **told)
    return message_id


def send_at_once(writing: Writing, messages: list[UUID]) -> None:
    """Have the operation's run see these messages: whatever takes place beside it does not tell it otherwise."""
    if messages:
        told = {"messages": len(messages)}
        asked = MachineCommand(writing.case.id, "tell_volunteers", writing.at, str(messages[0]), told)
        receive_from_machine(writing.session, asked)


def gather_dropped(writing: Writing, why: str, *which: ColumnElement[bool]) -> None:
    """Whoever has a place in these sessions, which are being dropped, or waits for one, is told. Source: procedures,
    section 4 step 6"""
    assert writing.book is not None  # whatever is decided is decided by a policy
    days, office = calendar(writing.session), writing.book.version(writing.case.policy).office
    live = SignUpRow.status.in_([SignUpStatus.SEATED, SignUpStatus.WAITING])
    wanted = select(SessionRow, SignUpRow.person_id).join(SignUpRow, SignUpRow.session_id == SessionRow.id)
    wanted = wanted.where(SessionRow.operation_id == writing.case.id, *which, live)
    for row, person_id in writing.session.execute(wanted.order_by(SessionRow.day, SignUpRow.asked_at, SignUpRow.id)):
        gather_notices(writing, row, [Notice(person_id, NoticeKind.SESSION_DROPPED, why)], days, office)


def note(session: Session, notice_id: UUID, person_id: UUID, at: datetime) -> bool:
    """Somebody has taken note of what they were told; twice is once. False: nobody has told them that."""
    theirs = (VolunteerNotice.id == notice_id, VolunteerNotice.person_id == person_id)
    if session.scalar(select(VolunteerNotice.id).where(*theirs).with_for_update()) is None:
        return False
    session.execute(update(VolunteerNotice).where(*theirs, VolunteerNotice.noted_at.is_(None)).values(noted_at=at))
    return True
