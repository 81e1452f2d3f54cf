"""A batch that can neither leave nor be stopped, as an attempt to lay it never came to its end: two conclude it."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from activities.payments import BankFiles
from db.commands.payment_laying import begin_laying
from domain.payment.handover import FileToHandOver
from local.demo_staff import person_id
from tests.db.payment.test_batches import refused
from tests.db.payment.test_stop import lays, released
from tests.factories.payments import ASKED, BUILDER, FIRST, Cashier


def held_up(cashier: Cashier, days: int = 1) -> UUID:
    """A released batch with an attempt to lay it that never ended, so many days after its day of execution."""
    payment = released(cashier)
    with cashier.sessions.begin() as session:
        begin_laying(session, payment)
    cashier.at += timedelta(days=days)
    return payment


def asked(cashier: Cashier, payment: UUID) -> UUID:
    """What waits for a second person."""
    [(answer_id,)] = cashier.sql(ASKED, id=payment)
    return UUID(answer_id)


@pytest.mark.parametrize(
    ("bank_did", "state", "status"), [("executed", "settled", "paid"), ("not_executed", "returned", "withdrawn")]
)
def test_two_people_conclude_what_became_of_it(cashier: Cashier, bank_did: str, state: str, status: str) -> None:
    payment = held_up(cashier)
    assert refused(cashier.stop(payment)) == "wrong_step"
    assert refused(cashier.conclude(payment, bank_did)) is None
    assert cashier.state(payment) == "released"
    assert refused(cashier.confirm(payment, asked(cashier, payment), BUILDER)) == "four_eyes"
    assert refused(cashier.confirm(payment, asked(cashier, payment))) is None
    assert (cashier.state(payment), {line.status for line in cashier.lines(payment)}) == (state, {status})
    assert all(outcome == "applied" for _, outcome in cashier.deliver())


def test_what_was_concluded_is_laid_by_no_attempt_any_more(cashier: Cashier, tmp_path: Path) -> None:
    payment = held_up(cashier)
    cashier.conclude(payment, "not_executed")
    cashier.confirm(payment, asked(cashier, payment))
    lays(cashier, payment, tmp_path)
    assert not list(tmp_path.glob("outgoing/*.xml"))
    with pytest.raises(IntegrityError, match="neither stopped nor handed over"), cashier.sessions.begin() as session:
        begin_laying(session, payment)


def test_an_attempt_that_was_held_up_looks_again_before_it_lays(
    cashier: Cashier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = released(cashier)
    cashier.at += timedelta(days=1)

    def concluded_meanwhile(point: str) -> None:
        if point == "bank_file_claimed":
            cashier.conclude(payment, "not_executed")
            cashier.confirm(payment, asked(cashier, payment))

    monkeypatch.setattr("activities.payments.fault_point", concluded_meanwhile)
    BankFiles(cashier.sessions, tmp_path).hand_over(FileToHandOver(payment))
    assert cashier.state(payment) == "returned"
    assert not list(tmp_path.glob("outgoing/*.xml"))


@pytest.mark.parametrize(("days", "code"), [(0, "wrong_step"), (1, None)])
def test_nobody_concludes_before_its_day_is_over(cashier: Cashier, days: int, code: str | None) -> None:
    assert refused(cashier.conclude(held_up(cashier, days), "not_executed")) == code


def test_a_batch_that_can_still_be_stopped_is_not_concluded(cashier: Cashier) -> None:
    payment = released(cashier)
    cashier.at += timedelta(days=1)
    assert refused(cashier.conclude(payment, "not_executed")) == "wrong_step"


def test_what_was_concluded_of_a_file_that_is_laid_meanwhile_is_set_aside(cashier: Cashier) -> None:
    payment = held_up(cashier)
    cashier.conclude(payment, "not_executed")
    cashier.settle(cashier.machine(payment, "record_bank_handover"))
    assert cashier.state(payment) == "handed_over"
    assert refused(cashier.confirm(payment, asked(cashier, payment))) == "wrong_step"
    assert refused(cashier.set_aside(payment, asked(cashier, payment))) is None
    assert refused(cashier.conclude(payment, "not_executed")) == "wrong_step"
    cashier.at += timedelta(days=1)
    assert refused(cashier.conclude(payment, "not_executed")) is None


LOOK = (
    "INSERT INTO second_looks (answer_id, payment_id, given_by, looked_by, at) VALUES (:answer, :id, :one, :two, :at)"
)
DECIDED = "UPDATE instructions SET status = 'withdrawn', decided_at = :at, answer_id = :answer WHERE payment_id = :id"


@pytest.mark.parametrize("named", [True, False])
def test_an_order_is_withdrawn_by_no_other_second_look_of_its_instant(cashier: Cashier, *, named: bool) -> None:
    """The register's own word: two people who say "executed" let nothing be paid again, named or not."""
    payment = released(cashier)
    cashier.settle(cashier.machine(payment, "record_bank_handover"))
    cashier.at += timedelta(days=1)
    cashier.conclude(payment, "executed")
    answer = asked(cashier, payment)
    who = {"one": person_id(BUILDER), "two": person_id(FIRST)}
    cashier.sql(LOOK, id=payment, answer=answer, at=cashier.at, **who)
    with pytest.raises(IntegrityError, match="on the word of two people"):
        cashier.sql(DECIDED, id=payment, at=cashier.at, answer=answer if named else None)
