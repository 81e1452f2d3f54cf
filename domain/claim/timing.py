"""Time on a claim: reminders to the member, the closing without payment, a calendar that changes.

Source: procedures, section 2 step 3, and section 0
"""

from domain.claim.case import Claim
from domain.claim.control import nothing_left_to_do
from domain.claim.deadlines import decision_deadline
from domain.claim.documents import missing
from domain.claim.events import ClaimAbandoned, ClockResumed, MemberReminded, become
from domain.claim.machine import Recount, Remind
from domain.claim.states import ClaimState
from domain.claim.words import ClaimDeadline, ClaimLetter, DocumentsRung
from domain.events import DeadlineCancelled, DeadlineMoved, Event, LetterRequested, TasksRescheduled
from domain.house import House


def remind(case: Claim, command: Remind, house: House) -> list[Event]:
    """The member is reminded after 10 and 20 days, and after 60 the claim is closed. One letter, however many rungs an
    outage has piled up; nothing when the deadline is met or replaced.

    Source: procedures, section 2 step 3
    """
    deadline = case.deadline(command.deadline)
    if deadline is None or deadline.generation != command.generation:
        return []
    fired_until = deadline.fired_until
    due = [r for r in deadline.planned if r.fires_at <= house.now and (fired_until is None or r.fires_at > fired_until)]
    if not due:
        return []
    names = tuple(name for rung in due for name in rung.names)
    told = MemberReminded(deadline.name, deadline.generation, names, max(rung.fires_at for rung in due))
    if DocumentsRung.CLOSING in names:
        return [told, *_abandoned(case, deadline.generation, house)]
    return [told, LetterRequested(ClaimLetter.DOCUMENTS_REMINDER, case.way, deadline.generation, reason=names[-1])]


def _abandoned(case: Claim, generation: int, house: House) -> list[Event]:
    """Closed without payment, with notice. Source: policy (60 days)"""
    return [
        ClaimAbandoned(missing(case)),
        DeadlineCancelled(ClaimDeadline.DOCUMENTS),
        ClockResumed(house.now, house.today),
        LetterRequested(ClaimLetter.CLAIM_CLOSED, case.way, generation),
        *nothing_left_to_do(case),
        become(case.state, ClaimState.ABANDONED),
    ]


def recount(case: Claim, command: Recount, house: House) -> list[Event]:
    """A decision that is not yet due moves with the calendar, its pauses kept; documents are awaited for civil days,
    which no calendar changes.

    Source: procedures, section 0
    """
    known = case.deadline(ClaimDeadline.DECISION)
    if known is None or known.due_at <= house.now:
        return []
    counted = decision_deadline(case.dates, house.calendar, house.version)
    if counted.due_on == known.due_on or counted.due_at <= house.now:
        return []
    return [
        DeadlineMoved(counted, known.generation, (), known.due_on, command.because),
        TasksRescheduled(known.due_at, counted.due_at),
    ]
