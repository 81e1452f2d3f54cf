"""A member whose claim waits long is told until which day it is decided: an operation's approved message.

Source: procedures, section 4 step 4
"""

from domain.claim.case import Claim
from domain.claim.words import ClaimLetter
from domain.delay import DelayTold, InformOfDelay, judged
from domain.events import Event, LetterRequested
from domain.house import House


def inform_of_delay(case: Claim, command: InformOfDelay, house: House) -> list[Event]:
    """A letter, by the way that all letters of a claim take; the decision stays due when it was. Source: policy"""
    assert case.look_up_wait is not None  # the register looks it up wherever it decides
    outcome = judged(case.look_up_wait(command.operation_id), command, house.today)
    if not isinstance(outcome, DelayTold):
        return [outcome]
    return [outcome, LetterRequested(ClaimLetter.DELAY_NOTICE, case.way, reason=str(command.message_id))]
