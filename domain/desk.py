"""The desk: a case's tasks are opened, offered again to whoever is there, done, withdrawn; its deadlines are met.

What every procedure does alike. A task that separation and absence leave to nobody is told to the direction.
Source: Memo (a deputy for everyone); procedures, section 1 step 7
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from domain.events import DeadlineMet, Event, TaskCompleted, TaskOfferedAgain, TaskOpened, TaskWithdrawn
from domain.forms import Form
from domain.house import House
from domain.people import Actor, Hat, role_hat
from domain.roles import Role
from domain.tasks import Offer, Task, offer

UNBLOCK = "unblock"
"""The direction's task to find somebody for a task that nobody can do."""
_DIRECTION = (
    role_hat(Role.OPERATIONS_DIRECTOR),
    role_hat(Role.GENERAL_DIRECTOR),
    role_hat(Role.PROCESS_PILOT),
)


class OnTheDesk(Protocol):
    """What a case of any procedure tells of its tasks and deadlines."""

    @property
    def pole(self) -> str:
        """The department that it belongs to."""

    @property
    def kept_out(self) -> frozenset[UUID]:
        """Who has no part in it."""

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks that are known of: the open ones, and the one that a command is about even if closed."""

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """The tasks that somebody still has to do."""

    @property
    def open_deadlines(self) -> Mapping[str, datetime]:
        """Name → due instant of what is neither met nor cancelled."""

    @property
    def due_at(self) -> datetime | None:
        """By when the case wants to be decided."""


class OfferAgain(Form):
    """A deputy is named or somebody is back: look again for who can do the blocked task."""

    outcome: Literal["offer_again"] = "offer_again"


class Reoffer(Form):
    """People have left or come back: offer the open tasks again to those who are there."""


def open_task(
    case: OnTheDesk,
    house: House,
    kind: str,
    hats: Iterable[Hat],
    *,
    due: datetime | None,
    detail: dict[str, Any] | None = None,
    excluded: Iterable[UUID] = (),
) -> list[Event]:
    """Open a task for these hats. When separation and absence leave it to nobody, the direction is told."""
    offered = offer(hats, house.staff, house.up, case.kept_out.union(excluded), case.pole)
    return open_offer(case, house, kind, offered, hats, due, detail)


def open_offer(
    case: OnTheDesk,
    house: House,
    kind: str,
    offered: Offer,
    meant_for: Iterable[Hat],
    due: datetime | None,
    detail: dict[str, Any] | None = None,
) -> list[Event]:
    """Open a task that is already offered, remembering whom it was meant for."""
    opened = TaskOpened(kind, offered, tuple(sorted(meant_for)), due, detail)
    return [opened, _nobody_left(kind, house, case)] if offered.nobody_left else [opened]


def _nobody_left(kind: str, house: House, case: OnTheDesk) -> TaskOpened:
    """Escalate a task that nobody can do: the direction or a process pilot names a deputy. Source: Memo"""
    told = offer(_DIRECTION, house.staff, {}, case.kept_out, case.pole)
    meant_for = tuple(sorted(_DIRECTION))
    return TaskOpened(UNBLOCK, Offer(told.hats, told.excluded), meant_for, case.due_at, {"blocked": kind})


def offer_again(case: OnTheDesk, command: OfferAgain, task: Task, _actor: Actor, house: House) -> list[Event]:
    """A deputy is named or somebody is back: offer the blocked tasks again."""
    others = tuple(other for other in case.open_tasks if other.id != task.id)
    return [done(task, command.outcome), *reoffered(case, others, house)]


def reoffer(case: OnTheDesk, _command: Reoffer, house: House) -> list[Event]:
    """People have left or come back: each open task goes to those who are there."""
    return reoffered(case, case.open_tasks, house)


def reoffered(case: OnTheDesk, tasks: tuple[Task, ...], house: House) -> list[Event]:
    """Each of these tasks is for whoever is there, of those whom it is meant for; one that is, stays as it is."""
    events: list[Event] = []
    for task in tasks:
        if task.kind == UNBLOCK:
            continue
        again = offer(task.meant_for, house.staff, house.up, task.excluded, case.pole)
        known = Offer(task.offered_to, task.excluded, task.nobody_left)
        if again != known or _is_held_in_vain(task, house):
            events.append(TaskOfferedAgain(task.id, task.kind, again))
        reports = _reports(tasks, task.kind)
        if not again.nobody_left:
            events += withdraw(reports)
        elif not reports:
            events.append(_nobody_left(task.kind, house, case))
    return events


def no_longer_blocked(case: OnTheDesk, task: Task) -> list[Event]:
    """What was left to nobody has been done all the same: the direction need not look for anybody."""
    return withdraw(_reports(case.open_tasks, task.kind))


def _is_held_in_vain(task: Task, house: House) -> bool:
    """A task is free again when whoever took it in hand is away, gone, or no longer wears a hat of it."""
    able = {person.id for person in house.staff.present_under(task.offered_to, task.excluded)}
    return task.claimed_by is not None and task.claimed_by not in able


def _reports(tasks: Iterable[Task], kind: str) -> list[Task]:
    """The direction's open tasks about a task of this kind that was left to nobody."""
    return [task for task in tasks if task.kind == UNBLOCK and (task.detail or {}).get("blocked") == kind]


def done(task: Task, outcome: str) -> TaskCompleted:
    """The task is completed with this outcome."""
    return TaskCompleted(task.id, task.kind, outcome)


def withdraw(tasks: Iterable[Task]) -> list[Event]:
    """These tasks are no longer needed."""
    return [TaskWithdrawn(task.id, task.kind) for task in tasks]


def met(case: OnTheDesk, *names: str) -> list[Event]:
    """What these deadlines asked for has happened, early or late."""
    return [DeadlineMet(name) for name in names if name in case.open_deadlines]
