"""Who is blocked, and since when: tasks that are left to nobody or were raised, letters and commands that do not go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, distinct, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.models import Case, CommandRow, JournalLine, LetterRow, TaskRow
from db.queries.board.counts import Counted
from db.queries.board.scope import Scope
from db.queries.case_filters import Narrowed, blocked_tasks, failing_letters, undecided_commands
from db.queries.case_lists import WantedCases
from domain.board import UNDECIDED_AFTER, Blockage

SHOWN = 50
"""So many of each are told one by one; the others are counted, and listed by their cases."""


@dataclass(frozen=True)
class Blocked:
    """One thing that does not go on. `about` is the kind of the task, letter or command; `detail`, the task that an
    unblocking is about, or the letter's last error: codes only."""

    id: UUID
    case_id: UUID
    reference: str
    procedure: str
    pole: str
    owner_id: UUID | None
    about: str
    since: datetime
    offered_to: tuple[str, ...] = ()
    meant_for: tuple[str, ...] = ()
    claimed_by: UUID | None = None
    attempts: int | None = None
    detail: str | None = None


@dataclass(frozen=True)
class Standstill:
    """All that is blocked in one way: how many cases, and the oldest of them."""

    kind: Blockage
    counted: Counted
    oldest: tuple[Blocked, ...]


def blocked(session: Session, scope: Scope) -> tuple[Standstill, ...]:
    """Every way of being blocked, with the oldest of each."""
    return tuple(_standstill(session, scope, kind) for kind in Blockage)


def _standstill(session: Session, scope: Scope, kind: Blockage) -> Standstill:
    before = scope.today.now - UNDECIDED_AFTER
    narrowed = Narrowed(blocked=kind, undecided_before=before if kind is Blockage.COMMAND else None)
    count = session.execute(_counted(kind, before, scope)).scalar_one()
    oldest = _oldest(session, scope, kind, before) if count else ()
    return Standstill(kind, Counted(count, WantedCases(pole=scope.pole, narrowed=narrowed)), oldest)


def _counted(kind: Blockage, before: datetime, scope: Scope) -> Select[int]:
    """How many cases; a task knows its pole, so that nothing else is read."""
    if kind not in {Blockage.LETTER, Blockage.COMMAND}:
        mine = (scope.sees(TaskRow.case_id), scope.of_pole(TaskRow.pole))
        return select(func.count(distinct(TaskRow.case_id))).where(blocked_tasks(kind), *mine)
    column = LetterRow.case_id if kind is Blockage.LETTER else CommandRow.case_id
    how = failing_letters() if kind is Blockage.LETTER else undecided_commands(before)
    return select(func.count(distinct(column))).join(Case, Case.id == column).where(how, scope.cases())


def _oldest(session: Session, scope: Scope, kind: Blockage, before: datetime) -> tuple[Blocked, ...]:
    if kind is Blockage.LETTER:
        wanted = _of_cases(select(LetterRow, Case), LetterRow.case_id, failing_letters(), scope)
        rows = session.execute(wanted.order_by(LetterRow.requested_at, LetterRow.id)).all()
        return tuple(_letter(row, case) for row, case in rows)
    if kind is Blockage.COMMAND:
        wanted = _of_cases(select(CommandRow, Case), CommandRow.case_id, undecided_commands(before), scope)
        rows = session.execute(wanted.order_by(CommandRow.at, CommandRow.id)).all()
        return tuple(_command(row, case) for row, case in rows)
    wanted = _of_cases(select(TaskRow, Case), TaskRow.case_id, blocked_tasks(kind), scope)
    rows = session.execute(wanted.order_by(TaskRow.opened_at, TaskRow.id)).all()
    offered_at = _offered_at(session, {case.id for _, case in rows})
    return tuple(_task(row, case, offered_at.get(row.id, row.opened_at)) for row, case in rows)


def _of_cases(
    query: Select[*tuple[Any, ...]], column: InstrumentedAttribute[UUID], how: ColumnElement[bool], scope: Scope
) -> Select[*tuple[Any, ...]]:
    return query.join(Case, Case.id == column).where(how, scope.cases()).limit(SHOWN)


def _offered_at(session: Session, cases: Iterable[UUID]) -> dict[UUID, datetime]:
    """When each task of these cases was last offered to others than before, as the journal tells."""
    task_id = JournalLine.facts["task_id"].astext
    wanted = (
        select(task_id, func.max(JournalLine.at))
        .where(JournalLine.case_id.in_(cases), JournalLine.event == "TaskOfferedAgain")
        .group_by(task_id)
    )
    return {UUID(one): at for one, at in session.execute(wanted)}


def _task(row: TaskRow, case: Case, since: datetime) -> Blocked:
    offered = {"offered_to": tuple(row.offered_to), "meant_for": tuple(row.meant_for), "claimed_by": row.claimed_by}
    return _of_case(row, case, since, detail=row.detail.get("blocked"), **offered)


def _letter(row: LetterRow, case: Case) -> Blocked:
    return _of_case(row, case, row.requested_at, attempts=row.attempts, detail=row.last_error)


def _command(row: CommandRow, case: Case) -> Blocked:
    return _of_case(row, case, row.at, attempts=row.attempts)


def _of_case(row: TaskRow | LetterRow | CommandRow, case: Case, since: datetime, **more: Any) -> Blocked:
    """What is the same for all that can be blocked on a case."""
    return Blocked(
        id=row.id,
        case_id=case.id,
        reference=case.reference,
        procedure=case.procedure,
        pole=case.pole,
        owner_id=case.owner_id,
        about=row.kind,
        since=since,
        **more,
    )
