"""What narrows a list of cases down to those that a number on the board counts."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, array
from sqlalchemy.orm import InstrumentedAttribute, aliased

from db.models import Case, CommandRow, ComplaintRow, DeadlineRow, LetterRow, StaffMember, TaskRow
from domain.board import Blockage
from domain.complaint.words import TaskKind
from domain.policy import DeadlineName


@dataclass(frozen=True)
class Narrowed:
    """Enums, dates and instants only; what is not given does not narrow. Each span is half-open."""

    states: tuple[str, ...] = ()
    is_open: bool | None = None
    category: str | None = None
    received_from: date | None = None
    received_before: date | None = None
    ended_from: datetime | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    deadline: str | None = None
    answered_from: datetime | None = None
    answered_late: bool | None = None
    held_by: str | None = None
    task_due_before: datetime | None = None
    untaken: str | None = None
    blocked: Blockage | None = None
    undecided_before: datetime | None = None

    def told(self) -> dict[str, Any]:
        """What narrows, under the names that the API asks by."""
        everything = {f.name: getattr(self, f.name) for f in fields(self)}
        given = {name: value for name, value in everything.items() if value is not None and value != ()}
        return {name.removeprefix("is_"): value for name, value in given.items()}


def narrowing(wanted: Narrowed) -> list[ColumnElement[bool]]:
    """The conditions that leave only the complaints that were asked for."""
    return [*_by_case(wanted), *_due(wanted), *_answered(wanted), *_by_task(wanted), *_by_blockage(wanted)]


def blocked_tasks(kind: Blockage) -> ColumnElement[bool]:
    """The open tasks that keep somebody from going on in this way."""
    how = {
        Blockage.NOBODY_LEFT: TaskRow.nobody_left,
        Blockage.RAISED: TaskRow.offered_to != TaskRow.meant_for,
        Blockage.UNBLOCK: TaskRow.kind == TaskKind.UNBLOCK,
    }
    return TaskRow.closed_at.is_(None) & how[kind]


def offered_to_roles() -> ColumnElement[bool]:
    """The open tasks that lie before several people, of whom none has taken them in hand."""
    by_name = func.array_to_string(TaskRow.offered_to, " ").contains("person:")
    return TaskRow.closed_at.is_(None) & TaskRow.claimed_by.is_(None) & ~TaskRow.nobody_left & ~by_name


def failing_letters() -> ColumnElement[bool]:
    """The letters that were tried and have not left; one that lies in the day's post only waits for it."""
    lies_in_the_post = LetterRow.posted_on.is_not(None) & LetterRow.last_error.is_(None)
    return LetterRow.handed_over_at.is_(None) & (LetterRow.attempts > 0) & ~lies_in_the_post


def undecided_commands(before: datetime) -> ColumnElement[bool]:
    """The commands that were given before an instant, and wait."""
    return (CommandRow.status == "received") & (CommandRow.at < before)


def _by_case(wanted: Narrowed) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.states:
        found.append(Case.state.in_(wanted.states))
    if wanted.is_open is not None:
        found.append(Case.ended_at.is_(None) if wanted.is_open else Case.ended_at.is_not(None))
    if wanted.category is not None:
        found.append(ComplaintRow.category == wanted.category)
    if wanted.received_from is not None:
        found.append(Case.received_on >= wanted.received_from)
    if wanted.received_before is not None:
        found.append(Case.received_on < wanted.received_before)
    if wanted.ended_from is not None:
        found.append(Case.ended_at >= wanted.ended_from)
    return found


def _due(wanted: Narrowed) -> list[ColumnElement[bool]]:
    """An open deadline of this name that is due in this time."""
    if wanted.due_from is None and wanted.due_before is None and wanted.deadline is None:
        return []
    row = aliased(DeadlineRow)
    due = select(row.case_id).where(row.met_at.is_(None), row.cancelled_at.is_(None))
    if wanted.due_from is not None:
        due = due.where(row.due_at >= wanted.due_from)
    if wanted.due_before is not None:
        due = due.where(row.due_at < wanted.due_before)
    if wanted.deadline is not None:
        due = due.where(row.name == wanted.deadline)
    return [Case.id.in_(due)]


def _answered(wanted: Narrowed) -> list[ColumnElement[bool]]:
    """The answer left since then; in time or late."""
    if wanted.answered_from is None and wanted.answered_late is None:
        return []
    row = aliased(DeadlineRow)
    met = select(row.case_id).where(row.name == DeadlineName.ANSWER.value, row.met_at.is_not(None))
    if wanted.answered_from is not None:
        met = met.where(row.met_at >= wanted.answered_from)
    if wanted.answered_late is not None:
        met = met.where(row.met_at > row.due_at if wanted.answered_late else row.met_at <= row.due_at)
    return [Case.id.in_(met)]


def _by_task(wanted: Narrowed) -> list[ColumnElement[bool]]:
    """An open task that somebody holds, or of a kind that nobody has taken; due before an instant."""
    if wanted.held_by is None and wanted.task_due_before is None and wanted.untaken is None:
        return []
    tasks = select(TaskRow.case_id).where(TaskRow.closed_at.is_(None))
    if wanted.held_by is not None:
        person = select(StaffMember.id).where(StaffMember.login == wanted.held_by).scalar_subquery()
        tasks = tasks.where(_held_by(person, func.concat("person:", person)))
    if wanted.untaken is not None:
        tasks = tasks.where(TaskRow.kind == wanted.untaken, offered_to_roles())
    if wanted.task_due_before is not None:
        tasks = tasks.where(TaskRow.due_at < wanted.task_due_before)
    return [Case.id.in_(tasks)]


def _held_by(person: ScalarSelect[UUID], hat: ColumnElement[str]) -> ColumnElement[bool]:
    """What is offered to one person by name, or was claimed by them."""
    offered = TaskRow.offered_to.op("&&")(array([hat]).cast(ARRAY(TEXT)))
    return or_(offered, TaskRow.claimed_by == person)


def _by_blockage(wanted: Narrowed) -> list[ColumnElement[bool]]:
    if wanted.blocked is None:
        return []
    column: InstrumentedAttribute[UUID]
    if wanted.blocked is Blockage.LETTER:
        column, how = LetterRow.case_id, failing_letters()
    elif wanted.blocked is Blockage.COMMAND:
        column, how = CommandRow.case_id, CommandRow.status == "received"
        how = how & (CommandRow.at < wanted.undecided_before) if wanted.undecided_before else how
    else:
        column, how = TaskRow.case_id, blocked_tasks(wanted.blocked)
    return [Case.id.in_(select(column).where(how))]
