"""Decide one command on one claim: the events that follow from it, or a refusal. Pure.

Source: procedures, section 2; docs/procedures/claim.md
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from domain import desk, lending
from domain.claim import commands as ask
from domain.claim import control, delay, documents, outgoing, payment, timing
from domain.claim import machine as does
from domain.claim.case import Claim
from domain.claim.words import ClaimTask
from domain.correspondence import RecordHandover, ReportUndelivered, Resend
from domain.delay import InformOfDelay
from domain.desk import OfferAgain, Reoffer
from domain.events import Event
from domain.forms import Form
from domain.house import House
from domain.lending import Lend, TakeBack
from domain.people import Actor
from domain.tasks import Task, check_may_do

OnTask = Callable[[Claim, Any, Task, Actor, House], Sequence[Event]]
OnCase = Callable[[Claim, Any, Actor, House], Sequence[Event]]
ByMachine = Callable[[Claim, Any, House], Sequence[Event]]

_ON_TASK: dict[type[Form], OnTask] = {
    ask.Decide: control.decide,
    ask.AskDocuments: documents.ask_documents,
    ask.Confirm: control.confirm,
    ask.SendBack: control.send_back,
    Resend: outgoing.resend,
    OfferAgain: desk.offer_again,
}
_ON_CASE: dict[type[Form], OnCase] = {
    ask.AddDocument: documents.add_document,
    ask.StopWaiting: documents.stop_waiting,
}
_BY_MACHINE: dict[type[Form], ByMachine] = {
    does.Register: control.register,
    RecordHandover: outgoing.record_handover,
    ReportUndelivered: outgoing.report_undelivered,
    Reoffer: control.reoffer,
    does.Remind: timing.remind,
    does.Recount: timing.recount,
    does.Instruct: payment.instruct,
    does.RecordPayment: payment.record_payment,
    does.WithdrawInstruction: payment.withdraw_instruction,
    does.Reopen: payment.reopen,
    does.Close: outgoing.close,
    Lend: lending.lend,
    TakeBack: lending.take_back,
    InformOfDelay: delay.inform_of_delay,
}


def decide(case: Claim, command: Form, task: Task | None, actor: Actor | None, house: House) -> Sequence[Event]:
    """What follows from a command, as events in their order; of a lent claim, for whoever it is lent to as well.

    A command on a task needs the task and whoever acts; one on the case needs whoever acts; the system's own
    commands need neither. Raises Refusal, naming rule and remedy.
    """
    events = _decided(case, command, task, actor, house)
    return lending.carried_on(case, events, ClaimTask.lendable())


def _decided(case: Claim, command: Form, task: Task | None, actor: Actor | None, house: House) -> Sequence[Event]:
    if type(command) in _BY_MACHINE:
        return _BY_MACHINE[type(command)](case, command, house)
    if actor is None:
        raise TypeError(f"{type(command).__name__} needs a person")
    if type(command) in _ON_CASE:
        return _ON_CASE[type(command)](case, command, actor, house)
    if task is None:
        raise TypeError(f"{type(command).__name__} needs a task")
    check_may_do(_as_of_now(task, case), actor)
    return [*_ON_TASK[type(command)](case, command, task, actor, house), *desk.no_longer_blocked(case, task)]


def _as_of_now(task: Task, case: Claim) -> Task:
    """Whoever has got a hand in the claim since its control was offered keeps out as well: the IBAN may be theirs.

    Source: procedures, section 2 step 3 (whoever changed the IBAN neither controls nor releases)
    """
    guarded = task.kind in ClaimTask.of_control()
    return replace(task, excluded=task.excluded | case.kept_out) if guarded else task
