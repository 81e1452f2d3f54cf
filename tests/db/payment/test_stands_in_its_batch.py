"""A file leaves when each of its claims stands in it: what was sent back to control meanwhile is not paid beside it.

How it came about: while the engine was away, an account changed and changed back. The order of the batch was right to
the last digit; the claim was in control again, and could be refused after it had been paid.
"""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from db.commands.claim_accounts import tell_of_new_accounts
from db.models import CommandRow
from domain.commands import CommandStatus
from tests.factories.payments import CONTROLLER, FIRST, IBANS, MEMBERS, SECOND, Cashier


def pay_elsewhere(cashier: Cashier, iban: str) -> None:
    """The member's account changes, and the claim's case is told, as the API does it."""
    cashier.at += timedelta(minutes=1)
    cashier.change_account(MEMBERS[0], iban)
    with cashier.sessions.begin() as session:
        tell_of_new_accounts(session, [MEMBERS[0]], cashier.at, UUID(int=next(cashier.keys)))


def there_and_back(cashier: Cashier) -> tuple[UUID, UUID]:
    """A batch with an approved claim whose account changed and changed back before anybody could tell its case; the
    batch, the claim.
    """
    claim = cashier.claim(200_000, controllers=[CONTROLLER])
    pay_elsewhere(cashier, IBANS[1])
    pay_elsewhere(cashier, IBANS[0])
    payment = cashier.a_batch()
    assert [line.claim_id for line in cashier.lines(payment)] == [claim]
    return payment, claim


def test_what_is_controlled_again_does_not_leave_with_a_batch_that_was_built_before(cashier: Cashier) -> None:
    payment, claim = there_and_back(cashier)
    assert cashier.deliver() == [("reopen", "applied"), ("reopen", "applied"), ("instruct", "refused")]
    assert cashier.claim_state(claim) == "in_control"
    assert cashier.release(payment, FIRST).status is CommandStatus.APPLIED
    assert cashier.release(payment, SECOND).code == "wrong_step"
    assert cashier.refuse(payment, SECOND).status is CommandStatus.APPLIED
    assert [line.status for line in cashier.lines(payment)] == ["withdrawn"]


def test_a_file_waits_until_its_claims_have_learnt_of_it(cashier: Cashier) -> None:
    cashier.claim(200_000, controllers=[CONTROLLER])
    payment = cashier.a_batch()
    assert cashier.release(payment, FIRST).status is CommandStatus.APPLIED
    refused = cashier.release(payment, SECOND)
    assert refused.code == "wrong_step"
    with cashier.sessions() as session:
        told = session.query(CommandRow).filter_by(case_id=payment, status="refused").one().refusal
    assert told is not None
    assert "PRE-2026-000001" in told["rule"]
    assert cashier.deliver() == [("instruct", "applied")]
    assert cashier.release(payment, SECOND).status is CommandStatus.APPLIED
    assert cashier.state(payment) == "released"


def test_so_it_is_for_whoever_owns_the_tables(cashier: Cashier) -> None:
    payment, _ = there_and_back(cashier)
    cashier.deliver()
    assert cashier.release(payment, FIRST).status is CommandStatus.APPLIED
    cashier.sql(
        "INSERT INTO releases (payment_id, person_id, link, file_sha256, at) SELECT p.case_id, s.id, 2, p.file_sha256, "
        "p.built_at FROM payments p, staff s WHERE s.login = :login AND p.case_id = :id RETURNING link",
        login=SECOND,
        id=payment,
    )
    with pytest.raises(IntegrityError, match="stands in it"):
        cashier.sql("UPDATE payments SET released_at = built_at WHERE case_id = :id RETURNING 1", id=payment)
