"""A batch from what may leave to the bank's answer: what is in it, who releases it, what becomes of its claims."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from bank.stand_in import accept_all, receive, refuse_whole, reject_some
from db.commands.payment_batch import Built
from db.models import CommandRow, LeftOutRow
from db.queries.payment import bank_file
from domain.commands import CommandStatus, Outcome
from domain.refusals import Invalid
from tests.factories.bank import ANSWERED
from tests.factories.complaints import ADMINISTRATOR, GENERAL, NOON, TODAY
from tests.factories.payments import (
    BUILDER,
    CONTROLLER,
    FIRST,
    IBANS,
    MEMBERS,
    OTHER_CONTROLLER,
    SECOND,
    Cashier,
)


def refused(outcome: Outcome[Any]) -> str | None:
    """The refusal's code; None when it was applied."""
    return outcome.code if outcome.status is CommandStatus.REFUSED else None


def reason(cashier: Cashier, outcome_of: UUID) -> dict[str, Any]:
    """The last refusal on a batch, as it is recorded."""
    wanted = select(CommandRow).where(CommandRow.case_id == outcome_of, CommandRow.status == "refused")
    with cashier.sessions() as session:
        row = session.scalars(wanted.order_by(CommandRow.order.desc()).limit(1)).one()
        assert row.refusal is not None
        return row.refusal


def test_a_batch_goes_to_the_bank_and_is_paid(cashier: Cashier) -> None:
    small, large = cashier.claim(5_000), cashier.claim(600_000, controllers=[CONTROLLER, OTHER_CONTROLLER])
    payment = cashier.a_batch()
    assert cashier.state(payment) == "releasing"
    assert cashier.told(large) == [
        ("instruct", {"payment_id": str(payment), "instruction_id": str(line_of(cashier, payment, large))})
    ]
    file = cashier.hand_over(payment)
    assert receive(file).orders == {"PRE-2026-000001-1": "50.00", "PRE-2026-000002-1": "6000.00"}
    assert cashier.state(payment) == "handed_over"
    assert refused(cashier.read(payment, accept_all(file, "B1", ANSWERED, "ACCP"))) is None
    assert cashier.state(payment) == "handed_over"
    assert refused(cashier.read(payment, accept_all(file, "B2", ANSWERED, "ACSC"))) is None
    assert cashier.state(payment) == "settled"
    assert [line.status for line in cashier.lines(payment)] == ["paid", "paid"]
    assert cashier.deliver() == [("record_payment", "applied")]
    assert [cashier.claim_state(one) for one in (small, large)] == ["paid", "paid"]
    assert cashier.told(small) == []


def line_of(cashier: Cashier, payment: UUID, claim: UUID) -> UUID:
    """The line that pays this claim."""
    return next(line.id for line in cashier.lines(payment) if line.claim_id == claim)


def test_what_is_paid_is_never_in_a_batch_again(cashier: Cashier) -> None:
    cashier.claim()
    payment = cashier.a_batch()
    assert cashier.build().case is None
    file = cashier.hand_over(payment)
    assert cashier.build().case is None
    cashier.read(payment, accept_all(file, "B1", ANSWERED))
    assert cashier.build() == cashier.build()
    assert cashier.build().case is None


def test_a_line_that_the_bank_rejects_is_controlled_again_and_paid_by_another_batch(cashier: Cashier) -> None:
    claim = cashier.claim(200_000, controllers=[CONTROLLER])
    cashier.claim(5_000)
    payment = cashier.a_batch()
    file = cashier.hand_over(payment)
    assert refused(cashier.read(payment, reject_some(file, "B1", ANSWERED, {"PRE-2026-000001-1": "AC04"}))) is None
    assert cashier.state(payment) == "settled"
    first, second = cashier.lines(payment)
    assert (first.status, first.bank_code, second.status) == ("rejected", "AC04", "paid")
    line = {"payment_id": str(payment), "instruction_id": str(first.id)}
    assert cashier.told(claim)[-1] == ("reopen", line | {"reason": "rejected_by_bank", "code": "AC04"})
    assert cashier.deliver() == [("reopen", "applied")]
    assert cashier.claim_state(claim) == "in_control"
    assert cashier.build().left == ()
    cashier.at += timedelta(days=1)
    cashier.change_account(MEMBERS[0], IBANS[1])
    cashier.decide_again(claim, 2, CONTROLLER)
    again = cashier.a_batch(on=cashier.at.date())
    assert [line.end_to_end_id for line in cashier.lines(again)] == ["PRE-2026-000001-2"]


