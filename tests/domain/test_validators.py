"""Who may hold a link of the chain: by category and amount, when people are away, when it is about one of them.

Source: procedures, section 1 step 7
"""

import pytest

from domain.complaint.words import Category, Finding, TaskKind
from domain.desk import OfferAgain
from domain.events import TaskOpened
from domain.people import person_hat, role_hat
from domain.refusals import FourEyes, Invalid, NotYourTask
from domain.roles import Role
from local.demo_staff import person_id
from tests.factories.bench import Bench, a_drafted_complaint, an_analysed_complaint
from tests.factories.complaints import (
    ADMINISTRATOR,
    AUTHOR,
    GENERAL,
    LAWYER,
    MANAGER,
    MANAGERS,
    OPERATIONS,
    OTHER_MANAGER,
    REFERENT,
    a_draft,
)

VALIDATE = TaskKind.VALIDATE


# Compensation: who may approve the last link, and who signs.

BUSINESS, SENSITIVE = Category.BUSINESS, Category.SENSITIVE
OF_POLE = {REFERENT, MANAGER, "alan.cadiou"}
OF_IMAGE = MANAGERS | {"odile.bescond", "loic.hamon"}


@pytest.mark.parametrize(
    ("category", "cents", "first", "last"),
    [
        (BUSINESS, 0, OF_POLE, MANAGERS),
        (BUSINESS, 14_999, OF_POLE, MANAGERS),
        (BUSINESS, 15_000, OF_POLE, MANAGERS),
        (BUSINESS, 15_001, OF_POLE, {OPERATIONS}),
        (BUSINESS, 150_000, OF_POLE, {OPERATIONS}),
        (BUSINESS, 150_001, OF_POLE, {GENERAL}),
        (SENSITIVE, 0, OF_IMAGE, {OPERATIONS}),
        (SENSITIVE, 14_999, OF_IMAGE, {OPERATIONS}),
        (SENSITIVE, 15_000, OF_IMAGE, {OPERATIONS}),
        (SENSITIVE, 15_001, OF_IMAGE, {OPERATIONS}),
        (SENSITIVE, 150_000, OF_IMAGE, {OPERATIONS}),
        (SENSITIVE, 150_001, OF_IMAGE, {GENERAL}),
    ],
)
@pytest.mark.parametrize("amended", [False, True], ids=["drafted so", "amended to it at link 1"])
def test_the_amount_decides_who_holds_the_last_link_and_signs(
    category: Category, cents: int, first: set[str], last: set[str], amended: bool
) -> None:
    drafted = a_drafted_complaint(category=category, cents=0 if amended else cents)
    assert drafted.who_can_do(VALIDATE) == first
    for one in first:
        validated = drafted.copy()
        if amended:
            validated.amends(one, compensation_cents=cents)
        else:
            validated.approves(one)
        assert validated.who_can_do(VALIDATE) == last - {one}
        for signatory in last - {one}:
            signed = validated.copy()
            signed.approves(signatory)
            assert signed.signatory == signatory
            assert (TaskKind.PAY_COMPENSATION in signed.open_kinds()) == (cents > 0)


def test_an_unfounded_complaint_grants_no_compensation() -> None:
    bench = an_analysed_complaint({"finding": Finding.UNFOUNDED})
    with pytest.raises(Invalid) as refusal:
        bench.does(AUTHOR, TaskKind.DRAFT_ANSWER, a_draft(compensation_cents=1))
    assert refusal.value.field == "compensation_cents"
    bench.does(AUTHOR, TaskKind.DRAFT_ANSWER, a_draft())
    with pytest.raises(Invalid):
        bench.amends(REFERENT, compensation_cents=1)
    bench.approves(REFERENT)
    bench.approves(MANAGER)
    assert bench.signatory == MANAGER


# Absences: the named deputy first, then one level up.


def test_an_absent_validators_deputy_wears_their_hats() -> None:
    bench = a_drafted_complaint(category=SENSITIVE).at(absent=[OPERATIONS])
    bench.approves(LAWYER)
    assert bench.who_can_do(VALIDATE) == {MANAGER}  # the operations director has named her
    bench.approves(MANAGER)
    assert bench.signatory == MANAGER


def test_a_deputy_who_has_approved_already_is_passed_over() -> None:
    bench = a_drafted_complaint(category=SENSITIVE).at(absent=[OPERATIONS])
    bench.approves(MANAGER)
    assert bench.who_can_do(VALIDATE) == {GENERAL}
    bench.approves(GENERAL)
    assert bench.signatory == GENERAL


def test_a_deputy_of_somebody_at_work_has_nothing_more_to_say() -> None:
    bench = a_drafted_complaint(category=SENSITIVE)
    bench.approves(LAWYER)
    with pytest.raises(NotYourTask):
        bench.approves(MANAGER)


def test_a_deputy_who_is_away_hands_nothing_on() -> None:
    absent = [OPERATIONS, MANAGER]  # the manager's own deputy is the referent, who does not inherit the inherited
    bench = a_drafted_complaint(category=SENSITIVE).at(absent=absent)
    bench.approves(LAWYER)
    assert bench.who_can_do(VALIDATE) == {GENERAL}


def test_the_author_does_not_come_back_as_a_deputy() -> None:
    bench = a_drafted_complaint().at(absent=[REFERENT, MANAGER], deputies={REFERENT: AUTHOR, MANAGER: AUTHOR})
    with pytest.raises(FourEyes):
        bench.approves(AUTHOR)


