"""The two validators: who may approve which version, who signs, and what every order of votes leads to.

Source: procedures, section 1 step 7
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from domain.complaint import events as told
from domain.complaint.commands import Amend, Approve, OfferAgain, SendBack
from domain.complaint.states import ComplaintState
from domain.complaint.words import Category, Finding, TaskKind
from domain.events import LetterRequested, TaskOpened
from domain.people import person_hat, role_hat
from domain.refusals import FourEyes, Invalid, NotYourTask, Refusal, StaleVersion, TaskDone, TaskTaken
from domain.roles import Role
from local.demo import person_id
from tests.factories.complaints import (
    ADMINISTRATOR,
    AUTHOR,
    GENERAL,
    LAWYER,
    MANAGER,
    OPERATIONS,
    OTHER_MANAGER,
    REFERENT,
    Bench,
    a_draft,
    a_drafted_complaint,
    an_analysed_complaint,
    what_is_said,
)

VALIDATE = TaskKind.VALIDATE
MANAGERS = {"anne.le.goff", "pierre.jaouen", "maud.corre", "herve.stephan"}


# Every order of votes. A line is one vote; `!` is a vote that is refused, with the reason.

Vote = Callable[[Bench], Any]


def approves(login: str) -> Vote:
    return lambda bench: bench.approves(login)


def amends(login: str, cents: int | None = None) -> Vote:
    return lambda bench: bench.amends(login, **({} if cents is None else {"compensation_cents": cents}))


def sends_back(login: str) -> Vote:
    return lambda bench: bench.sends_back(login)


def drafts(login: str = AUTHOR, cents: int = 0) -> Vote:
    return lambda bench: bench.does(login, TaskKind.DRAFT_ANSWER, a_draft(compensation_cents=cents))


def approves_what_was_first_drafted(login: str) -> Vote:
    def vote(bench: Bench) -> None:
        first = next(event for event in bench.said if isinstance(event, told.AnswerDrafted))
        bench.does(login, VALIDATE, Approve(version_hash=first.version_hash))

    return vote


def refused(vote: Vote, refusal: type[Refusal]) -> Vote:
    def attempt(bench: Bench) -> None:
        before = bench.case
        with pytest.raises(refusal):
            vote(bench)
        assert bench.case == before

    return attempt


UNDECIDED = "still drafted"
SENT_BACK = "back with its author"


@pytest.mark.parametrize(
    ("votes", "signed_by"),
    [
        pytest.param([approves(REFERENT), approves(MANAGER)], MANAGER, id="approve, approve"),
        pytest.param([approves(MANAGER), approves(OTHER_MANAGER)], OTHER_MANAGER, id="a pole manager may hold link 1"),
        pytest.param([approves(REFERENT)], UNDECIDED, id="one approval is not two"),
        pytest.param(
            [approves(REFERENT), refused(approves(REFERENT), FourEyes)], UNDECIDED, id="not twice the same person"
        ),
        pytest.param(
            [approves(MANAGER), refused(approves(MANAGER), FourEyes), approves(OTHER_MANAGER)],
            OTHER_MANAGER,
            id="not both links by the one who holds both",
        ),
        pytest.param(
            [refused(approves(AUTHOR), FourEyes), approves(REFERENT), refused(approves(AUTHOR), FourEyes)],
            UNDECIDED,
            id="never by its author",
        ),
        pytest.param(
            [refused(amends(AUTHOR), FourEyes), refused(sends_back(AUTHOR), FourEyes)],
            UNDECIDED,
            id="its author cannot amend or send back either",
        ),
        pytest.param(
            [refused(approves(OTHER_MANAGER), NotYourTask)], UNDECIDED, id="link 1 is the case's pole's manager's"
        ),
        pytest.param([refused(approves(ADMINISTRATOR), NotYourTask)], UNDECIDED, id="an administrator has no hat"),
        pytest.param(
            [approves(REFERENT), refused(approves(ADMINISTRATOR), NotYourTask)],
            UNDECIDED,
            id="an administrator has no hat at link 2",
        ),
        pytest.param([refused(approves(GENERAL), NotYourTask)], UNDECIDED, id="rank alone is no hat"),
        pytest.param([sends_back(REFERENT)], SENT_BACK, id="link 1 sends back"),
        pytest.param([approves(REFERENT), sends_back(MANAGER)], SENT_BACK, id="link 2 sends back"),
        pytest.param(
            [sends_back(REFERENT), drafts(), approves(REFERENT), approves(MANAGER)],
            MANAGER,
            id="sent back, drafted again, approved by the same",
        ),
        pytest.param(
            [approves(REFERENT), sends_back(MANAGER), drafts(), approves(MANAGER), refused(approves(MANAGER), FourEyes)],
            UNDECIDED,
            id="a new version needs both links again",
        ),
        pytest.param(
            [amends(REFERENT), approves(MANAGER)], MANAGER, id="link 1 amends, and has approved what it wrote"
        ),
        pytest.param(
            [amends(MANAGER), refused(approves(MANAGER), FourEyes), approves(OTHER_MANAGER)],
            OTHER_MANAGER,
            id="whoever amended at link 1 does not hold link 2",
        ),
        pytest.param(
            [approves(REFERENT), amends(MANAGER), approves(REFERENT)],
            MANAGER,
            id="link 2 amends: link 1 approves the new version, the amender signs",
        ),
        pytest.param(
            [
                approves(REFERENT),
                amends(MANAGER),
                refused(approves(AUTHOR), FourEyes),
                refused(approves(MANAGER), FourEyes),
            ],
            UNDECIDED,
            id="link 2 amends: the earlier approval is void",
        ),
        pytest.param(
            [approves(REFERENT), amends(MANAGER), amends(REFERENT), refused(approves(MANAGER), FourEyes)],
            UNDECIDED,
            id="amended twice: each amender is an author",
        ),
        pytest.param(
            [approves(REFERENT), amends(MANAGER), amends(REFERENT), approves(OTHER_MANAGER)],
            OTHER_MANAGER,
            id="amended twice: a third one signs",
        ),
        pytest.param(
            [approves(REFERENT), amends(MANAGER), sends_back(REFERENT), drafts(), approves(MANAGER)],
            UNDECIDED,
            id="sent back after an amendment: only its new author is out",
        ),
        pytest.param(
            [amends(REFERENT), refused(approves_what_was_first_drafted(MANAGER), StaleVersion), approves(MANAGER)],
            MANAGER,
            id="an approval of an old version is refused",
        ),
        pytest.param(
            [sends_back(REFERENT), drafts(cents=100), refused(approves_what_was_first_drafted(REFERENT), StaleVersion)],
            UNDECIDED,
            id="an approval of the version that was sent back is refused",
        ),
        pytest.param(
            [amends(REFERENT, 15_001), refused(approves(MANAGER), NotYourTask), approves(OPERATIONS)],
            OPERATIONS,
            id="an amendment that raises link 2",
        ),
        pytest.param(
            [approves(REFERENT), amends(MANAGER, 15_001), approves(REFERENT), approves(OPERATIONS)],
            OPERATIONS,
            id="an amendment that raises the chain above its author: both links are asked",
        ),
        pytest.param(
            [approves(REFERENT), amends(MANAGER, 15_001), refused(approves(MANAGER), FourEyes)],
            UNDECIDED,
            id="raised above its author, who is out",
        ),
        pytest.param(
            [amends(REFERENT, 15_001), amends(OPERATIONS, 15_000), approves(MANAGER)],
            OPERATIONS,
            id="an amendment that lowers the chain: who could grant more can grant less, and signs",
        ),
        pytest.param(
            [amends(REFERENT, 15_001), amends(OPERATIONS, 150_001), approves(MANAGER), approves(GENERAL)],
            GENERAL,
            id="raised twice",
        ),
    ],
)
def test_every_order_of_votes(votes: list[Vote], signed_by: str) -> None:
    bench = a_drafted_complaint()
    for vote in votes:
        vote(bench)
    assert outcome(bench) == signed_by


def outcome(bench: Bench) -> str:
    """Who has signed, or where the answer is instead."""
    if bench.case.state is ComplaintState.ANALYSED:
        assert bench.open_kinds() == [TaskKind.DRAFT_ANSWER]
        return SENT_BACK
    if bench.case.state is ComplaintState.DRAFTED:
        assert bench.open_kinds() == [VALIDATE]
        return UNDECIDED
    assert bench.case.state is ComplaintState.APPROVED
    assert bench.case.signatory_id is not None
    return bench.house.staff.get(bench.case.signatory_id).login


def test_the_approved_answer_becomes_a_letter_and_its_compensation_a_payment() -> None:
    bench = a_drafted_complaint(cents=3000)
    bench.approves(REFERENT)
    events = bench.approves(MANAGER)
    assert [type(event) for event in events] == [
        told.TaskCompleted if hasattr(told, "TaskCompleted") else type(events[0]),
        told.VersionApproved,
        told.AnswerApproved,
        LetterRequested,
        told.StateReached,
        TaskOpened,
    ]
    assert bench.open_kinds() == [TaskKind.PAY_COMPENSATION]
    assert bench.case.compensation_due


def test_without_compensation_accounting_is_not_asked() -> None:
    bench = a_drafted_complaint()
    bench.approves(REFERENT)
    bench.approves(MANAGER)
    assert bench.open_kinds() == []
    assert not bench.case.compensation_due


def test_an_approved_answer_takes_no_more_votes() -> None:
    bench = a_drafted_complaint()
    task, version = bench.task(VALIDATE), bench.hash
    bench.approves(REFERENT)
    bench.approves(MANAGER)
    done = [t for t in bench.case.tasks if t.kind == VALIDATE]
    assert task.id in {t.id for t in done}
    votes = (
        Approve(version_hash=version),
        SendBack(version_hash=version, reason="Trop tard."),
        Amend.model_validate({"version_hash": version, **what_is_said()}),
    )
    for old in done:
        for vote in votes:
            for login in (REFERENT, MANAGER, OTHER_MANAGER, AUTHOR):
                with pytest.raises(TaskDone):
                    bench.on_task(login, vote, old)


def test_of_two_who_may_the_second_is_told_that_it_is_done() -> None:
    bench = a_drafted_complaint()
    seen_by_both = bench.task(VALIDATE)
    bench.approves(REFERENT)
    done = next(task for task in bench.case.tasks if task.id == seen_by_both.id)
    with pytest.raises(TaskDone):
        bench.on_task(MANAGER, Approve(version_hash=bench.hash), done)


def test_a_claimed_link_is_left_to_whoever_claimed_it() -> None:
    bench = a_drafted_complaint()
    claimed = replace(bench.task(VALIDATE), claimed_by=person_id(MANAGER))
    with pytest.raises(TaskTaken):
        bench.on_task(REFERENT, Approve(version_hash=bench.hash), claimed)
    bench.on_task(MANAGER, Approve(version_hash=bench.hash), claimed)


def test_the_same_words_again_are_still_another_version() -> None:
    bench = a_drafted_complaint()
    bench.approves(REFERENT)
    first = bench.hash
    bench.sends_back(MANAGER)
    bench.does(AUTHOR, TaskKind.DRAFT_ANSWER, a_draft())
    assert bench.hash == first
    assert (bench.answer.version, dict(bench.case.approvals)) == (2, {})
    assert outcome(bench) == UNDECIDED


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
            assert outcome(signed) == signatory
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
    assert outcome(bench) == MANAGER


# Absences: the named deputy first, then one level up.


def test_an_absent_validators_deputy_wears_their_hats() -> None:
    bench = a_drafted_complaint(category=SENSITIVE).at(absent=[OPERATIONS])
    bench.approves(LAWYER)
    assert bench.who_can_do(VALIDATE) == {MANAGER}  # the operations director has named her
    bench.approves(MANAGER)
    assert outcome(bench) == MANAGER


def test_a_deputy_who_has_approved_already_is_passed_over() -> None:
    bench = a_drafted_complaint(category=SENSITIVE).at(absent=[OPERATIONS])
    bench.approves(MANAGER)
    assert bench.who_can_do(VALIDATE) == {GENERAL}
    bench.approves(GENERAL)
    assert outcome(bench) == GENERAL


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


def test_an_administrator_may_stand_in_as_the_deputy_only_of_somebody_with_a_hat() -> None:
    bench = a_drafted_complaint(category=SENSITIVE)
    bench.approves(LAWYER)
    with pytest.raises(NotYourTask):
        bench.approves(ADMINISTRATOR)
    deputised = bench.at(absent=[OPERATIONS], deputies={OPERATIONS: ADMINISTRATOR})
    deputised.approves(ADMINISTRATOR)
    assert outcome(deputised) == ADMINISTRATOR


def test_when_all_holders_of_a_link_are_away_it_goes_one_level_up() -> None:
    away = ["odile.bescond", "loic.hamon", *MANAGERS]
    bench = an_analysed_complaint(category=SENSITIVE).at(absent=away, deputies=dict.fromkeys(away))
    bench.does(AUTHOR, TaskKind.DRAFT_ANSWER, a_draft())
    assert bench.who_can_do(VALIDATE) == {OPERATIONS}
    bench.approves(OPERATIONS)
    assert bench.who_can_do(VALIDATE) == {GENERAL}  # link 2 is hers, but she has approved link 1
    bench.approves(GENERAL)
    assert outcome(bench) == GENERAL


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
    assert outcome(named) == LAWYER


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
    for vote in (approves(MANAGER), amends(MANAGER), sends_back(MANAGER)):
        refused(vote, FourEyes)(bench)
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
    refused(approves(REFERENT), FourEyes)(bench)
    bench.approves(MANAGER)
    bench.approves(OTHER_MANAGER)
    assert outcome(bench) == OTHER_MANAGER
