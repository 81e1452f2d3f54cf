"""Decide one command on one audit: the events that follow from it, or a refusal. Pure.

Source: procedures, section 3; docs/procedures/audit.md
"""

from collections.abc import Callable, Sequence
from typing import Any

from domain import desk
from domain.audit import analysis, delivery, follow_up, meetings, restitution, timing, validation
from domain.audit import commands as ask
from domain.audit import machine as does
from domain.audit.case import Audit
from domain.events import Event
from domain.forms import Form
from domain.house import House
from domain.people import Actor
from domain.tasks import Task, check_may_do

OnTask = Callable[[Audit, Any, Task, Actor, House], Sequence[Event]]
OnCase = Callable[[Audit, Any, Actor, House], Sequence[Event]]
ByMachine = Callable[[Audit, Any, House], Sequence[Event]]

_ON_TASK: dict[type[Form], OnTask] = {
    ask.HoldLaunch: delivery.hold_launch,
    ask.Deliver: delivery.deliver,
    ask.EndAnalysis: analysis.end_analysis,
    ask.Submit: validation.submit,
    ask.Validate: validation.validate,
    ask.SendBack: validation.send_back,
    ask.AnswerFindings: restitution.answer,
    ask.Arbitrate: restitution.arbitrate,
    ask.AgreeSchedule: restitution.agree,
    ask.ApproveSchedule: restitution.approve_schedule,
    ask.RefuseSchedule: restitution.refuse_schedule,
    ask.HoldFollowUp: follow_up.hold_follow_up,
    ask.CarryOver: follow_up.carry_over,
    desk.OfferAgain: desk.offer_again,
}
_ON_CASE: dict[type[Form], OnCase] = {
    ask.FixMeeting: meetings.fix_meeting,
    ask.DeliverPiece: delivery.deliver_piece,
    ask.WithdrawPiece: delivery.withdraw_piece,
    ask.EndDelivery: delivery.end_delivery,
    ask.NoteAnalysis: analysis.note_analysis,
    ask.AddStrength: analysis.add_strength,
    ask.DropStrength: analysis.drop_strength,
    ask.AddRecommendation: analysis.add_recommendation,
    ask.ChangeRecommendation: analysis.change_recommendation,
    ask.DropRecommendation: analysis.drop_recommendation,
    ask.EndAnswers: restitution.end_answers,
    ask.Cancel: follow_up.cancel,
}
_BY_MACHINE: dict[type[Form], ByMachine] = {
    does.Register: delivery.register,
    does.Remind: timing.remind,
    does.Recount: timing.recount,
    does.FindingEnded: follow_up.finding_ended,
    does.TakeOver: follow_up.take_over,
    desk.Reoffer: desk.reoffer,
}


def decide(case: Audit, command: Form, task: Task | None, actor: Actor | None, house: House) -> Sequence[Event]:
    """What follows from a command, as events in their order.

    A command on a task needs the task and whoever acts; one on the audit needs whoever acts; the system's own
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
    return [*_ON_TASK[type(command)](case, command, task, actor, house), *desk.no_longer_blocked(case, task)]
