"""How each event changes what is known of a claim: the bench's own reading of what `db/commands` writes.

An event that it does not know it refuses to fold.
"""

from dataclasses import replace
from datetime import UTC, datetime
from functools import singledispatch
from typing import Any
from uuid import UUID, uuid5

from domain import events as happened
from domain.claim import events as told
from domain.claim.case import Claim, DecisionVersion
from domain.claim.deadlines import Pause
from domain.claim.states import ClaimState
from domain.deadlines import Deadline
from domain.events import Event
from domain.ladder import Rung
from domain.position import LetterInHand, OpenDeadline
from domain.tasks import Task

CLOSED_AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@singledispatch
def fold(event: Event, _case: Claim) -> Claim:
    """The facts after an event."""
    raise TypeError(f"the bench cannot fold {type(event).__name__}")


@fold.register(told.DecisionApproved)
@fold.register(told.DecisionSentBack)
@fold.register(told.ClaimDecided)
@fold.register(told.ClaimAbandoned)
@fold.register(told.ClaimPaid)
@fold.register(happened.DeliveryFailed)
def _(_event: Event, case: Claim) -> Claim:
    return case


@fold.register
def _(event: happened.StateReached, case: Claim) -> Claim:
    return replace(case, state=ClaimState(event.state))


@fold.register
def _(event: told.DecisionTaken, case: Claim) -> Claim:
    taken = DecisionVersion(
        event.version, event.decision_hash, event.verdict, event.amount_cents, event.author_id, event.iban_hash
    )
    return replace(case, decision=taken)


@fold.register
def _(event: told.DocumentsAsked, case: Claim) -> Claim:
    return replace(case, awaited=frozenset(event.documents))


@fold.register
def _(event: told.DocumentAdded, case: Claim) -> Claim:
    return replace(case, awaited=case.awaited - {event.kind})


@fold.register
def _(_event: told.WaitingStopped, case: Claim) -> Claim:
    return replace(case, awaited=frozenset())


@fold.register
def _(event: told.ClockStopped, case: Claim) -> Claim:
    return replace(case, pauses=(*case.pauses, Pause(event.from_on)))


@fold.register
def _(event: told.ClockResumed, case: Claim) -> Claim:
    *ended, running = case.pauses
    return replace(case, pauses=(*ended, Pause(running.from_on, event.until_on)))


@fold.register
def _(event: told.MemberReminded, case: Claim) -> Claim:
    fired = (replace(d, fired_until=event.fired_until) if d.name == event.deadline else d for d in case.deadlines)
    return replace(case, deadlines=tuple(fired))


@fold.register
def _(event: told.Instructed, case: Claim) -> Claim:
    return replace(case, instruction_id=event.instruction_id)


@fold.register
def _(_event: told.InstructionWithdrawn, case: Claim) -> Claim:
    return replace(case, instruction_id=None)


@fold.register
def _(event: told.ClaimReopened, case: Claim) -> Claim:
    return replace(case, instruction_id=None, reopened_on=event.counts_from or case.reopened_on)


@fold.register
def _(event: happened.TaskOpened, case: Claim) -> Claim:
    task = Task(
        id=uuid5(case.id, f"task {len(case.tasks)}"),
        kind=event.kind,
        offered_to=event.offer.hats,
        excluded=event.offer.excluded,
        meant_for=frozenset(event.meant_for),
        nobody_left=event.offer.nobody_left,
        due_at=event.due_at,
        detail=event.detail,
    )
    return replace(case, tasks=(*case.tasks, task))


@fold.register
def _(event: happened.TaskCompleted, case: Claim) -> Claim:
    return _with_task(case, event.task_id, closed_at=CLOSED_AT)


@fold.register
def _(event: happened.TaskWithdrawn, case: Claim) -> Claim:
    return _with_task(case, event.task_id, closed_at=CLOSED_AT)


@fold.register
def _(event: happened.TaskOfferedAgain, case: Claim) -> Claim:
    offered = {"offered_to": event.offer.hats, "nobody_left": event.offer.nobody_left, "claimed_by": None}
    return _with_task(case, event.task_id, **offered)


def _with_task(case: Claim, task_id: UUID, **changes: Any) -> Claim:
    return replace(case, tasks=tuple(replace(t, **changes) if t.id == task_id else t for t in case.tasks))


@fold.register
def _(event: happened.TasksRescheduled, case: Claim) -> Claim:
    def moved(task: Task) -> Task:
        return replace(task, due_at=event.due_at) if task.due_at == event.from_at else task

    return replace(case, tasks=tuple(moved(task) if task.closed_at is None else task for task in case.tasks))


@fold.register
def _(event: happened.DeadlineMet, case: Claim) -> Claim:
    return _without_deadline(case, event.name)


@fold.register
def _(event: happened.DeadlineCancelled, case: Claim) -> Claim:
    return _without_deadline(case, event.name)


@fold.register
def _(event: happened.DeadlineOpened, case: Claim) -> Claim:
    name = event.deadline.name
    assert event.generation == case.next_generation(name)
    assert case.deadline(name) is None, "two deadlines of one name are open"
    opened = _open(event.deadline, event.generation, event.planned)
    return replace(case, deadlines=(*case.deadlines, opened), generations={**case.generations, name: event.generation})


@fold.register
def _(event: happened.DeadlineMoved, case: Claim) -> Claim:
    moved = _open(event.deadline, event.generation, event.planned)
    return replace(case, deadlines=(*_without_deadline(case, event.deadline.name).deadlines, moved))


def _open(deadline: Deadline, generation: int, planned: tuple[Rung, ...]) -> OpenDeadline:
    return OpenDeadline(deadline.name, generation, deadline.due_on, deadline.due_at, deadline.starts_on, planned)


def _without_deadline(case: Claim, name: str) -> Claim:
    return replace(case, deadlines=tuple(deadline for deadline in case.deadlines if deadline.name != name))


@fold.register
def _(event: happened.LetterRequested, case: Claim) -> Claim:
    letter = LetterInHand(uuid5(case.id, f"{event.kind} {event.version} {event.reason}"), event.kind, event.dispatch)
    assert letter.id not in {one.id for one in case.letters}, "the same letter twice"
    return replace(case, letters=(*case.letters, letter))


@fold.register
def _(event: happened.LetterHandedOver, case: Claim) -> Claim:
    return replace(case, letters=tuple(letter for letter in case.letters if letter.id != event.letter_id))


@fold.register
def _(event: happened.LetterSentAgain, case: Claim) -> Claim:
    def again(letter: LetterInHand) -> LetterInHand:
        return replace(letter, dispatch=event.dispatch, round=letter.round + 1, posted=False)

    return replace(case, letters=tuple(again(one) if one.id == event.letter_id else one for one in case.letters))
