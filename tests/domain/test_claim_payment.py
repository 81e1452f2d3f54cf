"""A claim and the bank: in a batch, out of it, paid once, or controlled again; whatever comes late changes nothing."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from domain.claim.commands import StopWaiting
from domain.claim.machine import Close, Instruct, RecordPayment, Remind, Reopen, WithdrawInstruction
from domain.claim.states import TRANSITIONS, ClaimState, steps
from domain.claim.words import (
    CareCategory,
    ClaimDeadline,
    ClaimLetter,
    ClaimTask,
    DocumentKind,
    ReopeningReason,
    WithdrawalReason,
)
from domain.correspondence import RecordHandover, ReportUndelivered, Resend
from domain.desk import Reoffer
from domain.outgoing import Dispatch
from domain.refusals import WrongStep
from local.demo_staff import person_id
from tests.factories.claim_bench import (
    BATCH,
    EXPERT,
    HANDLER,
    LINE,
    MANAGER,
    OTHER_EXPERT,
    OTHER_LINE,
    REFERENT,
    ClaimBench,
    a_claim,
    a_claim_for_two,
    a_claim_in_control,
    a_payable_claim,
    an_instructed_claim,
)

REJECTED = Reopen(reason=ReopeningReason.REJECTED_BY_BANK, instruction_id=LINE, code="AC04")
IBAN_CHANGED = Reopen(reason=ReopeningReason.IBAN_CHANGED)
NO_LONGER_APPROVED = Reopen(reason=ReopeningReason.APPROVALS_MISSING)


def instruct(line: Any = LINE) -> Instruct:
    """The claim becomes this line of a batch."""
    return Instruct(payment_id=BATCH, instruction_id=line)


def test_a_payable_claim_is_paid_once_and_the_member_is_told() -> None:
    bench = an_instructed_claim()
    with pytest.raises(WrongStep):
        bench.machine(instruct(OTHER_LINE))
    bench.machine(RecordPayment(instruction_id=LINE))
    assert (bench.case.state, bench.letters()) == (ClaimState.PAID, [ClaimLetter.CLAIM_PAID])
    with pytest.raises(WrongStep):
        bench.machine(RecordPayment(instruction_id=LINE))


def test_whoever_is_paid_less_than_they_asked_for_is_told_why() -> None:
    bench = a_claim_in_control()
    bench.decides(REFERENT, decision="pay_corrected", amount_cents=150_000, reason="Plafond.")
    bench.machine(instruct())
    bench.machine(RecordPayment(instruction_id=LINE))
    assert bench.letters() == [ClaimLetter.CLAIM_CORRECTED]


@pytest.mark.parametrize("bench", [ClaimBench, a_claim_in_control, a_claim_for_two, an_instructed_claim])
def test_what_is_not_payable_is_in_no_batch(bench: Any) -> None:
    with pytest.raises(WrongStep):
        bench().machine(instruct())


@pytest.mark.parametrize("reason", WithdrawalReason)
def test_a_line_that_left_its_batch_can_be_in_another_with_the_same_decision(reason: WithdrawalReason) -> None:
    bench = an_instructed_claim()
    decided = bench.decision
    bench.machine(WithdrawInstruction(instruction_id=LINE, reason=reason))
    assert bench.case.state is ClaimState.PAYABLE
    bench.machine(instruct(OTHER_LINE))
    assert bench.decision == decided
    with pytest.raises(WrongStep):
        bench.machine(RecordPayment(instruction_id=LINE))
    bench.machine(RecordPayment(instruction_id=OTHER_LINE))


def test_a_rejection_reopens_the_claim_with_its_whole_time_and_voids_the_decision() -> None:
    bench = an_instructed_claim().after(10)
    bench.machine(REJECTED)
    assert bench.case.state is ClaimState.IN_CONTROL
    decision = bench.case.deadline(ClaimDeadline.DECISION)
    assert decision is not None
    assert (decision.generation, decision.due_on) == (2, date(2026, 12, 10))
    assert bench.task(ClaimTask.CONTROL).due_at == decision.due_at
    with pytest.raises(WrongStep):
        bench.machine(instruct(OTHER_LINE))
    bench.decides(REFERENT)
    assert bench.decision.version == 2
    bench.machine(instruct(OTHER_LINE))


@pytest.mark.parametrize("line", [OTHER_LINE, None])
def test_a_rejection_of_another_line_changes_nothing(line: Any) -> None:
    bench = an_instructed_claim()
    with pytest.raises(WrongStep):
        bench.machine(Reopen(reason=ReopeningReason.REJECTED_BY_BANK, instruction_id=line))
    assert bench.case.state is ClaimState.INSTRUCTED


def test_a_rejection_after_another_reopening_is_late() -> None:
    bench = an_instructed_claim()
    bench.machine(REJECTED)
    with pytest.raises(WrongStep):
        bench.machine(REJECTED)


def test_another_iban_leaves_what_is_in_a_batch_alone() -> None:
    bench = an_instructed_claim().knows(iban_hash="iban-2")
    assert bench.machine(IBAN_CHANGED) == []
    bench.machine(RecordPayment(instruction_id=LINE))
    assert bench.case.state is ClaimState.PAID


def test_an_approver_who_is_concerned_by_now_does_not_control_it_again() -> None:
    claim = a_payable_claim().after(10).knows(about=frozenset({person_id(REFERENT)}))
    claim.machine(NO_LONGER_APPROVED)
    assert claim.case.state is ClaimState.IN_CONTROL
    assert REFERENT not in claim.who_can_do(ClaimTask.CONTROL)


def test_another_iban_sends_back_what_was_decided() -> None:
    claim = a_payable_claim().after(10).knows(iban_hash="iban-2", iban_changed_by=person_id(REFERENT))
    claim.machine(IBAN_CHANGED)
    assert claim.case.state is ClaimState.IN_CONTROL
    assert REFERENT not in claim.who_can_do(ClaimTask.CONTROL)
    assert claim.case.instruction_id is None
    claim.decides(MANAGER)
    assert claim.decision.iban_hash == "iban-2"


def test_another_iban_sends_back_what_waits_for_its_confirmation_and_its_clock_runs_on() -> None:
    bench = a_claim_for_two()
    due_at = bench.case.due_at
    bench.knows(iban_hash="iban-2").machine(IBAN_CHANGED)
    assert (bench.case.state, bench.open_kinds()) == (ClaimState.IN_CONTROL, ["control"])
    assert bench.case.due_at == due_at
    assert bench.case.generations == {ClaimDeadline.DECISION: 1}


def test_a_controller_who_has_changed_the_iban_loses_the_task_to_somebody_else() -> None:
    bench = a_claim_in_control().knows(iban_hash="iban-2", iban_changed_by=person_id(REFERENT))
    bench.machine(IBAN_CHANGED)
    assert bench.open_kinds() == ["control"]
    assert REFERENT not in bench.who_can_do(ClaimTask.CONTROL)
    assert bench.case.state is ClaimState.IN_CONTROL


def test_who_sent_a_decision_back_still_keeps_out_when_its_control_is_offered_anew() -> None:
    bench = a_claim_in_control(category=CareCategory.OPTICAL, links=2)
    bench.decides(EXPERT)
    bench.sends_back(OTHER_EXPERT)
    bench.knows(iban_changed_by=person_id(EXPERT)).machine(Reoffer())
    assert bench.open_kinds() == ["control"]
    assert bench.who_can_do(ClaimTask.CONTROL) == {MANAGER}


@pytest.mark.parametrize("changed_by", [None, person_id(HANDLER)])
def test_whoever_controls_and_has_no_hand_in_the_new_iban_goes_on(changed_by: Any) -> None:
    bench = a_claim_in_control().knows(iban_hash="iban-2", iban_changed_by=changed_by)
    assert bench.machine(IBAN_CHANGED) == []


def test_what_has_ended_or_waits_is_not_reopened_for_another_iban() -> None:
    paid = an_instructed_claim()
    paid.machine(RecordPayment(instruction_id=LINE))
    refused = a_claim_in_control()
    refused.decides(REFERENT, decision="refuse", reason="Hors garantie.")
    waiting = a_claim_in_control()
    waiting.asks(REFERENT, DocumentKind.INVOICE)
    for bench in (paid, refused, waiting, ClaimBench()):
        assert bench.machine(IBAN_CHANGED) == []


def test_a_claim_closes_once_its_letters_have_left() -> None:
    bench = a_claim_in_control()
    with pytest.raises(WrongStep):
        bench.machine(Close())
    bench.decides(REFERENT, decision="refuse", reason="Hors garantie.")
    with pytest.raises(WrongStep):
        bench.machine(Close())
    (letter,) = bench.case.letters
    bench.machine(RecordHandover(letter_id=letter.id))
    assert bench.machine(Close()) == []


def test_a_letter_that_cannot_leave_is_repaired_by_the_manager_of_the_pole_even_after_the_end() -> None:
    bench = a_claim_in_control()
    bench.decides(REFERENT, decision="refuse", reason="Hors garantie.")
    (letter,) = bench.case.letters
    bench.machine(ReportUndelivered(letter_id=letter.id, reason="rejected"))
    bench.machine(ReportUndelivered(letter_id=letter.id, reason="rejected"))
    assert bench.open_kinds() == ["repair_delivery"]
    assert bench.who_can_do(ClaimTask.REPAIR_DELIVERY) == {MANAGER}
    bench.does(MANAGER, ClaimTask.REPAIR_DELIVERY, Resend(dispatch=Dispatch.POST))
    assert [(one.dispatch, one.round) for one in bench.case.letters] == [("post", 2)]
    bench.machine(RecordHandover(letter_id=letter.id))
    with pytest.raises(WrongStep):
        bench.machine(RecordHandover(letter_id=letter.id))


def test_every_way_of_the_table_is_walked_and_no_other() -> None:
    walked = set()
    for bench in whole_lives():
        states = [ClaimState.REGISTERED, *(one.state for one in bench.said if hasattr(one, "state"))]
        walked |= set(pairwise(states))
    assert walked == {(begins, ends) for begins, ways in TRANSITIONS.items() for ends in ways}


def whole_lives() -> list[ClaimBench]:
    """Claims that between them walk every way."""
    paid = an_instructed_claim()
    paid.machine(WithdrawInstruction(instruction_id=LINE, reason=WithdrawalReason.BATCH_CANCELLED))
    paid.machine(instruct())
    paid.machine(REJECTED)
    paid.decides(REFERENT)
    paid.machine(IBAN_CHANGED)
    paid.decides(REFERENT)
    paid.machine(instruct())
    paid.machine(RecordPayment(instruction_id=LINE))
    confirmed = a_claim_for_two()
    confirmed.sends_back(MANAGER)
    confirmed.decides(REFERENT)
    confirmed.confirms(MANAGER)
    twice_refused = a_claim_in_control(links=2)
    twice_refused.decides(REFERENT, decision="refuse", reason="R")
    twice_refused.confirms(MANAGER)
    refused = a_claim_in_control()
    refused.decides(REFERENT, decision="refuse", reason="R")
    return [paid, confirmed, twice_refused, refused, *waited()]


def waited() -> list[ClaimBench]:
    """A claim whose documents came, and one whose documents never did."""
    came, never = a_claim_in_control(), a_claim_in_control()
    for bench in (came, never):
        bench.asks(REFERENT, DocumentKind.INVOICE)
    came.on_case(REFERENT, StopWaiting())
    never.after(61).machine(Remind(deadline="documents", generation=1))
    return [came, never]


def test_the_steps_behind_and_to_come_are_those_of_the_way_to_a_payment() -> None:
    assert steps("in_control") == (["registered", "in_control"], ["payable", "instructed", "paid"])
    assert steps("awaiting_documents")[0] == ["registered", "in_control", "awaiting_documents"]
    assert steps("confirming") == (["registered", "in_control", "confirming"], ["payable", "instructed", "paid"])
    assert steps("refused") == (["registered", "in_control", "refused"], [])
    assert steps("paid") == (["registered", "in_control", "payable", "instructed", "paid"], [])
    for state in ClaimState:
        behind, to_come = steps(state)
        assert state in behind
        assert not set(behind) & set(to_come)


def test_an_expert_who_entered_a_claim_does_not_control_it() -> None:
    assert EXPERT not in a_claim_in_control(entered_by=person_id(EXPERT)).who_can_do(ClaimTask.CONTROL)
    assert a_claim().kept_out == {person_id(HANDLER)}
