"""What the database keeps of claims by itself, whoever writes to it: thresholds, approvals, what was written once."""

import json
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from tests.db.test_guards import CHANGES
from tests.factories.claim_desk import a_claim_at, a_claim_row_at, decide, enter_claim, send_back, the_claim
from tests.factories.register import Desk

WRITTEN_ONCE = ("claim_decisions", "claim_approvals", "claim_sent_back")
CHANGE = "UPDATE claims SET {} WHERE case_id = :id"
PAY = "UPDATE claims SET payable_cents = :cents, payable_at = entered_at WHERE case_id = :id"
APPROVE = (
    "INSERT INTO claim_approvals (case_id, version, person_id, link, decision_hash, at) "
    "SELECT d.case_id, d.version, s.id, :link, coalesce(:hash, d.hash), d.at "
    "FROM claim_decisions d, staff s WHERE d.case_id = :id AND d.version = :version AND s.login = :login"
)
REFUSED = "with the approvals of its controllers for this very amount and account"


def confirming(desk: Desk) -> UUID:
    """A claim for two that the first controller, a referent, has decided."""
    return a_claim_at(desk, "confirming")


def approve(
    desk: Desk, case_id: UUID, login: str, *, link: int = 2, version: int = 1, other: str | None = None
) -> None:
    """An approval comes from somewhere else than our code."""
    desk.sql(APPROVE, id=case_id, login=login, link=link, version=version, hash=other)


def pay(desk: Desk, case_id: UUID, cents: int = 600_000) -> None:
    desk.sql(PAY, id=case_id, cents=cents)


def test_what_was_decided_is_never_changed_or_deleted(desk: Desk) -> None:
    case_id = confirming(desk)
    send_back(desk, case_id)
    known = desk.everything()
    assert all(known[table] for table in WRITTEN_ONCE)
    for table in WRITTEN_ONCE:
        for change in CHANGES.values():
            with pytest.raises(IntegrityError, match="is written once"):
                desk.sql(change.format(table=table))
    assert desk.everything() == known


@pytest.mark.parametrize("table", ["claims", "document_requests", "pauses", "claim_documents"])
def test_nothing_of_a_claim_is_deleted(desk: Desk, table: str) -> None:
    a_claim_at(desk, "awaiting_documents")
    for change in ("DELETE FROM {}", "TRUNCATE {} CASCADE"):
        with pytest.raises(IntegrityError, match="is written once"):
            desk.sql(change.format(table))


@pytest.mark.parametrize(
    "change",
    [
        "amount_cents = 1",
        "control_above_cents = 10000000",
        "second_above_cents = 10000000",
        "links = 1",
        "reasons = '{}'",
        "case_id = NULL",
        "entered_by = (SELECT id FROM staff WHERE login = 'yann.kerloch')",
        "iban = 'FR00', iban_hash = 'x'",
        "member_number = 'M0000043'",
        "checks = '[]'",
        "draw = 1",
        "policy = 'none'",
        "number = 'other'",
    ],
)
def test_a_claim_stays_as_it_was_asked_for(desk: Desk, change: str) -> None:
    case_id = confirming(desk)
    with pytest.raises(IntegrityError):
        desk.sql(CHANGE.format(change), id=case_id)


# Payable with its approvals, and not otherwise.


def test_with_both_approvals_it_is_payable_and_the_register_says_so(desk: Desk) -> None:
    row = the_claim(desk, a_claim_at(desk, "payable"))
    assert (row.state, row.payable_cents) == ("payable", 600_000)


def test_one_of_two_approvals_is_not_enough(desk: Desk) -> None:
    case_id = confirming(desk)
    with pytest.raises(IntegrityError, match=REFUSED):
        pay(desk, case_id)


@pytest.mark.parametrize(
    ("login", "other"),
    [
        ("claire.morvan", None),  # entered it
        ("nolwenn.salaun", None),  # changed its account
        ("tangi.riou", None),  # is the member
        ("anne.le.goff", "0" * 64),  # read another version
    ],
)
def test_an_approval_that_does_not_count_makes_nothing_payable(desk: Desk, login: str, other: str | None) -> None:
    case_id = confirming(desk)
    desk.sql("UPDATE member_ibans SET changed_by = (SELECT id FROM staff WHERE login = 'nolwenn.salaun')")
    desk.sql(
        "INSERT INTO staff_ibans (staff_id, iban_hash, member_number) "
        "SELECT id, 'own', 'M0000042' FROM staff WHERE login = 'tangi.riou' ON CONFLICT DO NOTHING"
    )
    approve(desk, case_id, login, other=other)
    try:
        with pytest.raises(IntegrityError, match=REFUSED):
            pay(desk, case_id)
        desk.sql("UPDATE member_ibans SET changed_by = NULL")
        if other is None and login == "nolwenn.salaun":
            pay(desk, case_id)
    finally:
        desk.sql("UPDATE member_ibans SET changed_by = NULL")
        desk.sql("DELETE FROM staff_ibans")


