"""Control: who decides what, on which checklist, and who may not; to the cent and to the person."""

from typing import Any

import pytest

from domain.claim.checks import CheckFinding
from domain.claim.commands import Confirm, Decide
from domain.claim.events import ClaimDecided, DecisionApproved, DecisionTaken
from domain.claim.machine import Register
from domain.claim.states import ClaimState
from domain.claim.words import CareCategory, CheckName, CheckResult, ClaimLetter, ClaimTask, ItemAnswer, Verdict
from domain.desk import Reoffer
from domain.events import DeadlineMet
from domain.people import skill_hat
from domain.refusals import FourEyes, Invalid, NotYourTask, Refusal, StaleVersion
from domain.roles import Role
from local.demo_staff import person_id
from tests.factories.claim_bench import (
    ADMINISTRATOR,
    EXPERT,
    GENERAL,
    HANDLER,
    MANAGER,
    OPERATIONS,
    OTHER_EXPERT,
    REFERENT,
    ClaimBench,
    a_claim,
    a_claim_for_two,
    a_claim_in_control,
    a_decision,
    a_house,
    answers,
)


def stopped(*names: CheckName) -> tuple[CheckFinding, ...]:
    """Findings of checks that say stop, and one that warns."""
    return (
        CheckFinding(CheckName.IBAN_CHANGED, CheckResult.WARN),
        *(CheckFinding(name, CheckResult.STOP) for name in names),
    )


def test_a_claim_goes_to_its_first_controller_due_with_the_decision() -> None:
    bench = ClaimBench()
    bench.machine(Register())
    assert bench.stands() is ClaimState.IN_CONTROL
    assert bench.task(ClaimTask.CONTROL).due_at == bench.case.due_at
    assert bench.who_can_do(ClaimTask.CONTROL) == {REFERENT}


@pytest.mark.parametrize(
    ("category", "who"),
    [
        (CareCategory.OPTICAL, {EXPERT, OTHER_EXPERT}),
        (CareCategory.HOSPITAL, {EXPERT, OTHER_EXPERT}),
        (CareCategory.DENTAL, {EXPERT}),
        (CareCategory.PHARMACY, {REFERENT}),
    ],
)
def test_experts_control_what_they_are_experts_of(category: CareCategory, who: set[str]) -> None:
    assert a_claim_in_control(category=category).who_can_do(ClaimTask.CONTROL) == who


def test_a_skill_without_the_role_controls_nothing() -> None:
    bench = a_claim_in_control(category=CareCategory.DENTAL)
    assert bench.task(ClaimTask.CONTROL).meant_for == {skill_hat(Role.EXPERT_HANDLER, "dental")}
    with pytest.raises(NotYourTask):
        bench.decides(REFERENT)


def test_who_stands_in_for_an_expert_is_no_expert_by_that() -> None:
    away = a_house(absent=[EXPERT], deputies={EXPERT: OTHER_EXPERT})
    assert a_claim_in_control(away, category=CareCategory.DENTAL).who_can_do(ClaimTask.CONTROL) == {MANAGER}
    assert a_claim_in_control(away, category=CareCategory.OPTICAL).who_can_do(ClaimTask.CONTROL) == {OTHER_EXPERT}


def test_where_no_second_expert_is_left_the_manager_of_the_pole_confirms() -> None:
    bench = a_claim_in_control(category=CareCategory.DENTAL, links=2)
    bench.decides(EXPERT)
    assert bench.who_can_do(ClaimTask.CONFIRM) == {MANAGER}


def test_two_experts_control_each_other() -> None:
    bench = a_claim_in_control(category=CareCategory.OPTICAL, links=2)
    bench.decides(OTHER_EXPERT)
    assert bench.who_can_do(ClaimTask.CONFIRM) == {EXPERT}
    bench.confirms(EXPERT)
    assert bench.stands() is ClaimState.PAYABLE


