"""Write what has happened to a case of any procedure: tasks, deadlines, letters, and a line of the journal for each."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import singledispatch
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from db.commands.journal import Writing, gather_line
from db.commands.reminder import add_reminders
from db.models import DeadlineRow, LetterRow, TaskRow
from domain import events as happened
from domain.deadlines import Deadline
from domain.ladder import Rung

ADDRESSEES: dict[str, Callable[[UUID], dict[str, Any]]] = {}
"""Procedure → whom its letters go to: recipient, e-mail and address, as the database finds them for a case."""


def record(writing: Writing, events: Iterable[happened.Event]) -> None:
    """Change the register as the events say, and add a line to the journal for each."""
    with writing.session.no_autoflush:  # the case's own row is written once, after everything else
        for event in events:
            apply(event, writing)
            gather_line(writing, type(event).__name__, event.facts(), event.private_facts())
    writing.batch.write(writing.session)


def add_deadline(writing: Writing, deadline: Deadline, planned: tuple[Rung, ...], generation: int = 1) -> None:
    """Keep a deadline with its explanation and the rungs of its ladder."""
    kept = _kept(deadline, planned)
    writing.batch.insert(
        DeadlineRow, id=uuid7(), case_id=writing.case.id, name=deadline.name, generation=generation, **kept
    )


def _kept(deadline: Deadline, planned: tuple[Rung, ...]) -> dict[str, Any]:
    return {
        "due_on": deadline.due_on,
        "due_at": deadline.due_at,
        "zone": str(deadline.due_at.tzinfo),
        "unit": deadline.unit,
        "count": deadline.count,
        "starts_on": deadline.starts_on,
        "source": deadline.source,
        "explanation": [step.as_json() for step in deadline.explanation],
        "planned": [rung.as_json() for rung in planned],
    }


@singledispatch
def apply(event: happened.Event, _writing: Writing) -> None:
    """What an event changes in the register. Each kind of event says so where its tables are written."""
    raise TypeError(f"nobody writes {type(event).__name__}")


@apply.register
def _(event: happened.StateReached, writing: Writing) -> None:
    writing.case.state = event.state
    if event.ended:
        writing.case.ended_at = writing.at


@apply.register
def _(event: happened.OwnerAssigned, writing: Writing) -> None:
    writing.case.owner_id = event.owner_id


@apply.register
def _(event: happened.TaskOpened, writing: Writing) -> None:
    writing.batch.insert(
        TaskRow,
        id=uuid7(),
        case_id=writing.case.id,
        kind=event.kind,
        pole=writing.case.pole,
        offered_to=sorted(event.offer.hats),
        meant_for=list(event.meant_for),
        excluded=sorted(event.offer.excluded),
        nobody_left=event.offer.nobody_left,
        due_at=event.due_at,
        detail=event.detail or {},
        opened_at=writing.at,
    )


@apply.register
def _(event: happened.TaskCompleted, writing: Writing) -> None:
    _close(writing, event.task_id, event.outcome)


@apply.register
def _(event: happened.TaskWithdrawn, writing: Writing) -> None:
    _close(writing, event.task_id, "withdrawn")


def _close(writing: Writing, task_id: UUID, outcome: str) -> None:
    writing.batch.change(TaskRow.id, task_id, closed_at=writing.at, closed_by=writing.actor_id, outcome=outcome)


@apply.register
def _(event: happened.TaskOfferedAgain, writing: Writing) -> None:
    offered = {"offered_to": sorted(event.offer.hats), "nobody_left": event.offer.nobody_left}
    meant_for = {"meant_for": list(event.meant_for)} if event.meant_for else {}
    writing.batch.change(TaskRow.id, event.task_id, **offered, **meant_for, claimed_by=None, claimed_at=None)


@apply.register
def _(event: happened.DeadlineOpened, writing: Writing) -> None:
    add_deadline(writing, event.deadline, event.planned, event.generation)


@apply.register
def _(event: happened.DeadlineMoved, writing: Writing) -> None:
    _change_open(writing, event.deadline.name, **_kept(event.deadline, event.planned))


@apply.register
def _(event: happened.TasksRescheduled, writing: Writing) -> None:
    still_due = (TaskRow.closed_at.is_(None), TaskRow.due_at == event.from_at)
    writing.batch.change(TaskRow.case_id, writing.case.id, *still_due, due_at=event.due_at)


@apply.register
def _(event: happened.ReminderDue, writing: Writing) -> None:
    fire_until(writing, event.deadline, event.fired_until)
    add_reminders(writing.session, writing.case.id, event, writing.at)


@apply.register
def _(event: happened.DeadlineMet, writing: Writing) -> None:
    _change_open(writing, event.name, met_at=writing.at)


@apply.register
def _(event: happened.DeadlineCancelled, writing: Writing) -> None:
    _change_open(writing, event.name, cancelled_at=writing.at)


def fire_until(writing: Writing, name: str, instant: datetime) -> None:
    """The rungs of the open deadline of this name have fired, up to this instant."""
    _change_open(writing, name, fired_until=instant)


def _change_open(writing: Writing, name: str, **values: Any) -> None:
    """The open deadline of this name changes."""
    still_open = (DeadlineRow.met_at.is_(None), DeadlineRow.cancelled_at.is_(None))
    writing.batch.change(DeadlineRow.name, name, DeadlineRow.case_id == writing.case.id, *still_open, **values)


@apply.register
def _(event: happened.LetterRequested, writing: Writing) -> None:
    writing.batch.insert(
        LetterRow,
        id=uuid7(),
        case_id=writing.case.id,
        kind=event.kind,
        dispatch=event.dispatch,
        version=event.version,
        reason=event.reason,
        requested_at=writing.at,
        **ADDRESSEES[writing.case.procedure](writing.case.id),
    )


@apply.register
def _(event: happened.LetterHandedOver, writing: Writing) -> None:
    writing.batch.change(LetterRow.id, event.letter_id, handed_over_at=writing.at, last_error=None)


@apply.register
def _(_event: happened.DeliveryFailed, _writing: Writing) -> None:
    """The attempt itself has left its error on the letter: here it only becomes a line of the journal."""


@apply.register
def _(event: happened.LetterSentAgain, writing: Writing) -> None:
    letter = writing.session.get_one(LetterRow, event.letter_id)
    letter.dispatch, letter.round = event.dispatch, letter.round + 1
    letter.email = event.email or letter.email
    letter.address = list(event.address) or letter.address
    letter.posted_on = letter.last_error = letter.produced_at = None
