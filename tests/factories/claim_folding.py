"""How each event changes what is known of a claim: the bench's own reading of what `db/commands` writes.

What every case has is folded by `case_folding`. An event that nobody knows is refused.
"""

from dataclasses import replace
from functools import singledispatch
from uuid import uuid5

from domain import events as happened
from domain.claim import events as told
from domain.claim.case import Claim, DecisionVersion
from domain.claim.deadlines import Pause
from domain.claim.states import ClaimState
from domain.events import Event
from domain.position import LetterInHand
from tests.factories.case_folding import fold_case, fold_letter, opened_once, reminded


@singledispatch
def fold(event: Event, case: Claim) -> Claim:
    """The facts after an event."""
    return fold_case(event, case)


@fold.register(told.DecisionApproved)
@fold.register(told.DecisionSentBack)
@fold.register(told.ClaimDecided)
@fold.register(told.ClaimAbandoned)
@fold.register(told.ClaimPaid)
def _(_event: Event, case: Claim) -> Claim:
    return case


@fold.register
def _(event: happened.StateReached, case: Claim) -> Claim:
    return replace(case, state=ClaimState(event.state))


@fold.register
def _(event: told.DecisionTaken, case: Claim) -> Claim:
    taken = DecisionVersion(
        event.version, event.decision_hash, event.verdict, event.amount_cents, event.author_id, event.iban_hash
    )
    return replace(case, decision=taken)


@fold.register
def _(event: told.DocumentsAsked, case: Claim) -> Claim:
    return replace(case, awaited=frozenset(event.documents))


@fold.register
def _(event: told.DocumentAdded, case: Claim) -> Claim:
    return replace(case, awaited=case.awaited - {event.kind})


@fold.register
def _(_event: told.WaitingStopped, case: Claim) -> Claim:
    return replace(case, awaited=frozenset())


@fold.register
def _(event: told.ClockStopped, case: Claim) -> Claim:
    return replace(case, pauses=(*case.pauses, Pause(event.from_on)))


@fold.register
def _(event: told.ClockResumed, case: Claim) -> Claim:
    *ended, running = case.pauses
    return replace(case, pauses=(*ended, Pause(running.from_on, event.until_on)))


@fold.register
def _(event: told.MemberReminded, case: Claim) -> Claim:
    return reminded(event.deadline, event.fired_until, case)


@fold.register
def _(event: told.Instructed, case: Claim) -> Claim:
    return replace(case, instruction_id=event.instruction_id)


@fold.register
def _(_event: told.InstructionWithdrawn, case: Claim) -> Claim:
    return replace(case, instruction_id=None)


@fold.register
def _(event: told.ClaimReopened, case: Claim) -> Claim:
    return replace(case, instruction_id=None, reopened_on=event.counts_from or case.reopened_on)


@fold.register
def _(event: happened.DeadlineOpened, case: Claim) -> Claim:
    return opened_once(event, case)


@fold.register
def _(event: happened.LetterRequested, case: Claim) -> Claim:
    letter = LetterInHand(uuid5(case.id, f"{event.kind} {event.version} {event.reason}"), event.kind, event.dispatch)
    assert letter.id not in {one.id for one in case.letters}, "the same letter twice"
    return replace(case, letters=(*case.letters, letter))


@fold.register(happened.LetterHandedOver)
@fold.register(happened.LetterSentAgain)
def _(event: happened.LetterHandedOver | happened.LetterSentAgain, case: Claim) -> Claim:
    return fold_letter(event, case)
