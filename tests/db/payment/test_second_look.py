"""What rejects a line is confirmed by a second person: who was rejected is paid again, and perhaps twice."""

from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from bank.stand_in import accept_all, refuse_whole, reject_some
from db.queries.payment import bank_file
from domain.commands import CommandStatus
from local.demo_staff import person_id
from tests.db.payment.test_batches import refused
from tests.factories.bank import ANSWERED
from tests.factories.complaints import GENERAL, OPERATIONS
from tests.factories.payments import ASKED, BUILDER, FIRST, MEMBERS, Cashier

FIRST_LINE = {"PRE-2026-000001-1": "AC04"}


def with_the_bank(cashier: Cashier) -> tuple[UUID, bytes]:
    """A batch of two lines that has been handed over."""
    cashier.claim(5_000)
    cashier.claim(7_525)
    payment = cashier.a_batch()
    return payment, cashier.hand_over(payment)


def asked(cashier: Cashier, payment: UUID) -> list[UUID]:
    """What waits for a second person."""
    return [UUID(answer_id) for (answer_id,) in cashier.sql(ASKED, id=payment)]


@pytest.mark.parametrize("whole", [False, True])
def test_one_accountant_alone_rejects_nothing(cashier: Cashier, *, whole: bool) -> None:
    payment, file = with_the_bank(cashier)
    report = refuse_whole(file, "B1", ANSWERED) if whole else reject_some(file, "B1", ANSWERED, FIRST_LINE)
    assert refused(cashier.send_report(payment, report)) is None
    assert [line.status for line in cashier.lines(payment)] == ["instructed", "instructed"]
    assert cashier.state(payment) == "handed_over"
    assert cashier.build().case is None
    [answer] = asked(cashier, payment)
    assert refused(cashier.confirm(payment, answer, BUILDER)) == "four_eyes"
    assert refused(cashier.confirm(payment, answer)) is None
    expected = ["withdrawn", "withdrawn"] if whole else ["rejected", "paid"]
    assert [line.status for line in cashier.lines(payment)] == expected


def test_what_only_pays_needs_nobody_else(cashier: Cashier) -> None:
    payment, file = with_the_bank(cashier)
    cashier.send_report(payment, accept_all(file, "B1", ANSWERED))
    assert (cashier.state(payment), asked(cashier, payment)) == ("settled", [])


def test_a_report_that_waits_is_not_given_again(cashier: Cashier) -> None:
    payment, file = with_the_bank(cashier)
    report = reject_some(file, "B1", ANSWERED, FIRST_LINE)
    cashier.send_report(payment, report)
    assert refused(cashier.send_report(payment, report, FIRST)) == "wrong_step"
    [answer] = asked(cashier, payment)
    assert refused(cashier.confirm(payment, answer, FIRST)) is None


def test_whoever_gave_the_same_bytes_before_does_not_confirm_them(cashier: Cashier) -> None:
    """A report that came too early is kept under its first sender's name."""
    cashier.claim(5_000)
    payment = cashier.a_batch()
    with cashier.sessions() as session:
        file = bank_file(session, payment)[1]
    report = reject_some(file, "B1", ANSWERED, FIRST_LINE)
    assert refused(cashier.send_report(payment, report, FIRST)) == "wrong_step"
    cashier.hand_over(payment)
    cashier.send_report(payment, report, BUILDER)
    [answer] = asked(cashier, payment)
    assert refused(cashier.confirm(payment, answer, FIRST)) == "four_eyes"
    assert refused(cashier.confirm(payment, answer, OPERATIONS)) is None


@pytest.mark.parametrize(("login", "code"), [(OPERATIONS, "not_your_task"), (GENERAL, "not_your_task")])
def test_it_is_for_accounting(cashier: Cashier, login: str, code: str) -> None:
    payment, file = with_the_bank(cashier)
    cashier.send_report(payment, reject_some(file, "B1", ANSWERED, FIRST_LINE))
    assert refused(cashier.confirm(payment, asked(cashier, payment)[0], login)) == code


