"""What a message to staff says: which deadlines, when, why those dates, and where to act."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Canary, Case, DeadlineRow, DigestLine, Reminder, StaffMember, StaffMessage
from db.queries.board.deadlines import deadline
from domain.calendar import Step
from domain.explanations import tell
from domain.policy import PolicyBook
from domain.sources import Source


@dataclass(frozen=True)
class Item:
    """One deadline to be reminded of. `why` are the days that count, in words; `copy` when it is for information."""

    reference: str
    deadline: str
    due_on: date
    due_at: datetime
    overdue: bool
    source: str
    why: tuple[str, ...]
    copy: bool


@dataclass(frozen=True)
class Told:
    """A message to staff: to whom, and of what. `digest` when it is the morning's."""

    to: tuple[StaffMember, ...]
    copies: tuple[StaffMember, ...]
    items: tuple[Item, ...]
    digest: bool


def told(session: Session, message_id: UUID, book: PolicyBook) -> Told:
    """Everything that the message says."""
    message = session.get_one(StaffMessage, message_id)
    reminders = _reminders(session, message)
    items = {(r.case_id, r.deadline, r.generation): _item(session, r, message, book) for r in reminders}
    return Told(
        to=_people(session, message.to_ids),
        copies=_people(session, message.copy_ids),
        items=tuple(sorted(items.values(), key=lambda item: (item.due_at, item.reference))),
        digest=message.digest_at is not None,
    )


def last_canary(session: Session) -> datetime | None:
    """When the canary's timer last fired."""
    return session.scalar(select(Canary.fired_at).order_by(Canary.due_at.desc()).limit(1))


def _reminders(session: Session, message: StaffMessage) -> list[Reminder]:
    if message.digest_at is None:
        return list(session.scalars(select(Reminder).where(Reminder.message == message.id)))
    lines = select(Reminder).join(DigestLine, DigestLine.reminder_id == Reminder.id)
    return list(session.scalars(lines.where(DigestLine.message_id == message.id)))


def _item(session: Session, reminder: Reminder, message: StaffMessage, book: PolicyBook) -> Item:
    case = session.get_one(Case, reminder.case_id)
    row = session.scalars(
        select(DeadlineRow).where(
            DeadlineRow.case_id == reminder.case_id,
            DeadlineRow.name == reminder.deadline,
            DeadlineRow.generation == reminder.generation,
        )
    ).one()
    steps = [Step.from_json(step) for step in row.explanation]
    zone = ZoneInfo(book.version(case.policy).office.zone)
    return Item(
        reference=case.reference,
        deadline=deadline(row.name).label,
        due_on=row.due_on,
        due_at=row.due_at.astimezone(zone),
        overdue=message.leaves_at.astimezone(zone).date() > row.due_on,
        source=Source(row.source).citation,
        why=tuple(tell(step) for step in (steps[0], steps[-1])),
        copy=message.person_id is not None and message.person_id not in reminder.to_ids,
    )


def _people(session: Session, ids: list[UUID]) -> tuple[StaffMember, ...]:
    return tuple(session.get_one(StaffMember, person_id) for person_id in ids)
