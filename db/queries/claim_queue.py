"""The queue of claims under control: what is to be decided, the oldest due first, and what each waits for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, all_, cast, exists, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Session

from db.models import Beneficiary, ClaimRow, DeadlineRow, DocumentRequest, TaskRow
from db.queries.concerned import concerns
from db.queries.paging import read_cursor, write_cursor
from domain.claim.states import ClaimState
from domain.claim.words import ControlReason
from domain.people import Actor

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
Line = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class WantedInQueue:
    """Which claims under control; without a state those that have not ended. `mine`: those with a task I may do."""

    state: str | None = None
    category: str | None = None
    reason: str | None = None
    pole: str | None = None
    mine: bool = False
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True)
class Awaits:
    """What a claim waits for: a task with whom it is offered to or who has it, or documents, since then."""

    task: TaskRow | None
    documents: Sequence[str]
    since: datetime | None


def queued(session: Session, actor: Actor, wanted: WantedInQueue) -> Sequence[Line]:
    """The claims that the actor may see, the earliest due first; one more than the limit where more follow."""
    due = _due()
    lines = (
        select(ClaimRow, Beneficiary.name.label("beneficiary"), due.label("due_at"))
        .join(Beneficiary, Beneficiary.number == ClaimRow.beneficiary_number)
        .where(ClaimRow.case_id.is_not(None), ~concerns(actor.id), *_filters(wanted, actor))
    )
    first = func.coalesce(due, NEVER)
    if wanted.cursor is not None:
        lines = lines.where(tuple_(first, ClaimRow.id) > tuple_(*read_cursor(wanted.cursor, datetime.fromisoformat)))
    return session.execute(lines.order_by(first, ClaimRow.id).limit(wanted.limit + 1)).all()


def next_in_queue(rows: Sequence[Line], limit: int) -> str | None:
    """Where the next page goes on."""
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    return write_cursor(last.due_at or NEVER, last.ClaimRow.id)


def _due() -> ColumnElement[Any]:
    """The earliest deadline that is still open."""
    still_open = (DeadlineRow.met_at.is_(None), DeadlineRow.cancelled_at.is_(None))
    due = select(func.min(DeadlineRow.due_at)).where(DeadlineRow.case_id == ClaimRow.case_id, *still_open)
    return due.correlate(ClaimRow).scalar_subquery()


def _filters(wanted: WantedInQueue, actor: Actor) -> list[ColumnElement[bool]]:
    ended = sorted(ClaimState.ended())
    filters = [ClaimRow.state == wanted.state if wanted.state else ClaimRow.state.not_in(ended)]
    if wanted.category is not None:
        filters.append(ClaimRow.category == wanted.category)
    if wanted.pole is not None:
        filters.append(ClaimRow.pole == wanted.pole)
    if wanted.reason is not None:
        filters.append(ClaimRow.reasons.contains([ControlReason(wanted.reason)]))
    if wanted.mine:
        filters.append(exists(_of_mine(actor)))
    return filters


def _of_mine(actor: Actor) -> Select[*tuple[Any, ...]]:
    """A task on the claim that the actor may do: `domain.tasks.may_do`, in the database's words."""
    return select(TaskRow.id).where(
        TaskRow.case_id == ClaimRow.case_id,
        TaskRow.closed_at.is_(None),
        TaskRow.offered_to.op("&&")(cast(sorted(actor.hats), ARRAY(TEXT))),
        literal(actor.id) != all_(TaskRow.excluded),
    )


def awaited_by(session: Session, cases: Sequence[UUID]) -> Mapping[UUID, Awaits]:
    """What each of these waits for: documents of the member, or somebody's task."""
    wanted = select(TaskRow).where(TaskRow.case_id.in_(cases), TaskRow.closed_at.is_(None)).order_by(TaskRow.id)
    found = {row.case_id: Awaits(row, (), row.opened_at) for row in session.scalars(wanted)}
    asked = select(DocumentRequest).where(DocumentRequest.case_id.in_(cases), DocumentRequest.ended_at.is_(None))
    return found | {row.case_id: Awaits(None, row.kinds, row.asked_at) for row in session.scalars(asked)}


def asked_for(session: Session, references: Sequence[str]) -> Mapping[str, tuple[str, int]]:
    """The category and the amount of each of these claims, in euro cents: what lists of tasks call them by."""
    columns = (ClaimRow.reference, ClaimRow.category, ClaimRow.amount_cents)
    rows = session.execute(select(*columns).where(ClaimRow.reference.in_(references)))
    return {row.reference: (row.category, row.amount_cents) for row in rows}
