"""What a letter says: the facts of its case, ready for the template."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AnswerVersionRow, Approval, Case, ComplaintRow, DeadlineRow, LetterRow, StaffMember
from db.vault import about_letter, case_cipher
from domain.civil import local_date
from domain.complaint.commands import AnswerContent
from domain.letters import Addressee, AnswerFacts, Handler, HoldingReason, LetterFacts, LetterKind, Signatory
from domain.policy import PolicyBook
from keys.sealing import Cipher, unseal


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
    return _opened(_cipher(session, letter), letter, "pdf", letter.pdf)


def message_of(session: Session, letter: LetterRow) -> bytes | None:
    """The whole e-mail as it left; None where it leaves by post. Raises Erased, KeysError, BrokenSealError."""
    return _opened(_cipher(session, letter), letter, "message", letter.message) if letter.message is not None else None


def pdf_and_message_of(session: Session, letter: LetterRow) -> tuple[bytes, bytes | None]:
    """Both of them, by one look at the case's key. Raises Erased, KeysError, BrokenSealError."""
    assert letter.pdf is not None
    cipher = _cipher(session, letter)
    message = _opened(cipher, letter, "message", letter.message) if letter.message is not None else None
    return _opened(cipher, letter, "pdf", letter.pdf), message


def _cipher(session: Session, letter: LetterRow) -> Cipher | None:
    """What opens it. What is older than the cases' keys lies there in clear."""
    return case_cipher(session, letter.case_id) if letter.sealed else None


def _opened(cipher: Cipher | None, letter: LetterRow, column: str, kept: bytes) -> bytes:
    return unseal(cipher, kept, about_letter(letter.id, column)) if cipher is not None else kept


def wording(session: Session, letter_id: UUID, at: datetime, book: PolicyBook) -> Wording:
    """Everything that the letter says, dated the day of `at` where the insurer is."""
    wanted = (
        select(LetterRow, Case, ComplaintRow)
        .join(Case, Case.id == LetterRow.case_id)
        .join(ComplaintRow, ComplaintRow.case_id == Case.id)
    )
    letter, case, row = session.execute(wanted.where(LetterRow.id == letter_id)).one()
    facts = LetterFacts(
        insurer=book.insurer.letterhead,
        mediator=book.insurer.mediator,
        addressee=Addressee(name=letter.recipient, address_lines=tuple(letter.address), email=letter.email),
        handler=_handler(session, case, book),
        signatory=_signatory(session, case, letter, book),
        reference=case.reference,
        dated=local_date(at, book.version(case.policy).complaint.zone),
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
