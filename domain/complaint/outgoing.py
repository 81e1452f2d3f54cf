"""After the approval: the letter is handed over, the compensation paid, the complaint closed.

Source: procedures, section 1 steps 6, 7 and 9
"""

from domain.complaint.case import Complaint
from domain.complaint.commands import ConfirmPayment
from domain.complaint.events import CompensationPaid, become
from domain.complaint.letters import LetterKind
from domain.complaint.machine import Close
from domain.complaint.states import ComplaintState
from domain.correspondence import RecordHandover, ReportUndelivered, Resend, failed, in_hand, repairs, sent_again
from domain.desk import done, met, withdraw
from domain.events import Event, LetterHandedOver
from domain.house import House
from domain.people import Actor, person_hat, role_hat
from domain.refusals import WrongStep
from domain.roles import Role
from domain.tasks import Task


def record_handover(case: Complaint, command: RecordHandover, _house: House) -> list[Event]:
    """The letter has left: what it was to do is done. The answer's deadlines are met, whether early or late."""
    letter = in_hand(case, command.letter_id)
    events = [LetterHandedOver(letter.id, letter.dispatch), *withdraw(repairs(case, letter))]
    if letter.kind == LetterKind.ACKNOWLEDGEMENT:
        return [*events, *met(case, "acknowledgement_limit")]
    if letter.kind in {LetterKind.HOLDING_LETTER, LetterKind.DELAY_NOTICE}:
        return events
    answered = met(case, "answer", "answer_target", "answer_limit")
    return [*events, *answered, become(case.state, ComplaintState.ANSWERED)]


def report_undelivered(case: Complaint, command: ReportUndelivered, house: House) -> list[Event]:
    """Its owner is asked to make the letter leave. Source: policy"""
    letter = in_hand(case, command.letter_id)
    hats = {person_hat(case.owner_id)} if case.owner_id else {role_hat(Role.POLE_MANAGER, case.pole)}
    due = case.open_deadlines.get("acknowledgement" if letter.kind == LetterKind.ACKNOWLEDGEMENT else "answer")
    return failed(case, command, house, hats, due)


def resend(case: Complaint, command: Resend, task: Task, _actor: Actor, _house: House) -> list[Event]:
    """The letter takes another way, or goes to a corrected address."""
    return sent_again(case, command, task)


def confirm_payment(case: Complaint, command: ConfirmPayment, task: Task, _actor: Actor, _house: House) -> list[Event]:
    """Accounting has paid the compensation that the answer granted."""
    granted = case.answer.compensation_cents if case.answer else 0
    return [done(task, command.outcome), CompensationPaid(granted, command.payment_reference)]


def close(case: Complaint, _command: Close, _house: House) -> list[Event]:
    """The answer is with the complainant, every letter has left, any compensation is paid. Source: Sheet"""
    if case.letters or case.compensation_due:
        raise WrongStep("A letter or a compensation is outstanding.", "It closes by itself once they have left.")
    return [*withdraw(case.open_tasks), become(case.state, ComplaintState.CLOSED)]
