"""What is late, and what will be today and this week: how many by deadline, and each with why it is not done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select, true, tuple_
from sqlalchemy.orm import Session

from db.models import Case, DeadlineRow
from db.queries.board.counts import Counted
from db.queries.board.deadlines import DEADLINES, WAITS, Deadline, deadline
from db.queries.board.holds import facts_of
from db.queries.board.scope import Scope
from db.queries.case_filters import Narrowed
from db.queries.case_lists import WantedCases
from db.queries.complaint_lists import Wanted
from db.queries.paging import read_cursor, write_cursor
from domain.board import DueWindow
from domain.hold import Held, why_not_done


@dataclass(frozen=True)
class Due:
    """The open deadlines of one name that are due in one window: one per case."""

    procedure: str
    window: DueWindow
    deadline: Deadline
    counted: Counted


@dataclass(frozen=True)
class WantedDue:
    """Which open deadlines to list: of a window and of a name, or of all."""

    window: DueWindow | None = None
    deadline: Deadline | None = None
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True)
class LateLine:
    """One open deadline of one case, and why what it asks for is not done."""

    deadline_id: UUID
    procedure: str
    deadline: Deadline
    due_at: datetime
    window: DueWindow
    case_id: UUID
    reference: str
    state: str
    pole: str
    owner_id: UUID | None
    held: Held


@dataclass(frozen=True)
class LatePage:
    """Some of them, the earliest due first; `next` is the cursor of the following ones."""

    lines: tuple[LateLine, ...]
    next: str | None


def due(session: Session, scope: Scope) -> tuple[Due, ...]:
    """How many are due in each window, by name."""
    counted = (
        select(DeadlineRow.name, *(func.count().filter(_in_window(scope, window)) for window in DueWindow))
        .where(_is_open(), DeadlineRow.due_at < _span(scope, None)[1], scope.within(DeadlineRow.case_id))
        .group_by(DeadlineRow.name)
    )
    found = {row.name: row[1:] for row in session.execute(counted)}
    return tuple(
        Due(procedure, window, deadline(name), Counted(found[name][place] if name in found else 0, listed))
        for procedure, names in DEADLINES.items()
        for place, window in enumerate(DueWindow)
        for name in names
        for listed in [_listed(scope, window, procedure, name)]
    )


def late(session: Session, scope: Scope, wanted: WantedDue) -> LatePage:
    """Each of them, with why it is not done."""
    rows = session.execute(_lines(scope, wanted)).all()
    shown = rows[: wanted.limit]
    facts = facts_of(session, {row.case_id: row.owner_id for row in shown}, scope.today)
    lines = tuple(_line(row, scope, why_not_done(WAITS[row.name], facts[row.case_id])) for row in shown)
    more = len(rows) > wanted.limit
    return LatePage(lines, write_cursor(lines[-1].due_at, lines[-1].deadline_id) if more else None)


def _lines(scope: Scope, wanted: WantedDue) -> Any:
    starts, ends = _span(scope, wanted.window)
    query = (
        select(
            DeadlineRow.id,
            DeadlineRow.name,
            DeadlineRow.due_at,
            DeadlineRow.case_id,
            Case.reference,
            Case.procedure,
            Case.state,
            Case.pole,
            Case.owner_id,
        )
        .join(Case, Case.id == DeadlineRow.case_id)
        .where(_is_open(), DeadlineRow.due_at < ends, scope.cases())
    )
    if starts is not None:
        query = query.where(DeadlineRow.due_at >= starts)
    if wanted.deadline is not None:
        query = query.where(DeadlineRow.name == wanted.deadline.value)
    if wanted.cursor is not None:
        after = tuple_(*read_cursor(wanted.cursor, datetime.fromisoformat))
        query = query.where(tuple_(DeadlineRow.due_at, DeadlineRow.id) > after)
    return query.order_by(DeadlineRow.due_at, DeadlineRow.id).limit(wanted.limit + 1)


def _span(scope: Scope, window: DueWindow | None) -> tuple[datetime | None, datetime]:
    if window is None:
        return None, DueWindow.NEXT_7_DAYS.span(scope.today.now, scope.today.zone)[1]
    return window.span(scope.today.now, scope.today.zone)


def _is_open() -> ColumnElement[bool]:
    return DeadlineRow.met_at.is_(None) & DeadlineRow.cancelled_at.is_(None)


def _in_window(scope: Scope, window: DueWindow) -> ColumnElement[bool]:
    starts, ends = window.span(scope.today.now, scope.today.zone)
    return (DeadlineRow.due_at < ends) & (DeadlineRow.due_at >= starts if starts is not None else true())


def _listed(scope: Scope, window: DueWindow, procedure: str, name: str) -> Wanted | WantedCases:
    starts, ends = _span(scope, window)
    narrowed = Narrowed(due_from=starts, due_before=ends, deadline=str(name))
    if procedure == "complaint":
        return Wanted(pole=scope.pole, narrowed=narrowed)
    return WantedCases(procedure, scope.pole, narrowed=narrowed)


def _line(row: Row[*tuple[Any, ...]], scope: Scope, held: Held) -> LateLine:
    windows: Sequence[DueWindow] = list(DueWindow)
    spans = [window.span(scope.today.now, scope.today.zone)[1] for window in windows]
    return LateLine(
        deadline_id=row.id,
        procedure=row.procedure,
        deadline=deadline(row.name),
        due_at=row.due_at,
        window=next(window for window, end in zip(windows, spans, strict=True) if row.due_at < end),
        case_id=row.case_id,
        reference=row.reference,
        state=row.state,
        pole=row.pole,
        owner_id=row.owner_id,
        held=held,
    )
