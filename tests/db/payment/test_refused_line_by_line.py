"""The bank refuses a whole file, and lists each of its lines: in the register."""

import pytest

from bank.stand_in import Answer, receive, write
from domain.commands import CommandStatus
from tests.factories.bank import ANSWERED
from tests.factories.payments import Cashier


def refused_line_by_line(file: bytes, reason: str, code: str | None) -> bytes:
    """The whole file is refused, and each of its lines is listed with this code."""
    received = receive(file)
    lines = dict.fromkeys(received.orders, ("RJCT", code))
    return write(received, Answer("B1", ANSWERED, "RJCT", reason, lines))


@pytest.mark.parametrize("code", [None, "NARR"])
def test_what_it_has_already_is_not_sent_again_when_it_lists_each_line(cashier: Cashier, code: str | None) -> None:
    claim = cashier.claim()
    payment = cashier.a_batch()
    file = cashier.hand_over(payment)
    assert cashier.read(payment, refused_line_by_line(file, "DUPL", code)).status is CommandStatus.APPLIED
    assert cashier.state(payment) == "handed_over"
    assert [line.status for line in cashier.lines(payment)] == ["instructed"]
    assert cashier.claim_state(claim) == "instructed"
    assert cashier.build().case is None


@pytest.mark.parametrize("code", [None, "AM04"])
def test_a_file_that_is_refused_whole_line_by_line_makes_no_cases(cashier: Cashier, code: str | None) -> None:
    claim = cashier.claim(5_000)
    payment = cashier.a_batch()
    file = cashier.hand_over(payment)
    assert cashier.read(payment, refused_line_by_line(file, "AM04", code)).status is CommandStatus.APPLIED
    assert [(line.status, line.bank_code) for line in cashier.lines(payment)] == [("withdrawn", "AM04")]
    assert cashier.claim_state(claim) == "payable"
    again = cashier.a_batch()
    assert [line.end_to_end_id for line in cashier.lines(again)] == ["PRE-2026-000001-2"]
