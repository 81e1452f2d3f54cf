"""How each event changes what is known of a complaint: the bench's own reading of what `db/commands` writes.

An event that it does not know it refuses to fold.
"""

from dataclasses import replace
from functools import singledispatch
from typing import Any
from uuid import UUID, uuid5

from domain import events as happened
from domain.complaint import events as told
from domain.complaint.case import AnswerVersion, Complaint
from domain.complaint.states import ComplaintState
from domain.deadlines import Deadline
from domain.events import Event
from domain.ladder import Rung
from domain.position import LetterInHand, OpenDeadline
from domain.tasks import Task
from tests.factories.complaints import NOON


@singledispatch
def fold(event: Event, _case: Complaint) -> Complaint:
    """The facts after an event."""
    raise TypeError(f"the bench cannot fold {type(event).__name__}")


@fold.register(told.Acknowledged)
@fold.register(told.Reassigned)
@fold.register(told.VersionSentBack)
@fold.register(told.Requalified)
@fold.register(told.AnswerExtended)
@fold.register(told.ProgressCallMade)
@fold.register(happened.DeliveryFailed)
def _(_event: Event, case: Complaint) -> Complaint:
    return case


@fold.register
def _(event: happened.StateReached, case: Complaint) -> Complaint:
    return replace(case, state=ComplaintState(event.state))


@fold.register
def _(event: happened.OwnerAssigned, case: Complaint) -> Complaint:
    return replace(case, owner_id=event.owner_id)


@fold.register
def _(event: told.Qualified, case: Complaint) -> Complaint:
    return replace(case, category=event.category)


@fold.register
def _(event: told.Analysed, case: Complaint) -> Complaint:
    return replace(case, finding=event.finding)


@fold.register
def _(event: told.AnswerDrafted, case: Complaint) -> Complaint:
    earlier = case.answer.authors if event.amends and case.answer else frozenset()
    authors = earlier | {event.author_id}
    answer = AnswerVersion(event.version, event.version_hash, authors, event.compensation_cents, event.content.dispatch)
    return replace(case, answer=answer, approvals={})


@fold.register
def _(event: told.VersionApproved, case: Complaint) -> Complaint:
    return replace(case, approvals={**case.approvals, event.link: event.person_id})


@fold.register
def _(event: told.AnswerApproved, case: Complaint) -> Complaint:
    return replace(case, signatory_id=event.signatory_id)


@fold.register
def _(_event: told.CompensationPaid, case: Complaint) -> Complaint:
    return replace(case, compensation_paid=True)


@fold.register
def _(event: happened.TaskOpened, case: Complaint) -> Complaint:
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
def _(event: happened.TaskCompleted, case: Complaint) -> Complaint:
    return _with_task(case, event.task_id, closed_at=NOON)


@fold.register
def _(event: happened.TaskWithdrawn, case: Complaint) -> Complaint:
    return _with_task(case, event.task_id, closed_at=NOON)


@fold.register
def _(event: happened.TaskOfferedAgain, case: Complaint) -> Complaint:
    (task,) = [task for task in case.tasks if task.id == event.task_id]
    meant_for = frozenset(event.meant_for) or task.meant_for
    return _with_task(
        case,
        task.id,
        offered_to=event.offer.hats,
        nobody_left=event.offer.nobody_left,
        meant_for=meant_for,
        claimed_by=None,
    )


def _with_task(case: Complaint, task_id: UUID, **changes: Any) -> Complaint:
    return replace(case, tasks=tuple(replace(t, **changes) if t.id == task_id else t for t in case.tasks))


@fold.register
def _(event: happened.DeadlineMet, case: Complaint) -> Complaint:
    return _without_deadline(case, event.name)


@fold.register
def _(event: happened.DeadlineCancelled, case: Complaint) -> Complaint:
    return _without_deadline(case, event.name)


@fold.register
def _(event: happened.DeadlineOpened, case: Complaint) -> Complaint:
    opened = _open(event.deadline, event.generation, event.planned)
    return replace(case, deadlines=(*case.deadlines, opened))


@fold.register
def _(event: happened.DeadlineMoved, case: Complaint) -> Complaint:
    moved = _open(event.deadline, event.generation, event.planned)
    return replace(case, deadlines=(*_without_deadline(case, event.deadline.name).deadlines, moved))


@fold.register
def _(event: happened.ReminderDue, case: Complaint) -> Complaint:
    fired = (replace(d, fired_until=event.fired_until) if d.name == event.deadline else d for d in case.deadlines)
    return replace(case, deadlines=tuple(fired))


@fold.register
def _(event: happened.TasksRescheduled, case: Complaint) -> Complaint:
    def moved(task: Task) -> Task:
        return replace(task, due_at=event.due_at) if task.due_at == event.from_at else task

    return replace(case, tasks=tuple(moved(task) if task.closed_at is None else task for task in case.tasks))


def _open(deadline: Deadline, generation: int, planned: tuple[Rung, ...]) -> OpenDeadline:
    return OpenDeadline(deadline.name, generation, deadline.due_on, deadline.due_at, deadline.starts_on, planned)


def _without_deadline(case: Complaint, name: str) -> Complaint:
    return replace(case, deadlines=tuple(deadline for deadline in case.deadlines if deadline.name != name))


@fold.register
def _(event: happened.LetterRequested, case: Complaint) -> Complaint:
    letter = LetterInHand(uuid5(case.id, f"letter {event.kind} {event.version}"), event.kind, event.dispatch)
    return replace(case, letters=(*case.letters, letter))


@fold.register
def _(event: happened.LetterHandedOver, case: Complaint) -> Complaint:
    return replace(case, letters=tuple(letter for letter in case.letters if letter.id != event.letter_id))


@fold.register
def _(event: happened.LetterSentAgain, case: Complaint) -> Complaint:
    def again(letter: LetterInHand) -> LetterInHand:
        return replace(letter, dispatch=event.dispatch, round=letter.round + 1, posted=False)

    return replace(case, letters=tuple(again(one) if one.id == event.letter_id else one for one in case.letters))
