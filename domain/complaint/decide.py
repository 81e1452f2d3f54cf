"""Decide one command on one complaint: the events that follow from it, or a refusal. Pure.

Source: procedures, section 1; docs/procedures/complaint.md
"""

from collections.abc import Callable, Sequence
from typing import Any

from domain import desk, lending
from domain.complaint import answer, delay, handling, outgoing, timing
from domain.complaint import commands as ask
from domain.complaint import machine as does
from domain.complaint.case import Complaint
from domain.complaint.events import Qualified
from domain.complaint.words import Category, TaskKind
from domain.correspondence import RecordHandover, ReportUndelivered, Resend
from domain.delay import InformOfDelay
from domain.desk import OfferAgain, Reoffer
from domain.events import Event
from domain.forms import Form
from domain.house import House
from domain.lending import Lend, TakeBack
from domain.people import Actor
from domain.tasks import Task, check_may_do

OnTask = Callable[[Complaint, Any, Task, Actor, House], Sequence[Event]]
OnCase = Callable[[Complaint, Any, Actor, House], Sequence[Event]]
ByMachine = Callable[[Complaint, Any, House], Sequence[Event]]

_ON_TASK: dict[type[Form], OnTask] = {
    ask.Acknowledge: handling.acknowledge,
    ask.Analyse: handling.analyse,
    ask.DraftAnswer: answer.draft,
    ask.Approve: answer.approve,
    ask.Amend: answer.amend,
    ask.SendBack: answer.send_back,
    ask.ConfirmPayment: outgoing.confirm_payment,
    Resend: outgoing.resend,
    OfferAgain: desk.offer_again,
    ask.ProgressCalled: timing.progress_called,
}
_ON_CASE: dict[type[Form], OnCase] = {
    ask.Requalify: handling.requalify,
    ask.Reassign: handling.reassign,
    ask.SendHoldingLetter: timing.send_holding_letter,
}
_BY_MACHINE: dict[type[Form], ByMachine] = {
    does.Register: handling.register,
    RecordHandover: outgoing.record_handover,
    ReportUndelivered: outgoing.report_undelivered,
    Reoffer: desk.reoffer,
    does.Remind: timing.remind,
    does.Recount: timing.recount,
    does.Close: outgoing.close,
    Lend: lending.lend,
    TakeBack: lending.take_back,
    InformOfDelay: delay.inform_of_delay,
}


def decide(case: Complaint, command: Form, task: Task | None, actor: Actor | None, house: House) -> Sequence[Event]:
    """What follows from a command, as events in their order; of a lent complaint, for whoever it is lent to as well.

    A command on a task needs the task and whoever acts; one on the case needs whoever acts; the system's own
    commands need neither. Raises Refusal, naming rule and remedy.
    """
    events = _decided(case, command, task, actor, house)
    ordinary = not any(isinstance(one, Qualified) and one.category is Category.SENSITIVE for one in events)
    return lending.carried_on(case, events, TaskKind.lendable(), ordinary=ordinary)


def _decided(case: Complaint, command: Form, task: Task | None, actor: Actor | None, house: House) -> Sequence[Event]:
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
