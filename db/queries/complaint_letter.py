"""What a letter of a complaint says: the facts of its case, ready for the template."""

from datetime import date, datetime
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AnswerVersionRow, Approval, Case, ComplaintRow, DeadlineRow, LetterRow, StaffMember
from db.queries.calendar import calendar
from db.queries.complaint import complaint
from db.queries.delay_letter import delay_of
from db.queries.people import staff_on
from domain.civil import local_date
from domain.complaint.answer import check_compensation
from domain.complaint.commands import AnswerContent
from domain.complaint.letters import AnswerFacts, HoldingReason, LetterFacts, LetterKind
from domain.complaint.preview import answer_letter, check_unapproved, would_sign
from domain.house import House
from domain.letters import LANGUAGES, Addressee, DelayFacts, Handler, Signatory, Wording
from domain.policy import PolicyBook


def wording(session: Session, letter: LetterRow, case: Case, at: datetime, book: PolicyBook) -> Wording:
    """Everything that the letter says, dated the day of `at` where the insurer is, in the complainant's language."""
    row, delays = session.get_one(ComplaintRow, case.id), letter.kind == LetterKind.DELAY_NOTICE
    facts = _facts(
        session,
        case,
        book,
        addressee=Addressee(name=letter.recipient, address_lines=tuple(letter.address), email=letter.email),
        signatory=_signatory(session, case, letter, book),
        dated=local_date(at, book.version(case.policy).office.zone),
        answer=_answer(session, letter),
        reason=HoldingReason(letter.reason) if letter.reason and not delays else None,
        delay=delay_of(session, letter, _language(row)) if delays else None,
    )
    return _worded(row, case, book, LetterKind(letter.kind), letter.dispatch, facts)


def draft_wording(session: Session, case: Case, said: AnswerContent, at: datetime, book: PolicyBook) -> Wording:
    """Everything that the answer would say if it were approved in these words, looked at at that instant.

    Raises WrongStep before the analysis and after the approval, Invalid for a compensation that cannot be granted.
    """
    version = book.version(case.policy)
    today = local_date(at, version.office.zone)
    known = complaint(session, case, book)
    check_unapproved(known)
    kind = answer_letter(known)
    check_compensation(known, said.compensation_cents)
    house = House(book, version, partial(staff_on, session, today), partial(calendar, session), at, today)
    signing = would_sign(known, said.compensation_cents, house)
    row = session.get_one(ComplaintRow, case.id)
    facts = _facts(
        session,
        case,
        book,
        addressee=Addressee(name=row.complainant_name, address_lines=tuple(row.address), email=row.email),
        signatory=_signing(session, signing) if signing else Signatory(name="", title=""),
        dated=today,
        answer=_answer_facts(said),
    )
    return _worded(row, case, book, kind, said.dispatch, facts)


def _worded(
    row: ComplaintRow, case: Case, book: PolicyBook, kind: LetterKind, dispatch: str, facts: LetterFacts
) -> Wording:
    return Wording(
        kind=kind,
        language=_language(row),
        dispatch=dispatch,
        mandatory=book.version(case.policy).complaint.mandatory_paragraphs(kind),
        facts=facts,
    )


def current_words(session: Session, case: Case) -> AnswerContent | None:
    """The words of the answer's current version; None while there is none."""
    version = session.get_one(ComplaintRow, case.id).answer_version
    return _content(session, case.id, version) if version is not None else None


def _facts(
    session: Session,
    case: Case,
    book: PolicyBook,
    *,
    addressee: Addressee,
    signatory: Signatory,
    dated: date,
    answer: AnswerFacts | None,
    reason: HoldingReason | None = None,
    delay: DelayFacts | None = None,
) -> LetterFacts:
    row = session.get_one(ComplaintRow, case.id)
    return LetterFacts(
        insurer=book.insurer.letterhead,
        mediator=book.insurer.mediator,
        addressee=addressee,
        handler=_handler(session, case, book),
        signatory=signatory,
        reference=case.reference,
        dated=dated,
        sent_on=row.sent_on,
        received_on=row.received_on,
        answer_due_on=_answer_due_on(session, case.id),
        answer=answer,
        holding_reason=reason,
        delay=delay,
    )


def _handler(session: Session, case: Case, book: PolicyBook) -> Handler:
    if case.owner_id is None:
        return Handler(name=_department(session, case), phone=book.insurer.letterhead.phone)
    owner = session.get_one(StaffMember, case.owner_id)
    return Handler(name=owner.name, phone=owner.phone)


def _signatory(session: Session, case: Case, letter: LetterRow, book: PolicyBook) -> Signatory:
    """The handler signs an acknowledgement, the last validator an answer. Source: procedures, section 1 step 7"""
    signing = case.owner_id if letter.version is None else _last_validator(session, letter)
    if signing is None:
        return Signatory(name=_department(session, case), title=book.insurer.letterhead.name)
    return _signing(session, signing)


def _signing(session: Session, person_id: UUID) -> Signatory:
    person = session.get_one(StaffMember, person_id)
    return Signatory(name=person.name, title=person.title)


def _department(session: Session, case: Case) -> str:
    """Who stands in a letter where no person does."""
    return _DEPARTMENTS[_language(session.get_one(ComplaintRow, case.id))]


def _language(row: ComplaintRow) -> str:
    """The complainant's language; French for who was registered in one that letters are not written in."""
    return row.language if row.language in LANGUAGES else "fr"


def _last_validator(session: Session, letter: LetterRow) -> UUID | None:
    return session.scalar(
        select(Approval.person_id)
        .where(Approval.case_id == letter.case_id, Approval.version == letter.version)
        .order_by(Approval.link.desc())
        .limit(1)
    )


def _answer_due_on(session: Session, case_id: UUID) -> date:
    return session.scalars(
        select(DeadlineRow.due_on)
        .where(DeadlineRow.case_id == case_id, DeadlineRow.name == "answer")
        .order_by(DeadlineRow.generation.desc())
        .limit(1)
    ).one()


def _answer(session: Session, letter: LetterRow) -> AnswerFacts | None:
    return _answer_facts(_content(session, letter.case_id, letter.version)) if letter.version is not None else None


def _content(session: Session, case_id: UUID, version: int) -> AnswerContent:
    return AnswerContent.model_validate(session.get_one(AnswerVersionRow, (case_id, version)).content)


def _answer_facts(said: AnswerContent) -> AnswerFacts:
    return AnswerFacts(
        asked=said.asked,
        found=said.found,
        decision=said.decision,
        reasons=said.reasons,
        next_steps=said.next_steps,
        compensation_cents=said.compensation_cents,
        apology=said.apology,
    )


_DEPARTMENTS = {"fr": "Service réclamations", "en": "Complaints department"}
