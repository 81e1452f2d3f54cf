"""What is open on some cases: the facts from which the rule says why a deadline's object is not done."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Absence, CommandRow, DocumentRequest, LetterRow, StaffMember, TaskRow
from db.queries.people import holds_on
from domain.board import Today, morning
from domain.hold import Facts, OpenTask, WaitingLetter


@dataclass(frozen=True)
class Away:
    """Somebody who is absent today, until when, and who stands in."""

    person_id: UUID
    from_on: date
    back_on: date
    deputy_id: UUID | None


def away_on(session: Session, day: date) -> dict[UUID, Away]:
    """Who is absent on this day. Of two absences at once the first counts, as for their rights."""
    rows = session.execute(
        select(
            Absence.person_id,
            Absence.from_on,
            Absence.back_on,
            func.coalesce(Absence.deputy_id, StaffMember.deputy_id).label("deputy_id"),
        )
        .join(StaffMember, StaffMember.id == Absence.person_id)
        .where(holds_on(day))
        .order_by(Absence.from_on.desc())
    )
    return {row.person_id: Away(row.person_id, row.from_on, row.back_on, row.deputy_id) for row in rows}


def facts_of(session: Session, owners: Mapping[UUID, UUID | None], today: Today) -> dict[UUID, Facts]:
    """The facts of these cases, given with their owners."""
    away = {one.person_id: morning(one.from_on, today.zone) for one in away_on(session, today.day).values()}
    tasks, letters = _tasks(session, owners), _letters(session, owners)
    undecided, asked = _undecided(session, owners), _documents_asked(session, owners)
    return {
        case_id: Facts(
            owner_id=owner_id,
            tasks=tuple(tasks[case_id]),
            letters=tuple(letters[case_id]),
            undecided_since=undecided.get(case_id),
            documents_since=asked.get(case_id),
            away_since=away,
        )
        for case_id, owner_id in owners.items()
    }


def as_open_task(row: TaskRow) -> OpenTask:
    """A task as far as it says who has it."""
    return OpenTask(
        id=row.id,
        kind=row.kind,
        opened_at=row.opened_at,
        offered_to=frozenset(row.offered_to),
        meant_for=frozenset(row.meant_for),
        nobody_left=row.nobody_left,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
    )


def _tasks(session: Session, cases: Iterable[UUID]) -> dict[UUID, list[OpenTask]]:
    found: dict[UUID, list[OpenTask]] = defaultdict(list)
    wanted = select(TaskRow).where(TaskRow.case_id.in_(cases), TaskRow.closed_at.is_(None)).order_by(TaskRow.id)
    for row in session.scalars(wanted):
        found[row.case_id].append(as_open_task(row))
    return found


def _letters(session: Session, cases: Iterable[UUID]) -> dict[UUID, list[WaitingLetter]]:
    found: dict[UUID, list[WaitingLetter]] = defaultdict(list)
    wanted = select(LetterRow.case_id, LetterRow.kind, LetterRow.requested_at)
    for row in session.execute(wanted.where(LetterRow.case_id.in_(cases), LetterRow.handed_over_at.is_(None))):
        found[row.case_id].append(WaitingLetter(row.kind, row.requested_at))
    return found


def _undecided(session: Session, cases: Iterable[UUID]) -> dict[UUID, datetime]:
    wanted = select(CommandRow.case_id, func.min(CommandRow.at)).where(
        CommandRow.case_id.in_(cases), CommandRow.status == "received"
    )
    return {row.case_id: row[1] for row in session.execute(wanted.group_by(CommandRow.case_id))}


def _documents_asked(session: Session, cases: Iterable[UUID]) -> dict[UUID, datetime]:
    """Since when the member is asked for documents that have not all come."""
    wanted = select(DocumentRequest.case_id, DocumentRequest.asked_at)
    rows = session.execute(wanted.where(DocumentRequest.case_id.in_(cases), DocumentRequest.ended_at.is_(None)))
    return {row.case_id: row.asked_at for row in rows}