@pytest.mark.parametrize(
    "facts",
    [
        {"entered_by": person_id(REFERENT)},
        {"iban_changed_by": person_id(REFERENT)},
        {"about": frozenset({person_id(REFERENT)})},
    ],
)
def test_whoever_has_a_hand_in_a_claim_keeps_out_and_it_goes_one_level_up(facts: dict[str, Any]) -> None:
    bench = a_claim_in_control(**facts)
    assert bench.who_can_do(ClaimTask.CONTROL) == {MANAGER, "pierre.jaouen", "maud.corre", "herve.stephan"}
    with pytest.raises(FourEyes):
        bench.decides(REFERENT)
    bench.decides(MANAGER)


def test_whoever_gets_a_hand_in_it_after_the_task_was_offered_keeps_out_as_well() -> None:
    bench = a_claim_in_control().knows(iban_changed_by=person_id(REFERENT))
    with pytest.raises(FourEyes):
        bench.decides(REFERENT)


@pytest.mark.parametrize("login", [HANDLER, EXPERT, MANAGER, OPERATIONS, GENERAL, ADMINISTRATOR])
def test_nobody_else_controls(login: str) -> None:
    with pytest.raises(Refusal):
        a_claim_in_control().decides(login)


def test_a_task_that_nobody_can_do_is_told_to_the_direction_until_somebody_is_there() -> None:
    everybody = [HANDLER, REFERENT, MANAGER, OPERATIONS, GENERAL]
    nobody = a_house(absent=[REFERENT, MANAGER, OPERATIONS, GENERAL], deputies=dict.fromkeys(everybody), only=everybody)
    bench = a_claim_in_control(nobody)
    assert bench.open_kinds() == ["control", "unblock"]
    back = bench.at(only=everybody)
    back.machine(Reoffer())
    assert back.open_kinds() == ["control"]


def test_one_controller_is_enough_up_to_five_thousand_euros() -> None:
    bench = a_claim_in_control(amount_cents=500_000)
    told = bench.decides(REFERENT)
    assert bench.stands() is ClaimState.PAYABLE
    assert bench.open_kinds() == []
    assert [type(one) for one in told if isinstance(one, ClaimDecided | DeadlineMet)] == [ClaimDecided, DeadlineMet]
    assert bench.letters() == []


def test_above_it_takes_two_and_the_first_is_not_asked_again() -> None:
    bench = a_claim_for_two()
    assert bench.stands() is ClaimState.CONFIRMING
    assert bench.open_kinds() == ["confirm"]
    assert bench.case.due_at is not None, "the clock runs until it is confirmed"
    with pytest.raises(FourEyes):
        bench.confirms(REFERENT)
    told = bench.confirms(MANAGER)
    assert bench.stands() is ClaimState.PAYABLE
    assert [one.link for one in told if isinstance(one, DecisionApproved)] == [2]


@pytest.mark.parametrize("verdict", Verdict)
def test_what_was_decided_is_what_is_paid(verdict: Verdict) -> None:
    bench = a_claim_in_control()
    said: dict[Verdict, dict[str, Any]] = {
        Verdict.PAY: {},
        Verdict.PAY_CORRECTED: {"amount_cents": 150_000, "reason": "Plafond de la garantie."},
        Verdict.REFUSE: {"reason": "L’acte n’est pas garanti."},
    }
    told = bench.decides(REFERENT, decision=verdict, **said[verdict])
    (decided,) = [one for one in told if isinstance(one, ClaimDecided)]
    cents = {Verdict.PAY: 200_000, Verdict.PAY_CORRECTED: 150_000, Verdict.REFUSE: 0}[verdict]
    assert (decided.verdict, decided.amount_cents) == (verdict, cents)
    refused = verdict is Verdict.REFUSE
    assert bench.stands() is (ClaimState.REFUSED if refused else ClaimState.PAYABLE)
    assert bench.letters() == ([ClaimLetter.CLAIM_REFUSED] if refused else [])


def test_a_refusal_above_five_thousand_euros_is_confirmed_as_well() -> None:
    bench = a_claim_in_control(amount_cents=600_000, links=2)
    bench.decides(REFERENT, decision=Verdict.REFUSE, reason="Hors garantie.")
    assert (bench.case.state, bench.letters()) == (ClaimState.CONFIRMING, [])
    bench.confirms(MANAGER)
    assert (bench.case.state, bench.letters()) == (ClaimState.REFUSED, [ClaimLetter.CLAIM_REFUSED])


