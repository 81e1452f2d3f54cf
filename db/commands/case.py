"""Write what has happened to a case of any procedure: tasks, deadlines, letters, and a line of the journal for each."""

from functools import singledispatch
from uuid import UUID

from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from db.commands.journal import Writing, add_line
from db.commands.reminder import add_reminders
from db.models import DeadlineRow, LetterRow, TaskRow
from domain import events as happened
from domain.deadlines import Deadline
from domain.ladder import Rung


def record(writing: Writing, event: happened.Event) -> None:
    """Change the register as the event says, and add its line to the journal."""
    apply(event, writing)
    add_line(writing, type(event).__name__, event.facts(), event.private_facts())


def add_deadline(writing: Writing, deadline: Deadline, planned: tuple[Rung, ...], generation: int = 1) -> None:
    """Keep a deadline with its explanation and the rungs of its ladder."""
    row = DeadlineRow(id=uuid7(), case_id=writing.case.id, name=deadline.name, generation=generation)
    _fill(row, deadline, planned)
    writing.session.add(row)


def _fill(row: DeadlineRow, deadline: Deadline, planned: tuple[Rung, ...]) -> None:
    row.due_on = deadline.due_on
    row.due_at = deadline.due_at
    row.zone = str(deadline.due_at.tzinfo)
    row.unit = deadline.unit
    row.count = deadline.count
    row.starts_on = deadline.starts_on
    row.source = deadline.source
    row.explanation = [step.as_json() for step in deadline.explanation]
    row.planned = [rung.as_json() for rung in planned]


@singledispatch
def apply(event: happened.Event, _writing: Writing) -> None:
    """What an event changes in the register. Each kind of event says so where its tables are written."""
    raise TypeError(f"nobody writes {type(event).__name__}")


@apply.register
def _(event: happened.TaskOpened, writing: Writing) -> None:
    writing.session.add(
        TaskRow(
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
    )


@apply.register
def _(event: happened.TaskCompleted, writing: Writing) -> None:
    _close(writing, event.task_id, event.outcome)


@apply.register
def _(event: happened.TaskWithdrawn, writing: Writing) -> None:
    _close(writing, event.task_id, "withdrawn")


def _close(writing: Writing, task_id: UUID, outcome: str) -> None:
    task = writing.session.get_one(TaskRow, task_id)
    task.closed_at, task.closed_by, task.outcome = writing.at, writing.actor_id, outcome


@apply.register
def _(event: happened.TaskOfferedAgain, writing: Writing) -> None:
    task = writing.session.get_one(TaskRow, event.task_id)
    task.offered_to = sorted(event.offer.hats)
    task.nobody_left = event.offer.nobody_left
    task.meant_for = list(event.meant_for) or task.meant_for
    task.claimed_by = task.claimed_at = None


@apply.register
def _(event: happened.DeadlineOpened, writing: Writing) -> None:
    add_deadline(writing, event.deadline, event.planned, event.generation)


@apply.register
def _(event: happened.DeadlineMoved, writing: Writing) -> None:
    for row in _open(writing, event.deadline.name):
        _fill(row, event.deadline, event.planned)


@apply.register
def _(event: happened.TasksRescheduled, writing: Writing) -> None:
    writing.session.execute(
        update(TaskRow)
        .where(TaskRow.case_id == writing.case.id, TaskRow.closed_at.is_(None), TaskRow.due_at == event.from_at)
        .values(due_at=event.due_at)
    )


@apply.register
def _(event: happened.ReminderDue, writing: Writing) -> None:
    for row in _open(writing, event.deadline):
        row.fired_until = event.fired_until
    add_reminders(writing.session, writing.case.id, event, writing.at)


@apply.register
def _(event: happened.DeadlineMet, writing: Writing) -> None:
    for deadline in _open(writing, event.name):
        deadline.met_at = writing.at


@apply.register
def _(event: happened.DeadlineCancelled, writing: Writing) -> None:
    for deadline in _open(writing, event.name):
        deadline.cancelled_at = writing.at


def _open(writing: Writing, name: str) -> list[DeadlineRow]:
    wanted = select(DeadlineRow).where(
        DeadlineRow.case_id == writing.case.id,
        DeadlineRow.name == name,
        DeadlineRow.met_at.is_(None),
        DeadlineRow.cancelled_at.is_(None),
    )
    return list(writing.session.scalars(wanted))


@apply.register
def _(event: happened.LetterHandedOver, writing: Writing) -> None:
    letter = writing.session.get_one(LetterRow, event.letter_id)
    letter.handed_over_at, letter.last_error = writing.at, None


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