def test_whose_own_money_it_is_does_not_confirm(cashier: Cashier) -> None:
    cashier.claim(5_000, member=MEMBERS[0])
    payment = cashier.a_batch()
    file = cashier.hand_over(payment)
    cashier.sql(
        "INSERT INTO staff_ibans (staff_id, iban_hash, member_number) VALUES (:id, '\\x00', :member)",
        id=person_id(FIRST),
        member=MEMBERS[0],
    )
    cashier.send_report(payment, reject_some(file, "B1", ANSWERED, FIRST_LINE))
    assert refused(cashier.confirm(payment, asked(cashier, payment)[0], FIRST)) == "four_eyes"


def test_what_is_set_aside_changes_nothing_and_can_be_given_again(cashier: Cashier) -> None:
    payment, file = with_the_bank(cashier)
    report = reject_some(file, "B1", ANSWERED, FIRST_LINE)
    cashier.send_report(payment, report)
    [answer] = asked(cashier, payment)
    assert refused(cashier.set_aside(payment, answer)) is None
    assert (asked(cashier, payment), cashier.state(payment)) == ([], "handed_over")
    cashier.send_report(payment, report)
    assert refused(cashier.confirm(payment, answer)) is None


def test_another_answer_than_the_one_that_was_read_is_not_confirmed(cashier: Cashier) -> None:
    payment, file = with_the_bank(cashier)
    cashier.send_report(payment, reject_some(file, "B1", ANSWERED, FIRST_LINE))
    assert refused(cashier.confirm(payment, UUID(int=1))) == "stale_version"


def test_nobody_is_asked_any_more_once_every_line_is_answered(cashier: Cashier) -> None:
    payment, file = with_the_bank(cashier)
    cashier.send_report(payment, reject_some(file, "B1", ANSWERED, FIRST_LINE))
    assert len(asked(cashier, payment)) == 1
    cashier.send_report(payment, reject_some(file, "B2", ANSWERED, {}, "ACSC"))
    assert (cashier.state(payment), asked(cashier, payment)) == ("settled", [])


@pytest.mark.parametrize("status", ["rejected", "withdrawn"])
def test_so_it_is_for_whoever_owns_the_tables(cashier: Cashier, status: str) -> None:
    payment, _ = with_the_bank(cashier)
    with pytest.raises(IntegrityError, match="on the word of two people"):
        cashier.sql(
            "UPDATE instructions SET status = :status, decided_at = :at WHERE payment_id = :id",
            id=payment,
            status=status,
            at=cashier.at,
        )


@pytest.mark.parametrize(("given_by", "looked_by"), [(FIRST, BUILDER), (FIRST, FIRST)])
def test_a_second_look_is_another_persons(cashier: Cashier, given_by: str, looked_by: str) -> None:
    payment, file = with_the_bank(cashier)
    cashier.send_report(payment, reject_some(file, "B1", ANSWERED, FIRST_LINE))
    named = {"given_by": person_id(given_by), "looked_by": person_id(looked_by), "at": cashier.at}
    with pytest.raises(IntegrityError, match="second_look"):
        cashier.sql(
            "INSERT INTO second_looks (answer_id, payment_id, given_by, looked_by, at) "
            "SELECT id, payment_id, :given_by, :looked_by, :at FROM bank_reports",
            **named,
        )


def test_the_journal_tells_who_gave_it_and_who_stands_for_it(cashier: Cashier) -> None:
    payment, file = with_the_bank(cashier)
    assert cashier.read(payment, reject_some(file, "B1", ANSWERED, FIRST_LINE)).status is CommandStatus.APPLIED
    wanted = "SELECT facts FROM journal WHERE case_id = :id AND event = 'AnswerConfirmed'"
    [(facts,)] = cashier.sql(wanted, id=payment)
    assert (facts["given_by"], facts["person_id"]) == (str(person_id(BUILDER)), str(person_id(FIRST)))