def test_a_claim_without_a_case_that_the_bank_rejects_is_controlled_from_then_on(cashier: Cashier) -> None:
    claim = cashier.claim(5_000)
    payment = cashier.a_batch()
    assert cashier.claim_state(claim) == "instructed"
    file = cashier.hand_over(payment)
    cashier.read(payment, reject_some(file, "B1", ANSWERED, {"PRE-2026-000001-1": "AC04"}))
    assert cashier.state(payment) == "returned"
    assert cashier.deliver() == [("reopen", "applied")]
    assert cashier.claim_state(claim) == "in_control"
    assert cashier.build() == Built(None, ())


def test_a_claim_without_a_case_whose_account_has_changed_is_controlled_from_then_on(cashier: Cashier) -> None:
    claim = cashier.claim(5_000)
    cashier.at += timedelta(minutes=1)
    cashier.change_account(MEMBERS[0], IBANS[1])
    assert [one.reason for one in cashier.build().left] == ["iban_changed"]
    assert cashier.deliver() == [("reopen", "applied")]
    assert cashier.claim_state(claim) == "in_control"
    assert cashier.build() == Built(None, ())


def test_a_file_that_is_refused_whole_is_paid_by_another(cashier: Cashier) -> None:
    claim = cashier.claim(200_000, controllers=[CONTROLLER])
    cashier.claim()
    payment = cashier.a_batch()
    file = cashier.hand_over(payment)
    assert refused(cashier.read(payment, refuse_whole(file, "B1", ANSWERED, "FF01"))) is None
    assert cashier.state(payment) == "returned"
    assert [(line.status, line.bank_code) for line in cashier.lines(payment)] == [("withdrawn", "FF01")] * 2
    line = {"payment_id": str(payment), "instruction_id": str(line_of(cashier, payment, claim))}
    assert cashier.told(claim)[-1] == ("withdraw", line | {"reason": "file_refused", "code": "FF01"})
    assert cashier.deliver() == [("withdraw", "applied")]
    again = cashier.a_batch()
    assert [line.end_to_end_id for line in cashier.lines(again)] == ["PRE-2026-000001-2", "PRE-2026-000002-2"]


def test_what_the_bank_says_it_has_already_is_not_sent_a_second_time(cashier: Cashier) -> None:
    cashier.claim()
    payment = cashier.a_batch()
    file = cashier.hand_over(payment)
    assert refused(cashier.read(payment, refuse_whole(file, "B1", ANSWERED, "DUPL"))) is None
    assert cashier.state(payment) == "handed_over"
    assert cashier.build().case is None
    assert refused(cashier.read(payment, accept_all(file, "B2", ANSWERED))) is None
    assert cashier.state(payment) == "settled"


def test_a_batch_that_a_releaser_refuses_frees_its_claims(cashier: Cashier) -> None:
    claim = cashier.claim(200_000, controllers=[CONTROLLER])
    payment = cashier.a_batch()
    assert refused(cashier.refuse(payment)) is None
    assert cashier.state(payment) == "cancelled"
    assert cashier.told(claim)[-1][1]["reason"] == "batch_cancelled"
    assert cashier.deliver() == [("instruct", "applied"), ("withdraw", "applied")]
    again = cashier.a_batch()
    assert [line.end_to_end_id for line in cashier.lines(again)] == ["PRE-2026-000001-2"]


def test_the_second_releaser_can_refuse_too(cashier: Cashier) -> None:
    cashier.claim()
    payment = cashier.a_batch()
    assert refused(cashier.release(payment, FIRST)) is None
    assert refused(cashier.refuse(payment, SECOND)) is None
    assert cashier.state(payment) == "cancelled"
    assert cashier.a_batch() != payment


def test_the_builder_does_not_release(cashier: Cashier) -> None:
    cashier.claim()
    payment = cashier.a_batch()
    assert refused(cashier.release(payment, BUILDER)) == "four_eyes"


def test_nobody_releases_twice(cashier: Cashier) -> None:
    cashier.claim()
    payment = cashier.a_batch()
    assert refused(cashier.release(payment, FIRST)) is None
    assert refused(cashier.release(payment, FIRST)) == "four_eyes"


def test_whoever_controlled_a_line_does_not_release(cashier: Cashier) -> None:
    cashier.claim(200_000, controllers=[SECOND])
    payment = cashier.a_batch()
    cashier.deliver()
    assert refused(cashier.release(payment, FIRST)) is None
    assert refused(cashier.release(payment, SECOND)) == "four_eyes"
    assert refused(cashier.release(payment, GENERAL)) is None
    assert cashier.state(payment) == "released"


