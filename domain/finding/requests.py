"""Beside the way to remediation: another date, or the risk accepted for a time; never without somebody else.

Source: procedures, section 3 step 6
"""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from domain.calendar import Reason
from domain.desk import done, open_task, withdraw
from domain.events import DeadlineCancelled, Event, TasksRescheduled
from domain.finding.case import Finding, OpenRequest
from domain.finding.commands import (
    Approve,
    Grant,
    Refuse,
    RequestPostponement,
    RequestRiskAcceptance,
    WithdrawRequest,
)
from domain.finding.deadlines import acceptance_deadline, remediation_deadline
from domain.finding.events import (
    Postponed,
    RequestApproved,
    RequestLapsed,
    RequestMade,
    RequestRefused,
    RequestWithdrawn,
    RiskAccepted,
    become,
)
from domain.finding.parties import AUDITOR, check_concerned, check_goes_on
from domain.finding.plan import opened
from domain.finding.states import FindingState
from domain.finding.words import FindingTask, RequestKind
from domain.house import House
from domain.people import Actor, role_hat
from domain.refusals import FourEyes, Invalid, NotYourTask, WrongStep
from domain.tasks import Task

_DECIDED_BY = {
    RequestKind.POSTPONEMENT: FindingTask.DECIDE_POSTPONEMENT,
    RequestKind.RISK_ACCEPTANCE: FindingTask.ACCEPT_RISK,
}


def request_postponement(case: Finding, command: RequestPostponement, actor: Actor, house: House) -> list[Event]:
    """Somebody else is asked whether the date may be moved: the higher the risk, the higher they stand."""
    check_may_request_postponement(case, actor, house)
    if command.until <= case.due_on:
        raise Invalid(
            f"A postponement moves the date, and it is {case.due_on} already.", "Give a later day.", field="until"
        )
    _check_ahead(command.until, house.version.finding.postponed_at_most.days, house)
    validator = house.version.finding.postponement[case.risk]
    return [
        RequestMade(RequestKind.POSTPONEMENT, command.until, actor.id, command.reason),
        *open_task(
            case,
            house,
            FindingTask.DECIDE_POSTPONEMENT,
            {role_hat(validator.role)},
            due=case.due_at,
            detail={"link": 1},
            excluded=(actor.id,),
        ),
    ]


def check_may_request_postponement(case: Finding, actor: Actor, _house: House) -> None:
    """An auditor or the delegate, while the delegate has to act, one request at a time. Raises Refusal."""
    check_concerned(case, actor)
    _check_can_be_asked(case, actor)


def request_risk_acceptance(case: Finding, command: RequestRiskAcceptance, actor: Actor, house: House) -> list[Event]:
    """Two people of the direction are asked, one after the other, whether the risk may be accepted for a time."""
    check_may_request_risk_acceptance(case, actor, house)
    _check_ahead(command.until, house.version.finding.risk_accepted_at_most.days, house)
    return [
        RequestMade(RequestKind.RISK_ACCEPTANCE, command.until, actor.id, command.reason),
        *_ask_link(case, house, 1, (actor,)),
    ]


def check_may_request_risk_acceptance(case: Finding, actor: Actor, _house: House) -> None:
    """An auditor, while the delegate has to act, one request at a time. Raises Refusal."""
    if actor.hats.isdisjoint(AUDITOR):
        raise NotYourTask("An auditor asks that a risk be accepted.", "Ask an auditor.")
    _check_can_be_asked(case, actor)


def _check_can_be_asked(case: Finding, actor: Actor) -> None:
    check_goes_on(case)
    if case.state not in FindingState.with_the_delegate():
        raise WrongStep(
            f"A finding that is {case.state} waits for no plan and no evidence: there is nothing to put off.",
            "Wait until it is decided.",
        )
    if case.request is not None and actor.hats.isdisjoint(AUDITOR):
        raise WrongStep("Nothing more can be asked for now.", "Ask again later, or ask the auditor.")
    if case.request is not None:
        raise WrongStep(
            f"A request ({case.request.kind}) waits already: there is one at a time.",
            "Wait until it is decided, or withdraw it.",
        )


def _check_ahead(until: date, at_most: int, house: House) -> None:
    latest = house.today + timedelta(days=at_most)
    if not house.today < until <= latest:
        raise Invalid(f"The day comes after today, and not after {latest}.", "Give a day between them.", field="until")


def _ask_link(case: Finding, house: House, link: int, kept_out: Iterable[Actor]) -> list[Event]:
    accepter = house.version.finding.risk_accepted_by[link - 1]
    others = {one.id for one in kept_out} | (_hands_in(case.request) if case.request else set())
    return open_task(
        case,
        house,
        FindingTask.ACCEPT_RISK,
        {role_hat(accepter.role)},
        due=case.due_at,
        detail={"link": link},
        excluded=others,
    )


