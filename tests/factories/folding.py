"""How each event changes what is known of a complaint: the bench's own reading of what `db/commands` writes.

What every case has is folded by `case_folding`. An event that nobody knows is refused.
"""

from dataclasses import replace
from functools import singledispatch
from uuid import uuid5

from domain import events as happened
from domain.complaint import events as told
from domain.complaint.case import AnswerVersion, Complaint
from domain.complaint.states import ComplaintState
from domain.events import Event
from domain.position import LetterInHand
from tests.factories.case_folding import fold_case, fold_letter, open_deadline


@singledispatch
def fold(event: Event, case: Complaint) -> Complaint:
    """The facts after an event."""
    return fold_case(event, case)


@fold.register(told.Acknowledged)
@fold.register(told.Reassigned)
@fold.register(told.VersionSentBack)
@fold.register(told.Requalified)
@fold.register(told.AnswerExtended)
@fold.register(told.ProgressCallMade)
def _(_event: Event, case: Complaint) -> Complaint:
    return case


@fold.register
def _(event: happened.StateReached, case: Complaint) -> Complaint:
    return replace(case, state=ComplaintState(event.state))


@fold.register
def _(event: happened.OwnerAssigned, case: Complaint) -> Complaint:
    return replace(case, owner_id=event.owner_id)


@fold.register
def _(event: told.Qualified, case: Complaint) -> Complaint:
    return replace(case, category=event.category)


@fold.register
def _(event: told.Analysed, case: Complaint) -> Complaint:
    return replace(case, finding=event.finding)


@fold.register
def _(event: told.AnswerDrafted, case: Complaint) -> Complaint:
    earlier = case.answer.authors if event.amends and case.answer else frozenset()
    authors = earlier | {event.author_id}
    answer = AnswerVersion(event.version, event.version_hash, authors, event.compensation_cents, event.content.dispatch)
    return replace(case, answer=answer, approvals={})


@fold.register
def _(event: told.VersionApproved, case: Complaint) -> Complaint:
    return replace(case, approvals={**case.approvals, event.link: event.person_id})


@fold.register
def _(event: told.AnswerApproved, case: Complaint) -> Complaint:
    return replace(case, signatory_id=event.signatory_id)


@fold.register
def _(_event: told.CompensationPaid, case: Complaint) -> Complaint:
    return replace(case, compensation_paid=True)


@fold.register
def _(event: happened.DeadlineOpened, case: Complaint) -> Complaint:
    return replace(case, deadlines=(*case.deadlines, open_deadline(event)))


@fold.register
def _(event: happened.LetterRequested, case: Complaint) -> Complaint:
    letter = LetterInHand(uuid5(case.id, f"letter {event.kind} {event.version}"), event.kind, event.dispatch)
    return replace(case, letters=(*case.letters, letter))


@fold.register(happened.LetterHandedOver)
@fold.register(happened.LetterSentAgain)
def _(event: happened.LetterHandedOver | happened.LetterSentAgain, case: Complaint) -> Complaint:
    return fold_letter(event, case)
