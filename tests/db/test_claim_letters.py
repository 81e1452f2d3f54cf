"""What a letter of a claim says is what the register knows: no more of the member's care, and in their language."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from json import dumps
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from activities.letters import Letters
from db.commands.claim_intake import command_of, register_claim
from db.commands.command import Ask
from db.models import Case, LetterRow, Member
from db.queries.claim_preview import in_progress, to_confirm
from db.queries.letter import message_of, pdf_of, wording
from domain.claim.commands import AskDocuments, Confirm, Decide, DecisionInProgress
from domain.claim.intake import ClaimIntake
from domain.claim.letters import ClaimLetterFacts
from domain.claim.words import ClaimLetter, ClaimTask, DocumentKind, DocumentsRung, Verdict
from domain.commands import CommandRef, CommandStatus
from domain.letters import Wording
from domain.outgoing import LetterToSend
from domain.refusals import FourEyes, NotYourTask, WrongStep
from letters.rendering import compose, to_text
from local.demo_staff import person_id
from tests.conftest import Ask as AskServers
from tests.factories import bodies
from tests.factories.complaints import ACCOUNTANT, MANAGER, OTHER_MANAGER, REFERENT, TODAY
from tests.factories.insured import PROVIDERS, insure, pay_to, provide
from tests.factories.reference import an_iban
from tests.factories.register import Desk, open_desk
from tests.letters.pdf import text_of
from tests.servers import INSURER, fresh_database

FRONT_DESK = "malo.quere"
ACCOUNT, OTHER_ACCOUNT = an_iban(42), an_iban(43)
REASON = "Le plafond annuel de votre garantie est atteint."


@pytest.fixture(scope="module")
def desk(postgres: str, ask: AskServers) -> Iterator[Desk]:
    """A desk before a register in which member 42 is insured, and somebody gives care of every category."""
    with fresh_database(ask("insurer").open(), INSURER) as url, open_desk(url) as desk:
        with desk.sessions.begin() as session:
            provide(session)
            insure(session, 42)
        yield desk


@pytest.fixture(autouse=True)
def noon(desk: Desk) -> Iterator[None]:
    """Each test begins at the same instant."""
    at = desk.at
    yield
    desk.at = at


def enters(desk: Desk, **changes: Any) -> UUID:
    """A claim of its own each time, under control; its case."""
    body = bodies.a_claim(TODAY, **{"act": f"ACTE-{uuid4().hex[:8].upper()}"} | changes)
    intake = ClaimIntake.model_validate_json(dumps(body))
    asked = Ask("register", intake.model_dump(mode="json"), f"key {next(desk.keys)}")
    with desk.sessions.begin() as session:
        row = register_claim(session, intake, asked, desk.actor(FRONT_DESK), desk.at, desk.book)
        assert row.case_id is not None
        command = CommandRef(command_of(session, row), row.case_id, "register")
    assert desk.settle(command).status is CommandStatus.APPLIED
    return command.case_id


def decides(desk: Desk, case_id: UUID, verdict: Verdict = Verdict.REFUSE, **said: Any) -> None:
    """The first controller decides, whatever the checks have said."""
    items = desk.book.in_force_on(TODAY).claim.checklists["hearing"].items  # type: ignore[index]
    said = {"reason": None if verdict is Verdict.PAY else REASON, "override_reason": "Vu.", **said}
    checklist = [{"item": item.id, "answer": "ok"} for item in items]
    applies(
        desk, case_id, REFERENT, Decide.model_validate({"decision": verdict, "checklist": checklist, **said}), "control"
    )


def applies(desk: Desk, case_id: UUID, login: str, body: Any, task: str | None, kind: str = "") -> None:
    """Somebody does something, and it is applied."""
    told = desk.do(case_id, login, body, task, kind)
    assert told.status is CommandStatus.APPLIED, told


def system(desk: Desk, case_id: UUID, kind: str, **body: Any) -> None:
    """The system itself does something, and it is applied."""
    told = desk.settle(desk.machine(case_id, kind, f"{kind} {next(desk.keys)}", **body))
    assert told.status is CommandStatus.APPLIED, told


def is_paid(desk: Desk, case_id: UUID) -> None:
    """The bank has paid what was decided."""
    line = uuid4()
    system(desk, case_id, "instruct", payment_id=uuid4(), instruction_id=line)
    system(desk, case_id, "record_payment", instruction_id=line)


def asks(desk: Desk, case_id: UUID, *kinds: DocumentKind, note: str | None = None) -> None:
    """The first controller asks the member for documents."""
    applies(desk, case_id, REFERENT, AskDocuments(documents=kinds, note=note), "control")


def days_later(desk: Desk, case_id: UUID, days: int) -> None:
    """So many days after the request: whatever rung is due fires."""
    desk.at = desk.at + timedelta(days=days)
    system(desk, case_id, "remind", deadline="documents", generation=1)


def newest(desk: Desk, case_id: UUID) -> LetterRow:
    """The letter that was asked for last."""
    with desk.sessions() as session:
        letters = select(LetterRow).where(LetterRow.case_id == case_id)
        return session.scalars(letters.order_by(LetterRow.requested_at.desc(), LetterRow.id.desc()).limit(1)).one()


def words_of(desk: Desk, case_id: UUID) -> Wording:
    """What the newest letter of the case says."""
    with desk.sessions() as session:
        return wording(session, newest(desk, case_id).id, desk.at, desk.book)


def facts_of(words: Wording) -> ClaimLetterFacts:
    """The facts, which are those of a claim."""
    assert isinstance(words.facts, ClaimLetterFacts)
    return words.facts


@contextmanager
def member(desk: Desk, **changes: Any) -> Iterator[None]:
    """Member 42 is otherwise for a while."""
    with desk.sessions.begin() as session:
        row = session.get_one(Member, "M0000042")
        before = {name: getattr(row, name) for name in changes}
        for name, value in changes.items():
            setattr(row, name, value)
    yield
    with desk.sessions.begin() as session:
        for name, value in before.items():
            setattr(session.get_one(Member, "M0000042"), name, value)


def test_a_refusal_tells_the_reason_and_is_signed_by_whoever_decided(desk: Desk) -> None:
    case_id = enters(desk)
    decides(desk, case_id)
    words = words_of(desk, case_id)
    facts = facts_of(words)
    assert words.kind is ClaimLetter.CLAIM_REFUSED
    assert words.mandatory == ("request", "decision", "reasons", "mediator", "recourse")
    assert facts.decision is not None
    assert (facts.decision.decided_cents, facts.decision.reasons) == (0, REASON)
    assert (facts.asked_cents, facts.care_on, facts.received_on) == (150_000, TODAY - timedelta(days=7), TODAY)
    assert facts.signatory.name == "Mme Gwenola Prigent"
    assert facts.handler.name == "Service prestations"
    assert facts.insurer.email.startswith("prestations@")
    assert facts.complaints_email.startswith("reclamations@")


def test_a_letter_says_neither_act_nor_provider_nor_account(desk: Desk) -> None:
    case_id = enters(desk, act="IMPLANT-COCHLEAIRE")
    decides(desk, case_id, Verdict.PAY_CORRECTED, amount_cents=98_000)
    is_paid(desk, case_id)
    words = words_of(desk, case_id)
    said = to_text(compose(words.kind, words.language, words.facts))
    assert words.kind is ClaimLetter.CLAIM_CORRECTED
    assert f"l’IBAN se termine par {ACCOUNT[-4:]}." in said
    for untold in ("COCHLEAIRE", PROVIDERS["hearing"], "Cabinet", ACCOUNT, ACCOUNT[-5:], "C0000042", "M0000042"):  # type: ignore[index]
        assert untold not in said


def test_what_is_paid_is_told_once_it_is_paid(desk: Desk) -> None:
    case_id = enters(desk)
    decides(desk, case_id, Verdict.PAY)
    with desk.sessions() as session:
        assert session.scalars(select(LetterRow).where(LetterRow.case_id == case_id)).all() == []
    is_paid(desk, case_id)
    words = words_of(desk, case_id)
    assert words.kind is ClaimLetter.CLAIM_PAID
    decision = facts_of(words).decision
    assert decision is not None
    assert decision.decided_cents == 150_000


def test_of_two_controllers_the_last_one_signs(desk: Desk) -> None:
    case_id = enters(desk, amount_cents=600_000)
    decides(desk, case_id)
    task = desk.task(case_id, ClaimTask.CONFIRM)
    applies(desk, case_id, MANAGER, Confirm(decision_hash=task.detail["decision_hash"]), "confirm")
    assert facts_of(words_of(desk, case_id)).signatory.name == "Mme Anne Le Goff"


def test_the_account_that_is_told_is_the_one_that_the_decision_was_taken_for(desk: Desk) -> None:
    case_id = enters(desk)
    decides(desk, case_id, Verdict.PAY)
    is_paid(desk, case_id)
    with desk.sessions.begin() as session:
        pay_to(session, "M0000042", OTHER_ACCOUNT, desk.at + timedelta(days=1))
    assert facts_of(words_of(desk, case_id)).account_end == ACCOUNT[-4:]
    with desk.sessions.begin() as session:
        pay_to(session, "M0000042", ACCOUNT, desk.at + timedelta(days=2))


def test_a_request_asks_for_everything_and_is_signed_by_whoever_asks(desk: Desk) -> None:
    case_id = enters(desk)
    asks(desk, case_id, DocumentKind.INVOICE, DocumentKind.PRESCRIPTION, note="La facture est coupée.")
    words = words_of(desk, case_id)
    facts = facts_of(words)
    assert words.kind is ClaimLetter.DOCUMENTS_REQUEST
    assert facts.documents is not None
    assert facts.documents.kinds == (DocumentKind.INVOICE, DocumentKind.PRESCRIPTION)
    assert (facts.documents.note, facts.documents.reminder) == ("La facture est coupée.", None)
    assert (facts.documents.asked_on, facts.documents.answer_by) == (TODAY, TODAY + timedelta(days=60))
    assert facts.signatory.name == "Mme Gwenola Prigent"


def test_reminders_say_which_they_are_and_the_end_says_that_it_is_the_end(desk: Desk) -> None:
    case_id = enters(desk)
    asks(desk, case_id, DocumentKind.INVOICE)
    for days, kind, rung in (
        (10, ClaimLetter.DOCUMENTS_REMINDER, DocumentsRung.FIRST_REMINDER),
        (10, ClaimLetter.DOCUMENTS_REMINDER, DocumentsRung.SECOND_REMINDER),
        (41, ClaimLetter.CLAIM_CLOSED, None),
    ):
        days_later(desk, case_id, days)
        words = words_of(desk, case_id)
        facts = facts_of(words)
        assert words.kind is kind
        assert facts.documents is not None
        assert (facts.documents.reminder, facts.documents.asked_on) == (rung, TODAY)
        assert facts.documents.answer_by == TODAY + timedelta(days=60)
        assert (facts.signatory.name, facts.lapses_after_months) == ("Service prestations", 24)
    assert facts.dated == TODAY + timedelta(days=61)


def test_what_has_come_is_not_asked_for_again(desk: Desk) -> None:
    case_id = enters(desk)
    asks(desk, case_id, DocumentKind.INVOICE, DocumentKind.PRESCRIPTION)
    desk.at = desk.at + timedelta(days=1)
    desk.sql(
        "INSERT INTO claim_documents (id, case_id, kind, name, version, media_type, size, sha256, content, added_by,"
        " added_at) VALUES (:id, :case, 'invoice', 'f.pdf', 1, 'application/pdf', 1, 'x', '\\x00', :by, :at)",
        id=uuid4(),
        case=case_id,
        by=person_id(FRONT_DESK),
        at=desk.at,
    )
    assert facts_documents(desk, case_id) == (DocumentKind.INVOICE, DocumentKind.PRESCRIPTION)
    days_later(desk, case_id, 9)
    assert facts_documents(desk, case_id) == (DocumentKind.PRESCRIPTION,)


def facts_documents(desk: Desk, case_id: UUID) -> tuple[DocumentKind, ...]:
    """What the newest letter asks for."""
    documents = facts_of(words_of(desk, case_id)).documents
    assert documents is not None
    return documents.kinds


@pytest.mark.parametrize(
    ("language", "spoken", "department"),
    [("fr", "fr", "Service prestations"), ("en", "en", "Benefits department"), ("de", "fr", "Service prestations")],
)
def test_the_member_is_written_to_in_their_language(desk: Desk, language: str, spoken: str, department: str) -> None:
    case_id = enters(desk)
    with member(desk, language=language):
        decides(desk, case_id)
        words = words_of(desk, case_id)
    assert (words.language, words.facts.handler.name) == (spoken, department)


@pytest.mark.parametrize(("email", "dispatch"), [("odette@courriel.example", "email"), (None, "post")])
def test_by_e_mail_where_one_is_known_else_by_post(desk: Desk, email: str | None, dispatch: str) -> None:
    case_id = enters(desk)
    address = ["8 rue du Four", "29200 Brest"]
    with member(desk, email=email, address=address, name="Mme Odette Vasseur"):
        decides(desk, case_id)
    words = words_of(desk, case_id)
    assert words.dispatch == dispatch
    assert (words.facts.addressee.name, words.facts.addressee.email) == ("Mme Odette Vasseur", email)
    assert words.facts.addressee.address_lines == tuple(address)


def test_the_letter_is_made_kept_and_mailed_by_what_makes_every_letter(desk: Desk) -> None:
    case_id = enters(desk)
    with member(desk, email="odette@courriel.example"):
        decides(desk, case_id)
    letter = newest(desk, case_id)
    Letters(desk.sessions, desk.book).produce_letter(LetterToSend(letter.id, 1, desk.at))
    with desk.sessions() as session:
        kept = session.get_one(LetterRow, letter.id)
        message = message_of(session, kept)
        assert REASON in text_of(pdf_of(session, kept))
    assert message is not None
    assert b"prestations@mutuelle-des-embruns.example" in message
    assert b"Auto-Submitted" not in message


# Previews.


def preview(desk: Desk, case_id: UUID, login: str = REFERENT, **said: Any) -> ClaimLetterFacts:
    """What the letter of a decision in progress would say."""
    written = DecisionInProgress.model_validate({"decision": Verdict.REFUSE, **said})
    with desk.sessions() as session:
        case = session.get_one(Case, case_id)
        return facts_of(in_progress(session, case, written, desk.actor(login), desk.at, desk.book))


def confirming(desk: Desk, case_id: UUID, login: str) -> ClaimLetterFacts:
    """What the letter of the decision that waits to be confirmed would say."""
    with desk.sessions() as session:
        case = session.get_one(Case, case_id)
        return facts_of(to_confirm(session, case, desk.actor(login), desk.at, desk.book))


def test_the_preview_says_what_the_letter_says(desk: Desk) -> None:
    case_id = enters(desk)
    shown = preview(desk, case_id, reason=REASON)
    decides(desk, case_id)
    left = facts_of(words_of(desk, case_id))
    assert replace(shown, account_end=left.account_end) == left


def test_where_two_decide_the_second_one_signs_who_has_claimed_it_or_alone_can(desk: Desk) -> None:
    case_id = enters(desk, amount_cents=600_000)
    assert preview(desk, case_id).signatory.name == "Mme Anne Le Goff"
    decides(desk, case_id)
    before = confirming(desk, case_id, MANAGER)
    assert before.decision is not None
    assert before.decision.reasons == REASON
    desk.sql(
        "UPDATE tasks SET claimed_by = :by, claimed_at = :at WHERE case_id = :id AND kind = 'confirm'",
        by=person_id(MANAGER),
        at=desk.at,
        id=case_id,
    )
    assert confirming(desk, case_id, MANAGER).signatory.name == "Mme Anne Le Goff"


def test_whoever_may_not_control_sees_no_preview(desk: Desk) -> None:
    case_id = enters(desk, amount_cents=600_000)
    for login in (ACCOUNTANT, OTHER_MANAGER, FRONT_DESK):
        with pytest.raises((NotYourTask, FourEyes)):
            preview(desk, case_id, login)
    decides(desk, case_id)
    for login in (REFERENT, FRONT_DESK, ACCOUNTANT):
        with pytest.raises((NotYourTask, FourEyes)):
            confirming(desk, case_id, login)


def test_a_preview_is_of_the_step_at_hand(desk: Desk) -> None:
    case_id = enters(desk, amount_cents=600_000)
    with pytest.raises(WrongStep, match="waits to be confirmed"):
        confirming(desk, case_id, MANAGER)
    decides(desk, case_id)
    with pytest.raises(WrongStep, match="waits to be taken"):
        preview(desk, case_id)