def test_an_administrator_has_no_say_not_even_as_the_deputy_of_somebody_with_a_hat() -> None:
    bench = a_drafted_complaint(category=SENSITIVE)
    bench.approves(LAWYER)
    with pytest.raises(NotYourTask):
        bench.approves(ADMINISTRATOR)
    deputised = bench.at(absent=[OPERATIONS], deputies={OPERATIONS: ADMINISTRATOR})
    with pytest.raises(NotYourTask):
        deputised.approves(ADMINISTRATOR)


def test_when_all_holders_of_a_link_are_away_it_goes_one_level_up() -> None:
    away = ["odile.bescond", "loic.hamon", *MANAGERS]
    bench = an_analysed_complaint(category=SENSITIVE).at(absent=away, deputies=dict.fromkeys(away))
    bench.does(AUTHOR, TaskKind.DRAFT_ANSWER, a_draft())
    assert bench.who_can_do(VALIDATE) == {OPERATIONS}
    bench.approves(OPERATIONS)
    assert bench.who_can_do(VALIDATE) == {GENERAL}  # link 2 is hers, but she has approved link 1
    bench.approves(GENERAL)
    assert bench.signatory == GENERAL


TOP = [OPERATIONS, GENERAL]


def a_complaint_that_nobody_can_sign() -> Bench:
    away = dict.fromkeys(TOP)
    bench = a_drafted_complaint(category=SENSITIVE).at(absent=TOP, deputies=away)
    bench.approves(MANAGER)
    return bench


def test_a_link_that_nobody_can_hold_is_flagged_and_told_to_the_direction() -> None:
    bench = a_complaint_that_nobody_can_sign()
    flagged = [event for event in bench.said if isinstance(event, TaskOpened) and event.offer.nobody_left]
    assert [event.kind for event in flagged] == [VALIDATE]
    assert bench.open_kinds() == [TaskKind.UNBLOCK, VALIDATE]
    unblock = bench.task(TaskKind.UNBLOCK)
    assert unblock.offered_to == {
        role_hat(Role.OPERATIONS_DIRECTOR),
        role_hat(Role.GENERAL_DIRECTOR),
        role_hat(Role.PROCESS_PILOT),
    }
    assert (unblock.detail or {})["blocked"] == VALIDATE


def test_once_a_deputy_is_named_the_blocked_link_is_theirs() -> None:
    bench = a_complaint_that_nobody_can_sign()
    named = bench.at(absent=TOP, deputies={OPERATIONS: LAWYER, GENERAL: None})
    assert named.who_can_do(TaskKind.UNBLOCK) == {LAWYER}
    named.does(LAWYER, TaskKind.UNBLOCK, OfferAgain())
    assert named.open_kinds() == [VALIDATE]
    named.approves(LAWYER)
    assert named.signatory == LAWYER


def test_whoever_comes_back_finds_the_blocked_link() -> None:
    bench = a_complaint_that_nobody_can_sign().at()
    bench.does(GENERAL, TaskKind.UNBLOCK, OfferAgain())
    assert bench.who_can_do(VALIDATE) == {OPERATIONS}


def test_to_look_again_in_vain_leaves_the_direction_with_the_task() -> None:
    bench = a_complaint_that_nobody_can_sign().at(
        absent=TOP, deputies={OPERATIONS: MANAGER, GENERAL: None}
    )  # she has approved link 1 already
    bench.does(MANAGER, TaskKind.UNBLOCK, OfferAgain())
    assert bench.open_kinds() == [TaskKind.UNBLOCK, VALIDATE]


def test_amendments_from_both_links_of_a_chain_with_one_director_leave_the_general_director() -> None:
    bench = a_drafted_complaint(category=SENSITIVE)
    bench.approves(LAWYER)
    bench.amends(OPERATIONS)
    bench.amends(LAWYER)
    assert bench.who_can_do(VALIDATE) == {GENERAL}


def test_a_link_that_separation_leaves_to_nobody_is_told_to_the_direction() -> None:
    bench = a_drafted_complaint(category=SENSITIVE, cents=150_001)
    bench.approves(LAWYER)
    bench.amends(GENERAL)
    bench.amends(LAWYER)
    assert bench.open_kinds() == [TaskKind.UNBLOCK, VALIDATE]


# The person whom the complaint is about.


@pytest.mark.parametrize("category", [BUSINESS, SENSITIVE])
def test_the_person_whom_the_complaint_is_about_validates_nothing(category: Category) -> None:
    bench = a_drafted_complaint(category=category, about_id=person_id(MANAGER))
    for vote in (bench.approves, bench.amends, bench.sends_back):
        with pytest.raises(FourEyes):
            vote(MANAGER)
    bench.approves(LAWYER if category is SENSITIVE else REFERENT)
    assert MANAGER not in bench.who_can_do(VALIDATE)


def test_a_complaint_about_the_operations_director_goes_above_her() -> None:
    bench = a_drafted_complaint(category=SENSITIVE, about_id=person_id(OPERATIONS))
    bench.approves(LAWYER)
    assert bench.who_can_do(VALIDATE) == {GENERAL}


def test_an_absent_owners_answer_sent_back_is_drafted_by_the_deputy_who_then_is_its_author() -> None:
    bench = a_drafted_complaint().at(absent=[AUTHOR], deputies={AUTHOR: REFERENT})
    bench.sends_back(MANAGER)
    assert bench.task(TaskKind.DRAFT_ANSWER).offered_to == {person_hat(person_id(AUTHOR))}
    bench.does(REFERENT, TaskKind.DRAFT_ANSWER, a_draft())
    with pytest.raises(FourEyes):
        bench.approves(REFERENT)
    bench.approves(MANAGER)
    bench.approves(OTHER_MANAGER)
    assert bench.signatory == OTHER_MANAGER
