"""Payment, as the claim sees it: in a batch, out of it, paid, or to be controlled again.

Source: procedures, section 2 step 5
"""

from datetime import date
from uuid import UUID

from domain.claim.case import Claim
from domain.claim.control import ask_control, controls, nothing_left_to_do, offered_anew
from domain.claim.deadlines import DecisionDates, decision_deadline
from domain.claim.events import ClaimPaid, ClaimReopened, Instructed, InstructionWithdrawn, become
from domain.claim.machine import Instruct, RecordPayment, Reopen, WithdrawInstruction
from domain.claim.states import ClaimState
from domain.claim.words import ClaimDeadline, ClaimLetter, ReopeningReason, Verdict
from domain.desk import no_longer_blocked, withdraw
from domain.events import DeadlineOpened, Event, LetterRequested
from domain.house import House
from domain.refusals import WrongStep


def instruct(case: Claim, command: Instruct, _house: House) -> list[Event]:
    """A payable claim becomes a line of a batch, with the amount that was decided. Raises WrongStep."""
    if case.state is not ClaimState.PAYABLE or case.decision is None:
        raise WrongStep(f"A claim that is {case.state} is not to be paid.", "Leave it out of the batch.")
    return [
        Instructed(command.payment_id, command.instruction_id, case.decision.amount_cents),
        become(case.state, ClaimState.INSTRUCTED),
    ]


def record_payment(case: Claim, command: RecordPayment, _house: House) -> list[Event]:
    """The bank has paid: the member is told what, and why where it is less than was asked. Raises WrongStep."""
    _check_living(case, command.instruction_id)
    if case.decision is None:
        raise AssertionError("an instructed claim has its decision")
    corrected = case.decision.verdict is Verdict.PAY_CORRECTED
    letter = ClaimLetter.CLAIM_CORRECTED if corrected else ClaimLetter.CLAIM_PAID
    return [
        ClaimPaid(command.instruction_id, case.decision.amount_cents),
        LetterRequested(letter, case.way, case.decision.version),
        *nothing_left_to_do(case),
        become(case.state, ClaimState.PAID),
    ]


def withdraw_instruction(case: Claim, command: WithdrawInstruction, _house: House) -> list[Event]:
    """The whole file was refused, or the batch cancelled: the claim is payable as it was. Raises WrongStep."""
    _check_living(case, command.instruction_id)
    return [
        InstructionWithdrawn(command.instruction_id, command.reason, command.code),
        become(case.state, ClaimState.PAYABLE),
    ]


def reopen(case: Claim, command: Reopen, house: House) -> list[Event]:
    """The bank has rejected the claim's line, its IBAN is another one, or an approval does not count any more: it is
    controlled again, as after intake.

    A claim that has ended, or that waits for documents, goes on as it stands: it is decided on the new IBAN later, or
    never. A controller who has got a hand in the new IBAN loses the task to somebody else. One that is in a batch
    stays there until the batch says that its line was taken out: what may be at the bank is not decided twice.
    Raises WrongStep for a line that is not the claim's.
    Source: procedures, section 2 step 5
    """
    if command.reason is ReopeningReason.REJECTED_BY_BANK:
        _check_living(case, command.instruction_id)
    elif case.state not in {ClaimState.CONFIRMING, ClaimState.PAYABLE}:
        return offered_anew(case, house)
    counts_from = None if case.state is ClaimState.CONFIRMING else house.today
    deadline = _counted_anew(case, house.today, house) if counts_from else []
    due = deadline[0].deadline.due_at if deadline else case.due_at
    asked = controls(case)
    return [
        ClaimReopened(command.reason, counts_from, command.instruction_id, command.code),
        *deadline,
        *withdraw(asked),
        *(event for task in asked for event in no_longer_blocked(case, task)),
        become(case.state, ClaimState.IN_CONTROL),
        *ask_control(case, house, due=due),
    ]


def _counted_anew(case: Claim, today: date, house: House) -> list[DeadlineOpened]:
    dates = DecisionDates(case.category, case.kind, case.received_on, case.pauses, reopened_on=today)
    deadline = decision_deadline(dates, house.calendar, house.version)
    return [DeadlineOpened(deadline, case.next_generation(ClaimDeadline.DECISION), ())]


def _check_living(case: Claim, instruction_id: UUID | None) -> None:
    """What the bank says is about the line that is there: an old line's answer changes nothing. Raises WrongStep."""
    if case.state is not ClaimState.INSTRUCTED or case.instruction_id != instruction_id:
        raise WrongStep(
            "This line is not, or no longer, the claim's instruction at the bank.",
            "Read the claim's journal: it has been answered already.",
        )
