"""The inbox: open tasks by due date, mine, my pole's, overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, all_, case, cast, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Session

from db.models import AuditRow, Case, ClaimRow, ComplaintRow, DelegateRow, FindingRow, TaskRow
from db.queries.cases import seen_by
from db.queries.paging import read_cursor, write_cursor
from domain.claim.words import CareCategory
from domain.people import Actor
from domain.permissions import procedures_read_by

NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Wanted:
    """Which tasks. `pole` lists a pole's tasks to be seen; otherwise those that the actor may do."""

    pole: str | None = None
    due_before: datetime | None = None
    cursor: str | None = None
    limit: int = 50


def inbox(session: Session, actor: Actor, wanted: Wanted) -> Sequence[Row[*tuple[Any, ...]]]:
    """Open tasks with their case, the earliest due first; one more than the limit where more follow."""
    query = _offered_to(actor) if wanted.pole is None else _of_pole(actor, wanted.pole)
    due = func.coalesce(TaskRow.due_at, NEVER)
    if wanted.due_before is not None:
        query = query.where(TaskRow.due_at < wanted.due_before)
    if wanted.cursor is not None:
        query = query.where(tuple_(due, TaskRow.id) > tuple_(*read_cursor(wanted.cursor, datetime.fromisoformat)))
    return session.execute(query.order_by(due, TaskRow.id).limit(wanted.limit + 1)).all()


def one(session: Session, task_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """A task with its case."""
    return session.execute(_with_case().where(TaskRow.id == task_id)).one_or_none()


def next_cursor(row: TaskRow) -> str:
    """Where the next page goes on."""
    return write_cursor(row.due_at or NEVER, row.id)


def _with_case() -> Select[*tuple[Any, ...]]:
    return (
        select(
            TaskRow,
            Case,
            func.coalesce(ComplaintRow.subject, FindingRow.subject, _subject_of_claim(), _subject_of_audit()).label(
                "subject"
            ),
        )
        .join(Case, Case.id == TaskRow.case_id)
        .join(ComplaintRow, ComplaintRow.case_id == Case.id, isouter=True)
        .join(ClaimRow, ClaimRow.case_id == Case.id, isouter=True)
        .join(FindingRow, FindingRow.case_id == Case.id, isouter=True)
    )


def _subject_of_claim() -> ColumnElement[str | None]:
    """What a claim is called in a list: its category and its amount, nothing more of anybody's health."""
    category = case({one.value: one.label for one in CareCategory}, value=ClaimRow.category)
    amount = func.translate(func.to_char(ClaimRow.amount_cents / 100.0, "FM999,999,990.00"), ",.", "\u202f,")
    return category.op("||")(" · ").op("||")(amount).op("||")("\u00a0€")


def _subject_of_audit() -> ColumnElement[str | None]:
    """What an audit is called in a list: its delegate and its year."""
    name = DelegateRow.name.op("||")(" · ").op("||")(cast(AuditRow.year, TEXT))
    wanted = select(name).select_from(AuditRow).join(DelegateRow, DelegateRow.code == AuditRow.delegate)
    return wanted.where(AuditRow.case_id == Case.id).correlate(Case).scalar_subquery()


def _offered_to(actor: Actor) -> Select[*tuple[Any, ...]]:
    """The same rule as domain.tasks.may_do, in the database's words."""
    hats = cast(sorted(actor.hats), ARRAY(TEXT))
    return (
        _with_case()
        .where(TaskRow.closed_at.is_(None))
        .where(TaskRow.offered_to.op("&&")(hats))
        .where(literal(actor.id) != all_(TaskRow.excluded))
        .where(TaskRow.claimed_by.is_(None) | (TaskRow.claimed_by == actor.id))
    )


def _of_pole(actor: Actor, pole: str) -> Select[*tuple[Any, ...]]:
    readable = Case.procedure.in_(procedures_read_by(actor))
    return _with_case().where(TaskRow.closed_at.is_(None), TaskRow.pole == pole, readable, seen_by(actor.id, Case.id))
