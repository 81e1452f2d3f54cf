"""What a letter of a claim says: the facts of its case, ready for the template."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    Case,
    ClaimApproval,
    ClaimDecision,
    ClaimDocument,
    ClaimRow,
    DeadlineRow,
    DocumentRequest,
    LetterRow,
    Member,
    MemberIban,
    StaffMember,
)
from db.queries.delay_letter import delay_of
from domain.civil import local_date
from domain.claim.letters import BY_VERDICT, SHOWN_OF_AN_IBAN, ClaimLetterFacts, DecisionFacts, DocumentsFacts
from domain.claim.words import (
    CareCategory,
    ClaimDeadline,
    ClaimKind,
    ClaimLetter,
    DocumentKind,
    DocumentsRung,
    Verdict,
)
from domain.letters import LANGUAGES, Addressee, Handler, Signatory, Wording
from domain.outgoing import Dispatch
from domain.policy import PolicyBook


def wording(session: Session, letter: LetterRow, case: Case, at: datetime, book: PolicyBook) -> Wording:
    """Everything that the letter says, dated the day of `at` where the insurer is, in the member's language."""
    claim, member = _claim_of(session, case)
    kind, zone = ClaimLetter(letter.kind), _zone(case, book)
    desk = _desk(_language(member), book)
    facts = _facts(
        case,
        claim,
        book,
        desk,
        addressee=Addressee(name=letter.recipient, address_lines=tuple(letter.address), email=letter.email),
        dated=local_date(at, zone),
        signatory=_signatory(session, letter, kind, desk, book),
        **_spoken_of(session, letter, claim, kind, _language(member), zone),
    )
    return _worded(case, member, kind, letter.dispatch, facts, book)


def _spoken_of(
    session: Session, letter: LetterRow, claim: ClaimRow, kind: ClaimLetter, language: str, zone: str
) -> dict[str, Any]:
    """The decision, the delay or the documents, whichever the letter is about."""
    if kind in BY_VERDICT.values():
        return _decided(session, letter, claim)
    if kind is ClaimLetter.DELAY_NOTICE:
        return {"delay": delay_of(session, letter, language)}
    return {"documents": _documents(session, letter, kind, zone)}


def draft_wording(
    session: Session,
    case: Case,
    verdict: Verdict,
    decision: DecisionFacts,
    signing: StaffMember | None,
    at: datetime,
    book: PolicyBook,
) -> Wording:
    """Everything that the letter of this decision would say, if it were made at that instant.

    `signing` is who would be the last controller, None where several can.
    """
    claim, member = _claim_of(session, case)
    facts = _facts(
        case,
        claim,
        book,
        _desk(_language(member), book),
        addressee=Addressee(name=member.name, address_lines=tuple(member.address), email=member.email),
        dated=local_date(at, _zone(case, book)),
        signatory=_signing(signing) if signing else Signatory(name="", title=""),
        decision=decision,
        account_end=_account_end(session, claim, None),
    )
    dispatch = Dispatch.EMAIL if member.email else Dispatch.POST
    return _worded(case, member, BY_VERDICT[verdict], dispatch, facts, book)


def _worded(
    case: Case, member: Member, kind: ClaimLetter, dispatch: str, facts: ClaimLetterFacts, book: PolicyBook
) -> Wording:
    return Wording(
        kind=kind,
        language=_language(member),
        dispatch=dispatch,
        mandatory=book.version(case.policy).claim.mandatory_paragraphs(kind),
        facts=facts,
    )


def _claim_of(session: Session, case: Case) -> tuple[ClaimRow, Member]:
    wanted = select(ClaimRow, Member).join(Member, Member.number == ClaimRow.member_number)
    claim, member = session.execute(wanted.where(ClaimRow.case_id == case.id)).one()
    return claim, member


def _facts(case: Case, claim: ClaimRow, book: PolicyBook, desk: Handler, **said: Any) -> ClaimLetterFacts:
    """A member who answers does so to the desk for claims, a complaint goes to where complaints are received."""
    letterhead = book.insurer.letterhead
    return ClaimLetterFacts(
        insurer=replace(letterhead, phone=desk.phone, email=book.insurer.claims_desk.email),
        mediator=book.insurer.mediator,
        handler=desk,
        reference=case.reference,
        category=CareCategory(claim.category),
        claim_kind=ClaimKind(claim.kind),
        care_on=claim.care_on,
        received_on=claim.received_on,
        asked_cents=claim.amount_cents,
        complaints_email=letterhead.email,
        lapses_after_months=book.version(case.policy).claim.intake.oldest_care.months,
        **said,
    )


