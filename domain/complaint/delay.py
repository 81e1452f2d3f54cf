"""Whoever has complained and waits long is told until which day they are answered: an operation's approved message.

Source: procedures, section 4 step 4
"""

from domain.complaint.case import Complaint
from domain.complaint.letters import LetterKind
from domain.delay import DelayTold, InformOfDelay, judged
from domain.events import Event, LetterRequested
from domain.house import House
from domain.outgoing import Dispatch


def inform_of_delay(case: Complaint, command: InformOfDelay, house: House) -> list[Event]:
    """A letter by e-mail where one is known, else by post; the answer stays due when it was. Source: policy"""
    assert case.look_up_wait is not None  # the register looks it up wherever it decides
    outcome = judged(case.look_up_wait(command.operation_id), command, house.today)
    if not isinstance(outcome, DelayTold):
        return [outcome]
    way = Dispatch.EMAIL if case.has_email else Dispatch.POST
    return [outcome, LetterRequested(LetterKind.DELAY_NOTICE, way, reason=str(command.message_id))]
