"""Volunteers: the contract, the usual week and the hourly pay of somebody who may sign up, as HR gives them; with the
history of what was there before, and who changed it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from db.commands.backlog_locks import lock_open_operations, lock_volunteers
from db.commands.backlog_morning import judge_places_of
from db.models import StaffMember, VolunteerChange, VolunteerRow
from domain.backlog.volunteer import VolunteerAsked, timetable_told
from domain.policy import PolicyBook

KEPT = ("contract_minutes", "hourly_cents", "timetable")
Known = Mapping[str, Any]


@dataclass(frozen=True)
class Writer:
    """Who enters hours and pay (None: whoever runs the programs), when, and out of which file."""

    at: datetime
    by: UUID | None = None
    import_id: UUID | None = None


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
    changed = bool(write_volunteers(session, {person.id: asked}, writer))
    if changed:
        judge_places_of(session, [person.id], writer.at, book)
    return changed


def write_volunteers(session: Session, wanted: Mapping[UUID, VolunteerAsked], writer: Writer) -> int:
    """Write what is another than before, each with its history; how many that are. Only under the lock of volunteers.

    In the order of ids: whoever signs up locks them in that order as well.
    """
    before = known_work(session, wanted)
    after = {one: told_work(asked) for one, asked in wanted.items()}
    changed = sorted(one for one in wanted if before.get(one) != after[one])
    if changed:
        statement = upsert(VolunteerRow)
        renewed = {name: statement.excluded[name] for name in (*KEPT, "entered_by", "entered_at")}
        session.execute(
            statement.on_conflict_do_update(index_elements=["person_id"], set_=renewed),
            [{"person_id": one, "entered_by": writer.by, "entered_at": writer.at, **after[one]} for one in changed],
        )
        session.execute(insert(VolunteerChange), [_change(one, before.get(one), after[one], writer) for one in changed])
    return len(changed)


def changes_among(session: Session, wanted: Mapping[UUID, VolunteerAsked]) -> int:
    """How many of them are another than what is known."""
    before = known_work(session, wanted)
    return sum(before.get(one) != told_work(asked) for one, asked in wanted.items())


def known_work(session: Session, ids: Iterable[UUID]) -> dict[UUID, Known]:
    """What is known of these people's work."""
    wanted = select(VolunteerRow).where(VolunteerRow.person_id.in_(list(ids)))
    rows = session.scalars(wanted.execution_options(populate_existing=True))
    return {row.person_id: {name: getattr(row, name) for name in KEPT} for row in rows}


def told_work(asked: VolunteerAsked) -> Known:
    """What is asked, as it is kept."""
    known = {"contract_minutes": asked.contract_minutes, "hourly_cents": asked.hourly_cents}
    return known | {"timetable": timetable_told(asked)}


def _change(person_id: UUID, before: Known | None, after: Known, writer: Writer) -> dict[str, Any]:
    told = {"person_id": person_id, "at": writer.at, "by_id": writer.by, "import_id": writer.import_id}
    return told | {"before": before, "after": after}
