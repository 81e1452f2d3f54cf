"""A command is decided once and for all, in one transaction that changes everything or nothing."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError, ProgrammingError

from domain.commands import CommandRef, CommandStatus
from domain.complaint.commands import Approve
from tests.factories.complaints import (
    AUTHOR,
    COLLEAGUE,
    MANAGER,
    REFERENT,
    a_draft,
    a_requalification,
    an_acknowledgement,
)
from tests.factories.register import KINDS_OF_REFUSAL, Desk, a_complaint_at, pay, refusing

APPLIED, REFUSED, RECEIVED = CommandStatus.APPLIED, CommandStatus.REFUSED, CommandStatus.RECEIVED
AT_ONCE = 20


def journal(desk: Desk, case_id: UUID) -> list[str]:
    return [event for (event,) in desk.sql("SELECT event FROM journal WHERE case_id = :id ORDER BY line", id=case_id)]


def status(desk: Desk, command: CommandRef) -> str:
    ((found,),) = desk.sql("SELECT status FROM commands WHERE id = :id", id=command.id)
    return str(found)


# Once.


def test_an_applied_command_settled_again_is_not_applied_again(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    command = desk.give(case_id, AUTHOR, an_acknowledgement(), "acknowledge")
    first = desk.settle(command)
    known = desk.everything()
    assert desk.settle(command) == first
    assert first.status is APPLIED
    assert desk.everything() == known


def test_a_refused_command_settled_again_is_the_same_refusal(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    command = desk.give(case_id, COLLEAGUE, an_acknowledgement(), "acknowledge")
    first = desk.settle(command)
    assert (first.status, first.code) == (REFUSED, "not_your_task")
    desk.do(case_id, AUTHOR, an_acknowledgement(), "acknowledge")  # the case moves on meanwhile
    known = desk.everything()
    again = desk.settle(command)
    assert (again.status, again.code) == (REFUSED, "not_your_task")
    assert again.position.state == "acknowledged"
    assert desk.everything() == known


def test_settled_by_twenty_at_once_a_command_is_applied_once(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "analysed")
    command = desk.give(case_id, AUTHOR, a_draft(), "draft_answer")
    before = journal(desk, case_id)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        outcomes = list(threads.map(desk.settle, [command] * AT_ONCE))
    assert {outcome.status for outcome in outcomes} == {APPLIED}
    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert journal(desk, case_id)[len(before) :] == ["TaskCompleted", "AnswerDrafted", "StateReached", "TaskOpened"]


def test_of_twenty_who_complete_a_task_at_once_one_does(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    commands = [desk.give(case_id, AUTHOR, an_acknowledgement(), "acknowledge") for _ in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        outcomes = list(threads.map(desk.settle, commands))
    codes = sorted(outcome.code or "" for outcome in outcomes)
    assert codes == ["", *["task_done"] * (AT_ONCE - 1)]
    assert journal(desk, case_id).count("Acknowledged") == 1
    assert journal(desk, case_id).count("CommandRefused") == AT_ONCE - 1


def test_the_journal_has_no_gap_however_many_write_at_once(desk: Desk) -> None:
    cases = [a_complaint_at(desk, "assigned") for _ in range(3)]
    commands = [desk.give(case, AUTHOR, an_acknowledgement(), "acknowledge") for case in cases for _ in range(6)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(desk.settle, commands))
    for case_id in cases:
        lines = [line for (line,) in desk.sql("SELECT line FROM journal WHERE case_id = :id ORDER BY line", id=case_id)]
        assert lines == list(range(1, len(lines) + 1))
        assert desk.sql("SELECT lines FROM cases WHERE id = :id", id=case_id) == [(len(lines),)]


# What the system itself does.


def test_a_machine_command_happens_once_by_what_it_is_about(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "approved", cents=3000)
    ((letter_id,),) = desk.sql("SELECT id FROM letters WHERE case_id = :id AND version = 1", id=case_id)
    desk.sql("UPDATE letters SET pdf = 'x', pdf_sha256 = 'x' WHERE id = :id", id=letter_id)
    command = desk.machine(case_id, "record_handover", str(letter_id), letter_id=letter_id)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        outcomes = list(threads.map(desk.settle, [command] * AT_ONCE))
    assert {outcome.status for outcome in outcomes} == {APPLIED}
    assert journal(desk, case_id).count("LetterHandedOver") == 1
    assert desk.sql("SELECT count(*) FROM commands WHERE id = :id", id=command.id) == [(1,)]


def test_the_second_body_of_a_machine_command_changes_nothing(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    ids = [UUID(int=1), UUID(int=2)]
    for letter_id in ids:
        outcome = desk.settle(desk.machine(case_id, "record_handover", "the same", letter_id=letter_id))
        assert (outcome.status, outcome.code) == (REFUSED, "wrong_step")
    ((body,),) = desk.sql("SELECT body FROM commands WHERE case_id = :id AND kind = 'record_handover'", id=case_id)
    assert body == {"letter_id": str(ids[0])}


def test_a_machine_command_that_the_database_refuses_is_kept_as_refused(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    with refusing(desk, case_id, "tasks"):
        outcome = desk.settle(desk.machine(case_id, "reoffer", "a day"))
        assert outcome.status is APPLIED  # nothing was to be written
    with refusing(desk, case_id, "tasks", event="UPDATE"):
        command = desk.give(case_id, MANAGER, a_requalification(), None, "requalify")
        assert desk.settle(command).code == "refused_by_register"


# Refused by the database itself.


@pytest.mark.parametrize("how", KINDS_OF_REFUSAL)
@pytest.mark.parametrize("at_commit", [False, True], ids=["at the statement", "at the commit"])
def test_a_commit_that_the_database_refuses_changes_nothing(desk: Desk, how: str, at_commit: bool) -> None:
    case_id = a_complaint_at(desk, "analysed")
    command = desk.give(case_id, AUTHOR, a_draft(), "draft_answer")
    known, lines = desk.everything(but=frozenset({"commands", "journal"})), journal(desk, case_id)
    with refusing(desk, case_id, "answer_versions", KINDS_OF_REFUSAL[how], at_commit=at_commit):
        outcome = desk.settle(command)
    assert (outcome.status, outcome.code) == (REFUSED, "refused_by_register")
    assert outcome.position.state == "analysed"
    assert desk.everything(but=frozenset({"commands", "journal"})) == known
    assert journal(desk, case_id) == [*lines, "CommandRefused"]
    ((refusal,),) = desk.sql("SELECT refusal FROM commands WHERE id = :id", id=command.id)
    assert refusal["status"] == 409
    assert "Vasseur" not in str(refusal)
    again = desk.do(case_id, AUTHOR, a_draft(), "draft_answer")
    assert (again.status, again.position.state) == (APPLIED, "drafted")


@pytest.mark.parametrize("table", ["tasks", "letters", "approvals", "journal"])
def test_wherever_the_database_refuses_nothing_of_the_command_stays(desk: Desk, table: str) -> None:
    case_id = a_complaint_at(desk, "drafted", cents=3000)
    desk.do(case_id, REFERENT, Approve(version_hash=desk.version_hash(case_id)), "validate")
    command = desk.give(case_id, MANAGER, Approve(version_hash=desk.version_hash(case_id)), "validate")
    known = desk.everything(but=frozenset({"commands", "journal"}))
    if table == "journal":
        # The refusal itself cannot be written either: it stays received, and is decided once the journal is mended.
        with refusing(desk, case_id, table), pytest.raises(IntegrityError):
            desk.settle(command)
        assert status(desk, command) == RECEIVED
    else:
        with refusing(desk, case_id, table):
            assert desk.settle(command).code == "refused_by_register"
    assert desk.everything(but=frozenset({"commands", "journal"})) == known
    if table == "journal":
        assert desk.settle(command).position.state == "approved"
    else:
        outcome = desk.do(case_id, MANAGER, Approve(version_hash=desk.version_hash(case_id)), "validate")
        assert outcome.position.state == "approved"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("serialization_failure", OperationalError),
        ("deadlock_detected", OperationalError),
        ("query_canceled", OperationalError),
        ("admin_shutdown", OperationalError),
        ("disk_full", OperationalError),
        ("undefined_table", ProgrammingError),
        ("internal_error", InternalError),
        ("data_corrupted", InternalError),
    ],
)
def test_a_database_that_is_in_trouble_has_not_refused(desk: Desk, code: str, error: type[Exception]) -> None:
    case_id = a_complaint_at(desk, "analysed")
    command = desk.give(case_id, AUTHOR, a_draft(), "draft_answer")
    known = desk.everything()
    trouble = f"RAISE EXCEPTION 'trouble' USING ERRCODE = '{code}'"
    with refusing(desk, case_id, "answer_versions", trouble), pytest.raises(error) as raised:
        desk.settle(command)
    assert "remboursement" not in str(raised.value), "an error goes to the logs, what people wrote does not"
    assert desk.everything() == known
    assert status(desk, command) == RECEIVED
    assert desk.settle(command).status is APPLIED


def test_a_command_whose_body_nobody_understands_stays_received(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    command = desk.give(case_id, AUTHOR, an_acknowledgement(), "acknowledge")
    desk.sql('UPDATE commands SET body = \'{"outcome": "acknowledge"}\' WHERE id = :id', id=command.id)
    known = desk.everything()
    with pytest.raises(ValueError, match="dispatch"):
        desk.settle(command)
    assert desk.everything() == known


def test_a_closed_complaint_tells_where_it_stands(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "answered", cents=3000)
    assert pay(desk, case_id).position.compensation_due is False
    assert desk.settle(desk.machine(case_id, "close")).position.state == "closed"
    late = desk.do(case_id, MANAGER, a_requalification(), None, "requalify")
    assert (late.status, late.code, late.position.state) == (REFUSED, "wrong_step", "closed")
