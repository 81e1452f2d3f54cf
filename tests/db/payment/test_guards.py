"""The rules on money that the database keeps by itself, even against whoever owns its tables: each tried by SQL."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from db.models import Import, StaffIban
from domain.commands import CommandStatus
from local.demo_staff import person_id
from tests.factories.complaints import AUTHOR, GENERAL
from tests.factories.payments import (
    BUILDER,
    CONTROLLER,
    FIRST,
    IBANS,
    MEMBERS,
    OTHER_CONTROLLER,
    SECOND,
    Cashier,
    hash_of,
)
from tests.factories.typed_payments import BATCH, LINE, PAYMENT, own_tables_only, type_an_order


def put_in_a_batch(cashier: Cashier, claim: UUID, **how: Any) -> None:
    """An order to pay this claim, typed by whoever owns the tables: one statement after the other, then the commit."""
    payment_id = UUID(int=next(cashier.keys))
    named = {"id": payment_id, "name": f"VIR-{payment_id.int}", "at": cashier.at, "day": cashier.at.date()}
    line = {"position": 1, "attempt": f"-{payment_id.int}", "cents": None, "iban": None, "iban_hash": None}
    cents = how.get("cents") or cashier.sql("SELECT payable_cents FROM claims WHERE id = :id", id=claim)[0][0] or 1
    batch = {"count": 1, "cents": cents, "builder": person_id(BUILDER)} | how.pop("batch", {})
    with cashier.engine.begin() as connection:
        connection.execute(text(BATCH), named)
        connection.execute(text(PAYMENT), named | batch)
        connection.execute(text(LINE), named | line | {"claim": claim, "status": "instructed"} | how)


REFUSED = "a claim above the threshold is in no batch without the approvals of its controllers"


@pytest.mark.parametrize("cents", [100_001, 500_000, 10_000_000])
def test_a_claim_above_the_threshold_that_nobody_controlled_is_in_no_batch(cashier: Cashier, cents: int) -> None:
    cashier.lift_guards_of_claims()
    with pytest.raises(IntegrityError, match=REFUSED):
        put_in_a_batch(cashier, cashier.claim(cents))


def test_so_it_is_for_whoever_owns_the_tables_and_is_no_superuser(cashier: Cashier) -> None:
    cashier.lift_guards_of_claims()
    claim = cashier.claim(100_001)
    with cashier.engine.begin() as connection:
        own_tables_only(connection)
        superuser = connection.execute(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).scalar_one()
        with pytest.raises(IntegrityError, match=REFUSED), connection.begin_nested():
            type_an_order(connection, claim, cents=100_001)
        connection.rollback()
    assert not superuser
    assert cashier.claim_is_alone(claim)


@pytest.mark.parametrize("cents", [1, 99_999, 100_000])
def test_a_claim_up_to_the_threshold_needs_no_control(cashier: Cashier, cents: int) -> None:
    put_in_a_batch(cashier, cashier.claim(cents))


def test_what_was_asked_counts_as_well_as_what_is_paid(cashier: Cashier) -> None:
    cashier.lift_guards_of_claims()
    with pytest.raises(IntegrityError, match=REFUSED):
        put_in_a_batch(cashier, cashier.claim(100_001, payable_cents=100_000))
    with pytest.raises(IntegrityError, match=REFUSED):
        put_in_a_batch(cashier, cashier.claim(100_000, payable_cents=100_001))


def test_one_controller_is_not_two(cashier: Cashier) -> None:
    cashier.lift_guards_of_claims()
    with pytest.raises(IntegrityError, match=REFUSED):
        put_in_a_batch(cashier, cashier.claim(600_000, controllers=[CONTROLLER], links=2))
    put_in_a_batch(cashier, cashier.claim(600_000, controllers=[CONTROLLER, OTHER_CONTROLLER]))


def test_whoever_entered_a_claim_does_not_count_as_its_controller(cashier: Cashier) -> None:
    cashier.lift_guards_of_claims()
    with pytest.raises(IntegrityError, match=REFUSED):
        put_in_a_batch(cashier, cashier.claim(200_000, controllers=[CONTROLLER], entered_by=CONTROLLER))


CHANGES_OF_DECISION = {
    "another amount": "amount_cents = 200001",
    "a refusal": "decision = 'refuse', amount_cents = 0, reason = 'Non.'",
    "another wording": "hash = 'other', author_id = (SELECT entered_by FROM claims LIMIT 1)",
}


@pytest.mark.parametrize("change", CHANGES_OF_DECISION.values(), ids=CHANGES_OF_DECISION)
def test_an_approval_holds_for_the_decision_that_it_names(cashier: Cashier, change: str) -> None:
    claim = cashier.claim(200_000, controllers=[CONTROLLER])
    cashier.sql("ALTER TABLE claim_decisions DISABLE TRIGGER written_once")
    cashier.sql(f"UPDATE claim_decisions SET {change}")  # noqa: S608
    with pytest.raises(IntegrityError, match=REFUSED):
        put_in_a_batch(cashier, claim)


def test_a_claim_that_is_still_controlled_is_in_no_batch(cashier: Cashier) -> None:
    claim = cashier.claim(200_000, controllers=[CONTROLLER])
    cashier.sql("UPDATE cases SET state = 'confirming' WHERE procedure = 'claim'")
    with pytest.raises(IntegrityError, match="still controlled is in no batch"):
        put_in_a_batch(cashier, claim)


@pytest.mark.parametrize("cents", [None, 0, -5])
def test_nothing_is_paid_for_nothing(cashier: Cashier, cents: int | None) -> None:
    cashier.lift_guards_of_claims()
    with pytest.raises(IntegrityError, match="nothing to be paid is in no batch"):
        put_in_a_batch(cashier, cashier.claim(5_000, payable_cents=cents), cents=5_000)


def test_a_claim_has_one_living_order_at_most(cashier: Cashier) -> None:
    claim = cashier.claim()
    put_in_a_batch(cashier, claim)
    with pytest.raises(IntegrityError, match="has one order to pay at most"):
        put_in_a_batch(cashier, claim)
    cashier.sql("DROP TRIGGER instruction_is_right ON instructions")
    with pytest.raises(IntegrityError, match="uq_instructions_living"):
        put_in_a_batch(cashier, claim)


@pytest.mark.parametrize("cents", [4_999, 5_001])
def test_an_order_pays_what_was_approved_to_the_cent(cashier: Cashier, cents: int) -> None:
    with pytest.raises(IntegrityError, match="pays what was approved, to the cent"):
        put_in_a_batch(cashier, cashier.claim(5_000), cents=cents)


@pytest.mark.parametrize("other", [{"iban": IBANS[1]}, {"iban_hash": hash_of(IBANS[1])}])
def test_an_order_pays_the_account_of_the_member(cashier: Cashier, other: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="pays the account that was approved"):
        put_in_a_batch(cashier, cashier.claim(), **other)


def test_an_account_that_has_changed_since_its_approval_is_not_paid(cashier: Cashier) -> None:
    claims = cashier.claim(), cashier.claim(200_000, controllers=[CONTROLLER])
    cashier.at += timedelta(minutes=1)
    cashier.change_account(MEMBERS[0], IBANS[1])
    for claim in claims:
        with pytest.raises(IntegrityError, match="account has changed since its approval"):
            put_in_a_batch(cashier, claim)


def test_a_member_without_an_account_is_paid_where_the_claim_says(cashier: Cashier) -> None:
    claim = cashier.claim()
    cashier.sql("UPDATE member_ibans SET until_at = :at WHERE until_at IS NULL", at=cashier.at)
    with pytest.raises(IntegrityError, match="pays the account that was approved"):
        put_in_a_batch(cashier, claim, iban=IBANS[1], iban_hash=hash_of(IBANS[1]))
    put_in_a_batch(cashier, claim, iban=IBANS[0], iban_hash=hash_of(IBANS[0]))


def test_count_and_total_are_those_of_the_lines(cashier: Cashier) -> None:
    for wrong in ({"count": 2}, {"cents": 4_999}):
        with pytest.raises(IntegrityError, match="count and total of a batch"):
            put_in_a_batch(cashier, cashier.claim(5_000), batch=wrong)


def test_no_line_is_added_to_a_batch(cashier: Cashier) -> None:
    payment = batch_of(cashier, cashier.claim())
    line = {"id": payment, "attempt": "-x", "cents": None, "iban": None, "iban_hash": None, "at": cashier.at}
    for position in (0, 2):
        with pytest.raises(IntegrityError, match="none is added"):
            cashier.sql(LINE, **line, position=position, claim=cashier.claim(), status="instructed")
    with pytest.raises(IntegrityError, match="uq_instructions_payment_id_position"):
        cashier.sql(LINE, **line, position=1, claim=cashier.claim(), status="instructed")
    with pytest.raises(IntegrityError, match="none is added"):
        cashier.sql(LINE, **line, position=1, claim=cashier.claim(), status="paid")


def batch_of(cashier: Cashier, *_claims: UUID) -> UUID:
    """A batch of everything."""
    return cashier.a_batch()


RELEASE = "INSERT INTO releases (payment_id, person_id, link, file_sha256, at) VALUES (:id, :person, :link, :hash, :at)"


def release(cashier: Cashier, payment: UUID, login: str, link: int = 1, told: str | None = None) -> None:
    """A release, typed by whoever owns the tables."""
    wanted = told or cashier.payment(payment).file_sha256
    cashier.sql(RELEASE, id=payment, person=person_id(login), link=link, hash=wanted, at=cashier.at)


@pytest.mark.parametrize(("kind", "leaves"), [("reimbursement", True), ("commitment", False)])
def test_a_promise_to_a_provider_is_no_payment_to_the_member(cashier: Cashier, kind: str, *, leaves: bool) -> None:
    claim = cashier.claim(5_000, kind=kind)
    [(why,)] = cashier.sql("SELECT claim_may_leave(:id)", id=claim)
    assert why == (None if leaves else "commitment")


@pytest.mark.parametrize(
    ("login", "part"),
    [(BUILDER, "built"), (AUTHOR, "entered"), (CONTROLLER, "controlled"), (OTHER_CONTROLLER, "controlled")],
)
def test_whoever_had_a_hand_in_a_batch_does_not_release_it(cashier: Cashier, login: str, part: str) -> None:
    payment = batch_of(cashier, cashier.claim(600_000, controllers=[CONTROLLER, OTHER_CONTROLLER]))
    with pytest.raises(IntegrityError, match=rf"does not release it \({part}\)"):
        release(cashier, payment, login)


def test_whoever_changed_an_account_does_not_release(cashier: Cashier) -> None:
    cashier.at += timedelta(minutes=1)
    cashier.change_account(MEMBERS[0], IBANS[1], by=FIRST)
    payment = batch_of(cashier, cashier.claim())
    with pytest.raises(IntegrityError, match=r"does not release it \(changed_iban\)"):
        release(cashier, payment, FIRST)


def test_whoever_is_paid_by_a_batch_does_not_release_it(cashier: Cashier) -> None:
    payment = batch_of(cashier, cashier.claim())
    with cashier.sessions.begin() as session:
        session.add_all(StaffIban(staff_id=person_id(FIRST), iban_hash=hash_of(iban)) for iban in IBANS)
    with pytest.raises(IntegrityError, match=r"does not release it \(own_account\)"):
        release(cashier, payment, FIRST)


def test_one_person_releases_once_and_one_link_is_one_release(cashier: Cashier) -> None:
    payment = batch_of(cashier, cashier.claim())
    release(cashier, payment, FIRST)
    with pytest.raises(IntegrityError, match="pk_releases"):
        release(cashier, payment, FIRST, 2)
    with pytest.raises(IntegrityError, match="uq_releases_payment_id_link"):
        release(cashier, payment, SECOND)


def test_a_release_is_of_the_very_file(cashier: Cashier) -> None:
    payment = batch_of(cashier, cashier.claim())
    with pytest.raises(IntegrityError, match="holds for the very file"):
        release(cashier, payment, FIRST, told="0" * 64)


def test_a_batch_that_is_released_or_cancelled_is_not_released_again(cashier: Cashier) -> None:
    cancelled = batch_of(cashier, cashier.claim())
    cashier.refuse(cancelled)
    with pytest.raises(IntegrityError, match="neither released nor cancelled"):
        release(cashier, cancelled, FIRST)
    cashier.hand_over(sent := cashier.a_batch())
    with pytest.raises(IntegrityError, match="neither released nor cancelled"):
        release(cashier, sent, GENERAL, 3)


LEAVE = "UPDATE payments SET released_at = :at WHERE case_id = :id"


def test_a_file_leaves_when_two_have_released_it(cashier: Cashier) -> None:
    payment = batch_of(cashier, cashier.claim())
    for login, link in ((FIRST, 1), (SECOND, 2)):
        with pytest.raises(IntegrityError, match="when two people have released it"):
            cashier.sql(LEAVE, id=payment, at=cashier.at)
        release(cashier, payment, login, link)
    cashier.sql(LEAVE, id=payment, at=cashier.at)


def test_a_file_is_not_handed_over_before_it_is_released(cashier: Cashier) -> None:
    payment = batch_of(cashier, cashier.claim())
    with pytest.raises(IntegrityError, match="ck_payments_released_before_handed_over"):
        cashier.sql("UPDATE payments SET handed_over_at = :at WHERE case_id = :id", id=payment, at=cashier.at)


def test_a_file_leaves_while_every_account_is_its_members(cashier: Cashier) -> None:
    payment = batch_of(cashier, cashier.claim())
    release(cashier, payment, FIRST)
    release(cashier, payment, SECOND, 2)
    cashier.at += timedelta(minutes=1)
    cashier.change_account(MEMBERS[0], IBANS[1])
    with pytest.raises(IntegrityError, match="while every account in it"):
        cashier.sql(LEAVE, id=payment, at=cashier.at)


@pytest.mark.parametrize(
    "change",
    [
        "file = 'other'",
        "file_sha256 = 'other'",
        "count = 2",
        "total_cents = 1",
        "built_by = (SELECT id FROM staff WHERE login = 'ronan.postec')",
        "message_id = 'VIR-2026-999999'",
        "executes_on = '2026-12-24'",
        "released_at = NULL",
        "handed_over_at = NULL",
        "released_at = '2030-01-01'",
    ],
)
def test_nothing_else_of_a_batch_changes(cashier: Cashier, change: str) -> None:
    cashier.claim()
    cashier.hand_over(payment := cashier.a_batch())
    with pytest.raises(IntegrityError, match="nothing else of it changes"):
        cashier.sql(f"UPDATE payments SET {change} WHERE case_id = :id", id=payment)  # noqa: S608


@pytest.mark.parametrize(
    "change",
    ["amount_cents = 1", "iban = 'X'", "claim_id = gen_random_uuid()", "end_to_end_id = 'X'", "name = 'M. Autre'"],
)
def test_nothing_of_an_order_changes_but_its_outcome(cashier: Cashier, change: str) -> None:
    batch_of(cashier, cashier.claim())
    with pytest.raises(IntegrityError, match="only its outcome changes"):
        cashier.sql(f"UPDATE instructions SET {change}")  # noqa: S608


LOOK = "INSERT INTO second_looks (answer_id, payment_id, given_by, looked_by, at) VALUES (:id, :id, :one, :other, :at)"
OUTCOME = (
    "UPDATE instructions SET status = :status, decided_at = :at, "
    "answer_id = CASE WHEN :status IN ('rejected', 'withdrawn') THEN cast(:id AS uuid) END WHERE payment_id = :id"
)


@pytest.mark.parametrize("status", ["paid", "rejected", "withdrawn"])
def test_the_bank_answers_what_it_has(cashier: Cashier, status: str) -> None:
    payment = batch_of(cashier, cashier.claim())
    with pytest.raises(IntegrityError, match="answers a file that it has"):
        cashier.sql(OUTCOME, id=payment, status=status, at=cashier.at)


@pytest.mark.parametrize("status", ["paid", "rejected", "withdrawn"])
@pytest.mark.parametrize("then", ["instructed", "paid", "rejected", "withdrawn"])
def test_an_outcome_stays(cashier: Cashier, status: str, then: str) -> None:
    cashier.claim()
    cashier.hand_over(payment := cashier.a_batch())
    cashier.sql("ALTER TABLE second_looks DISABLE TRIGGER second_look_is_separate")
    cashier.sql(LOOK, id=payment, one=person_id(BUILDER), other=person_id(FIRST), at=cashier.at)
    cashier.sql(OUTCOME, id=payment, status=status, at=cashier.at)
    with pytest.raises(IntegrityError, match="stays so"):
        cashier.sql(OUTCOME, id=payment, status=then, at=cashier.at)


def test_a_batch_begins_at_its_beginning(cashier: Cashier) -> None:
    cashier.claim()
    cashier.hand_over(payment := cashier.a_batch())
    copied = (
        "INSERT INTO payments SELECT (jsonb_populate_record(p, jsonb_build_object('case_id', gen_random_uuid()))).* "
        "FROM payments p WHERE case_id = :id"
    )
    with pytest.raises(IntegrityError, match="is built before it is released"):
        cashier.sql(copied, id=payment)


@pytest.mark.parametrize("table", ["payments", "instructions", "bank_reports", "releases", "left_out", "second_looks"])
def test_nothing_of_it_is_deleted(cashier: Cashier, table: str) -> None:
    for change in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):  # noqa: S608
        with pytest.raises(IntegrityError, match="is written once"):
            cashier.sql(change)


def test_the_register_s_refusal_reaches_the_person_with_the_rule_s_name(cashier: Cashier) -> None:
    payment = batch_of(cashier, cashier.claim())
    cashier.sql(
        "CREATE OR REPLACE FUNCTION payment_parts(wanted uuid) RETURNS TABLE (person_id uuid, part text) LANGUAGE sql "
        "AS $$ SELECT id, 'entered' FROM staff WHERE pg_trigger_depth() > 0 $$"
    )
    outcome = cashier.release(payment, FIRST)
    assert (outcome.status, outcome.code) == (CommandStatus.REFUSED, "refused_by_register")


def test_whoever_gave_the_file_with_a_line_does_not_release_it(cashier: Cashier) -> None:
    given = uuid7()
    with cashier.sessions.begin() as session:
        session.add(an_import(given, person_id(FIRST), cashier.at))
    payment = batch_of(cashier, cashier.claim(import_id=given))
    with pytest.raises(IntegrityError, match=r"does not release it \(entered\)"):
        release(cashier, payment, FIRST)


def an_import(import_id: UUID, by: UUID, at: datetime) -> Import:
    """A day's file of one line."""
    return Import(
        id=import_id,
        kind="claims",
        file_name="jour.csv",
        file_sha256="0" * 64,
        lines=1,
        accepted=1,
        unchanged=0,
        refused=0,
        at=at,
        by_id=by,
    )
