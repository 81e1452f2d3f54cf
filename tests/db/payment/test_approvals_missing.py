"""A claim that is payable and whose approvals do not count any more is not left lying: it is controlled again."""

from db.models import StaffIban
from local.demo_staff import person_id
from tests.factories.payments import CONTROLLER, MEMBERS, OTHER_CONTROLLER, Cashier


def test_a_claim_whose_approver_is_concerned_by_now_is_controlled_again_without_them(cashier: Cashier) -> None:
    """It was payable, and no batch would ever have taken it."""
    claim = cashier.claim(120_000, controllers=[CONTROLLER], member=MEMBERS[2])
    with cashier.sessions.begin() as session:
        session.add(StaffIban(staff_id=person_id(CONTROLLER), iban_hash=b"own", member_number=MEMBERS[2]))
    assert cashier.build().case is None
    assert cashier.told(claim) == [("reopen", {"reason": "approvals_missing"})]
    assert cashier.deliver() == [("reopen", "applied")]
    assert cashier.claim_state(claim) == "in_control"
    [(case_id,)] = cashier.sql("SELECT case_id FROM claims WHERE id = :id", id=claim)
    assert person_id(CONTROLLER) in cashier.task(case_id, "control").excluded
    assert cashier.build().case is None
    assert len(cashier.told(claim)) == 1
    cashier.decide_again(claim, 2, OTHER_CONTROLLER)
    assert cashier.build().case is not None


def test_a_cleared_claim_above_the_registers_own_floor_becomes_a_case(cashier: Cashier) -> None:
    """Whatever a policy says, above 1,000 euros somebody has controlled it."""
    claim = cashier.claim(100_001, control_above_cents=200_000)
    assert cashier.build().case is None
    assert cashier.told(claim) == [("reopen", {"reason": "approvals_missing"})]
    assert cashier.deliver() == [("reopen", "applied")]
    assert cashier.claim_state(claim) == "in_control"
