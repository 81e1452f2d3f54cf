"""A command on a claim is decided once, in one transaction: what it changes in the register, or nothing at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from db.commands.administration import Act
from db.commands.claim_document import Document, keep_document
from db.commands.command import Ask
from db.commands.reference.ibans import NewIban, change_iban
from db.models import Case, ClaimDocument, DeadlineRow, DocumentRequest, Pause
from db.queries.cases import visible
from db.queries.claim import claim
from domain.claim.checks import stops
from domain.claim.commands import AddDocument, StopWaiting
from domain.claim.states import ClaimState
from domain.claim.words import ChangedThrough, CheckName, DocumentKind
from domain.commands import CommandRef, CommandStatus, MachineCommand
from tests.factories.claim_desk import (
    COLLEAGUE,
    FOR_TWO,
    HANDLER,
    MANAGER,
    REFERENT,
    a_claim_at,
    a_decision,
    ask_documents,
    confirm,
    decide,
    enter_claim,
    registered,
    the_claim,
)
from tests.factories.insured import employs, insure
from tests.factories.reference import an_iban
from tests.factories.register import KINDS_OF_REFUSAL, Desk, refusing
from tests.factories.uploads import A_PDF

APPLIED, REFUSED, RECEIVED = CommandStatus.APPLIED, CommandStatus.REFUSED, CommandStatus.RECEIVED
AT_ONCE = 20


def journal(desk: Desk, case_id: UUID) -> list[str]:
    return [event for (event,) in desk.sql("SELECT event FROM journal WHERE case_id = :id ORDER BY line", id=case_id)]


def deadlines(desk: Desk, case_id: UUID, name: str = "decision") -> list[DeadlineRow]:
    with desk.sessions() as session:
        wanted = select(DeadlineRow).where(DeadlineRow.case_id == case_id, DeadlineRow.name == name)
        return list(session.scalars(wanted.order_by(DeadlineRow.generation)))


def add(desk: Desk, case_id: UUID, kind: DocumentKind, name: str = "ordonnance.pdf") -> CommandStatus:
    """A document comes in, as the API keeps it: with its command."""
    body = AddDocument(kind=kind, name=name, sha256="0" * 64)
    command = desk.give(case_id, COLLEAGUE, body, None, "add_document")
    with desk.sessions.begin() as session:
        told = Document(kind, name, "application/pdf", "0" * 64, A_PDF, desk.actor(COLLEAGUE).id)
        keep_document(session, case_id, command.id, told)
    return desk.settle(command).status


# Once, and whole.


def test_settled_by_twenty_at_once_a_decision_is_taken_once(desk: Desk) -> None:
    case_id = enter_claim(desk)
    command = desk.give(case_id, REFERENT, a_decision(desk), "control")
    with ThreadPoolExecutor(AT_ONCE) as threads:
        outcomes = list(threads.map(desk.settle, [command] * AT_ONCE))
    assert {outcome.status for outcome in outcomes} == {APPLIED}
    events = ["TaskCompleted", "DecisionTaken", "DecisionApproved", "ClaimDecided", "DeadlineMet", "StateReached"]
    assert journal(desk, case_id)[-len(events) :] == events
    assert (the_claim(desk, case_id).state, the_claim(desk, case_id).payable_cents) == ("payable", 150_000)


@pytest.mark.parametrize("table", ["claim_decisions", "claim_approvals", "claims"])
@pytest.mark.parametrize("how", ["a rule of ours", "a plain exception"])
def test_a_decision_that_the_database_refuses_changes_nothing(desk: Desk, table: str, how: str) -> None:
    case_id = enter_claim(desk)
    command = desk.give(case_id, REFERENT, a_decision(desk), "control")
    known = desk.everything(but=frozenset({"commands", "journal"}))
    event = "UPDATE" if table == "claims" else "INSERT"
    with refusing(desk, case_id, table, KINDS_OF_REFUSAL[how], event=event):
        outcome = desk.settle(command)
    assert (outcome.status, outcome.code) == (REFUSED, "refused_by_register")
    assert outcome.position.state is ClaimState.IN_CONTROL
    assert desk.everything(but=frozenset({"commands", "journal"})) == known
    assert decide(desk, case_id).position.state is ClaimState.PAYABLE


def test_a_rule_s_refusal_changes_nothing(desk: Desk) -> None:
    case_id = enter_claim(desk)
    known = desk.everything(but=frozenset({"commands", "journal"}))
    for login, code in ((HANDLER, "four_eyes"), (COLLEAGUE, "not_your_task"), (MANAGER, "not_your_task")):
        assert decide(desk, case_id, login).code == code
    assert decide(desk, case_id, amount_cents=1).code == "invalid"
    assert desk.everything(but=frozenset({"commands", "journal"})) == known


def test_the_claim_follows_its_case_through_every_state(desk: Desk) -> None:
    case_id = registered(desk, amount_cents=FOR_TWO).case_id
    assert the_claim(desk, case_id).state == "registered"
    for state in ("in_control", "awaiting_documents", "confirming", "payable", "refused"):
        assert the_claim(desk, a_claim_at(desk, state)).state == state


# Documents, and the clock.


def test_the_clock_stands_still_while_documents_are_awaited_and_goes_on_with_what_was_left(desk: Desk) -> None:
    came = desk.at
    try:
        case_id = enter_claim(desk)  # Monday 23 November, due on Monday 30
        desk.at = came + timedelta(days=2)
        assert ask_documents(desk, case_id, DocumentKind.PRESCRIPTION, DocumentKind.INVOICE).status is APPLIED
        assert [one.cancelled_at is not None for one in deadlines(desk, case_id)] == [True]
        [documents] = deadlines(desk, case_id, "documents")
        assert (documents.due_on - desk.at.date()).days == 60
        desk.at = came + timedelta(days=8)
        assert add(desk, case_id, DocumentKind.RECEIPT) is APPLIED, "not one that was asked for"
        assert add(desk, case_id, DocumentKind.INVOICE) is APPLIED
        assert desk.state(case_id) == "awaiting_documents"
        assert add(desk, case_id, DocumentKind.PRESCRIPTION) is APPLIED
        assert desk.state(case_id) == "in_control"
        goes_on = deadlines(desk, case_id)[-1]
        assert (goes_on.generation, goes_on.due_on.isoformat()) == (2, "2026-12-04")
        with desk.sessions() as session:
            [pause] = session.scalars(select(Pause).where(Pause.case_id == case_id))
            [request] = session.scalars(select(DocumentRequest).where(DocumentRequest.case_id == case_id))
        assert (pause.from_at, pause.until_at) == (came + timedelta(days=2), desk.at)
        assert (request.kinds, request.ended_at) == (["invoice", "prescription"], desk.at)
    finally:
        desk.at = came


def test_a_document_is_the_claim_s_once_its_command_is_carried_out(desk: Desk) -> None:
    case_id = a_claim_at(desk, "in_control")
    for name in ("a.pdf", "a.pdf", "b.pdf"):
        assert add(desk, case_id, DocumentKind.INVOICE, name) is APPLIED
    ended = a_claim_at(desk, "refused")
    assert add(desk, ended, DocumentKind.INVOICE) is REFUSED
    with desk.sessions() as session:
        rows = session.scalars(select(ClaimDocument).where(ClaimDocument.case_id.in_([case_id, ended]))).all()
    assert sorted((row.name, row.version) for row in rows if row.version) == [("a.pdf", 1), ("a.pdf", 2), ("b.pdf", 1)]
    assert [row.added_at for row in rows if row.case_id == ended] == [None]


def test_a_controller_stops_waiting_and_decides_on_what_is_there(desk: Desk) -> None:
    case_id = a_claim_at(desk, "awaiting_documents")
    assert desk.do(case_id, COLLEAGUE, StopWaiting(), None, "stop_waiting").code == "role_missing"
    assert desk.do(case_id, REFERENT, StopWaiting(), None, "stop_waiting").status is APPLIED
    with desk.sessions() as session:
        known = claim(session, session.get_one(Case, case_id), desk.book)
    assert (known.state, known.awaited) == (ClaimState.IN_CONTROL, frozenset())
    assert known.generations == {"decision": 2, "documents": 1}


def test_a_reminder_fires_once_and_the_last_one_closes_the_claim(desk: Desk) -> None:
    came, case_id = desk.at, a_claim_at(desk, "awaiting_documents")
    try:
        for days, kinds in ((10, 1), (10, 1), (20, 2), (60, 3)):
            desk.at = came + timedelta(days=days, hours=6)
            reminded = MachineCommand(
                case_id, "remind", desk.at, f"documents:1:{days}", {"deadline": "documents", "generation": 1}
            )
            assert desk.settle(reminded).status is APPLIED
            assert desk.settle(reminded).status is APPLIED
            assert journal(desk, case_id).count("MemberReminded") == kinds
        assert the_claim(desk, case_id).state == "abandoned"
        letters = desk.sql("SELECT kind FROM letters WHERE case_id = :id ORDER BY requested_at, id", id=case_id)
        assert [kind for (kind,) in letters] == [
            "documents_request",
            "documents_reminder",
            "documents_reminder",
            "claim_closed",
        ]
    finally:
        desk.at = came


# In a batch, out of it, and when the account changes.


def machine(desk: Desk, case_id: UUID, kind: str, **body: object) -> CommandStatus:
    return desk.settle(desk.machine(case_id, kind, str(body), **body)).status


def test_a_claim_in_a_batch_is_paid_once_and_only_by_its_own_line(desk: Desk) -> None:
    case_id, payment, line, other = a_claim_at(desk, "payable"), *map(str, (uuid4(), uuid4(), uuid4()))
    assert machine(desk, case_id, "instruct", payment_id=payment, instruction_id=line) is APPLIED
    assert machine(desk, case_id, "record_payment", instruction_id=other) is REFUSED
    assert (the_claim(desk, case_id).state, str(the_claim(desk, case_id).instruction_id)) == ("instructed", line)
    assert machine(desk, case_id, "record_payment", instruction_id=line) is APPLIED
    row = the_claim(desk, case_id)
    assert (row.state, row.payable_cents) == ("paid", FOR_TWO)
    [(kind,)] = desk.sql("SELECT kind FROM letters WHERE case_id = :id", id=case_id)
    assert kind == "claim_paid"


def test_what_the_bank_rejects_is_decided_anew(desk: Desk) -> None:
    case_id, payment, line = a_claim_at(desk, "payable"), str(uuid4()), str(uuid4())
    assert machine(desk, case_id, "instruct", payment_id=payment, instruction_id=line) is APPLIED
    rejected = {"reason": "rejected_by_bank", "instruction_id": line, "code": "AC04"}
    assert machine(desk, case_id, "reopen", **rejected) is APPLIED
    row = the_claim(desk, case_id)
    assert (row.state, row.payable_cents, row.instruction_id) == ("in_control", None, None)
    assert row.reopened_on == desk.at.date()
    assert decide(desk, case_id).status is APPLIED
    assert confirm(desk, case_id).status is APPLIED
    assert the_claim(desk, case_id).payable_cents == FOR_TWO


@pytest.mark.parametrize(("state", "member"), [("in_control", 60), ("confirming", 61), ("payable", 62)])
def test_another_account_sends_what_was_decided_back(desk: Desk, state: str, member: int) -> None:
    number = f"M{member:07d}"
    with desk.sessions.begin() as session:
        insured = insure(session, member)
    theirs = {"member_number": number, "beneficiary_number": number, "contract_number": insured.contract}
    case_id = a_claim_at(desk, state, **theirs, iban=insured.iban)
    act = Act(desk.actor("nolwenn.salaun"), Ask("change_iban", {}, f"iban {number}"), desk.at, desk.at.date())
    with desk.sessions.begin() as session:
        change_iban(session, NewIban(number, an_iban(10_000 + member), ChangedThrough.MEMBER), act)
    [(command_id,)] = desk.sql("SELECT id FROM commands WHERE case_id = :id AND kind = 'reopen'", id=case_id)
    outcome = desk.settle(CommandRef(command_id, case_id, "reopen"))
    assert (outcome.status, outcome.position.state) == (APPLIED, ClaimState.IN_CONTROL)
    assert the_claim(desk, case_id).payable_cents is None
    assert decide(desk, case_id).status is APPLIED, "for the new account, which is the one in force"
    assert confirm(desk, case_id).status is APPLIED
    assert the_claim(desk, case_id).payable_cents == FOR_TWO


def test_the_account_of_somebody_of_the_staff_that_came_after_the_intake_has_to_be_answered_for(desk: Desk) -> None:
    number, theirs = "M0000063", an_iban(10_063)
    with desk.sessions.begin() as session:
        insured = insure(session, 63)
        employs(session, "yann.kerloch", theirs)
    of = {"member_number": number, "beneficiary_number": number, "contract_number": insured.contract}
    case_id = a_claim_at(desk, "in_control", **of, iban=insured.iban)
    assert stops_of(desk, case_id) == set()
    later = desk.at + timedelta(hours=1)
    act = Act(desk.actor("nolwenn.salaun"), Ask("change_iban", {}, f"iban {number}"), later, later.date())
    with desk.sessions.begin() as session:
        change_iban(session, NewIban(number, theirs, ChangedThrough.MEMBER), act)
    assert stops_of(desk, case_id) == {CheckName.STAFF_IBAN}
    assert decide(desk, case_id).code == "invalid", "a stop is paid over with a reason only"


def test_whoever_has_the_account_neither_controls_nor_sees_the_claim(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        insured = insure(session, 64)
        employs(session, REFERENT, insured.iban)
    of = {"member_number": "M0000064", "beneficiary_number": "M0000064", "contract_number": insured.contract}
    case_id = a_claim_at(desk, "in_control", **of, iban=insured.iban)
    assert decide(desk, case_id).code == "four_eyes"
    with desk.sessions() as session:
        reference = session.get_one(Case, case_id).reference
        assert visible(session, reference, desk.actor(REFERENT)) is None
        assert visible(session, reference, desk.actor(MANAGER)) is not None


def stops_of(desk: Desk, case_id: UUID) -> set[CheckName]:
    with desk.sessions() as session:
        known = claim(session, session.get_one(Case, case_id), desk.book)
    return {one.name for one in stops(known.findings)}
