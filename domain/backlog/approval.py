"""An operation is approved by two directors, one after the other, neither of whom has planned it; or refused.

Source: Memo (decided with the general director); procedures, section 4 step 3
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.backlog.case import Operation
from domain.backlog.commands import Approve, Cancel, Refuse, Replan
from domain.backlog.deadlines import approval_deadline, backlog_rungs, start_deadline
from domain.backlog.events import OperationApproved, OperationCancelled, OperationRefused, PlanChanged, become
from domain.backlog.labour import Law
from domain.backlog.machine import Register
from domain.backlog.plan import Rules, checked
from domain.backlog.states import BacklogState
from domain.backlog.words import BacklogDeadline, BacklogTask
from domain.deadlines import Deadline
from domain.desk import UNBLOCK, done, met, open_task, withdraw
from domain.events import DeadlineCancelled, DeadlineOpened, Event, TaskOpened
from domain.house import House
from domain.people import Actor, role_hat
from domain.refusals import FourEyes, StaleVersion, WrongStep
from domain.roles import Role
from domain.tasks import Task


@dataclass(frozen=True)
class _Asked:
    """What a director is asked: which plan, by when, and who has no say in it."""

    plan_hash: str
    kept_out: frozenset[UUID]
    due: datetime | None


def register(case: Operation, _command: Register, house: House) -> list[Event]:
    """The first director is asked as soon as an operation is proposed."""
    if case.state is not BacklogState.PROPOSED:
        raise WrongStep("The operation is before the directors already.", "Nothing is left to do.")
    asked = _Asked(case.plan_hash, case.authors, case.open_deadlines.get(BacklogDeadline.APPROVAL))
    return [become(case.state, BacklogState.APPROVING), *_ask_link(case, house, 1, asked)]


def _ask_link(case: Operation, house: House, link: int, asked: _Asked) -> list[Event]:
    """The director of this link; whoever decides last is kept for that, and is not asked before.

    Where the director has planned it, and nobody stands in for them, internal control looks at it in their place: of
    the two who approve a plan neither has made it. Source: policy; procedures, section 4 step 3
    """
    approvers = house.version.backlog.approved_by
    own, last = approvers[link - 1].role, approvers[-1].role
    out = asked.kept_out if own is last else asked.kept_out | _holders(house, last)
    hats, detail = {role_hat(own)}, {"link": link, "plan_hash": asked.plan_hash}
    if asked.kept_out & _holders(house, own) and not house.staff.present_under(hats, out):
        hats, detail = {role_hat(Role.INTERNAL_CONTROL)}, {**detail, "instead_of": own.value}
    return open_task(case, house, BacklogTask.APPROVE_OPERATION, hats, due=asked.due, detail=detail, excluded=out)


def _holders(house: House, role: Role) -> frozenset[UUID]:
    """Everybody who has this role of their own, there or away."""
    return frozenset(one.id for one in house.staff if role in one.roles)


def approve(case: Operation, command: Approve, task: Task, actor: Actor, house: House) -> list[Event]:
    """One of the two agrees; with the second, volunteers can sign up until its first day.

    Once its first day has come it is too late: nobody could sign up any more. Source: procedures, section 4 step 3
    """
    link = _checked_link(case, task, actor)
    if command.plan_hash != case.plan_hash:
        raise StaleVersion(
            "Another plan has replaced the one that was read.", "Read it, and approve it by its own hash."
        )
    if house.today >= case.starts_on:
        raise WrongStep(
            f"The operation was to begin on {case.starts_on}: it is too late to approve it.",
            "Have it planned anew, with a first day to come; then approve that plan.",
        )
    said: list[Event] = [
        done(task, command.outcome),
        OperationApproved(case.plan_version, link, case.plan_hash, actor.id),
    ]
    if link < len(house.version.backlog.approved_by):
        others = case.authors | {actor.id} | frozenset(case.approvals.values())
        asked = _Asked(case.plan_hash, others, case.open_deadlines.get(BacklogDeadline.APPROVAL))
        return [*said, *_ask_link(case, house, link + 1, asked)]
    start = start_deadline(house.today, case.starts_on, house.version)
    return [
        *said,
        *met(case, BacklogDeadline.APPROVAL),
        become(case.state, BacklogState.PLANNED),
        opened(case, start, house),
    ]


def leaves_nobody(case: Operation, task: Task, actor: Actor, house: House) -> Role | None:
    """Whose approval, the next one, would be left to nobody if this person gave theirs: who stands in for somebody away
    decides once. None where somebody is there. Source: policy; procedures, section 4 step 3
    """
    approvers, link = house.version.backlog.approved_by, int((task.detail or {})["link"])
    if link >= len(approvers):
        return None
    others = case.authors | {actor.id} | frozenset(case.approvals.values())
    asked = _ask_link(case, house, link + 1, _Asked(case.plan_hash, others, None))
    left = any(isinstance(event, TaskOpened) and event.kind == UNBLOCK for event in asked)
    return approvers[link].role if left else None


def refuse(case: Operation, command: Refuse, task: Task, actor: Actor, _house: House) -> list[Event]:
    """One of the two does not want it: it ends here."""
    link = _checked_link(case, task, actor)
    return [
        done(task, command.outcome),
        OperationRefused(case.plan_version, link, actor.id, command.reason),
        *(DeadlineCancelled(name) for name in case.open_deadlines),
        *withdraw(one for one in case.open_tasks if one.id != task.id and one.kind != UNBLOCK),
        become(case.state, BacklogState.REFUSED),
    ]


def _checked_link(case: Operation, task: Task, actor: Actor) -> int:
    """Which of the two this is. Raises FourEyes, WrongStep."""
    if actor.id in case.authors or actor.id in case.approvals.values():
        raise FourEyes(
            "Whoever has planned the operation, or has approved it already, does not approve it.",
            "Leave this task to somebody else.",
        )
    if case.state is not BacklogState.APPROVING:
        raise WrongStep(
            f"An operation that is {case.state} is not before the directors.", "Read its state; nothing is to approve."
        )
    return int((task.detail or {})["link"])


def replan(case: Operation, command: Replan, actor: Actor, house: House) -> list[Event]:
    """Another plan takes the place of the one that is before the directors: both are asked anew."""
    check_may_replan(case, actor, house)
    plan = checked(command, replace(rules_of(house), prices=case.look_up_prices()))
    authors = case.authors | {actor.id}
    deadline = approval_deadline(house.today, plan.starts_on, house.calendar, house.version)
    return [
        PlanChanged(case.plan_version + 1, actor.id, command, plan),
        *withdraw(one for one in case.open_tasks if one.kind in {BacklogTask.APPROVE_OPERATION, UNBLOCK}),
        *(DeadlineCancelled(name) for name in case.open_deadlines),
        opened(case, deadline, house),
        *_ask_link(case, house, 1, _Asked(plan.hash, authors, deadline.due_at)),
    ]


def check_may_replan(case: Operation, _actor: Actor, _house: House) -> None:
    """While it is before the directors. Raises WrongStep."""
    if case.state is not BacklogState.APPROVING:
        raise WrongStep(
            f"A plan is changed while the directors have it; this operation is {case.state}.",
            "Add sessions, or ask for an extension, where it goes on; propose another operation where it does not.",
        )


def cancel(case: Operation, command: Cancel, actor: Actor, house: House) -> list[Event]:
    """It is given up; nobody has worked for it yet."""
    check_may_cancel(case, actor, house)
    return [
        OperationCancelled(actor.id, command.reason),
        *withdraw(case.open_tasks),
        *(DeadlineCancelled(name) for name in case.open_deadlines),
        become(case.state, BacklogState.CANCELLED),
    ]


def check_may_cancel(case: Operation, _actor: Actor, _house: House) -> None:
    """Before it has begun. Raises WrongStep."""
    if case.state not in {BacklogState.APPROVING, BacklogState.PLANNED}:
        raise WrongStep(
            f"An operation that is {case.state} is not given up any more.",
            "Stop it, if it is running: what was worked is then paid.",
        )


def rules_of(house: House) -> Rules:
    """What a plan is checked against in this house."""
    law = Law(house.version.backlog.labour, house.version.office.zone, house.calendar)
    return Rules(house.version.backlog, law, house.calendar, house.today)


def opened(case: Operation, deadline: Deadline, house: House) -> DeadlineOpened:
    """A deadline begins, with its reminders."""
    planned = backlog_rungs(deadline, house.calendar, house.version, house.today)
    return DeadlineOpened(deadline, case.next_generation(deadline.name), planned)
