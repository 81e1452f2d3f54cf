"""After the approval: the letter is handed over, the compensation paid, the complaint closed.

Source: procedures, section 1 steps 6, 7 and 9
"""

from domain.complaint.case import Complaint
from domain.complaint.commands import ConfirmPayment, Resend
from domain.complaint.events import CompensationPaid, become
from domain.complaint.handling import done, met, open_task, withdraw
from domain.complaint.machine import Close, RecordHandover, ReportUndelivered
from domain.complaint.states import ComplaintState
from domain.complaint.words import Dispatch, TaskKind
from domain.events import DeliveryFailed, Event, LetterHandedOver, LetterSentAgain
from domain.house import House
from domain.letters import LetterKind
from domain.people import Actor, person_hat, role_hat
from domain.position import LetterInHand
from domain.refusals import Invalid, WrongStep
from domain.roles import Role
from domain.tasks import Task


def record_handover(case: Complaint, command: RecordHandover, _house: House) -> list[Event]:
    """The letter has left: what it was to do is done. The answer's deadlines are met, whether early or late."""
    letter = _in_hand(case, command.letter_id)
    events = [LetterHandedOver(letter.id, letter.dispatch), *withdraw(_repairs(case, letter))]
    if letter.kind == LetterKind.ACKNOWLEDGEMENT:
        return [*events, *met(case, "acknowledgement_limit")]
    if letter.kind == LetterKind.HOLDING_LETTER:
        return events
    answered = met(case, "answer", "answer_target", "answer_limit")
    return [*events, *answered, become(case.state, ComplaintState.ANSWERED)]


def report_undelivered(case: Complaint, command: ReportUndelivered, house: House) -> list[Event]:
    """A letter that cannot leave is shown on the case, and its owner is asked, once, to make it leave.

    Source: policy
    """
    letter = _in_hand(case, command.letter_id)
    if _repairs(case, letter):
        return [DeliveryFailed(letter.id, command.reason)]
    hats = {person_hat(case.owner_id)} if case.owner_id else {role_hat(Role.POLE_MANAGER, case.pole)}
    due = case.open_deadlines.get("acknowledgement" if letter.kind == LetterKind.ACKNOWLEDGEMENT else "answer")
    return [
        DeliveryFailed(letter.id, command.reason),
        *open_task(case, house, TaskKind.REPAIR_DELIVERY, hats, due=due, detail={"letter": str(letter.id)}),
    ]


def resend(case: Complaint, command: Resend, task: Task, _actor: Actor, _house: House) -> list[Event]:
    """The letter takes another way, or goes to a corrected address."""
    letter = next((one for one in case.letters if _concerns(task, one)), None)
    if letter is None:
        raise WrongStep("The letter has left in the meantime.", "Nothing is left to do: read the case's letters.")
    has_target = {
        Dispatch.EMAIL: case.has_email or command.email is not None,
        Dispatch.POST: case.has_address or len(command.address) > 0,
    }[command.dispatch]
    if not has_target:
        raise Invalid(f"No address is known for {command.dispatch}.", "Give it with the command.", field="dispatch")
    return [
        done(task, command.outcome),
        LetterSentAgain(letter.id, command.dispatch, command.email, command.address),
    ]


def confirm_payment(case: Complaint, command: ConfirmPayment, task: Task, _actor: Actor, _house: House) -> list[Event]:
    """Accounting has paid the compensation that the answer granted."""
    granted = case.answer.compensation_cents if case.answer else 0
    return [done(task, command.outcome), CompensationPaid(granted, command.payment_reference)]


def close(case: Complaint, _command: Close, _house: House) -> list[Event]:
    """The answer is with the complainant, every letter has left, any compensation is paid. Source: Sheet"""
    if case.letters or case.compensation_due:
        raise WrongStep("A letter or a compensation is outstanding.", "It closes by itself once they have left.")
    return [*withdraw(case.open_tasks), become(case.state, ComplaintState.CLOSED)]


def _in_hand(case: Complaint, letter_id: object) -> LetterInHand:
    letter = next((one for one in case.letters if one.id == letter_id), None)
    if letter is None:
        raise WrongStep("The letter has been handed over already.", "Nothing is left to do.")
    return letter


def _repairs(case: Complaint, letter: LetterInHand) -> list[Task]:
    """The open tasks to make this letter leave."""
    return [task for task in case.open_tasks if task.kind == TaskKind.REPAIR_DELIVERY and _concerns(task, letter)]


def _concerns(task: Task, letter: LetterInHand) -> bool:
    return (task.detail or {}).get("letter") == str(letter.id)
