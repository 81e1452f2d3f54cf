"""Messages to members who wait: nobody is told without a second person's word, nor twice, nor once it is over."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from db.models import ClaimRow, CommandRow, DelayMessageRow, DelayNoticeRow, LetterRow
from domain.backlog.commands import ApproveMessage, Refuse, Stop
from domain.commands import CommandStatus
from domain.complaint.commands import Requalify
from local.demo_staff import person_id
from tests.factories import backlog_desk, delay_desk
from tests.factories.backlog_desk import MANAGER
from tests.factories.claim_desk import a_claim_at, enter_claim
from tests.factories.complaints import NOON, OPERATIONS
from tests.factories.register import Desk
from tests.factories.weeks import weeks_apart

WEEKS = weeks_apart()


@pytest.fixture(autouse=True)
def _weeks_of_its_own(desk: Desk) -> None:
    desk.at = NOON + timedelta(weeks=next(WEEKS))


def turn(desk: Desk, case_id: UUID) -> CommandStatus:
    """The last message's turn comes for this case."""
    return desk.settle(delay_desk.turns(desk, case_id)[-1]).status


def test_each_case_has_its_turn_once_and_its_member_one_letter(desk: Desk) -> None:
    case_id = desk.enter()
    operation = delay_desk.running(desk)
    delay_desk.approved(desk, operation)
    assert delay_desk.letters(desk, case_id) == []
    assert delay_desk.outcome(desk, operation, case_id) == ("waiting", None)
    for _ in range(2):
        assert turn(desk, case_id) is CommandStatus.APPLIED
    assert delay_desk.letters(desk, case_id) == ["delay_notice"]
    assert delay_desk.outcome(desk, operation, case_id) == ("told", None)
    desk.at += timedelta(days=8)
    delay_desk.approved(desk, operation)
    assert delay_desk.outcome(desk, operation, case_id) == ("not_told", "told_already")
    assert len(delay_desk.turns(desk, case_id)) == 1


def test_whoever_is_told_by_two_messages_at_once_is_told_once(desk: Desk) -> None:
    case_id = desk.enter()
    operation = delay_desk.running(desk)
    for _ in range(2):
        delay_desk.approved(desk, operation)
    first, second = delay_desk.turns(desk, case_id)
    assert desk.settle(second).status is CommandStatus.APPLIED
    assert desk.settle(first).status is CommandStatus.APPLIED
    assert delay_desk.letters(desk, case_id) == ["delay_notice"]
    assert delay_desk.outcome(desk, operation, case_id) == ("told", None)


def test_a_case_that_is_closed_after_the_approval_is_not_written_to(desk: Desk) -> None:
    case_id = desk.enter()
    operation = delay_desk.running(desk)
    delay_desk.approved(desk, operation)
    over = Requalify.model_validate({"requalified_as": "information_request", "reason": "Une question."})
    assert desk.do(case_id, MANAGER, over, None, "requalify").status is CommandStatus.APPLIED
    assert turn(desk, case_id) is CommandStatus.APPLIED
    assert delay_desk.outcome(desk, operation, case_id) == ("not_told", "ended")
    assert delay_desk.letters(desk, case_id) == []


@pytest.mark.parametrize(
    ("late", "outcome", "letters"),
    [
        (2, ("told", None), ["delay_notice"]),
        (3, ("not_told", "promise_past"), []),
        (4, ("not_told", "promise_past"), []),
    ],
)
def test_a_turn_that_comes_on_the_promised_day_or_later_promises_nothing(
    desk: Desk, late: int, outcome: tuple[str, str | None], letters: list[str]
) -> None:
    case_id = desk.enter()
    operation = delay_desk.running(desk)
    delay_desk.approved(desk, operation)  # of an answer within three days
    desk.at += timedelta(days=late)
    assert turn(desk, case_id) is CommandStatus.APPLIED
    assert delay_desk.outcome(desk, operation, case_id) == outcome
    assert delay_desk.letters(desk, case_id) == letters


def test_an_operation_that_is_stopped_before_a_turn_promises_nothing(desk: Desk) -> None:
    case_id = desk.enter()
    operation = delay_desk.running(desk)
    delay_desk.approved(desk, operation)
    assert desk.do(operation, OPERATIONS, Stop(reason="Assez."), None, "stop").status is CommandStatus.APPLIED
    assert turn(desk, case_id) is CommandStatus.APPLIED
    assert delay_desk.outcome(desk, operation, case_id) == ("not_told", "operation_over")
    assert delay_desk.letters(desk, case_id) == []


@pytest.mark.parametrize(("days", "waits"), [(1, True), (2, False)])
def test_a_case_of_exactly_so_many_days_is_not_concerned(desk: Desk, days: int, waits: bool) -> None:
    operation = delay_desk.running(desk)
    desk.at -= timedelta(days=2)
    case_id = desk.enter()
    desk.at += timedelta(days=2)
    delay_desk.approved(desk, operation, more_than_days=days)
    assert len(delay_desk.turns(desk, case_id)) == waits


