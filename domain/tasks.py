"""Human tasks: what a person is asked to do, who may do it, and who is left when people are away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.people import Actor, Hat, Staff, delegate_hat, is_borrower_hat, role_hat
from domain.refusals import FourEyes, NotYourTask, TaskDone, TaskTaken
from domain.roles import OF_A_DELEGATE, Role


@dataclass(frozen=True)
class Task:
    """An open or closed task as the register holds it.

    `offered_to` are the hats that may do it, `meant_for` those it was for before absences raised it, `excluded` the
    people whom separation of duties keeps out of it;
    `detail` holds what the task needs to know of itself (a link of the chain, a letter): ids and numbers only.
    """

    id: UUID
    kind: str
    offered_to: frozenset[Hat]
    excluded: frozenset[UUID]
    meant_for: frozenset[Hat] = frozenset()
    due_at: datetime | None = None
    claimed_by: UUID | None = None
    closed_at: datetime | None = None
    detail: Mapping[str, Any] | None = None
    nobody_left: bool = False


@dataclass(frozen=True)
class Offer:
    """To whom a task is offered. `nobody_left` is true when separation and absence leave it to no one at work."""

    hats: frozenset[Hat]
    excluded: frozenset[UUID] = frozenset()
    nobody_left: bool = False


def may_do(offered_to: frozenset[Hat], excluded: frozenset[UUID], actor: Actor) -> bool:
    """A task is for those who wear one of its hats and whom separation of duties does not exclude.

    The one place where four eyes is decided: the inbox, the API, the pages and the handler all ask here.
    Administrators have no hat of their own in any procedure, so it covers them too.
    Source: procedures, section 1 step 7
    """
    return actor.id not in excluded and not offered_to.isdisjoint(actor.hats)


def check_may_do(task: Task, actor: Actor) -> None:
    """Let the actor through, or raise FourEyes, NotYourTask, TaskDone or TaskTaken."""
    if task.closed_at is not None:
        raise TaskDone(
            "This task is already done or no longer needed.",
            "Read the case's journal to see who did it and when.",
        )
    if actor.id in task.excluded:
        raise FourEyes(
            "Whoever wrote, entered, controlled or approved what is to be decided, or is concerned by it, keeps out.",
            "Leave this task to somebody else.",
        )
    if not may_do(task.offered_to, task.excluded, actor):
        raise NotYourTask(
            "This task is offered to somebody else.", "Look at GET /api/v1/tasks for those that are yours."
        )
    if task.claimed_by not in (None, actor.id):
        raise TaskTaken("Somebody else has claimed this task.", "Ask them to release it, or take another.")


def offer(
    hats: Iterable[Hat],
    staff: Staff,
    above: Mapping[Role, Role],
    excluded: Iterable[UUID] = (),
    pole: str | None = None,
) -> Offer:
    """Offer a task to its hats; when nobody under them is at work, one level up, and so on to the top.

    A deputy wears the hats of the person that they stand in for, so "their named deputy" comes before "one level up".
    Source: procedures, section 1 step 7
    """
    kept_out = frozenset(excluded)
    first = level = frozenset(hats)
    while level:
        if staff.present_under(level, kept_out):
            return Offer(level, kept_out)
        level = _one_level_up(level, above, pole)
    return Offer(first, kept_out, nobody_left=True)


def _one_level_up(hats: frozenset[Hat], above: Mapping[Role, Role], pole: str | None) -> frozenset[Hat]:
    """The hats above these. Above one person, or those with a skill, stands the manager of the pole; above whoever a
    case is lent to, nobody: it is somebody else's as well."""
    raised: set[Hat] = set()
    for hat in hats:
        name, _, within = hat.partition("@")
        if is_borrower_hat(hat):
            continue
        if name.startswith("person:") or "+" in name:
            raised.add(role_hat(Role.POLE_MANAGER, pole))
        elif "@" in hat and name == Role.POLE_MANAGER:
            raised.add(role_hat(Role.OPERATIONS_DIRECTOR))
        elif Role(name) in above:
            up = above[Role(name)]
            raised.add(delegate_hat(up, within) if up in OF_A_DELEGATE else role_hat(up))
    return frozenset(raised) - hats
