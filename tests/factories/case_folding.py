"""How an event changes what is known of any case: its tasks, its deadlines, its letters.

The bench's own reading of what `db/commands` writes. An event that it does not know it refuses to fold.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid5

from domain import events as happened
from domain.claim.case import Claim
from domain.complaint.case import Complaint
from domain.events import Event
from domain.finding.case import Finding
from domain.position import LetterInHand, OpenDeadline
from domain.tasks import Task

AnyCase = TypeVar("AnyCase", Complaint, Claim, Finding)
Counting = TypeVar("Counting", Claim, Finding)
"""A case that counts how many deadlines of each name there have been."""
Writing = TypeVar("Writing", Complaint, Claim)
"""A case that writes letters."""
CLOSED_AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def fold_case(event: Event, case: AnyCase) -> AnyCase:
    """The facts of a case after an event that every procedure has."""
    match event:
        case happened.DeliveryFailed():
            return case
        case happened.TaskOpened():
            return replace(case, tasks=(*case.tasks, _opened(event, case.id, len(case.tasks))))
        case happened.TaskCompleted() | happened.TaskWithdrawn():
            return _closed(event.task_id, case)
        case happened.TaskOfferedAgain():
            return _offered_again(event, case)
        case happened.TasksRescheduled():
            return _rescheduled(event, case)
        case happened.DeadlineMet() | happened.DeadlineCancelled():
            return replace(case, deadlines=without(case.deadlines, event.name))
        case happened.DeadlineMoved():
            return replace(case, deadlines=_moved(event, case.deadlines))
        case happened.ReminderDue():
            return reminded(event.deadline, event.fired_until, case)
    raise TypeError(f"the bench cannot fold {type(event).__name__}")


def _opened(event: happened.TaskOpened, case_id: UUID, before: int) -> Task:
    return Task(
        id=uuid5(case_id, f"task {before}"),
        kind=event.kind,
        offered_to=event.offer.hats,
        excluded=event.offer.excluded,
        meant_for=frozenset(event.meant_for),
        nobody_left=event.offer.nobody_left,
        due_at=event.due_at,
        detail=event.detail,
    )


def _closed(task_id: UUID, case: AnyCase) -> AnyCase:
    [task] = [one for one in case.tasks if one.id == task_id]
    assert task.closed_at is None, f"{task.kind} is closed twice"
    return replace(case, tasks=_with(case.tasks, task_id, closed_at=CLOSED_AT))


def _offered_again(event: happened.TaskOfferedAgain, case: AnyCase) -> AnyCase:
    [task] = [one for one in case.tasks if one.id == event.task_id]
    offered = {"offered_to": event.offer.hats, "nobody_left": event.offer.nobody_left, "claimed_by": None}
    meant_for = frozenset(event.meant_for) or task.meant_for
    return replace(case, tasks=_with(case.tasks, task.id, **offered, meant_for=meant_for))


def _rescheduled(event: happened.TasksRescheduled, case: AnyCase) -> AnyCase:
    waiting = [one.id for one in case.tasks if one.closed_at is None and one.due_at == event.from_at]
    return replace(
        case, tasks=tuple(replace(one, due_at=event.due_at) if one.id in waiting else one for one in case.tasks)
    )


def _with(tasks: tuple[Task, ...], task_id: UUID, **changes: Any) -> tuple[Task, ...]:
    return tuple(replace(one, **changes) if one.id == task_id else one for one in tasks)


def opened_once(event: happened.DeadlineOpened, case: Counting) -> Counting:
    """A deadline that is opened, where a case counts how many of its name there have been."""
    name = event.deadline.name
    assert event.generation == case.next_generation(name)
    assert case.deadline(name) is None, f"two deadlines {name} are open"
    generations = {**case.generations, name: event.generation}
    return replace(case, deadlines=(*case.deadlines, open_deadline(event)), generations=generations)


def open_deadline(event: happened.DeadlineOpened | happened.DeadlineMoved) -> OpenDeadline:
    """The deadline as it is known from now on."""
    deadline = event.deadline
    return OpenDeadline(
        deadline.name, event.generation, deadline.due_on, deadline.due_at, deadline.starts_on, event.planned
    )


def _moved(event: happened.DeadlineMoved, deadlines: tuple[OpenDeadline, ...]) -> tuple[OpenDeadline, ...]:
    return *without(deadlines, event.deadline.name), open_deadline(event)


def without(deadlines: tuple[OpenDeadline, ...], name: str) -> tuple[OpenDeadline, ...]:
    """All the others."""
    assert any(one.name == name for one in deadlines), f"{name} is not open"
    return tuple(one for one in deadlines if one.name != name)


def reminded(deadline: str, fired_until: Any, case: AnyCase) -> AnyCase:
    """The rungs of this deadline have fired until then."""
    fired = (replace(one, fired_until=fired_until) if one.name == deadline else one for one in case.deadlines)
    return replace(case, deadlines=tuple(fired))


def fold_letter(event: happened.LetterHandedOver | happened.LetterSentAgain, case: Writing) -> Writing:
    """A letter that was in hand has left, or leaves by another way."""
    if isinstance(event, happened.LetterHandedOver):
        return replace(case, letters=tuple(one for one in case.letters if one.id != event.letter_id))

    def again(one: LetterInHand) -> LetterInHand:
        return replace(one, dispatch=event.dispatch, round=one.round + 1, posted=False)

    return replace(case, letters=tuple(again(one) if one.id == event.letter_id else one for one in case.letters))
