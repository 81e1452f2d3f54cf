"""Claim and release: who has taken a task in hand. The procedure does not move, so the register decides alone."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.commands.journal import Writing, add_line
from db.models import Case, TaskRow
from db.queries.lending import is_held_in_vain
from db.queries.standing import as_task
from domain.people import Actor
from domain.refusals import NotYourTask
from domain.tasks import check_may_do


def claim(session: Session, task_id: UUID, actor: Actor, at: datetime, today: date) -> TaskRow | None:
    """Take a task in hand, so that nobody else does it meanwhile; None when there is no such task. Raises Refusal.

    One in the hands of somebody to whom the case is lent no more is free. Source: procedures, section 4 step 4
    """
    row = _lock(session, task_id)
    if row is None:
        return None
    known = as_task(row)
    if row.claimed_by not in (None, actor.id) and is_held_in_vain(session, row, today):
        known = replace(known, claimed_by=None)
    check_may_do(known, actor)
    if row.claimed_by != actor.id:
        row.claimed_by, row.claimed_at = actor.id, at
        _tell(session, row, "TaskClaimed", actor, at)
    return row


def release(session: Session, task_id: UUID, actor: Actor, at: datetime) -> TaskRow | None:
    """Give a task back to everyone it is offered to; None when there is no such task. Raises Refusal."""
    row = _lock(session, task_id)
    if row is None:
        return None
    check_may_do(as_task(row), actor)
    if row.claimed_by is None:
        raise NotYourTask("Nobody has claimed this task.", "There is nothing to release.")
    row.claimed_by = row.claimed_at = None
    _tell(session, row, "TaskReleased", actor, at)
    return row


def _lock(session: Session, task_id: UUID) -> TaskRow | None:
    """The case first, then the task: the order in which a decision takes them."""
    case_id = session.scalar(select(TaskRow.case_id).where(TaskRow.id == task_id))
    if case_id is None:
        return None
    session.scalars(select(Case).where(Case.id == case_id).with_for_update()).one()
    return session.scalars(select(TaskRow).where(TaskRow.id == task_id).with_for_update()).one()


def _tell(session: Session, row: TaskRow, event: str, actor: Actor, at: datetime) -> None:
    writing = Writing(session, session.get_one(Case, row.case_id), at, None, actor.id)
    add_line(writing, event, {"task_id": row.id, "kind": row.kind})