def test_whoever_changes_an_account_while_the_task_is_open_does_not_release(cashier: Cashier) -> None:
    cashier.claim()
    payment = cashier.a_batch()
    cashier.at += timedelta(minutes=1)
    cashier.change_account(MEMBERS[0], IBANS[0], by=FIRST)
    assert refused(cashier.release(payment, FIRST)) == "four_eyes"


def test_an_administrator_does_not_release(cashier: Cashier) -> None:
    cashier.claim()
    payment = cashier.a_batch()
    assert refused(cashier.release(payment, ADMINISTRATOR)) == "not_your_task"


def test_a_release_names_the_file_that_leaves(cashier: Cashier) -> None:
    cashier.claim()
    payment = cashier.a_batch()
    assert refused(cashier.release(payment, FIRST, "0" * 64)) == "file_changed"


def test_a_batch_with_an_account_that_has_changed_is_not_released(cashier: Cashier) -> None:
    claim = cashier.claim(200_000, controllers=[CONTROLLER])
    payment = cashier.a_batch()
    assert refused(cashier.release(payment, FIRST)) is None
    cashier.at += timedelta(minutes=1)
    cashier.change_account(MEMBERS[0], IBANS[1])
    assert refused(cashier.release(payment, SECOND)) == "wrong_step"
    assert "PRE-2026-000001" in reason(cashier, payment)["rule"]
    assert refused(cashier.refuse(payment, SECOND)) is None
    left = cashier.build().left
    assert [one.reason for one in left] == ["iban_changed"]
    assert cashier.told(claim)[-1] == ("reopen", {"reason": "iban_changed"})
    cashier.build()
    assert [kind for kind, _ in cashier.told(claim)] == ["instruct", "withdraw", "reopen"]


@pytest.mark.parametrize(("days", "code"), [(0, None), (1, "wrong_step")])
def test_a_batch_is_released_until_its_day(cashier: Cashier, days: int, code: str | None) -> None:
    cashier.claim()
    payment = cashier.a_batch()
    cashier.at += timedelta(days=days)
    assert refused(cashier.release(payment, FIRST)) == code


@pytest.mark.parametrize(
    ("days", "rule"),
    [(-1, "in the past"), (31, "within 30 days"), (5, "no working day"), (0, None), (1, None), (30, None)],
)
def test_a_batch_executes_on_a_working_day_that_is_near(cashier: Cashier, days: int, rule: str | None) -> None:
    cashier.claim()
    if rule is None:
        assert cashier.build(on=TODAY + timedelta(days=days)).case is not None
    else:
        with pytest.raises(Invalid, match=rule):
            cashier.build(on=TODAY + timedelta(days=days))


def test_a_report_that_was_read_is_not_read_again(cashier: Cashier) -> None:
    cashier.claim()
    payment = cashier.a_batch()
    file = cashier.hand_over(payment)
    assert refused(cashier.read(payment, accept_all(file, "B1", ANSWERED, "ACCP"))) is None
    assert refused(cashier.read(payment, accept_all(file, "B1", ANSWERED, "ACCP"))) == "report_read_already"
    assert refused(cashier.read(payment, accept_all(file, "B1", ANSWERED, "ACSC"))) == "report_read_already"
    assert refused(cashier.read(payment, accept_all(file, "B2", ANSWERED, "ACSC"))) is None
    assert refused(cashier.read(payment, accept_all(file, "B2", ANSWERED, "ACSC"))) == "report_read_already"


def test_a_report_about_a_file_that_the_bank_does_not_have_is_refused(cashier: Cashier) -> None:
    cashier.claim()
    payment = cashier.a_batch()
    with cashier.sessions() as session:
        _, file = bank_file(session, payment)
    assert refused(cashier.read(payment, accept_all(file, "B1", ANSWERED))) == "wrong_step"
    cashier.refuse(payment)
    assert refused(cashier.read(payment, accept_all(file, "B1", ANSWERED))) == "wrong_step"


def test_a_report_about_another_file_changes_nothing(cashier: Cashier) -> None:
    cashier.claim()
    payment = cashier.a_batch()
    cashier.hand_over(payment)
    cashier.claim()
    other = cashier.a_batch()
    file = cashier.hand_over(other)
    assert refused(cashier.read(payment, accept_all(file, "B1", ANSWERED))) == "report_disagrees"
    assert [line.status for line in cashier.lines(payment)] == ["instructed"]