def test_without_an_e_mail_address_the_letter_goes_by_post() -> None:
    bench = a_claim_in_control(has_email=False)
    bench.decides(REFERENT, decision=Verdict.REFUSE, reason="Hors garantie.")
    assert [letter.dispatch for letter in bench.case.letters] == ["post"]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a corrected amount without an amount": ({"decision": "pay_corrected", "reason": "R"}, "amount_cents"),
    "a corrected amount that is what was asked": (
        {"decision": "pay_corrected", "reason": "R", "amount_cents": 200_000},
        "amount_cents",
    ),
    "a corrected amount above what was asked": (
        {"decision": "pay_corrected", "reason": "R", "amount_cents": 200_001},
        "amount_cents",
    ),
    "a corrected amount without a reason": ({"decision": "pay_corrected", "amount_cents": 199_999}, "reason"),
    "a refusal without a reason": ({"decision": "refuse"}, "reason"),
    "a refusal that pays": ({"decision": "refuse", "reason": "R", "amount_cents": 1}, "amount_cents"),
    "to pay another amount": ({"decision": "pay", "amount_cents": 199_999}, "amount_cents"),
    "to pay what is not right": (
        {"decision": "pay", "checklist": answers(calculation=ItemAnswer.NOT_OK)},
        "checklist",
    ),
    "an item that is not answered": ({"checklist": answers()[1:]}, "checklist"),
    "no checklist at all": ({"checklist": []}, "checklist"),
    "an item answered twice": ({"checklist": [*answers(), answers()[0]]}, "checklist"),
    "an item of another checklist": ({"checklist": [*answers(), {"item": "lens_class", "answer": "ok"}]}, "checklist"),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_a_decision_that_is_not_whole_is_refused_by_its_field(mistake: str) -> None:
    said, wrong = REFUSED[mistake]
    bench = a_claim_in_control()
    with pytest.raises(Invalid) as refused:
        bench.decides(REFERENT, **said)
    assert refused.value.field == wrong
    assert bench.stands() is ClaimState.IN_CONTROL


@pytest.mark.parametrize("cents", [1, 199_999])
def test_a_corrected_amount_lies_below_what_was_asked(cents: int) -> None:
    bench = a_claim_in_control()
    bench.decides(REFERENT, decision="pay_corrected", amount_cents=cents, reason="Plafond.")
    assert bench.decision.amount_cents == cents


@pytest.mark.parametrize("answer", [ItemAnswer.OK, ItemAnswer.NOT_APPLICABLE])
def test_what_does_not_apply_keeps_nobody_from_paying(answer: ItemAnswer) -> None:
    bench = a_claim_in_control()
    bench.decides(REFERENT, checklist=answers(prescription=answer))
    assert bench.stands() is ClaimState.PAYABLE


@pytest.mark.parametrize("name", sorted(set(CheckName) - {CheckName.IBAN_VALID}))
@pytest.mark.parametrize("decision", [{"decision": "pay"}, {"decision": "pay_corrected", "amount_cents": 1}])
def test_what_a_check_stopped_is_paid_only_by_who_says_why(name: CheckName, decision: dict[str, Any]) -> None:
    bench = a_claim_in_control(findings=stopped(name))
    with pytest.raises(Invalid, match=name) as refused:
        bench.decides(REFERENT, reason="Plafond.", **decision)
    assert refused.value.field == "override_reason"
    bench.decides(REFERENT, reason="Plafond.", override_reason="Facture vérifiée auprès de l’opticien.", **decision)
    assert bench.stands() is ClaimState.PAYABLE


def test_a_warning_needs_no_reason_and_a_refusal_none_either() -> None:
    a_claim_in_control(findings=stopped()).decides(REFERENT)
    a_claim_in_control(findings=stopped(CheckName.DUPLICATE)).decides(REFERENT, decision="refuse", reason="Doublon.")


def test_no_reason_makes_a_bank_pay_to_an_iban_that_is_none() -> None:
    bench = a_claim_in_control(findings=stopped(CheckName.IBAN_VALID))
    with pytest.raises(Invalid, match="No bank pays"):
        bench.decides(REFERENT, override_reason="Je le connais.")


