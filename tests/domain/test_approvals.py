"""The two validators: who may approve which version, who signs, and what every order of votes leads to.

Source: procedures, section 1 step 7
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from domain.complaint import events as told
from domain.complaint.commands import Amend, Approve, SendBack
from domain.complaint.states import ComplaintState
from domain.complaint.words import TaskKind
from domain.events import LetterRequested
from domain.refusals import FourEyes, NotYourTask, Refusal, StaleVersion, TaskDone, TaskTaken
from local.demo_staff import person_id
from tests.factories.bench import Bench, a_drafted_complaint
from tests.factories.complaints import (
    ADMINISTRATOR,
    AUTHOR,
    GENERAL,
    MANAGER,
    OPERATIONS,
    OTHER_MANAGER,
    REFERENT,
    a_draft,
    what_is_said,
)

VALIDATE = TaskKind.VALIDATE


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
            [
                approves(REFERENT),
                sends_back(MANAGER),
                drafts(),
                approves(MANAGER),
                refused(approves(MANAGER), FourEyes),
            ],
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
    assert bench.signatory is not None
    return bench.signatory


def test_the_approved_answer_becomes_a_letter_and_its_compensation_a_payment() -> None:
    bench = a_drafted_complaint(cents=3000)
    bench.approves(REFERENT)
    events = bench.approves(MANAGER)
    assert [event.version for event in events if isinstance(event, told.AnswerApproved)] == [1]
    assert [event.kind for event in events if isinstance(event, LetterRequested)] == ["answer_founded"]
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
