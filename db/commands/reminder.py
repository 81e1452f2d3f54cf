"""The ledger of reminders: what has fired, in whose message or digest it leaves, and what left."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands import attempts
from db.models import Canary, DeadlineRow, DigestLine, Reminder, StaffMessage
from db.queries.notices import waiting_notices
from db.queries.people import delegates_of
from db.queries.reminder import message_to, reminders_of
from domain.events import ReminderDue


def add_reminders(session: Session, case_id: UUID, event: ReminderDue, at: datetime) -> None:
    """Write each rung into the ledger; what leaves at once becomes a message, the rest waits for the digest."""
    message = uuid7()
    for rung in event.rungs:
        session.add(
            Reminder(
                id=uuid7(),
                case_id=case_id,
                deadline=event.deadline,
                generation=event.generation,
                rung=rung,
                message=message,
                due_at=event.due_at,
                to_ids=list(event.to),
                copy_ids=list(event.copies),
                fired_at=at,
                leaves_at=event.leaves_at,
                at_once=event.at_once,
            )
        )
    if event.at_once:
        session.add_all(_messages(session, case_id, event, message))


def _messages(session: Session, case_id: UUID, event: ReminderDue, message: UUID) -> Iterator[StaffMessage]:
    """One message for each side: a delegate's people and the insurer's are in no message together.

    Where a side has no addressee, those who are told for information are spoken to.
    """
    side_of = delegates_of(session, [*event.to, *event.copies])
    for side in sorted({side_of.get(one, "") for one in (*event.to, *event.copies)}):
        to, copies = ([one for one in ids if side_of.get(one, "") == side] for ids in (event.to, event.copies))
        yield StaffMessage(
            id=message_to(message, side or None),
            case_id=case_id,
            to_ids=to or copies,
            copy_ids=copies if to else [],
            leaves_at=event.leaves_at,
        )


def prepare_digests(session: Session, at: datetime, also: Iterable[UUID] = ()) -> list[UUID]:
    """Put what waits for this morning into one digest per person; what was done meanwhile is dropped. `also` are those
    who are told of something else than deadlines: of an alert of the watch. Volunteers are told of their places.

    Prepared twice for the same morning, it gives the same digests. Those of earlier mornings that never left, because
    the mailroom was lost, leave with them.
    """
    by_person: defaultdict[UUID, list[Reminder]] = defaultdict(list)
    for reminder in _waiting(session, at):
        if _is_done(session, reminder):
            reminder.dropped_at = at
        else:
            reminder.left_at = at
            for person_id in dict.fromkeys([*reminder.to_ids, *reminder.copy_ids]):
                by_person[person_id].append(reminder)
    notices = waiting_notices(session, at)
    for person_id in (*also, *notices):
        by_person.setdefault(person_id, [])
    for person_id, reminders in by_person.items():
        message = _write_digest(session, person_id, reminders, at)
        for notice in notices.get(person_id, ()):
            notice.message_id = message.id
    session.flush()
    unsent = select(StaffMessage.id).where(StaffMessage.digest_at <= at, StaffMessage.sent_at.is_(None))
    return list(session.scalars(unsent.order_by(StaffMessage.id)))


def _waiting(session: Session, at: datetime) -> list[Reminder]:
    wanted = select(Reminder).where(
        Reminder.leaves_at <= at, ~Reminder.at_once, Reminder.left_at.is_(None), Reminder.dropped_at.is_(None)
    )
    return list(session.scalars(wanted.order_by(Reminder.due_at, Reminder.id).with_for_update()))


def _is_done(session: Session, reminder: Reminder) -> bool:
    deadline = session.scalars(
        select(DeadlineRow).where(
            DeadlineRow.case_id == reminder.case_id,
            DeadlineRow.name == reminder.deadline,
            DeadlineRow.generation == reminder.generation,
        )
    ).one()
    return deadline.met_at is not None or deadline.cancelled_at is not None


def _write_digest(session: Session, person_id: UUID, reminders: list[Reminder], at: datetime) -> StaffMessage:
    message = StaffMessage(id=uuid7(), digest_at=at, person_id=person_id, to_ids=[person_id], copy_ids=[], leaves_at=at)
    session.add(message)
    session.flush()
    session.add_all(
        DigestLine(person_id=person_id, reminder_id=reminder.id, message_id=message.id) for reminder in reminders
    )
    return message


def begin_attempt(session: Session, message_id: UUID) -> bool:
    """Start to send a message; False when the mail server has taken it already."""
    message = session.get_one(StaffMessage, message_id, with_for_update=True)
    if message.accepted_wall is not None:
        return False
    attempts.begin(message)
    return True


def accept(session: Session, message_id: UUID) -> None:
    """The mail server has taken the message over."""
    attempts.accept(session.get_one(StaffMessage, message_id, with_for_update=True))


def fail_attempt(session: Session, message_id: UUID, error: str, *, answered: bool) -> None:
    """The attempt has failed. Without an answer, the message may have left all the same."""
    attempts.fail(session.get_one(StaffMessage, message_id, with_for_update=True), error, answered=answered)


def record_sent(session: Session, message_id: UUID, at: datetime) -> None:
    """The mail server has taken a message to staff, as of business time."""
    message = session.get_one(StaffMessage, message_id, with_for_update=True)
    message.sent_at = message.sent_at or at
    for reminder in reminders_of(session, message):
        reminder.left_at = reminder.left_at or at


def record_canary(session: Session, due_at: datetime, fired_at: datetime) -> None:
    """The canary's timer has fired."""
    session.merge(Canary(due_at=due_at, fired_at=fired_at))
