"""Decide one command on one batch of payments: the events that follow from it, or a refusal. Pure.

Source: procedures, section 2 step 5; docs/procedures/payment.md
"""

from collections.abc import Callable, Sequence
from typing import Any

from domain import desk
from domain.events import Event
from domain.forms import Form
from domain.house import House
from domain.payment import answer, release, timing
from domain.payment import commands as ask
from domain.payment import machine as does
from domain.payment.case import Payment
from domain.people import Actor
from domain.tasks import Task, check_may_do

OnTask = Callable[[Payment, Any, Task, Actor, House], Sequence[Event]]
OnCase = Callable[[Payment, Any, Actor, House], Sequence[Event]]
ByMachine = Callable[[Payment, Any, House], Sequence[Event]]

_ON_TASK: dict[type[Form], OnTask] = {
    ask.Release: release.release,
    ask.Refuse: release.refuse,
    ask.ConfirmAnswer: answer.confirm_answer,
    ask.SetAsideAnswer: answer.set_aside_answer,
    desk.OfferAgain: desk.offer_again,
}
_ON_CASE: dict[type[Form], OnCase] = {
    ask.ReadStatusReport: answer.read_status_report,
    ask.Stop: release.stop,
    ask.Conclude: answer.conclude,
}
_BY_MACHINE: dict[type[Form], ByMachine] = {
    does.Register: release.register,
    does.RecordBankHandover: release.record_handover,
    desk.Reoffer: desk.reoffer,
    does.Remind: timing.remind,
    does.Recount: timing.recount,
}


def decide(case: Payment, command: Form, task: Task | None, actor: Actor | None, house: House) -> Sequence[Event]:
    """What follows from a command, as events in their order.

    A command on a task needs the task and whoever acts; one on the batch needs whoever acts; the system's own
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