def _desk(language: str, book: PolicyBook) -> Handler:
    desk = book.insurer.claims_desk
    return Handler(name=getattr(desk.department, language), phone=desk.phone)


def _language(member: Member) -> str:
    """The member's language; French for who is registered in one that letters are not written in."""
    return member.language if member.language in LANGUAGES else "fr"


def _zone(case: Case, book: PolicyBook) -> str:
    return book.version(case.policy).office.zone


def _signatory(session: Session, letter: LetterRow, kind: ClaimLetter, desk: Handler, book: PolicyBook) -> Signatory:
    """Who asks for documents signs the request, the last controller the decision, nobody what a deadline sends."""
    if kind.automatic:
        return Signatory(name=desk.name, title=book.insurer.letterhead.name)
    asking = kind is ClaimLetter.DOCUMENTS_REQUEST
    signing = _request(session, letter).asked_by if asking else _last_controller(session, letter)
    return _signing(session.get_one(StaffMember, signing))


def _signing(person: StaffMember) -> Signatory:
    return Signatory(name=person.name, title=person.title)


def _last_controller(session: Session, letter: LetterRow) -> UUID:
    return session.scalars(
        select(ClaimApproval.person_id)
        .where(ClaimApproval.case_id == letter.case_id, ClaimApproval.version == letter.version)
        .order_by(ClaimApproval.link.desc())
        .limit(1)
    ).one()


def _decided(session: Session, letter: LetterRow, claim: ClaimRow) -> dict[str, Any]:
    """The version of the decision that the letter carries, and the account that it was taken for."""
    decision = session.get_one(ClaimDecision, (letter.case_id, letter.version))
    return {
        "decision": DecisionFacts(decided_cents=decision.amount_cents, reasons=decision.reason or ""),
        "account_end": _account_end(session, claim, decision.iban_hash),
    }


def _account_end(session: Session, claim: ClaimRow, decided_for: bytes | None) -> str | None:
    """The end of the account that the decision was taken for, by its hash; without one, of the account in force."""
    known = select(MemberIban.iban).where(MemberIban.member_number == claim.member_number)
    is_it = MemberIban.until_at.is_(None) if decided_for is None else MemberIban.iban_hash == decided_for
    iban = session.scalar(known.where(is_it).limit(1))
    if iban is None and decided_for in (None, claim.iban_hash):
        iban = claim.iban
    return iban[-SHOWN_OF_AN_IBAN:] if iban else None


def _documents(session: Session, letter: LetterRow, kind: ClaimLetter, zone: str) -> DocumentsFacts:
    """What was asked for; what has come since is no longer asked for by a reminder, or by the notice of the end."""
    request = _request(session, letter)
    came = set() if kind is ClaimLetter.DOCUMENTS_REQUEST else _came(session, letter, request)
    return DocumentsFacts(
        kinds=tuple(DocumentKind(one) for one in request.kinds if one not in came),
        asked_on=local_date(request.asked_at, zone),
        answer_by=_answer_by(session, letter),
        note=request.note or "",
        reminder=DocumentsRung(letter.reason) if letter.reason else None,
    )


def _request(session: Session, letter: LetterRow) -> DocumentRequest:
    """The last request before the letter, which is one with it where the letter is the request."""
    return session.scalars(
        select(DocumentRequest)
        .where(DocumentRequest.case_id == letter.case_id, DocumentRequest.asked_at <= letter.requested_at)
        .order_by(DocumentRequest.asked_at.desc())
        .limit(1)
    ).one()


def _came(session: Session, letter: LetterRow, request: DocumentRequest) -> set[str]:
    since = ClaimDocument.added_at.between(request.asked_at, letter.requested_at)
    return set(session.scalars(select(ClaimDocument.kind).where(ClaimDocument.case_id == letter.case_id, since)))


def _answer_by(session: Session, letter: LetterRow) -> date:
    return session.scalars(
        select(DeadlineRow.due_on).where(
            DeadlineRow.case_id == letter.case_id,
            DeadlineRow.name == ClaimDeadline.DOCUMENTS,
            DeadlineRow.generation == letter.version,
        )
    ).one()
