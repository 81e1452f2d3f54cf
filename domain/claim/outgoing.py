"""A claim's letters on their way out, and the end.

Source: procedures, section 2 steps 3 to 5
"""

from domain.claim.case import Claim
from domain.claim.machine import Close
from domain.claim.states import ClaimState
from domain.correspondence import RecordHandover, ReportUndelivered, Resend, failed, in_hand, repairs, sent_again
from domain.desk import withdraw
from domain.events import Event, LetterHandedOver
from domain.house import House
from domain.people import Actor, role_hat
from domain.refusals import WrongStep
from domain.roles import Role
from domain.tasks import Task


def record_handover(case: Claim, command: RecordHandover, _house: House) -> list[Event]:
    """The letter has left: nobody has to make it leave any more."""
    letter = in_hand(case, command.letter_id)
    return [LetterHandedOver(letter.id, letter.dispatch), *withdraw(repairs(case, letter))]


def report_undelivered(case: Claim, command: ReportUndelivered, house: House) -> list[Event]:
    """The manager of the pole is asked to make the letter leave. Source: policy"""
    return failed(case, command, house, {role_hat(Role.POLE_MANAGER, case.pole)}, case.due_at)


def resend(case: Claim, command: Resend, task: Task, _actor: Actor, _house: House) -> list[Event]:
    """The letter takes another way, or goes to a corrected address."""
    return sent_again(case, command, task)


def close(case: Claim, _command: Close, _house: House) -> list[Event]:
    """The claim is paid, refused or abandoned, and every letter has left: nothing is asked of anybody. Raises
    WrongStep."""
    if case.state not in ClaimState.ended() or case.letters:
        raise WrongStep("The claim goes on, or a letter is outstanding.", "It closes by itself once that is over.")
    return withdraw(case.open_tasks)
