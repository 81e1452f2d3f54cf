"""What we are told of the bank: a word that only pays is carried out at once, one that rejects is confirmed first.

A claim whose line was rejected is paid a second time. If the first payment was executed all the same, the money has
left twice: so nobody can reject a line alone.
Source: procedures, section 2 step 5 (why: docs/decisions/0037)
"""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID, uuid5

from domain.desk import done, open_task
from domain.events import Event
from domain.house import House
from domain.payment.bank_words import Verdict
from domain.payment.case import Conclusion, Payment
from domain.payment.commands import Conclude, ConfirmAnswer, ReadStatusReport, SetAsideAnswer
from domain.payment.events import (
    AnswerConfirmed,
    AnswerSetAside,
    ConclusionGiven,
    HandoverConcluded,
    LinesPaid,
    LinesWithdrawn,
    ReportToConfirm,
    become,
)
from domain.payment.settlement import carry_out, reading, settled
from domain.payment.states import PaymentState
from domain.payment.words import BankDid, PaymentDeadline, PaymentTask
from domain.people import Actor, role_hat
from domain.refusals import StaleVersion, WrongStep
from domain.roles import Role
from domain.tasks import Task


def read_status_report(case: Payment, command: ReadStatusReport, actor: Actor, house: House) -> list[Event]:
    """Carry out what the bank says, whole or not at all; what rejects anything, once somebody else has confirmed it.

    Raises Refusal, naming what does not fit.
    """
    told = case.look_up_report(command.report_id)
    read = reading(case, told)
    if not read.moved[Verdict.REJECTED]:
        return carry_out(case, read)
    _check_not_asked(case, told.id)
    detail = {"answer_id": str(told.id), "given_by": str(actor.id)}
    return [
        ReportToConfirm(told.id, told.report.message_id, *read.counted),
        *_ask_another(case, house, detail, {actor.id, told.received_by}),
    ]


def confirm_answer(case: Payment, command: ConfirmAnswer, task: Task, actor: Actor, _house: House) -> list[Event]:
    """A second person of accounting stands for it: it is carried out as it stands now. Raises Refusal."""
    answer_id, given_by = _check_read(task, command.answer_id)
    concluded = next((one for one in case.look_up_conclusions() if one.id == answer_id), None)
    if concluded is not None:
        _check_not_laid_since(case, task)
    return [
        done(task, command.outcome),
        AnswerConfirmed(answer_id, given_by, actor.id),
        *(
            _concluded(case, concluded, task)
            if concluded is not None
            else carry_out(case, reading(case, case.look_up_report(answer_id)), task)
        ),
    ]


def set_aside_answer(_case: Payment, command: SetAsideAnswer, task: Task, actor: Actor, _house: House) -> list[Event]:
    """A second person does not stand for it: nothing is carried out, and the batch waits on. Raises StaleVersion."""
    answer_id, _ = _check_read(task, command.answer_id)
    return [done(task, command.outcome), AnswerSetAside(answer_id, actor.id, command.reason)]


def conclude(case: Payment, command: Conclude, actor: Actor, house: House) -> list[Event]:
    """Say what the bank really did, where it never answers, or says that it has the file already.

    So is what became of a file that may lie in the bank's folder, though no attempt to lay it has come to its end: such
    a batch could neither leave nor be stopped. Raises WrongStep for a batch that cannot be with the bank, or whose day
    is not over.
    """
    _check_to_conclude(case, house)
    known = case.look_up_conclusions()
    conclusion_id = uuid5(case.id, f"conclusion:{len(known) + 1}")
    detail = {"answer_id": str(conclusion_id), "given_by": str(actor.id), "concluded_in": case.state.value}
    return [
        ConclusionGiven(conclusion_id, command.bank_did, actor.id, command.evidence),
        *_ask_another(case, house, detail, {actor.id}),
    ]


def _check_to_conclude(case: Payment, house: House) -> None:
    may_be_with_the_bank = case.state is PaymentState.RELEASED and case.look_up_being_laid()
    if case.state is not PaymentState.HANDED_OVER and not may_be_with_the_bank:
        raise WrongStep(
            f"A batch that is {case.state} is not with the bank: there is nothing to conclude.",
            "Read its state again.",
        )
    awaited = case.deadline(PaymentDeadline.BANK_ANSWER)
    executed_on = max(case.executes_on, awaited.starts_on) if awaited else case.executes_on
    if house.today <= executed_on:
        raise WrongStep(
            f"The bank executes this batch on {executed_on}: until it is over nobody can know what it has done.",
            "Wait for the day after.",
        )
    concluded = {str(one.id) for one in case.look_up_conclusions()}
    if any((task.detail or {}).get("answer_id") in concluded for task in case.open_tasks):
        raise WrongStep(
            "Somebody has concluded this batch already: it waits for somebody else of accounting to confirm it.",
            "Whoever has not given it finds the task in their inbox.",
        )


def _concluded(case: Payment, concluded: Conclusion, task: Task) -> list[Event]:
    """Every line that the bank has not answered for is paid, or can be paid by another batch."""
    executed = concluded.bank_did is BankDid.EXECUTED
    given_up = case.state is PaymentState.RELEASED
    laid = [HandoverConcluded(concluded.bank_did), become(case.state, PaymentState.HANDED_OVER)] if given_up else []
    lines = case.waiting
    return [
        *laid,
        LinesPaid(lines) if executed else LinesWithdrawn(lines, "not_executed", answer_id=concluded.id),
        *settled(replace(case, state=PaymentState.HANDED_OVER), task, anything_paid=executed),
    ]


def _check_not_laid_since(case: Payment, task: Task) -> None:
    """What was concluded of a file that was not laid says nothing of one that was. Raises WrongStep."""
    if case.state != (task.detail or {}).get("concluded_in", PaymentState.HANDED_OVER):
        raise WrongStep(
            "The file has been laid in the bank's folder since this was concluded.",
            "Set it aside; what the bank does with the file can be concluded the day after.",
        )


def _ask_another(case: Payment, house: House, detail: dict[str, str], others: Iterable[UUID]) -> list[Event]:
    """Somebody of accounting who has not given it, and whose own money it is not. Source: policy (four eyes)"""
    hats, kept_out = [role_hat(Role.ACCOUNTING)], case.paid_by_it.union(others)
    due = case.open_deadlines.get(PaymentDeadline.BANK_ANSWER)
    return open_task(case, house, PaymentTask.CONFIRM_ANSWER, hats, due=due, detail=detail, excluded=kept_out)


def _check_not_asked(case: Payment, report_id: UUID) -> None:
    if any((task.detail or {}).get("answer_id") == str(report_id) for task in case.open_tasks):
        raise WrongStep(
            "This report has been given already: it waits for somebody else of accounting to confirm it.",
            "Whoever has not given it finds the task in their inbox.",
        )


def _check_read(task: Task, answer_id: UUID) -> tuple[UUID, UUID]:
    """What the task is about, and who has given it, if that is what was read. Raises StaleVersion."""
    detail = task.detail or {}
    if detail.get("answer_id") != str(answer_id):
        raise StaleVersion(
            "This is not the answer that the task is about.",
            "Read the task again, and name its answer.",
            field="answer_id",
        )
    return answer_id, UUID(detail["given_by"])
