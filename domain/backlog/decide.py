"""Decide one command on one operation: the events that follow from it, or a refusal. Pure.

Source: procedures, section 4; docs/procedures/backlog.md
"""

from collections.abc import Callable, Sequence
from typing import Any

from domain import desk
from domain.backlog import approval, attendance, course, lending, message, notice, paying, timing
from domain.backlog import commands as ask
from domain.backlog import machine as does
from domain.backlog.case import Operation
from domain.backlog.words import BacklogTask
from domain.events import Event
from domain.forms import Form
from domain.house import House
from domain.people import Actor
from domain.tasks import Task, check_may_do

OnTask = Callable[[Operation, Any, Task, Actor, House], Sequence[Event]]
OnCase = Callable[[Operation, Any, Actor, House], Sequence[Event]]
ByMachine = Callable[[Operation, Any, House], Sequence[Event]]

_ON_TASK: dict[tuple[str, type[Form]], OnTask] = {
    (BacklogTask.APPROVE_OPERATION, ask.Approve): approval.approve,
    (BacklogTask.APPROVE_OPERATION, ask.Refuse): approval.refuse,
    (BacklogTask.DISPATCH_CASES, ask.GiveOut): lending.give_out,
    (BacklogTask.ENTER_ATTENDANCE, ask.EnterAttendance): attendance.enter,
    (BacklogTask.DECIDE_OFF_TRACK, ask.GoOn): course.go_on,
    (BacklogTask.DECIDE_OFF_TRACK, ask.Strengthen): course.strengthen,
    (BacklogTask.DECIDE_OFF_TRACK, ask.Extend): course.extend,
    (BacklogTask.APPROVE_EXTENSION, ask.Grant): course.grant,
    (BacklogTask.APPROVE_EXTENSION, ask.Refuse): course.refuse_extension,
    (BacklogTask.CLOSE_OPERATION, ask.Close): course.close,
    (BacklogTask.CLOSE_OPERATION, ask.Extend): course.extend,
    (BacklogTask.PREPARE_PAY, ask.Prepare): paying.prepare,
    (BacklogTask.VALIDATE_PAY, ask.Validate): paying.validate,
    (BacklogTask.VALIDATE_PAY, ask.SendBack): paying.send_back,
    (BacklogTask.APPROVE_MESSAGE, ask.ApproveMessage): message.approve,
    (BacklogTask.APPROVE_MESSAGE, ask.Refuse): message.refuse_message,
    (BacklogTask.UNBLOCK, desk.OfferAgain): desk.offer_again,
}
_ON_CASE: dict[type[Form], OnCase] = {
    ask.Replan: approval.replan,
    ask.Cancel: approval.cancel,
    ask.Stop: course.stop,
    ask.AddSessions: attendance.add_sessions,
    ask.Dispatch: lending.dispatch_cases,
    ask.CorrectAttendance: attendance.correct,
    ask.RequestExtension: course.request_extension,
    ask.PreparePay: paying.prepare_early,
    ask.ProposeMessage: message.propose,
}
_BY_MACHINE: dict[type[Form], ByMachine] = {
    does.Register: approval.register,
    does.Remind: timing.remind,
    does.Recount: timing.recount,
    desk.Reoffer: desk.reoffer,
    does.TellVolunteers: notice.tell_volunteers,
}


def decide(case: Operation, command: Form, task: Task | None, actor: Actor | None, house: House) -> Sequence[Event]:
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
