"""What a letter says: the facts of its case, ready for the template."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AnswerVersionRow, Approval, Case, ComplaintRow, DeadlineRow, LetterRow, StaffMember
from db.vault import about_letter, case_cipher
from domain.complaint.commands import AnswerContent
from domain.letters import Addressee, AnswerFacts, Handler, HoldingReason, LetterFacts, LetterKind, Signatory
from domain.policy import PolicyBook
from keys.sealing import unseal


@dataclass(frozen=True)
class Wording:
    """A letter that is to be made: what it is, in which language, and what it speaks of."""

    kind: LetterKind
    language: str
    dispatch: str
    policy: str
    facts: LetterFacts


def pdf_of(session: Session, letter: LetterRow) -> bytes:
    """The PDF of a letter that has been made, as it left. Raises Erased, KeysError, BrokenSealError."""
    assert letter.pdf is not None
    return _opened(session, letter, "pdf", letter.pdf)


def message_of(session: Session, letter: LetterRow) -> bytes | None:
    """The whole e-mail as it left; None where it leaves by post. Raises Erased, KeysError, BrokenSealError."""
    return _opened(session, letter, "message", letter.message) if letter.message is not None else None


def _opened(session: Session, letter: LetterRow, column: str, kept: bytes) -> bytes:
    """What is older than the cases' keys lies there in clear."""
    if not letter.sealed:
        return kept
    return unseal(case_cipher(session, letter.case_id), kept, about_letter(letter.id, column))


def case_of(session: Session, letter_id: UUID) -> Case:
    """The case that a letter belongs to."""
    return session.scalars(
        select(Case).join(LetterRow, LetterRow.case_id == Case.id).where(LetterRow.id == letter_id)
    ).one()


def wording(session: Session, letter_id: UUID, dated: date, book: PolicyBook) -> Wording:
    """Everything that the letter says, dated `dated`."""
    letter = session.get_one(LetterRow, letter_id)
    case = session.get_one(Case, letter.case_id)
    row = session.get_one(ComplaintRow, case.id)
    facts = LetterFacts(
        insurer=book.insurer.letterhead,
        mediator=book.insurer.mediator,
        addressee=Addressee(name=letter.recipient, address_lines=tuple(letter.address), email=letter.email),
        handler=_handler(session, case, book),
        signatory=_signatory(session, case, letter, book),
        reference=case.reference,
        dated=dated,
        sent_on=row.sent_on,
        received_on=row.received_on,
        answer_due_on=_answer_due_on(session, case.id),
        answer=_answer(session, letter),
        holding_reason=HoldingReason(letter.reason) if letter.reason else None,
    )
    return Wording(LetterKind(letter.kind), "fr", letter.dispatch, case.policy, facts)


def _handler(session: Session, case: Case, book: PolicyBook) -> Handler:
    if case.owner_id is None:
        return Handler(name="Service réclamations", phone=book.insurer.letterhead.phone)
    owner = session.get_one(StaffMember, case.owner_id)
    return Handler(name=owner.name, phone=owner.phone)


def _signatory(session: Session, case: Case, letter: LetterRow, book: PolicyBook) -> Signatory:
    """The handler signs an acknowledgement, the last validator an answer. Source: procedures, section 1 step 7"""
    signing = case.owner_id if letter.version is None else _last_validator(session, letter)
    if signing is None:
        return Signatory(name="Service réclamations", title=book.insurer.letterhead.name)
    person = session.get_one(StaffMember, signing)
    return Signatory(name=person.name, title=person.title)


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
    if letter.version is None:
        return None
    version = session.get_one(AnswerVersionRow, (letter.case_id, letter.version))
    said = AnswerContent.model_validate(version.content)
    return AnswerFacts(
        asked=said.asked,
        found=said.found,
        decision=said.decision,
        reasons=said.reasons,
        next_steps=said.next_steps,
        compensation_cents=said.compensation_cents,
        apology=said.apology,
    )