def test_of_claims_neither_fraud_nor_missing_documents_are_written_about(desk: Desk) -> None:
    plain, awaiting, fraud = (
        enter_claim(desk),
        a_claim_at(desk, "awaiting_documents"),
        enter_claim(desk),
    )
    found = [{"name": "iban_shared", "result": "warn", "evidence": {}}]
    with desk.sessions.begin() as session:
        session.connection().exec_driver_sql("SET LOCAL session_replication_role = replica")
        session.execute(update(ClaimRow).where(ClaimRow.case_id == fraud).values(checks=found))
    operation = delay_desk.running(desk, "claim")
    desk.at += timedelta(days=9)
    delay_desk.approved(desk, operation)
    assert turn(desk, plain) is CommandStatus.APPLIED
    assert delay_desk.letters(desk, plain) == ["delay_notice"]
    assert delay_desk.outcome(desk, operation, awaiting) == ("not_told", "waits_for_member")
    assert delay_desk.outcome(desk, operation, fraud) == ("not_told", "sensitive")


def refusal(desk: Desk, operation_id: UUID, login: str, body: Any) -> str:
    """The rule against it, though the task's own guard were asleep."""
    command = desk.give(operation_id, login, body, "approve_message")
    assert desk.settle(command).status is CommandStatus.REFUSED
    with desk.sessions() as session:
        told = session.get_one(CommandRow, command.id).refusal
    assert told is not None
    return str(told["code"])


def test_whoever_proposes_a_message_does_not_approve_it_even_with_the_right_role(desk: Desk) -> None:
    operation = delay_desk.running(desk)
    sha256 = delay_desk.proposed(desk, operation, OPERATIONS)
    assert refusal(desk, operation, OPERATIONS, ApproveMessage(sha256=sha256)) == "four_eyes"
    assert refusal(desk, operation, OPERATIONS, Refuse(reason="Non.")) == "four_eyes"


def test_an_approval_names_the_very_message_and_comes_before_the_promised_day(desk: Desk) -> None:
    operation = delay_desk.running(desk)
    sha256 = delay_desk.proposed(desk, operation)
    assert refusal(desk, operation, OPERATIONS, ApproveMessage(sha256="0" * 64)) == "stale_version"
    desk.at += timedelta(days=3)
    assert refusal(desk, operation, OPERATIONS, ApproveMessage(sha256=sha256)) == "wrong_step"


def test_an_operation_that_ends_takes_its_message_with_it(desk: Desk) -> None:
    operation = delay_desk.running(desk)
    delay_desk.proposed(desk, operation)
    assert desk.do(operation, OPERATIONS, Stop(reason="Assez."), None, "stop").status is CommandStatus.APPLIED
    assert delay_desk.newest(desk, operation).status == "lapsed"
    assert "approve_message" not in backlog_desk.kinds(desk, operation)


def rule(desk: Desk, statement: Any) -> str:
    """The name of the rule that the register holds against a statement."""
    with pytest.raises(IntegrityError) as caught, desk.sessions.begin() as session:
        session.execute(statement)
    name: str = caught.value.orig.diag.constraint_name  # type: ignore[union-attr]
    return name


def test_the_register_itself_holds_a_message_to_a_second_person(desk: Desk) -> None:
    case_id = desk.enter()
    operation = delay_desk.running(desk)
    delay_desk.proposed(desk, operation)
    message = delay_desk.newest(desk, operation)
    letter = {"id": uuid7(), "case_id": case_id, "kind": "delay_notice", "dispatch": "post", "recipient": "M. X"}
    asked = insert(LetterRow).values(**letter, address=["1 rue"], requested_at=NOON, reason=str(message.id))
    assert rule(desk, asked) == "delay_letter_is_approved"
    notice = {"message_id": message.id, "case_id": case_id, "operation_id": operation, "status": "waiting"}
    assert rule(desk, insert(DelayNoticeRow).values(**notice)) == "delay_notice_is_approved"
    it = update(DelayMessageRow).where(DelayMessageRow.id == message.id)
    by_oneself = {"status": "approved", "decided_at": NOON, "decided_by": message.proposed_by}
    assert rule(desk, it.values(by_oneself)) == "ck_delay_messages_decided_by_another"
    assert rule(desk, it.values(by_oneself | {"decided_by": None})) == "ck_delay_messages_approved_by_somebody"
    assert rule(desk, it.values(fr="Autre chose.")) == "delay_message_stays"
    with desk.sessions.begin() as session:
        session.execute(it.values(by_oneself | {"decided_by": person_id(OPERATIONS)}))
        session.execute(insert(DelayNoticeRow).values(**notice))
        session.execute(asked)
    assert rule(desk, asked.values(id=uuid7())) == "uq_letters_delay_notice"
    assert rule(desk, it.values(status="refused", refusal="Non.")) == "delay_message_stays"
