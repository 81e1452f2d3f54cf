"""Why a deadline's object is not done, case by case.

Source: procedures, section 1 steps 4 to 9
"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.complaint.hold import WAITS
from domain.complaint.words import TaskKind
from domain.hold import Facts, Held, Hold, OpenTask, WaitingLetter, why_not_done
from domain.people import person_hat, role_hat
from domain.policy import DeadlineName
from domain.roles import Role
from tests.factories.complaints import NOON

OWNER, OTHER, TASK = UUID(int=1), UUID(int=2), UUID(int=3)
HOUR = timedelta(hours=1)
MINE = frozenset({person_hat(OWNER)})
MANAGER = frozenset({role_hat(Role.POLE_MANAGER, "benefits")})


def a_task(kind: str = "draft_answer", **changes: object) -> OpenTask:
    """The owner's task, opened at noon."""
    task = OpenTask(TASK, kind, opened_at=NOON, offered_to=MINE, meant_for=MINE)
    return replace(task, **changes)  # type: ignore[arg-type]


OFFERED = Facts(OWNER, tasks=(a_task(),))
CLAIMED = Facts(OWNER, tasks=(a_task(claimed_by=OWNER, claimed_at=NOON + HOUR),))
BY_A_DEPUTY = Facts(OWNER, (a_task(claimed_by=OTHER, claimed_at=NOON + HOUR),), away_since={OWNER: NOON})
AWAY = replace(OFFERED, away_since={OWNER: NOON + 2 * HOUR})
AWAY_BEFORE = replace(OFFERED, away_since={OWNER: NOON - 2 * HOUR})
SOMEBODY_ELSE_AWAY = replace(OFFERED, away_since={OTHER: NOON})
RAISED = Facts(OWNER, tasks=(a_task(offered_to=MANAGER),), away_since={OWNER: NOON})
NOBODY = Facts(OWNER, tasks=(a_task("validate", offered_to=MANAGER, meant_for=MANAGER, nobody_left=True),))
UNDECIDED = replace(NOBODY, undecided_since=NOON - HOUR)
LETTER = Facts(OWNER, letters=(WaitingLetter("answer_founded", NOON), WaitingLetter("acknowledgement", NOON - HOUR)))
NOTHING = Facts(OWNER)


@pytest.mark.parametrize(
    ("facts", "why", "since"),
    [
        (OFFERED, Hold.OFFERED, NOON),
        (CLAIMED, Hold.CLAIMED, NOON + HOUR),
        (BY_A_DEPUTY, Hold.CLAIMED, NOON + HOUR),
        (AWAY, Hold.OWNER_ABSENT, NOON + 2 * HOUR),
        (AWAY_BEFORE, Hold.OWNER_ABSENT, NOON),
        (SOMEBODY_ELSE_AWAY, Hold.OFFERED, NOON),
        (RAISED, Hold.RAISED, NOON),
        (NOBODY, Hold.NOBODY_LEFT, NOON),
        (UNDECIDED, Hold.UNDECIDED_COMMAND, NOON - HOUR),
        (LETTER, Hold.LETTER_NOT_HANDED_OVER, NOON),
        (NOTHING, Hold.NOTHING_OPEN, None),
    ],
)
def test_the_most_pressing_reason_is_the_one_that_is_told(facts: Facts, why: Hold, since: object) -> None:
    held = why_not_done(WAITS["answer"], facts)
    assert (held.why, held.since) == (why, since)


def test_the_task_is_told_with_whom_it_is() -> None:
    held = why_not_done(WAITS["answer"], CLAIMED)
    assert held == Held(Hold.CLAIMED, NOON + HOUR, TASK, "draft_answer", (person_hat(OWNER),), OWNER)


@pytest.mark.parametrize(
    ("deadline", "waits_for"),
    [
        ("acknowledgement", {"acknowledge"}),
        ("acknowledgement_limit", {"acknowledge"}),
        *((name, {"acknowledge", "analyse", "draft_answer", "validate"}) for name in ("answer", "answer_limit")),
        ("answer_target", {"acknowledge", "analyse", "draft_answer", "validate"}),
    ],
)
def test_a_deadline_waits_for_the_tasks_of_its_steps_only(deadline: str, waits_for: set[str]) -> None:
    holding = {kind for kind in TaskKind if why_not_done(WAITS[deadline], Facts(OWNER, (a_task(kind),))).task_id}
    assert holding == waits_for


@pytest.mark.parametrize("deadline", DeadlineName)
@pytest.mark.parametrize("letter", ["acknowledgement", "holding_letter", "answer_unfounded"])
def test_a_deadline_waits_for_its_own_letter_only(deadline: DeadlineName, letter: str) -> None:
    held = why_not_done(WAITS[deadline], Facts(OWNER, letters=(WaitingLetter(letter, NOON),)))
    waits = letter == "answer_unfounded" if deadline.startswith("answer") else letter == deadline.removesuffix("_limit")
    waits = waits and deadline is not DeadlineName.ACKNOWLEDGEMENT  # met by the handler's act, not by the letter
    assert held.why is (Hold.LETTER_NOT_HANDED_OVER if waits else Hold.NOTHING_OPEN)


def test_of_two_tasks_the_earlier_step_holds_the_answer() -> None:
    facts = Facts(OWNER, (a_task("validate"), a_task("analyse", id=OTHER)))
    assert why_not_done(WAITS["answer"], facts).task_id == OTHER