def grant(case: Finding, command: Grant, task: Task, actor: Actor, house: House) -> list[Event]:
    """The date is moved: the deadline has another generation, and its reminders are planned anew."""
    asked = _in_hand(case, actor, house)
    deadline = remediation_deadline(house.today, asked.until, house.version, Reason.POSTPONEMENT_DAY)
    known = case.deadline(deadline.name)
    return [
        done(task, command.outcome),
        RequestApproved(asked.id, asked.kind, 1, actor.id),
        Postponed(asked.id, case.due_on, asked.until, asked.asked_by, actor.id),
        *([DeadlineCancelled(deadline.name)] if known else []),
        opened(case, deadline, house),
        *([TasksRescheduled(known.due_at, deadline.due_at)] if known else []),
    ]


def approve(case: Finding, command: Approve, task: Task, actor: Actor, house: House) -> list[Event]:
    """One of the two accepts; with the second, nobody waits for remediation until the day has come."""
    asked, link = _in_hand(case, actor, house), _link_of(task)
    said: list[Event] = [done(task, command.outcome), RequestApproved(asked.id, asked.kind, link, actor.id)]
    if link < len(house.version.finding.risk_accepted_by):
        return [*said, *_ask_link(case, house, link + 1, (actor,))]
    deadline = acceptance_deadline(house.today, asked.until, house.version)
    return [
        *said,
        RiskAccepted(asked.id, asked.until),
        *withdraw(one for one in case.open_tasks if one.id != task.id and not _reports(one, task.kind)),
        *(DeadlineCancelled(name) for name in case.open_deadlines),
        become(case.state, FindingState.RISK_ACCEPTED),
        opened(case, deadline, house),
    ]


def refuse(case: Finding, command: Refuse, task: Task, actor: Actor, _house: House) -> list[Event]:
    """No: the date stays, the risk is not accepted."""
    asked = _undecided(case)
    _check_is_another(asked, actor)
    return [
        done(task, command.outcome),
        RequestRefused(asked.id, asked.kind, _link_of(task), actor.id, command.reason),
    ]


def withdraw_request(case: Finding, _command: WithdrawRequest, actor: Actor, house: House) -> list[Event]:
    """What was asked for is no longer needed."""
    check_may_withdraw(case, actor, house)
    asked = _undecided(case)
    return [RequestWithdrawn(asked.id, asked.kind, actor.id), *_no_longer_decided(case, asked)]


def check_may_withdraw(case: Finding, actor: Actor, _house: House) -> None:
    """Whoever asked, or an auditor; the delegate does not learn what others have asked for. Raises Refusal."""
    check_concerned(case, actor)
    check_goes_on(case)
    if actor.hats.isdisjoint(AUDITOR) and (case.request is None or actor.id != case.request.asked_by):
        raise WrongStep("Nothing that you have asked for waits: there is nothing to withdraw.", "Ask whoever asked.")
    _undecided(case)


def lapse(case: Finding) -> list[Event]:
    """The finding moves on: what was asked for has lost its object."""
    if case.request is None:
        return []
    return [RequestLapsed(case.request.id, case.request.kind), *_no_longer_decided(case, case.request)]


def _no_longer_decided(case: Finding, asked: OpenRequest) -> list[Event]:
    kind = _DECIDED_BY[asked.kind]
    return withdraw(one for one in case.open_tasks if one.kind == kind or _reports(one, kind))


def _reports(task: Task, kind: str) -> bool:
    """Whether the direction was told by it that a task of this kind was left to nobody."""
    return task.kind == FindingTask.UNBLOCK and (task.detail or {}).get("blocked") == kind


def _undecided(case: Finding) -> OpenRequest:
    if case.request is None:
        raise WrongStep("Nothing is asked for: there is nothing to decide or withdraw.", "Read the finding again.")
    return case.request


def _in_hand(case: Finding, actor: Actor, house: House) -> OpenRequest:
    """The request, where it may be granted now, by this person. Raises Refusal."""
    asked = _undecided(case)
    _check_is_another(asked, actor)
    if asked.until <= house.today:
        raise WrongStep(
            f"The day that was asked for ({asked.until}) has come: it would change nothing.",
            "Refuse it; another day can be asked for.",
        )
    return asked


def _check_is_another(asked: OpenRequest, actor: Actor) -> None:
    if actor.id in _hands_in(asked):
        raise FourEyes(
            "Whoever asked for it, or has approved it already, does not decide on it.",
            "Leave this task to somebody else.",
        )


def _hands_in(asked: OpenRequest) -> set[UUID]:
    return {asked.asked_by, *asked.approvals.values()}


def _link_of(task: Task) -> int:
    return int((task.detail or {})["link"])
