"""Operations as they are followed: how each stands against its plan, and what comes next on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from db.models import ActivityRow, Case, DailyPointRow, OperationRow, SessionRow, SignUpRow, TaskRow
from domain.backlog.words import SignUpStatus

MOST_OPEN = 200
"""More operations than these do not go on at once."""


@dataclass(frozen=True)
class Wanted:
    """Which operations; all of them where nothing is said."""

    activity: str | None = None
    state: str | None = None


@dataclass(frozen=True)
class NextSession:
    """The first session that is to come: its day, its places, and how many of them are taken."""

    day: date
    places: int
    taken: int


@dataclass(frozen=True)
class Overview:
    """One operation at a glance. `point` is what its last day showed, `task` what is asked of somebody first."""

    operation: OperationRow
    reference: str
    policy: str
    name_fr: str
    name_en: str
    point: DailyPointRow | None
    task: str | None
    due_at: datetime | None
    session: NextSession | None

    def called(self, language: str) -> str:
        """How its activity is called in a language."""
        return self.name_en if language == "en" else self.name_fr


def going_on(session: Session, wanted: Wanted, today: date) -> list[Overview]:
    """The operations that have not ended, those that began first before the others."""
    query = _looked_at(wanted).where(Case.ended_at.is_(None))
    return _read(session, query.order_by(OperationRow.starts_on, OperationRow.case_id).limit(MOST_OPEN), today)


def ended(session: Session, wanted: Wanted, today: date, limit: int, offset: int = 0) -> list[Overview]:
    """Those that have ended, the newest first; one more than the limit where more follow."""
    query = _looked_at(wanted).where(Case.ended_at.is_not(None))
    newest = (OperationRow.proposed_at.desc(), OperationRow.case_id.desc())
    return _read(session, query.order_by(*newest).limit(limit + 1).offset(offset), today)


def called(session: Session, references: Iterable[str], language: str) -> Mapping[str, str]:
    """The activities of these operations, by reference, as they are called in a language."""
    wanted = (
        select(Case.reference, ActivityRow.name_fr, ActivityRow.name_en)
        .join(OperationRow, OperationRow.case_id == Case.id)
        .join(ActivityRow, ActivityRow.id == OperationRow.activity)
        .where(Case.reference.in_(list(references)))
    )
    return {row.reference: row.name_en if language == "en" else row.name_fr for row in session.execute(wanted)}


def found(session: Session, references: Sequence[str], limit: int) -> Sequence[Any]:
    """The operations with these references, the newest first."""
    columns = (Case.reference, Case.state, OperationRow.activity, OperationRow.starts_on, OperationRow.ends_on)
    wanted = select(*columns).join(OperationRow, OperationRow.case_id == Case.id)
    return session.execute(
        wanted.where(Case.reference.in_(references)).order_by(Case.reference.desc()).limit(limit)
    ).all()


def _looked_at(wanted: Wanted) -> Select[*tuple[Any, ...]]:
    query = (
        select(OperationRow, Case.reference, Case.policy, ActivityRow.name_fr, ActivityRow.name_en)
        .join(Case, Case.id == OperationRow.case_id)
        .join(ActivityRow, ActivityRow.id == OperationRow.activity)
    )
    return query.where(*_narrowed(wanted))


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked = ((OperationRow.activity, wanted.activity), (OperationRow.state, wanted.state))
    return [column == value for column, value in asked if value is not None]


def _read(session: Session, query: Select[*tuple[Any, ...]], today: date) -> list[Overview]:
    rows = session.execute(query).all()
    ids = [row.OperationRow.case_id for row in rows]
    points, tasks, sessions = _points(session, ids), _tasks(session, ids), _sessions(session, ids, today)
    return [
        Overview(
            operation=row.OperationRow,
            reference=row.reference,
            policy=row.policy,
            name_fr=row.name_fr,
            name_en=row.name_en,
            point=points.get(row.OperationRow.case_id),
            task=tasks.get(row.OperationRow.case_id, (None, None))[0],
            due_at=tasks.get(row.OperationRow.case_id, (None, None))[1],
            session=sessions.get(row.OperationRow.case_id),
        )
        for row in rows
    ]


def _points(session: Session, ids: Sequence[UUID]) -> dict[UUID, DailyPointRow]:
    """Of each the last day that has figures."""
    newest = (
        select(DailyPointRow)
        .ext(distinct_on(DailyPointRow.operation_id))
        .where(DailyPointRow.operation_id.in_(ids), DailyPointRow.stock.is_not(None))
        .order_by(DailyPointRow.operation_id, DailyPointRow.day.desc())
    )
    return {row.operation_id: row for row in session.scalars(newest)}


def _tasks(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[str, datetime | None]]:
    first = (
        select(TaskRow.case_id, TaskRow.kind, TaskRow.due_at)
        .ext(distinct_on(TaskRow.case_id))
        .where(TaskRow.case_id.in_(ids), TaskRow.closed_at.is_(None))
        .order_by(TaskRow.case_id, TaskRow.due_at.nulls_last(), TaskRow.id)
    )
    return {row.case_id: (row.kind, row.due_at) for row in session.execute(first)}


def _sessions(session: Session, ids: Sequence[UUID], today: date) -> dict[UUID, NextSession]:
    taken = (
        select(func.count())
        .where(SignUpRow.session_id == SessionRow.id, SignUpRow.status == SignUpStatus.SEATED)
        .correlate(SessionRow)
        .scalar_subquery()
    )
    first = (
        select(SessionRow.operation_id, SessionRow.day, SessionRow.places, taken.label("taken"))
        .ext(distinct_on(SessionRow.operation_id))
        .where(SessionRow.operation_id.in_(ids), SessionRow.day >= today, SessionRow.dropped_at.is_(None))
        .order_by(SessionRow.operation_id, SessionRow.day, SessionRow.number)
    )
    return {row.operation_id: NextSession(row.day, row.places, row.taken) for row in session.execute(first)}