def test_a_confirmation_names_the_decision_that_was_read() -> None:
    bench = a_claim_for_two()
    with pytest.raises(StaleVersion):
        bench.does(MANAGER, ClaimTask.CONFIRM, Confirm(decision_hash="0" * 64))
    old = bench.decision.hash
    bench.sends_back(MANAGER)
    bench.decides(REFERENT, decision="pay_corrected", amount_cents=550_000, reason="Plafond.")
    with pytest.raises(StaleVersion):
        bench.does(MANAGER, ClaimTask.CONFIRM, Confirm(decision_hash=old))
    assert bench.decision.version == 2
    bench.confirms(MANAGER)
    assert bench.stands() is ClaimState.PAYABLE


def test_who_sends_a_decision_back_does_not_take_the_next() -> None:
    bench = a_claim_in_control(category=CareCategory.OPTICAL, links=2)
    bench.decides(EXPERT)
    bench.sends_back(OTHER_EXPERT)
    assert bench.who_can_do(ClaimTask.CONTROL) == {EXPERT}


def test_a_decision_holds_for_the_iban_that_it_was_taken_for() -> None:
    bench = a_claim_for_two().knows(iban_hash="iban-2")
    with pytest.raises(StaleVersion, match="IBAN"):
        bench.confirms(MANAGER)
    bench.sends_back(MANAGER)
    bench.decides(REFERENT)
    bench.confirms(MANAGER)
    assert (bench.case.state, bench.decision.iban_hash) == (ClaimState.PAYABLE, "iban-2")


@pytest.mark.parametrize(
    "change",
    [
        {"decision": "pay_corrected", "amount_cents": 1, "reason": "R"},
        {"decision": "pay_corrected", "amount_cents": 2, "reason": "R"},
        {"decision": "refuse", "reason": "R"},
        {"decision": "refuse", "reason": "Another"},
        {"override_reason": "Seen"},
        {"checklist": answers(prescription=ItemAnswer.NOT_APPLICABLE)},
        {"checklist": [{**answers()[0], "note": "Vu"}, *answers()[1:]]},
    ],
)
def test_whatever_is_decided_otherwise_is_another_decision(change: dict[str, Any]) -> None:
    hashes = set()
    for said in ({}, change):
        bench = a_claim_in_control()
        bench.decides(REFERENT, **said)
        hashes.add(bench.decision.hash)
    other = a_claim_in_control(iban_hash="iban-2")
    other.decides(REFERENT, **change)
    assert len(hashes | {other.decision.hash}) == 3


def test_the_journal_keeps_no_words_and_no_hash_of_an_iban() -> None:
    bench = a_claim_in_control(findings=stopped(CheckName.DUPLICATE))
    told = bench.decides(REFERENT, override_reason="Deux paires, deux ordonnances.")
    (taken,) = [one for one in told if isinstance(one, DecisionTaken)]
    assert taken.facts() == {
        "version": 1,
        "decision_hash": bench.decision.hash,
        "author_id": person_id(REFERENT),
        "verdict": Verdict.PAY,
        "amount_cents": 200_000,
        "checklist_version": "hearing-1",
    }
    assert isinstance(taken.private_facts()["content"], Decide)


def test_every_category_can_be_decided_on_its_own_checklist() -> None:
    for category in CareCategory:
        bench = a_claim_in_control(category=category)
        bench.decides(min(bench.who_can_do(ClaimTask.CONTROL)))
        assert bench.stands() is ClaimState.PAYABLE


def test_a_person_who_is_needed_is_named_when_there_is_none() -> None:
    bench = a_claim_in_control()
    with pytest.raises(TypeError, match="needs a person"):
        from_nobody(bench, a_decision())


def from_nobody(bench: ClaimBench, command: Decide) -> None:
    """A command of a person, given by nobody."""
    bench.machine(command)


def test_a_claim_knows_who_keeps_out_of_it() -> None:
    ids = [person_id(login) for login in (HANDLER, REFERENT, MANAGER)]
    claim = a_claim(entered_by=ids[0], iban_changed_by=ids[1], about=frozenset({ids[2]}))
    assert claim.kept_out == set(ids)
