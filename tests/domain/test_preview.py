"""The answer before it is approved: which letter it would be, who would sign it, and until when it has a preview."""

from typing import Any
from uuid import uuid4

import pytest

from domain.complaint.case import AnswerVersion, Complaint
from domain.complaint.commands import AnswerContent, AnswerInProgress
from domain.complaint.letters import LetterKind
from domain.complaint.preview import answer_letter, check_unapproved, would_sign
from domain.complaint.states import ComplaintState
from domain.complaint.words import Category, Finding, TaskKind
from domain.outgoing import Dispatch
from domain.people import role_hat
from domain.refusals import WrongStep
from domain.roles import Role
from domain.tasks import Task
from local.demo_staff import person_id
from tests.factories.complaints import (
    AUTHOR,
    GENERAL,
    MANAGER,
    MANAGERS,
    OPERATIONS,
    REFERENT,
    a_complaint,
    a_house,
)


def an_analysed(**changes: Any) -> Complaint:
    """A founded complaint whose answer its owner is writing."""
    known = {"state": ComplaintState.ANALYSED, "finding": Finding.FOUNDED, "owner_id": person_id(AUTHOR)}
    return a_complaint(**known | changes)


@pytest.mark.parametrize(
    ("finding", "kind"),
    [
        (Finding.FOUNDED, LetterKind.ANSWER_FOUNDED),
        (Finding.PARTLY_FOUNDED, LetterKind.ANSWER_PARTLY_FOUNDED),
        (Finding.UNFOUNDED, LetterKind.ANSWER_UNFOUNDED),
    ],
)
def test_the_letter_follows_from_the_finding(finding: Finding, kind: LetterKind) -> None:
    assert answer_letter(an_analysed(finding=finding)) is kind


def test_before_the_analysis_there_is_no_letter() -> None:
    with pytest.raises(WrongStep, match="Complete the analysis first"):
        answer_letter(an_analysed(finding=None))


def test_an_approved_answer_is_a_letter_and_has_no_preview() -> None:
    check_unapproved(an_analysed())
    with pytest.raises(WrongStep, match="Read the letters of the case"):
        check_unapproved(an_analysed(state=ComplaintState.APPROVED, signatory_id=person_id(MANAGER)))


def test_what_is_no_complaint_any_more_has_no_preview() -> None:
    with pytest.raises(WrongStep, match="no answer leaves"):
        check_unapproved(an_analysed(state=ComplaintState.REQUALIFIED))


def test_the_only_one_who_can_be_the_last_link_would_sign() -> None:
    assert would_sign(an_analysed(category=Category.SENSITIVE), 0, a_house()) == person_id(OPERATIONS)


@pytest.mark.parametrize(("cents", "login"), [(15_000, None), (15_001, OPERATIONS), (150_001, GENERAL)])
def test_a_compensation_above_a_threshold_makes_somebody_else_sign(cents: int, login: str | None) -> None:
    assert would_sign(an_analysed(), cents, a_house()) == (person_id(login) if login else None)


def test_where_several_managers_can_be_the_last_link_nobody_is_named() -> None:
    assert len(MANAGERS) > 1
    assert would_sign(an_analysed(), 0, a_house()) is None


def test_who_has_claimed_the_last_link_would_sign() -> None:
    claimed = Task(
        id=uuid4(),
        kind=TaskKind.VALIDATE,
        offered_to=frozenset({role_hat(Role.POLE_MANAGER)}),
        excluded=frozenset(),
        claimed_by=person_id(MANAGER),
        detail={"link": 2},
    )
    assert would_sign(an_analysed(tasks=(claimed,)), 0, a_house()) == person_id(MANAGER)
    assert would_sign(an_analysed(tasks=(claimed,)), 15_001, a_house()) == person_id(OPERATIONS)


def test_who_has_claimed_the_first_link_is_not_taken_for_the_signatory() -> None:
    claimed = Task(
        id=uuid4(),
        kind=TaskKind.VALIDATE,
        offered_to=frozenset({role_hat(Role.POLE_MANAGER, "benefits")}),
        excluded=frozenset(),
        claimed_by=person_id(MANAGER),
        detail={"link": 1},
    )
    assert would_sign(an_analysed(tasks=(claimed,)), 0, a_house()) is None


@pytest.mark.parametrize("kept_out", ["author", "approver", "about"])
def test_who_is_kept_out_does_not_sign(kept_out: str) -> None:
    director = person_id(OPERATIONS)
    written = AnswerVersion(1, "0" * 64, frozenset({director}), 0, Dispatch.POST)
    case = {
        "author": an_analysed(category=Category.SENSITIVE, answer=written),
        "approver": an_analysed(category=Category.SENSITIVE, approvals={1: director}),
        "about": an_analysed(category=Category.SENSITIVE, about_id=director),
    }[kept_out]
    assert would_sign(case, 0, a_house()) != director


def test_when_the_last_link_is_away_their_deputy_would_sign() -> None:
    house = a_house(absent=[OPERATIONS], deputies={OPERATIONS: MANAGER})
    assert would_sign(an_analysed(category=Category.SENSITIVE), 0, house) == person_id(MANAGER)


def test_when_nobody_is_left_nobody_is_named() -> None:
    assert would_sign(an_analysed(), 0, a_house(only=[AUTHOR, REFERENT])) is None


def test_an_answer_in_progress_has_the_fields_of_an_answer_and_may_be_blank() -> None:
    assert set(AnswerInProgress.model_fields) == set(AnswerContent.model_fields)
    blank = AnswerInProgress()
    assert (blank.asked, blank.compensation_cents, blank.dispatch) == ("", 0, Dispatch.POST)
