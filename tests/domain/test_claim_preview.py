"""The letter of a decision before it is taken or confirmed: who may look, what it would say, who would sign it."""

from dataclasses import replace

import pytest

from domain.claim.commands import DecisionInProgress
from domain.claim.preview import check_may_look, told_of, would_sign
from domain.claim.states import ClaimState
from domain.claim.words import CareCategory, ClaimTask, Verdict
from domain.people import Actor
from domain.refusals import FourEyes, Invalid, NotYourTask, TaskTaken, WrongStep
from local.demo_staff import person_id
from tests.factories.claim_bench import (
    ADMINISTRATOR,
    EXPERT,
    HANDLER,
    MANAGER,
    OPERATIONS,
    OTHER_EXPERT,
    REFERENT,
    a_claim,
    a_claim_for_two,
    a_claim_in_control,
    a_house,
)
from tests.factories.complaints import some_staff

ASKED = 200_000


@pytest.mark.parametrize(
    ("verdict", "amount", "paid"),
    [
        (Verdict.PAY, None, ASKED),
        (Verdict.PAY, ASKED, ASKED),
        (Verdict.PAY_CORRECTED, 1, 1),
        (Verdict.PAY_CORRECTED, ASKED - 1, ASKED - 1),
        (Verdict.REFUSE, None, 0),
    ],
)
def test_the_letter_tells_what_the_decision_would_pay(verdict: Verdict, amount: int | None, paid: int) -> None:
    told = told_of(a_claim(), DecisionInProgress(decision=verdict, amount_cents=amount, reason=" Dit. "))
    assert (told.decided_cents, told.reasons) == (paid, "Dit.")


@pytest.mark.parametrize(
    ("verdict", "amount"),
    [
        (Verdict.PAY, ASKED - 1),
        (Verdict.PAY, ASKED + 1),
        (Verdict.PAY_CORRECTED, None),
        (Verdict.PAY_CORRECTED, ASKED),
        (Verdict.PAY_CORRECTED, ASKED + 1),
        (Verdict.REFUSE, 1),
    ],
)
def test_an_amount_that_could_not_be_decided_is_not_shown_either(verdict: Verdict, amount: int | None) -> None:
    with pytest.raises(Invalid) as refused:
        told_of(a_claim(), DecisionInProgress(decision=verdict, amount_cents=amount))
    assert refused.value.field == "amount_cents"


def test_whoever_decides_alone_signs() -> None:
    bench = a_claim_in_control()
    assert would_sign(bench.case, person_id(REFERENT), bench.house) == person_id(REFERENT)


def test_of_two_the_only_one_who_can_confirm_would_sign() -> None:
    bench = a_claim_for_two()
    assert would_sign(bench.case, person_id(REFERENT), bench.house) == person_id(MANAGER)


def test_where_nobody_of_the_link_is_at_work_it_is_who_stands_above() -> None:
    bench = a_claim_for_two()
    alone = a_house(absent={MANAGER}, deputies={MANAGER: None})
    assert would_sign(bench.case, person_id(REFERENT), alone) == person_id(OPERATIONS)


def test_where_nobody_can_confirm_nobody_is_named() -> None:
    bench = a_claim_for_two()
    assert would_sign(bench.case, person_id(REFERENT), a_house(only={REFERENT, HANDLER})) is None


def test_where_several_can_confirm_nobody_is_named_until_one_has_claimed_it() -> None:
    bench = a_claim_for_two(category=CareCategory.ROUTINE)
    experts = some_staff()
    people = [
        replace(one, skills=one.skills | {"dental"}) if one.login == OTHER_EXPERT else one for one in experts.people
    ]
    house = bench.house.with_staff(replace(experts, people=tuple(people)))
    dental = replace(bench.case, category=CareCategory.DENTAL)
    assert would_sign(dental, person_id(REFERENT), house) is None
    claimed = replace(bench.task(ClaimTask.CONFIRM), claimed_by=person_id(OTHER_EXPERT))
    taken = replace(dental, tasks=(claimed,))
    assert would_sign(taken, person_id(REFERENT), house) == person_id(OTHER_EXPERT)


def actor(login: str) -> Actor:
    """The person with today's rights."""
    return a_house().staff.actor(person_id(login))


def test_whoever_may_take_the_decision_may_look_at_its_letter() -> None:
    bench = a_claim_in_control()
    check_may_look(bench.case, ClaimTask.CONTROL, actor(REFERENT))
    with pytest.raises(FourEyes):
        check_may_look(bench.case, ClaimTask.CONTROL, actor(HANDLER))
    for other in (EXPERT, OTHER_EXPERT, MANAGER, ADMINISTRATOR):
        with pytest.raises(NotYourTask):
            check_may_look(bench.case, ClaimTask.CONTROL, actor(other))


def test_whoever_may_confirm_it_may_look_and_who_took_it_no_longer() -> None:
    bench = a_claim_for_two()
    check_may_look(bench.case, ClaimTask.CONFIRM, actor(MANAGER))
    with pytest.raises(FourEyes):
        check_may_look(bench.case, ClaimTask.CONFIRM, actor(REFERENT))
    with pytest.raises(WrongStep, match="waits to be taken"):
        check_may_look(bench.case, ClaimTask.CONTROL, actor(REFERENT))


def test_what_somebody_has_taken_in_hand_is_theirs_to_look_at() -> None:
    bench = a_claim_in_control()
    taken = replace(bench.task(ClaimTask.CONTROL), claimed_by=person_id(OPERATIONS))
    with pytest.raises(TaskTaken):
        check_may_look(replace(bench.case, tasks=(taken,)), ClaimTask.CONTROL, actor(REFERENT))


@pytest.mark.parametrize("kind", [ClaimTask.CONTROL, ClaimTask.CONFIRM])
def test_once_it_is_decided_there_is_nothing_to_look_at(kind: ClaimTask) -> None:
    bench = a_claim_in_control()
    bench.decides(REFERENT)
    assert bench.case.state is ClaimState.PAYABLE
    with pytest.raises(WrongStep, match="Read where the claim stands"):
        check_may_look(bench.case, kind, actor(REFERENT))