def test_what_is_paid_or_rejected_stays_so(cashier: Cashier) -> None:
    cashier.claim()
    cashier.claim()
    payment = cashier.a_batch()
    file = cashier.hand_over(payment)
    one = {"PRE-2026-000001-1": "AC04"}
    cashier.read(payment, reject_some(file, "B1", ANSWERED, one, others="ACSP"))
    assert [line.status for line in cashier.lines(payment)] == ["rejected", "instructed"]
    assert refused(cashier.read(payment, accept_all(file, "B2", ANSWERED))) == "report_disagrees"
    assert refused(cashier.read(payment, reject_some(file, "B3", ANSWERED, one))) is None
    assert cashier.state(payment) == "settled"
    two = {"PRE-2026-000002-1": "AC06"}
    assert refused(cashier.read(payment, reject_some(file, "B4", ANSWERED, one | two))) == "report_disagrees"
    assert [line.status for line in cashier.lines(payment)] == ["rejected", "paid"]


def test_what_may_not_leave_is_told_with_its_reason(cashier: Cashier) -> None:
    cashier.claim()
    cashier.sql("ALTER TABLE claims DROP CONSTRAINT ck_claims_controlled_above")
    lacking = cashier.claim(200_000)
    undecided = cashier.claim(200_000, controllers=[CONTROLLER])
    cashier.sql("UPDATE cases SET state = 'in_control' WHERE reference = 'PRE-2026-000003'")
    payment = cashier.a_batch()
    with cashier.sessions() as session:
        left = session.scalars(select(LeftOutRow).where(LeftOutRow.payment_id == payment)).all()
    assert [(one.claim_id, one.reason) for one in left] == [(lacking, "approvals_missing")]
    assert undecided not in {line.claim_id for line in cashier.lines(payment)}


def test_a_name_that_no_bank_can_write_leaves_one_claim_out(cashier: Cashier) -> None:
    cashier.sql("UPDATE members SET name = '☃' WHERE number = :one", one=MEMBERS[1])
    cashier.claim()
    cashier.claim(member=MEMBERS[1])
    built = cashier.build()
    assert [one.reason for one in built.left] == ["unfit_for_bank"]
    assert built.case is not None
    assert len(cashier.lines(built.case.id)) == 1


def test_a_batch_takes_the_longest_waiting_first_and_no_more_than_it_may(cashier: Cashier) -> None:
    claims = [cashier.claim(payable_at=NOON - timedelta(days=n)) for n in range(3)]
    first = cashier.a_batch(at_most=2)
    assert [line.claim_id for line in cashier.lines(first)] == [claims[2], claims[1]]
    second = cashier.a_batch(at_most=2)
    assert [line.claim_id for line in cashier.lines(second)] == [claims[0]]


def test_two_batches_at_once_never_share_a_claim(cashier: Cashier) -> None:
    claims = {cashier.claim(100 + n) for n in range(40)}
    barrier, built = Barrier(4), []

    def build() -> None:
        barrier.wait()
        built.append(cashier.build_only(at_most=15))

    threads = [Thread(target=build) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while (rest := cashier.build_only()).case is not None:
        built.append(rest)
    taken = [line.claim_id for one in built if one.case for line in cashier.lines(one.case.id)]
    assert len(taken) == len(set(taken))
    assert set(taken) == claims


def test_an_absent_releaser_is_replaced_one_level_up(cashier: Cashier) -> None:
    cashier.claim()
    cashier.sql(
        "INSERT INTO absences (id, person_id, from_on, back_on, recorded_at) "
        "SELECT gen_random_uuid(), id, :day, CAST(:day AS date) + 7, :at FROM staff WHERE login = :login",
        day=TODAY,
        at=NOON,
        login=FIRST,
    )
    payment = cashier.a_batch()
    task = cashier.task(payment, "release")
    assert task.offered_to == ["operations_director"]
    assert refused(cashier.release(payment, SECOND)) is None
    assert cashier.task(payment, "release").offered_to == ["general_director"]
    assert refused(cashier.release(payment, GENERAL)) is None
    assert cashier.state(payment) == "released"


def test_when_nobody_is_left_to_release_the_direction_is_told(cashier: Cashier) -> None:
    cashier.claim(200_000, controllers=[FIRST])
    cashier.claim(200_000, controllers=[SECOND])
    cashier.claim(200_000, controllers=[GENERAL])
    payment = cashier.a_batch()
    assert cashier.task(payment, "release").nobody_left
    assert cashier.task(payment, "unblock").detail == {"blocked": "release"}
    assert refused(cashier.release(payment, FIRST)) == "four_eyes"
