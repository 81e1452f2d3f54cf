"""What every procedure knows of a case: its tasks, its open deadlines, its letters and messages on their way.

Parts of one look each, for the case that is bound as `case_id`.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Label, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from db.models import Case, DeadlineRow, LetterRow, StaffMessage, TaskRow
from db.queries.told import Told, as_json, instant
from domain.ladder import Rung, next_instant
from domain.policy import Office
from domain.position import LetterInHand, OpenDeadline, Watched
from domain.tasks import Task

CASE_ID = bindparam("case_id", type_=Case.id.type)
"""Every one of these looks speaks of this case."""
_IDS: ARRAY[UUID] = ARRAY(TaskRow.id.type)
_TASK = (
    TaskRow.id,
    TaskRow.kind,
    TaskRow.offered_to,
    TaskRow.excluded,
    TaskRow.meant_for,
    TaskRow.due_at,
    TaskRow.claimed_by,
    TaskRow.closed_at,
    TaskRow.detail,
    TaskRow.nobody_left,
)
_LETTER = (LetterRow.id, LetterRow.kind, LetterRow.dispatch, LetterRow.round, LetterRow.posted_on)
_DEADLINE = (
    DeadlineRow.name,
    DeadlineRow.generation,
    DeadlineRow.due_on,
    DeadlineRow.due_at,
    DeadlineRow.starts_on,
    DeadlineRow.planned,
    DeadlineRow.fired_until,
)


def tasks_of_case() -> Label[Any]:
    """The open tasks, and the one that is bound as `task_id` even if it is closed."""
    task_id = bindparam("task_id", type_=TaskRow.id.type)
    wanted = (TaskRow.case_id == CASE_ID, TaskRow.closed_at.is_(None) | (TaskRow.id == task_id))
    return as_json(_TASK, *wanted, by=[TaskRow.id]).label("tasks")


def unsent_messages() -> Label[Any]:
    """The messages to staff that have not left."""
    unsent = select(StaffMessage.id).where(StaffMessage.case_id == CASE_ID, StaffMessage.sent_at.is_(None))
    return func.array(unsent.order_by(StaffMessage.id).scalar_subquery(), type_=_IDS).label("messages")


def letters_in_hand() -> Label[Any]:
    """The letters that have not been handed over, in the order in which they were asked for."""
    in_hand = (LetterRow.case_id == CASE_ID, LetterRow.handed_over_at.is_(None))
    return as_json(_LETTER, *in_hand, by=[LetterRow.requested_at, LetterRow.id]).label("letters")


def deadlines_open() -> Label[Any]:
    """What is neither met nor cancelled, the earliest due first."""
    still_open = (DeadlineRow.met_at.is_(None), DeadlineRow.cancelled_at.is_(None))
    wanted = as_json(_DEADLINE, DeadlineRow.case_id == CASE_ID, *still_open, by=[DeadlineRow.due_at])
    return wanted.label("deadlines")


def read_letters(told: list[Told]) -> tuple[LetterInHand, ...]:
    """The letters as `letters_in_hand` tells them."""
    return tuple(
        LetterInHand(UUID(one["id"]), one["kind"], one["dispatch"], one["round"], one["posted_on"] is not None)
        for one in told
    )


def read_task(told: Told) -> Task:
    """A task as `tasks_of_case` tells it."""
    return Task(
        id=UUID(told["id"]),
        kind=told["kind"],
        offered_to=frozenset(told["offered_to"]),
        excluded=frozenset(map(UUID, told["excluded"])),
        meant_for=frozenset(told["meant_for"]),
        due_at=instant(told["due_at"]),
        claimed_by=UUID(told["claimed_by"]) if told["claimed_by"] else None,
        closed_at=instant(told["closed_at"]),
        detail=told["detail"],
        nobody_left=told["nobody_left"],
    )


def as_task(row: TaskRow) -> Task:
    """A task as the rules see it."""
    return Task(
        id=row.id,
        kind=row.kind,
        offered_to=frozenset(row.offered_to),
        excluded=frozenset(row.excluded),
        meant_for=frozenset(row.meant_for),
        due_at=row.due_at,
        claimed_by=row.claimed_by,
        closed_at=row.closed_at,
        detail=row.detail,
        nobody_left=row.nobody_left,
    )


def open_deadlines(session: Session, case_id: UUID) -> tuple[OpenDeadline, ...]:
    """What is neither met nor cancelled, the earliest due first."""
    return read_deadlines(session.execute(select(deadlines_open()), {"case_id": case_id}).scalar_one())


def read_deadlines(told: list[Told]) -> tuple[OpenDeadline, ...]:
    """The deadlines as `deadlines_open` tells them."""
    return tuple(
        OpenDeadline(
            name=one["name"],
            generation=one["generation"],
            due_on=date.fromisoformat(one["due_on"]),
            due_at=datetime.fromisoformat(one["due_at"]),
            starts_on=date.fromisoformat(one["starts_on"]),
            planned=tuple(Rung.from_json(rung) for rung in one["planned"]),
            fired_until=instant(one["fired_until"]),
        )
        for one in told
    )


def watched(deadlines: Iterable[OpenDeadline]) -> tuple[Watched, ...]:
    """Each open deadline that still has a rung to fire."""
    watched = []
    for deadline in deadlines:
        next_at = next_instant(deadline.planned, deadline.fired_until)
        if next_at is not None:
            watched.append(Watched(deadline.name, deadline.generation, next_at))
    return tuple(watched)


def spread(reference: str, office: Office) -> timedelta:
    """This case's share of the minutes over which reminders of one instant fire: always the same for it.

    In the middle of a slot of ten seconds, so that a slow machine does not tell another minute.
    """
    slots = office.mail.spread.minutes * 6
    return timedelta(seconds=10 * (int.from_bytes(sha256(reference.encode()).digest()[:4]) % slots) + 5)
