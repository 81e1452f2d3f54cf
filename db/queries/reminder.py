"""What a message to staff says: which deadlines, when, why those dates, and where to act."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from db.models import (
    ActivityAlert,
    ActivityRow,
    Canary,
    Case,
    DeadlineRow,
    DelegateRow,
    DigestLine,
    Reminder,
    StaffMember,
    StaffMessage,
)
from db.queries.board.deadlines import deadline
from db.queries.notices import notices_in
from domain.backlog.labour import BrokenLimit, spoken_hours
from domain.backlog.words import AlertKind
from domain.calendar import Step
from domain.explanations import tell
from domain.policy import PolicyBook
from domain.sources import Source


@dataclass(frozen=True)
class Item:
    """One deadline to be reminded of. `why` are the days that count, in words; `copy` when it is for information;
    `place` is the address where to act, a delegate's people in their own space.
    """

    reference: str
    deadline: str
    due_on: date
    due_at: datetime
    overdue: bool
    source: str
    why: tuple[str, ...]
    copy: bool
    place: str


@dataclass(frozen=True)
class AlertTold:
    """What the watch has said of an activity that morning; `place` is where its figures are."""

    activity: str
    alert: str
    place: str


@dataclass(frozen=True)
class PlaceTold:
    """What has become of somebody's place in a session. `why` in words, `source` the article, and the minutes of a
    limit that was broken: what is allowed, and what it would be; none for limits without minutes."""

    kind: str
    operation: str
    activity: str
    day: date
    hours: str
    why: str | None
    source: str | None
    allowed: str | None
    reached: str | None
    place: str = "/sessions"


@dataclass(frozen=True)
class Told:
    """A message to staff: to whom, and of what. `digest` when it is the morning's."""

    to: tuple[StaffMember, ...]
    copies: tuple[StaffMember, ...]
    items: tuple[Item, ...]
    digest: bool
    alerts: tuple[AlertTold, ...] = ()
    places: tuple[PlaceTold, ...] = ()


def told(session: Session, message_id: UUID, book: PolicyBook) -> Told:
    """Everything that the message says."""
    message = session.get_one(StaffMessage, message_id)
    to = _people(session, message.to_ids)
    reminders = reminders_of(session, message)
    is_delegate_s = any(person.delegate for person in to)
    items = {
        (r.case_id, r.deadline, r.generation): _item(session, r, message, book, is_delegate_s=is_delegate_s)
        for r in reminders
    }
    return Told(
        to=to,
        copies=_people(session, message.copy_ids),
        items=tuple(sorted(items.values(), key=lambda item: (item.due_at, item.reference))),
        digest=message.digest_at is not None,
        alerts=tuple(_alerts(session, message)),
        places=tuple(_place_told(row) for row in notices_in(session, message_id)),
    )


def _place_told(row: Row[*tuple[Any, ...]]) -> PlaceTold:
    notice, held = row.VolunteerNotice, row.SessionRow
    broken = BrokenLimit.from_json(notice.broken) if notice.broken else None
    counts = broken is not None and broken.allowed > 0
    return PlaceTold(
        kind=notice.kind,
        operation=row.reference,
        activity=row.name_fr,
        day=held.day,
        hours=", ".join(f"{one['starts_at']}–{one['ends_at']}" for one in held.spans),
        why=broken.limit.label if broken else notice.why,
        source=broken.source.citation if broken else None,
        allowed=spoken_hours(broken.allowed) if broken and counts else None,
        reached=spoken_hours(broken.reached) if broken and counts else None,
    )


def _alerts(session: Session, message: StaffMessage) -> Iterator[AlertTold]:
    """Those that were raised on the morning of a person's digest, and of which this person is told."""
    if message.digest_at is None:
        return
    wanted = (
        select(ActivityRow.id, ActivityRow.name_fr, ActivityAlert.kind)
        .join(ActivityAlert, ActivityAlert.activity_id == ActivityRow.id)
        .where(ActivityAlert.raised_at == message.digest_at, ActivityAlert.told_to.contains([message.person_id]))
        .order_by(ActivityRow.name_fr, ActivityAlert.kind)
    )
    for activity_id, name, kind in session.execute(wanted):
        yield AlertTold(name, AlertKind(kind).label, f"/activities/{activity_id}")


def last_canary(session: Session) -> datetime | None:
    """When the canary's timer last fired."""
    return session.scalar(select(Canary.fired_at).order_by(Canary.due_at.desc()).limit(1))


def message_to(message: UUID, delegate: str | None) -> UUID:
    """The id of the message to one side: a delegate's people have one of their own."""
    return uuid5(message, delegate) if delegate is not None else message


def reminders_of(session: Session, message: StaffMessage) -> list[Reminder]:
    """What a message reminds of."""
    if message.digest_at is None:
        sides = [None, *session.scalars(select(DelegateRow.code))]
        of_case = session.scalars(select(Reminder).where(Reminder.case_id == message.case_id, Reminder.at_once))
        return [one for one in of_case if message.id in {message_to(one.message, side) for side in sides}]
    lines = select(Reminder).join(DigestLine, DigestLine.reminder_id == Reminder.id)
    return list(session.scalars(lines.where(DigestLine.message_id == message.id)))


def _item(
    session: Session, reminder: Reminder, message: StaffMessage, book: PolicyBook, *, is_delegate_s: bool
) -> Item:
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
        place=_place(case, is_delegate_s=is_delegate_s),
    )


def _place(case: Case, *, is_delegate_s: bool) -> str:
    if is_delegate_s:
        return f"/api/v1/delegate/{case.procedure}s/{case.reference}"
    return f"/api/v1/cases/{case.reference}/state"


def _people(session: Session, ids: list[UUID]) -> tuple[StaffMember, ...]:
    return tuple(session.get_one(StaffMember, person_id) for person_id in ids)
