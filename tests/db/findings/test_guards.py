"""What the database keeps of findings by itself, whoever writes to it: two people, what was granted, what has ended."""

from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from tests.factories.finding_desk import (
    AUDITOR,
    CONTROL,
    ENORA,
    OTHER_AUDITOR,
    a_finding_at,
    ask_to_accept,
    ask_to_postpone,
)
from tests.factories.register import Desk

CLOSE = "UPDATE cases SET state = 'closed' WHERE id = :id"
CHANGE = "UPDATE findings SET {} WHERE case_id = :id"
COPY = """
INSERT INTO findings (case_id, delegate, contract, origin, subject, words, risk, agreed_on, latest_on, due_on,
    opened_by, opened_at, state)
SELECT gen_random_uuid(), delegate, contract, origin, subject, words, risk, agreed_on, latest_on, latest_on + 1,
    opened_by, opened_at, state
FROM findings WHERE case_id = :id
"""
PERSON = "(SELECT id FROM staff WHERE login = '{}')"


def say(desk: Desk, case_id: UUID, column: str, login: str) -> None:
    """Something is said of the last round, from somewhere else than our code."""
    at = column.replace("_by", "_at")
    said = "UPDATE finding_rounds SET {} = {}, {} = delivered_at WHERE finding_id = :id"
    desk.sql(said.format(column, PERSON.format(login), at), id=case_id)


@pytest.mark.parametrize("state", ["registered", "open", "planned", "verifying", "confirming", "risk_accepted"])
def test_nothing_is_closed_without_two_people(desk: Desk, state: str) -> None:
    case_id = a_finding_at(desk, state)
    with pytest.raises(IntegrityError, match="two people"):
        desk.sql(CLOSE, id=case_id)
    assert desk.state(case_id) == state


@pytest.mark.parametrize("login", [AUDITOR, ENORA, "bastien.cloarec"])
def test_neither_the_verifier_nor_who_brought_or_delivered_it_confirms(desk: Desk, login: str) -> None:
    case_id = a_finding_at(desk, "confirming")
    with pytest.raises(IntegrityError):
        say(desk, case_id, "confirmed_by", login)


@pytest.mark.parametrize("login", [ENORA, "bastien.cloarec"])
def test_nor_do_they_verify(desk: Desk, login: str) -> None:
    case_id = a_finding_at(desk, "verifying")
    with pytest.raises(IntegrityError):
        say(desk, case_id, "verified_by", login)


def test_what_was_said_of_a_round_stays_so(desk: Desk) -> None:
    case_id = a_finding_at(desk, "confirming")
    with pytest.raises(IntegrityError, match="stays so"):
        say(desk, case_id, "verified_by", OTHER_AUDITOR)
    say(desk, case_id, "confirmed_by", CONTROL)
    desk.sql(CLOSE, id=case_id)
    with pytest.raises(IntegrityError, match="that has ended"):
        desk.sql("UPDATE finding_rounds SET comment = 'x' WHERE finding_id = :id", id=case_id)


@pytest.mark.parametrize("change", ["due_on = due_on + 1", "round = 2", "carried_to = case_id", "state = 'open'"])
def test_what_is_closed_does_not_move(desk: Desk, change: str) -> None:
    case_id = a_finding_at(desk, "closed")
    with pytest.raises(IntegrityError, match="does not move any more"):
        desk.sql(CHANGE.format(change), id=case_id)
    with pytest.raises(IntegrityError, match="does not move any more"):
        desk.sql("UPDATE cases SET state = 'open' WHERE id = :id", id=case_id)


LATER = (
    "INSERT INTO finding_plans (finding_id, version, plan, proposed_by, proposed_at)"
    " SELECT :id, 9, 'x', id, now() FROM staff WHERE login = 'enora.lagadec'",
    "UPDATE finding_plans SET reason = 'x' WHERE finding_id = :id",
    "INSERT INTO finding_rounds (finding_id, round, delivered_by, delivered_at)"
    " SELECT :id, 9, id, now() FROM staff WHERE login = 'enora.lagadec'",
    "UPDATE finding_rounds SET comment = 'x' WHERE finding_id = :id",
    "INSERT INTO finding_requests (id, finding_id, kind, until, reason, asked_by, asked_at, status)"
    " SELECT gen_random_uuid(), :id, 'postponement', '2027-12-01', 'x', id, now(), 'waiting' FROM staff LIMIT 1",
    "UPDATE finding_evidence SET round = 1, added_at = now() WHERE finding_id = :id AND added_at IS NULL",
)
KEEP = (
    "INSERT INTO finding_evidence (id, finding_id, name, media_type, size, sha256, content, delivered_by, round,"
    " added_at) SELECT gen_random_uuid(), :id, 'x.pdf', 'application/pdf', 1, 'x', 'x', id, {}"
    " FROM staff WHERE login = 'enora.lagadec'"
)


def test_nothing_of_a_finding_that_has_ended_changes(desk: Desk) -> None:
    case_id = a_finding_at(desk, "closed")
    desk.sql(KEEP.format("NULL, NULL"), id=case_id)
    for statement in LATER:
        with pytest.raises(IntegrityError, match="that has ended"):
            desk.sql(statement, id=case_id)


