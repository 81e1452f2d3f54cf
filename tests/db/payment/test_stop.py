"""A released batch can be stopped until its file may be with the bank: of stopping and laying, one is first."""

from pathlib import Path
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from temporalio.exceptions import ApplicationError

import faultpoints
from activities.payments import BankFiles
from db.commands.payment_laying import begin_laying, record_nothing_laid
from domain.commands import CommandStatus
from domain.payment.handover import FileToHandOver
from faultpoints import Fault
from tests.db.payment.test_batches import refused
from tests.factories.complaints import GENERAL, OTHER_EXPERT
from tests.factories.payments import BUILDER, CONTROLLER, FIRST, SECOND, Cashier


def released(cashier: Cashier) -> UUID:
    """A batch of two lines that two have released; it has not been laid."""
    cashier.claim(5_000)
    cashier.claim(120_000, controllers=[CONTROLLER])
    payment = cashier.a_batch()
    cashier.deliver()
    for login in (FIRST, SECOND):
        assert refused(cashier.release(payment, login)) is None
    return payment


@pytest.mark.parametrize("login", [FIRST, SECOND])
def test_a_released_batch_is_stopped_and_its_claims_are_payable_again(cashier: Cashier, login: str) -> None:
    payment = released(cashier)
    assert refused(cashier.stop(payment, login)) is None
    assert cashier.state(payment) == "cancelled"
    assert [line.status for line in cashier.lines(payment)] == ["withdrawn", "withdrawn"]
    assert all(status == "applied" for _, status in cashier.deliver())
    again = cashier.build()
    assert again.case is not None
    assert len(cashier.lines(again.case.id)) == 2


@pytest.mark.parametrize("login", [BUILDER, GENERAL, OTHER_EXPERT])
def test_it_is_stopped_by_a_releaser_or_the_operations_director(cashier: Cashier, login: str) -> None:
    assert refused(cashier.stop(released(cashier), login)) == "not_a_releaser"


def test_before_it_is_released_a_releaser_refuses_it(cashier: Cashier) -> None:
    cashier.claim()
    assert refused(cashier.stop(cashier.a_batch())) == "wrong_step"


def test_what_is_with_the_bank_is_not_stopped(cashier: Cashier) -> None:
    cashier.claim()
    payment = cashier.a_batch()
    cashier.hand_over(payment)
    assert refused(cashier.stop(payment)) == "wrong_step"


def lays(cashier: Cashier, payment: UUID, folder: Path) -> None:
    """The system lays the file, or tries to."""
    BankFiles(cashier.sessions, folder).hand_over(FileToHandOver(payment))


def test_it_can_be_stopped_while_the_bank_s_folder_is_away_and_is_not_laid_afterwards(
    cashier: Cashier, tmp_path: Path
) -> None:
    payment, away = released(cashier), tmp_path / "away"
    away.write_text("no folder")
    with pytest.raises(ApplicationError):
        lays(cashier, payment, away)
    assert refused(cashier.stop(payment)) is None
    lays(cashier, payment, tmp_path / "back")
    assert not (tmp_path / "back").exists()
    outcome = cashier.settle(cashier.machine(payment, "record_bank_handover"))
    assert (outcome.status, cashier.state(payment)) == (CommandStatus.REFUSED, "cancelled")


def test_what_was_laid_or_may_have_been_is_not_stopped(cashier: Cashier, tmp_path: Path) -> None:
    payment = released(cashier)
    lays(cashier, payment, tmp_path)
    assert refused(cashier.stop(payment)) == "wrong_step"
    assert refused(cashier.stop(payment, SECOND)) == "wrong_step"


def test_a_folder_that_goes_away_while_the_file_is_moved_leaves_it_open_whether_it_was(
    cashier: Cashier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise OSError("the folder has gone")

    payment = released(cashier)
    monkeypatch.setattr("activities.bank_folder.move_whole", break_down)
    with pytest.raises(ApplicationError):
        lays(cashier, payment, tmp_path)
    assert refused(cashier.stop(payment)) == "wrong_step"


def test_a_worker_that_dies_while_it_lays_the_file_leaves_it_open_until_the_next_has_laid_it(
    cashier: Cashier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    payment = released(cashier)
    monkeypatch.setattr(faultpoints, "die", die)
    monkeypatch.setattr(faultpoints, "armed", Fault("bank_file_claimed"))
    with pytest.raises(KeyboardInterrupt):
        lays(cashier, payment, tmp_path)
    assert refused(cashier.stop(payment)) == "wrong_step"
    monkeypatch.setattr(faultpoints, "armed", None)
    lays(cashier, payment, tmp_path)
    assert len(list((tmp_path / "outgoing").glob("*.xml"))) == 1


def test_an_attempt_that_failed_for_certain_clears_nobody_elses(cashier: Cashier) -> None:
    payment = released(cashier)
    with cashier.sessions.begin() as session:
        begin_laying(session, payment)
        failed = begin_laying(session, payment)
    with cashier.sessions.begin() as session:
        record_nothing_laid(session, failed)
    assert refused(cashier.stop(payment)) == "wrong_step"


def test_so_it_is_for_whoever_owns_the_tables(cashier: Cashier) -> None:
    payment = released(cashier)
    with cashier.sessions.begin() as session:
        begin_laying(session, payment)
    with pytest.raises(IntegrityError, match="is not stopped"):
        cashier.sql("UPDATE payments SET cancelled_at = now() WHERE case_id = :id", id=payment)


def test_what_is_stopped_is_not_laid_by_whoever_owns_the_tables(cashier: Cashier) -> None:
    payment = released(cashier)
    cashier.stop(payment)
    with pytest.raises(IntegrityError, match="neither stopped nor handed over"), cashier.sessions.begin() as session:
        begin_laying(session, payment)


@pytest.mark.parametrize("nth", range(4))
def test_of_stopping_and_laying_at_once_exactly_one_wins(cashier: Cashier, tmp_path: Path, nth: int) -> None:
    payment, both, stopped = released(cashier), Barrier(2), []

    def stop() -> None:
        both.wait()
        stopped.append(refused(cashier.stop(payment, (FIRST, SECOND)[nth % 2])))

    def lay() -> None:
        both.wait()
        lays(cashier, payment, tmp_path)

    threads = [Thread(target=one) for one in (stop, lay)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    laid = list((tmp_path / "outgoing").glob("*.xml")) if (tmp_path / "outgoing").exists() else []
    assert (len(laid), stopped[0] is None) in {(1, False), (0, True)}
