"""Volunteers: the terms on which somebody who may sign up works, as HR gives them, each from a day on; with the history
of what was there before, and who changed it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from db.commands.backlog_locks import lock_open_operations, lock_volunteers
from db.commands.backlog_morning import judge_places_of
from db.models import StaffMember, TermsRow, VolunteerChange, VolunteerRow
from db.queries.backlog_terms import terms_rows
from domain.backlog.volunteer import VolunteerAsked, timetable_told
from domain.policy import PolicyBook

KEPT = ("contract_minutes", "hourly_cents", "timetable")
Known = Mapping[str, Any]
"""What is known of somebody's work, as it is kept."""


@dataclass(frozen=True)
class Writer:
    """Who enters hours and pay (None: whoever runs the programs), when, on which day, and out of which file."""

    at: datetime
    today: date
    by: UUID | None = None
    import_id: UUID | None = None


@dataclass(frozen=True)
class Entry:
    """What holds of somebody's work from a day on (None: always); `is_named` where that day was asked for."""

    person_id: UUID
    from_on: date | None
    work: Known
    is_named: bool


def entry_of(person_id: UUID, asked: VolunteerAsked, today: date, *, is_known: bool) -> Entry:
    """What is asked of somebody: from the day that is named; else from today, or always where nothing is known.

    Source: procedures, section 4 step 3
    """
    if isinstance(asked.from_on, date):
        return Entry(person_id, asked.from_on, told_work(asked), is_named=True)
    from_on = today if asked.from_on is None and is_known else None
    return Entry(person_id, from_on, told_work(asked), is_named=asked.from_on is not None)


@dataclass(frozen=True)
class Change:
    """What changes, and what held on its first day before (None: nothing was known)."""

    entry: Entry
    before: Known | None


def _held(known: Mapping[date | None, Known], day: date | None) -> Known | None:
    """What held on a day by what is known: the first terms hold for the days before them as well."""
    days = sorted(known, key=_in_order)
    begun = [one for one in days if _in_order(one) <= _in_order(day)]
    return known[(begun or days[:1])[-1]] if days else None


def _in_order(day: date | None) -> date:
    return day or date.min


def keep_volunteer(
    session: Session, person: StaffMember, asked: VolunteerAsked, writer: Writer, book: PolicyBook
) -> bool:
    """Enter or correct what is known of somebody's work; whether anything changed. Their places in sessions to come are
    judged anew at once. Raises Invalid, FourEyes.

    Source: procedures, section 4 steps 3 to 5
    """
    asked.check(person.id, writer.by)
    lock_volunteers(session)
    lock_open_operations(session)
    is_known = bool(known_work(session, [person.id]))
    changed = bool(write_volunteers(session, [entry_of(person.id, asked, writer.today, is_known=is_known)], writer))
    if changed:
        judge_places_of(session, [person.id], writer.at, book)
    return changed


def write_volunteers(session: Session, wanted: Iterable[Entry], writer: Writer) -> int:
    """Write what is another than before, each with its history; how much that is. Only under the lock of volunteers.

    In the order of ids: whoever signs up locks them in that order as well.
    """
    changes = changes_among(session, wanted)
    if changes:
        _lock_people(session, sorted({one.entry.person_id for one in changes}))
        statement = upsert(TermsRow)
        renewed = {name: statement.excluded[name] for name in (*KEPT, "entered_by", "entered_at")}
        written = {"entered_by": writer.by, "entered_at": writer.at}
        session.execute(
            statement.on_conflict_do_update(index_elements=["person_id", "from_on"], set_=renewed),
            [_keyed(one.entry) | written | dict(one.entry.work) for one in changes],
        )
        session.execute(insert(VolunteerChange), [_change(one, writer) for one in changes])
    return len(changes)


def _lock_people(session: Session, ids: list[UUID]) -> None:
    known = upsert(VolunteerRow).on_conflict_do_nothing(index_elements=["person_id"])
    session.execute(known, [{"person_id": one} for one in ids])
    locked = select(VolunteerRow.person_id).where(VolunteerRow.person_id.in_(ids)).order_by(VolunteerRow.person_id)
    session.execute(locked.with_for_update())


def changes_among(session: Session, wanted: Iterable[Entry]) -> list[Change]:
    """What of this is another than what is known, person by person, the earliest day first: each beside what held then.

    A day that is named begins terms of its own, though they be the same: what is entered later of a day before it does
    not reach beyond.
    """
    entries = sorted(wanted, key=lambda one: (one.person_id, _in_order(one.from_on)))
    known = known_work(session, {one.person_id for one in entries})
    found = []
    for entry in entries:
        mine = known.setdefault(entry.person_id, {})
        before = _held(mine, entry.from_on)
        if before != entry.work or (entry.is_named and entry.from_on not in mine):
            found.append(Change(entry, before))
            mine[entry.from_on] = entry.work
    return found


def known_work(session: Session, ids: Iterable[UUID]) -> dict[UUID, dict[date | None, Known]]:
    """What is known of these people's work, by its first day."""
    return {
        person_id: {row.from_on: {name: getattr(row, name) for name in KEPT} for row in rows}
        for person_id, rows in terms_rows(session, ids).items()
    }


def told_work(asked: VolunteerAsked) -> Known:
    """What is asked, as it is kept."""
    known = {"contract_minutes": asked.contract_minutes, "hourly_cents": asked.hourly_cents}
    return known | {"timetable": timetable_told(asked)}


def _keyed(one: Entry) -> dict[str, Any]:
    return {"person_id": one.person_id, "from_on": one.from_on}


def _change(one: Change, writer: Writer) -> dict[str, Any]:
    told = {"at": writer.at, "by_id": writer.by, "import_id": writer.import_id}
    return _keyed(one.entry) | told | {"before": one.before, "after": one.entry.work}
