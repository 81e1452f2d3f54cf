"""What the letter of a decision would say, while it is being taken and while it waits to be confirmed."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Case, ClaimDecision, StaffMember
from db.queries.calendar import calendar
from db.queries.claim import claim
from db.queries.claim_letter import draft_wording
from db.queries.people import staff_on
from domain.civil import local_date
from domain.claim.case import Claim
from domain.claim.commands import DecisionInProgress
from domain.claim.letters import DecisionFacts
from domain.claim.preview import check_may_look, told_of, would_sign
from domain.claim.words import ClaimTask, Verdict
from domain.house import House
from domain.letters import Wording
from domain.people import Actor
from domain.policy import PolicyBook


def in_progress(
    session: Session, case: Case, said: DecisionInProgress, actor: Actor, at: datetime, book: PolicyBook
) -> Wording:
    """What the member would be told of this decision, once taken. Raises WrongStep, Invalid, or as the task does."""
    known = claim(session, case, book)
    check_may_look(known, ClaimTask.CONTROL, actor)
    told = told_of(known, said)
    return draft_wording(
        session, case, said.decision, told, _signing(session, case, known, actor.id, at, book), at, book
    )


def to_confirm(session: Session, case: Case, actor: Actor, at: datetime, book: PolicyBook) -> Wording:
    """What the member will be told, if the second controller confirms. Raises WrongStep, or as the task does."""
    known = claim(session, case, book)
    check_may_look(known, ClaimTask.CONFIRM, actor)
    current = select(ClaimDecision).where(ClaimDecision.case_id == case.id)
    decision = session.scalars(current.order_by(ClaimDecision.version.desc()).limit(1)).one()
    told = DecisionFacts(decided_cents=decision.amount_cents, reasons=decision.reason or "")
    signing = _signing(session, case, known, decision.author_id, at, book)
    return draft_wording(session, case, Verdict(decision.decision), told, signing, at, book)


def _signing(
    session: Session, case: Case, known: Claim, author_id: UUID, at: datetime, book: PolicyBook
) -> StaffMember | None:
    version = book.version(case.policy)
    today = local_date(at, version.office.zone)
    house = House(book, version, partial(staff_on, session, today), partial(calendar, session), at, today)
    signing = would_sign(known, author_id, house)
    return session.get_one(StaffMember, signing) if signing else None