def test_no_file_is_evidence_before_its_command_is_decided(desk: Desk) -> None:
    case_id = a_finding_at(desk, "planned")
    with pytest.raises(IntegrityError, match="by its command"):
        desk.sql(KEEP.format("1, now()"), id=case_id)


@pytest.mark.parametrize(
    "change",
    [
        "risk = 'low'",
        "delegate = 'LEON'",
        "words = 'x'",
        "agreed_on = agreed_on - 1",
        "latest_on = latest_on + 1",
        f"opened_by = {PERSON.format(CONTROL)}",
        f"due_validated_by = {PERSON.format(CONTROL)}",
        "plan_accepted_at = NULL",
        "postponements = -1",
    ],
)
def test_a_finding_stays_as_it_was_opened(desk: Desk, change: str) -> None:
    case_id = a_finding_at(desk, "planned")
    with pytest.raises(IntegrityError, match="as it was opened"):
        desk.sql(CHANGE.format(change), id=case_id)


def test_its_date_moves_to_what_was_granted_only(desk: Desk) -> None:
    case_id = a_finding_at(desk, "planned")
    ask_to_postpone(desk, case_id)
    move = (
        "UPDATE findings SET due_on = (SELECT until FROM finding_requests WHERE finding_id = :id) WHERE case_id = :id"
    )
    with pytest.raises(IntegrityError, match="somebody else has granted"):
        desk.sql(move, id=case_id)
    granting = "UPDATE finding_requests SET status = 'granted', decided_at = asked_at WHERE finding_id = :id"
    with pytest.raises(IntegrityError, match="moved by one person"):
        desk.sql(granting, id=case_id)
    approve = "INSERT INTO finding_approvals SELECT id, {}, 1, asked_at FROM finding_requests WHERE finding_id = :id"
    with pytest.raises(IntegrityError, match="whoever asked"):
        desk.sql(approve.format(PERSON.format(ENORA)), id=case_id)
    desk.sql(approve.format(PERSON.format(CONTROL)), id=case_id)
    desk.sql(granting, id=case_id)
    desk.sql(move, id=case_id)
    with pytest.raises(IntegrityError, match="decided once"):
        desk.sql("UPDATE finding_requests SET status = 'refused', refusal = 'x' WHERE finding_id = :id", id=case_id)


def test_a_risk_takes_two_different_people(desk: Desk) -> None:
    case_id = a_finding_at(desk, "planned")
    ask_to_accept(desk, case_id)
    accept = "UPDATE cases SET state = 'risk_accepted' WHERE id = :id"
    with pytest.raises(IntegrityError, match="by two people"):
        desk.sql(accept, id=case_id)
    approve = "INSERT INTO finding_approvals SELECT id, {}, {}, asked_at FROM finding_requests WHERE finding_id = :id"
    desk.sql(approve.format(PERSON.format(CONTROL), 1), id=case_id)
    with pytest.raises(IntegrityError):
        desk.sql(approve.format(PERSON.format(CONTROL), 2), id=case_id)
    granting = "UPDATE finding_requests SET status = 'granted', decided_at = asked_at WHERE finding_id = :id"
    with pytest.raises(IntegrityError, match="risk accepted by two"):
        desk.sql(granting, id=case_id)
    desk.sql(approve.format(PERSON.format("isabelle.kermarrec"), 2), id=case_id)
    desk.sql(granting, id=case_id)
    desk.sql(accept, id=case_id)


def test_a_plan_is_decided_by_another_and_once(desk: Desk) -> None:
    case_id = a_finding_at(desk, "planned")
    with pytest.raises(IntegrityError, match="decided once"):
        desk.sql("UPDATE finding_plans SET accepted = false, reason = 'x' WHERE finding_id = :id", id=case_id)
    other = a_finding_at(desk, "open")
    with pytest.raises(IntegrityError, match="did not propose it"):
        desk.sql("UPDATE findings SET plan_accepted_at = opened_at WHERE case_id = :id", id=other)


def test_evidence_stays_as_it_came(desk: Desk) -> None:
    case_id = a_finding_at(desk, "verifying")
    with pytest.raises(IntegrityError, match="as it came"):
        desk.sql("UPDATE finding_evidence SET content = 'x' WHERE finding_id = :id", id=case_id)


def test_a_date_past_what_the_risk_allows_takes_a_validator(desk: Desk) -> None:
    case_id = a_finding_at(desk, "registered")
    with pytest.raises(IntegrityError, match="takes a validator"):
        desk.sql(COPY, id=case_id)


TABLES = ("findings", "finding_plans", "finding_evidence", "finding_rounds", "finding_requests", "finding_approvals")


@pytest.mark.parametrize(
    "table",
    ["findings", "finding_plans", "finding_evidence", "finding_rounds", "finding_requests", "finding_approvals"],
)
def test_nothing_of_a_finding_is_deleted(desk: Desk, table: str) -> None:
    a_finding_at(desk, "risk_accepted")
    for change in ("DELETE FROM {}", "TRUNCATE {} CASCADE"):
        with pytest.raises(IntegrityError, match="is written once"):
            desk.sql(change.format(table))