def test_nobody_approves_twice(desk: Desk) -> None:
    case_id = confirming(desk)
    with pytest.raises(IntegrityError, match="pk_claim_approvals"):
        approve(desk, case_id, "gwenola.prigent")
    with pytest.raises(IntegrityError, match="uq_claim_approvals"):
        approve(desk, case_id, "anne.le.goff", link=1)


@pytest.mark.parametrize("cents", [599_999, 600_001])
def test_another_amount_than_the_approved_one_is_not_payable(desk: Desk, cents: int) -> None:
    case_id = confirming(desk)
    approve(desk, case_id, "anne.le.goff")
    with pytest.raises(IntegrityError, match=REFUSED):
        pay(desk, case_id, cents)
    pay(desk, case_id)


def test_approvals_of_an_earlier_version_do_not_count_for_the_next(desk: Desk) -> None:
    case_id = confirming(desk)
    approve(desk, case_id, "anne.le.goff")
    send_back(desk, case_id)
    decide(desk, case_id)
    with pytest.raises(IntegrityError, match=REFUSED):
        pay(desk, case_id)


def test_a_decision_for_another_account_than_the_one_in_force_makes_nothing_payable(desk: Desk) -> None:
    case_id = confirming(desk)
    approve(desk, case_id, "anne.le.goff")
    desk.sql("UPDATE member_ibans SET iban_hash = iban_hash || 'x' WHERE until_at IS NULL")
    try:
        with pytest.raises(IntegrityError, match=REFUSED):
            pay(desk, case_id)
    finally:
        desk.sql("UPDATE member_ibans SET iban_hash = substr(iban_hash, 1, 32) WHERE until_at IS NULL")


@pytest.mark.parametrize("state", ["payable", "instructed", "paid"])
def test_nothing_is_to_be_paid_without_an_amount(desk: Desk, state: str) -> None:
    case_id = enter_claim(desk)
    with pytest.raises(IntegrityError, match="ck_claims_to_pay"):
        desk.sql("UPDATE cases SET state = :state WHERE id = :id", id=case_id, state=state)


# A threshold is a threshold for whoever writes.


COPY = "INSERT INTO claims SELECT (jsonb_populate_record(c, :changes)).* FROM claims c WHERE c.reference = :reference"


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"amount_cents": 100_001, "payable_cents": 100_001}, "controlled_above"),
        ({"amount_cents": 0, "payable_cents": 0}, "amounts"),
        ({"payable_cents": 4_501}, "controlled_or_cleared"),
        ({"payable_cents": None, "payable_at": None, "state": "registered"}, "controlled_or_cleared"),
        ({"reasons": ["sample"]}, "controlled_or_cleared"),
        ({"links": 1}, "controlled_or_cleared"),
        ({"payable_at": None}, "ck_claims_payable"),
        ({"category": "thermal"}, "ck_claims_category"),
        ({"number": None}, "number"),
        ({"reference": None}, "reference"),
    ],
)
def test_what_is_cleared_lies_below_the_threshold(desk: Desk, changes: dict[str, object], rule: str) -> None:
    row = a_claim_row_at(desk, amount_cents=4_500)
    new = {"id": "00000000-0000-0000-0000-000000000001", "reference": "PRE-x", "number": "x", "idempotency_key": None}
    with pytest.raises(IntegrityError, match=rule):
        desk.sql(COPY, reference=row.reference, changes=json.dumps(new | changes))


def test_a_document_is_kept_as_it_came(desk: Desk) -> None:
    case_id = enter_claim(desk)
    desk.sql(
        "INSERT INTO claim_documents (id, case_id, kind, name, media_type, size, sha256, content, added_by) "
        "SELECT gen_random_uuid(), :id, 'invoice', 'a.pdf', 'application/pdf', 1, 'x', 'x', id FROM staff LIMIT 1",
        id=case_id,
    )
    with pytest.raises(IntegrityError, match="kept as it came"):
        desk.sql("UPDATE claim_documents SET content = 'y' WHERE case_id = :id", id=case_id)
    desk.sql("UPDATE claim_documents SET version = 1, added_at = '2031-03-03' WHERE case_id = :id", id=case_id)
    with pytest.raises(IntegrityError, match="kept as it came"):
        desk.sql("UPDATE claim_documents SET version = 2 WHERE case_id = :id", id=case_id)
