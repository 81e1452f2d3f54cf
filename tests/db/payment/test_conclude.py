"""A bank that never says, or says that it has the file already: two of accounting find out, and conclude."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from bank.stand_in import accept_all, refuse_whole, reject_some
from db.models import Case
from db.queries.doctor import read_cases
from db.queries.payment import position
from domain.commands import CommandStatus
from domain.doctor import RunFacts, judge
from local.demo_staff import person_id
from tests.db.payment.test_batches import refused
from tests.factories.bank import ANSWERED
from tests.factories.complaints import TODAY
from tests.factories.payments import ASKED, BUILDER, CONTROLLER, FIRST, SECOND, Cashier


def with_the_bank(cashier: Cashier) -> tuple[UUID, bytes]:
    """A batch of two lines that the bank says it has already; its day is over."""
    cashier.claim(5_000)
    cashier.claim(120_000, controllers=[CONTROLLER])
    payment = cashier.a_batch()
    file = cashier.hand_over(payment)
    assert refused(cashier.read(payment, refuse_whole(file, "B0", ANSWERED, "DUPL"))) is None
    assert cashier.state(payment) == "handed_over"
    cashier.at += timedelta(days=1)
    return payment, file


def asked(cashier: Cashier, payment: UUID) -> list[UUID]:
    """What waits for a second person."""
    return [UUID(answer_id) for (answer_id,) in cashier.sql(ASKED, id=payment)]


def test_what_the_bank_has_executed_counts_as_paid_once_two_have_said_so(cashier: Cashier) -> None:
    payment, _ = with_the_bank(cashier)
    assert refused(cashier.conclude(payment, "executed")) is None
    assert {line.status for line in cashier.lines(payment)} == {"instructed"}
    [answer] = asked(cashier, payment)
    assert refused(cashier.confirm(payment, answer, BUILDER)) == "four_eyes"
    assert refused(cashier.confirm(payment, answer)) is None
    assert ({line.status for line in cashier.lines(payment)}, cashier.state(payment)) == ({"paid"}, "settled")
    assert cashier.deliver() == [("record_payment", "applied")]
    assert cashier.build(on=cashier.at.date()).case is None


def test_what_it_has_not_executed_can_be_paid_by_another_batch(cashier: Cashier) -> None:
    payment, _ = with_the_bank(cashier)
    cashier.conclude(payment, "not_executed")
    cashier.confirm(payment, asked(cashier, payment)[0])
    assert ({line.status for line in cashier.lines(payment)}, cashier.state(payment)) == ({"withdrawn"}, "returned")
    assert cashier.deliver() == [("withdraw", "applied")]
    again = cashier.build(on=cashier.at.date())
    assert again.case is not None
    assert len(cashier.lines(again.case.id)) == 2


def test_only_the_lines_that_wait_are_concluded(cashier: Cashier) -> None:
    payment, file = with_the_bank(cashier)
    names = [line.end_to_end_id for line in cashier.lines(payment)]
    cashier.read(payment, reject_some(file, "B1", ANSWERED, {names[0]: "AC04"}, "ACSP"))
    cashier.conclude(payment, "executed")
    cashier.confirm(payment, asked(cashier, payment)[0])
    assert [line.status for line in cashier.lines(payment)] == ["rejected", "paid"]


def test_what_the_bank_says_meanwhile_counts(cashier: Cashier) -> None:
    payment, file = with_the_bank(cashier)
    cashier.conclude(payment, "not_executed")
    cashier.send_report(payment, accept_all(file, "B1", ANSWERED))
    assert (cashier.state(payment), asked(cashier, payment)) == ("settled", [])


def test_a_batch_is_concluded_by_one_at_a_time(cashier: Cashier) -> None:
    payment, _ = with_the_bank(cashier)
    cashier.conclude(payment, "executed")
    assert refused(cashier.conclude(payment, "not_executed", FIRST)) == "wrong_step"
    cashier.set_aside(payment, asked(cashier, payment)[0])
    assert refused(cashier.conclude(payment, "not_executed", FIRST)) is None
    assert refused(cashier.confirm(payment, asked(cashier, payment)[0], BUILDER)) is None


@pytest.mark.parametrize(("days", "code"), [(-1, "wrong_step"), (0, "wrong_step"), (1, None)])
def test_nobody_concludes_before_the_day_of_execution_is_over(cashier: Cashier, days: int, code: str | None) -> None:
    cashier.claim()
    payment = cashier.a_batch(on=TODAY + timedelta(days=1))
    cashier.hand_over(payment)
    cashier.at += timedelta(days=1 + days)
    assert refused(cashier.conclude(payment, "executed")) == code


def test_what_is_not_with_the_bank_is_not_concluded(cashier: Cashier) -> None:
    cashier.claim()
    assert refused(cashier.conclude(cashier.a_batch(), "executed")) == "wrong_step"


def test_the_second_look_at_a_conclusion_is_another_persons_by_the_database_too(cashier: Cashier) -> None:
    payment, _ = with_the_bank(cashier)
    cashier.conclude(payment, "not_executed")
    [answer] = asked(cashier, payment)
    named = {"id": answer, "payment": payment, "at": cashier.at}
    look = (
        "INSERT INTO second_looks (answer_id, payment_id, given_by, looked_by, at) "
        "VALUES (:id, :payment, :given, :looked, :at)"
    )
    for given, looked in ((BUILDER, BUILDER), (SECOND, FIRST), (FIRST, BUILDER)):
        with pytest.raises(IntegrityError, match="second_look"):
            cashier.sql(look, given=person_id(given), looked=person_id(looked), **named)


def test_the_evidence_is_told_to_the_journal_s_readers_and_kept_as_it_was(cashier: Cashier) -> None:
    payment, _ = with_the_bank(cashier)
    assert cashier.conclude(payment, "executed").status is CommandStatus.APPLIED
    assert cashier.sql("SELECT evidence FROM bank_conclusions") == [("Relevé du 27 novembre.",)]
    [(facts,)] = cashier.sql("SELECT facts FROM journal WHERE case_id = :id AND event = 'ConclusionGiven'", id=payment)
    assert "evidence" not in facts
    with pytest.raises(IntegrityError, match="is written once"):
        cashier.sql("UPDATE bank_conclusions SET evidence = 'x'")


def test_a_bank_that_does_not_answer_is_told_to_accounting_then_to_the_director_and_named_by_the_doctor(
    cashier: Cashier,
) -> None:
    payment, _ = with_the_bank(cashier)
    ((due_at, met_at),) = cashier.sql("SELECT due_at, met_at FROM deadlines WHERE case_id = :id", id=payment)
    assert (due_at.date(), met_at) == (TODAY.replace(day=TODAY.day + 2), None)
    with cashier.sessions() as session:
        stands = position(session, session.get_one(Case, payment), cashier.book)
    assert [(one.name, one.generation, one.next_at) for one in stands.watched] == [("bank_answer", 1, due_at)]
    assert ailments(cashier, payment) == []
    for instant, people in ((due_at, {BUILDER, FIRST}), (due_at + timedelta(hours=16), {SECOND})):
        cashier.at = instant
        about = f"bank_answer:1:{instant.isoformat()}"
        remind = cashier.machine(payment, "remind", about, deadline="bank_answer", generation=1, patient=False)
        assert cashier.settle(remind).status is CommandStatus.APPLIED
        ((to_ids,),) = cashier.sql("SELECT to_ids FROM reminders ORDER BY fired_at DESC LIMIT 1")
        assert set(to_ids) == {person_id(login) for login in people}
    assert "bank_silent" in ailments(cashier, payment)
    cashier.conclude(payment, "executed")
    cashier.confirm(payment, asked(cashier, payment)[0])
    ((met_at,),) = cashier.sql("SELECT met_at FROM deadlines WHERE case_id = :id", id=payment)
    assert (met_at, "bank_silent" in ailments(cashier, payment)) == (cashier.at, False)


def ailments(cashier: Cashier, payment: UUID) -> list[str]:
    """What the doctor says of the batch, as far as the register alone tells."""
    with cashier.sessions() as session:
        read = read_cases(session, [payment], lambda session, case: position(session, case, cashier.book))
    return [one.kind for one in judge(read.cases[0], RunFacts(running=True, asked=False), cashier.at)]
