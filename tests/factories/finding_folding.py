"""How each event changes what is known of a finding: the bench's own reading of what `db/commands` writes.

An event that it does not know it refuses to fold.
"""

from dataclasses import replace
from datetime import UTC, datetime
from functools import singledispatch
from typing import Any
from uuid import UUID, uuid5

from domain import events as happened
from domain.events import Event
from domain.finding import events as told
from domain.finding.case import Evidence, Finding, OpenRequest
from domain.finding.states import FindingState
from domain.position import OpenDeadline
from domain.tasks import Task

CLOSED_AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@singledispatch
def fold(event: Event, _case: Finding) -> Finding:
    """The facts after an event."""
    raise TypeError(f"the bench cannot fold {type(event).__name__}")


@fold.register(told.PlanSentBack)
@fold.register(told.RemediationConfirmed)
@fold.register(told.RiskAccepted)
@fold.register(told.FindingCancelled)
@fold.register(told.FindingEnded)
def _(_event: Event, case: Finding) -> Finding:
    return case


@fold.register
def _(event: happened.StateReached, case: Finding) -> Finding:
    return replace(case, state=FindingState(event.state))


@fold.register
def _(event: told.PlanProposed, case: Finding) -> Finding:
    return replace(case, plans=event.version, planned_by=event.person_id)


@fold.register
def _(_event: told.PlanAccepted, case: Finding) -> Finding:
    return replace(case, plan_accepted=True)


@fold.register
def _(event: told.EvidenceAdded, case: Finding) -> Finding:
    one = Evidence(event.sha256, event.round, event.person_id)
    return replace(case, evidence=(*case.evidence, one))


@fold.register
def _(event: told.EvidenceDelivered, case: Finding) -> Finding:
    return replace(case, hands=case.hands | {event.person_id})


@fold.register
def _(event: told.EvidenceVerified, case: Finding) -> Finding:
    return replace(case, verified_by=event.person_id)


@fold.register
def _(event: told.EvidenceRefused, case: Finding) -> Finding:
    return replace(case, round=event.round + 1, verified_by=None)


@fold.register
def _(event: told.RequestMade, case: Finding) -> Finding:
    asked = OpenRequest(uuid5(case.id, "request"), event.kind, event.until, event.person_id)
    return replace(case, request=asked)


@fold.register
def _(event: told.RequestApproved, case: Finding) -> Finding:
    assert case.request is not None
    approvals = {**case.request.approvals, event.link: event.person_id}
    return replace(case, request=replace(case.request, approvals=approvals))


@fold.register(told.RequestRefused)
@fold.register(told.RequestWithdrawn)
@fold.register(told.RequestLapsed)
def _(_event: Event, case: Finding) -> Finding:
    return replace(case, request=None)


@fold.register
def _(event: told.Postponed, case: Finding) -> Finding:
    return replace(case, due_on=event.due_on, request=None)


@fold.register
def _(event: told.Reopened, case: Finding) -> Finding:
    return replace(case, due_on=event.due_on, request=None)


@fold.register
def _(event: told.CarriedOver, case: Finding) -> Finding:
    return replace(case, carried_to=event.audit_id)


@fold.register
def _(event: happened.TaskOpened, case: Finding) -> Finding:
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


@fold.register(happened.TaskCompleted)
@fold.register(happened.TaskWithdrawn)
def _(event: happened.TaskCompleted | happened.TaskWithdrawn, case: Finding) -> Finding:
    task = next(one for one in case.tasks if one.id == event.task_id)
    assert task.closed_at is None, f"{task.kind} is closed twice"
    return _with_task(case, event.task_id, closed_at=CLOSED_AT)


@fold.register
def _(event: happened.TaskOfferedAgain, case: Finding) -> Finding:
    offered = {"offered_to": event.offer.hats, "nobody_left": event.offer.nobody_left, "claimed_by": None}
    return _with_task(case, event.task_id, **offered)


def _with_task(case: Finding, task_id: UUID, **changes: Any) -> Finding:
    return replace(case, tasks=tuple(replace(t, **changes) if t.id == task_id else t for t in case.tasks))


@fold.register
def _(event: happened.TasksRescheduled, case: Finding) -> Finding:
    def moved(task: Task) -> Task:
        due = task.closed_at is None and task.due_at == event.from_at
        return replace(task, due_at=event.due_at) if due else task

    return replace(case, tasks=tuple(moved(task) for task in case.tasks))


@fold.register(happened.DeadlineMet)
@fold.register(happened.DeadlineCancelled)
def _(event: happened.DeadlineMet | happened.DeadlineCancelled, case: Finding) -> Finding:
    assert case.deadline(event.name) is not None, f"{event.name} is not open"
    return replace(case, deadlines=tuple(one for one in case.deadlines if one.name != event.name))


@fold.register
def _(event: happened.DeadlineOpened, case: Finding) -> Finding:
    name, deadline = event.deadline.name, event.deadline
    assert event.generation == case.next_generation(name)
    assert case.deadline(name) is None, f"two deadlines {name} are open"
    opened = OpenDeadline(name, event.generation, deadline.due_on, deadline.due_at, deadline.starts_on, event.planned)
    return replace(case, deadlines=(*case.deadlines, opened), generations={**case.generations, name: event.generation})


@fold.register
def _(event: happened.DeadlineMoved, case: Finding) -> Finding:
    moved = event.deadline

    def counted_again(known: OpenDeadline) -> OpenDeadline:
        same = known.name == moved.name
        return replace(known, due_on=moved.due_on, due_at=moved.due_at, planned=event.planned) if same else known

    return replace(case, deadlines=tuple(counted_again(one) for one in case.deadlines))


@fold.register
def _(event: happened.ReminderDue, case: Finding) -> Finding:
    fired = (replace(d, fired_until=event.fired_until) if d.name == event.deadline else d for d in case.deadlines)
    return replace(case, deadlines=tuple(fired))
