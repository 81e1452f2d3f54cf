"""Decide one command on one finding: the events that follow from it, or a refusal. Pure.

Source: procedures, section 3 step 6; docs/procedures/finding.md
"""

from collections.abc import Callable, Sequence
from typing import Any

from domain import desk
from domain.events import Event
from domain.finding import commands as ask
from domain.finding import ending, evidence, plan, requests, timing
from domain.finding import machine as does
from domain.finding.case import Finding
from domain.finding.words import FindingTask
from domain.forms import Form
from domain.house import House
from domain.people import Actor
from domain.tasks import Task, check_may_do

OnTask = Callable[[Finding, Any, Task, Actor, House], Sequence[Event]]
OnCase = Callable[[Finding, Any, Actor, House], Sequence[Event]]
ByMachine = Callable[[Finding, Any, House], Sequence[Event]]

_ON_TASK: dict[tuple[str, type[Form]], OnTask] = {
    (FindingTask.PROPOSE_PLAN, ask.ProposePlan): plan.propose,
    (FindingTask.ACCEPT_PLAN, ask.AcceptPlan): plan.accept,
    (FindingTask.ACCEPT_PLAN, ask.SendPlanBack): plan.send_back,
    (FindingTask.DELIVER_EVIDENCE, ask.DeliverEvidence): evidence.deliver,
    (FindingTask.VERIFY, ask.Verified): evidence.verify,
    (FindingTask.VERIFY, ask.Refuse): evidence.refuse,
    (FindingTask.CONFIRM_REMEDIATION, ask.Confirm): evidence.confirm,
    (FindingTask.CONFIRM_REMEDIATION, ask.Refuse): evidence.refuse,
    (FindingTask.DECIDE_POSTPONEMENT, ask.Grant): requests.grant,
    (FindingTask.DECIDE_POSTPONEMENT, ask.Refuse): requests.refuse,
    (FindingTask.ACCEPT_RISK, ask.Approve): requests.approve,
    (FindingTask.ACCEPT_RISK, ask.Refuse): requests.refuse,
    (FindingTask.UNBLOCK, desk.OfferAgain): desk.offer_again,
}
_ON_CASE: dict[type[Form], OnCase] = {
    ask.AddEvidence: evidence.add_evidence,
    ask.RequestPostponement: requests.request_postponement,
    ask.RequestRiskAcceptance: requests.request_risk_acceptance,
    ask.WithdrawRequest: requests.withdraw_request,
    ask.Cancel: ending.cancel,
}
_BY_MACHINE: dict[type[Form], ByMachine] = {
    does.Register: plan.register,
    does.Remind: timing.remind,
    does.Recount: timing.recount,
    does.CarryOver: ending.carry_over,
    does.CancelWithAudit: ending.cancel_with_audit,
    desk.Reoffer: desk.reoffer,
}


def decide(case: Finding, command: Form, task: Task | None, actor: Actor | None, house: House) -> Sequence[Event]:
    """What follows from a command, as events in their order.

    A command on a task needs the task and whoever acts; one on the case needs whoever acts; the system's own
    commands need neither. Raises Refusal, naming rule and remedy.
    """
    if type(command) in _BY_MACHINE:
        return _BY_MACHINE[type(command)](case, command, house)
    if actor is None:
        raise TypeError(f"{type(command).__name__} needs a person")
    if type(command) in _ON_CASE:
        return _ON_CASE[type(command)](case, command, actor, house)
    if task is None:
        raise TypeError(f"{type(command).__name__} needs a task")
    check_may_do(task, actor)
    on_task = _ON_TASK[task.kind, type(command)]
    return [*on_task(case, command, task, actor, house), *desk.no_longer_blocked(case, task)]
