"""Every sequence of votes by a small cast, up to four of them: what must hold after each, whatever was said before.

Sequences that end in the same situation are continued once. Source: procedures, section 1 step 7
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from domain.complaint import events as told
from domain.complaint.commands import Approve
from domain.complaint.states import ComplaintState
from domain.complaint.words import Category, TaskKind
from domain.events import LetterRequested
from domain.people import Person
from domain.refusals import Refusal
from domain.roles import Role
from local.demo_staff import person_id
from tests.factories.bench import Bench, a_drafted_complaint
from tests.factories.complaints import (
    ACCOUNTANT,
    ADMINISTRATOR,
    AUTHOR,
    GENERAL,
    LAWYER,
    MANAGER,
    OPERATIONS,
    OTHER_MANAGER,
    REFERENT,
    a_draft,
)

LONGEST = 4
CAST = (AUTHOR, REFERENT, MANAGER, OTHER_MANAGER, LAWYER, OPERATIONS, GENERAL, ADMINISTRATOR)
AMOUNTS = (0, 15_001, 150_001)
HOUSES: dict[str, dict[str, Any]] = {
    "everybody is there": {},
    "the pole's manager is away, her deputy is the referent": {"absent": [MANAGER]},
    "the operations director is away, her deputy is the pole's manager": {"absent": [OPERATIONS]},
    "nobody at the top": {"absent": [OPERATIONS, GENERAL], "deputies": {OPERATIONS: None, GENERAL: None}},
    "the author stands in for the referent": {"absent": [REFERENT], "deputies": {REFERENT: AUTHOR}},
}
RANK = (Role.TECHNICAL_REFERENT, Role.POLE_MANAGER, Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR)
"""Who stands above whom; legal stands beside the pole managers."""


@dataclass(frozen=True)
class Played:
    """A vote that was allowed: the bench before and after it."""

    vote: str
    before: Bench
    after: Bench


def votes(bench: Bench) -> Iterator[tuple[str, Any]]:
    """Everything that anybody of the cast could try now."""
    stale = "0" * 64
    for login in CAST:
        if bench.case.state is ComplaintState.ANALYSED:
            for cents in AMOUNTS:
                draft = a_draft(compensation_cents=cents)
                yield (
                    f"{login} drafts {cents}",
                    partial(Bench.does, login=login, kind=TaskKind.DRAFT_ANSWER, command=draft),
                )
        if bench.case.state is ComplaintState.DRAFTED:
            yield f"{login} approves", partial(Bench.approves, login=login)
            yield f"{login} sends back", partial(Bench.sends_back, login=login)
            approval = Approve(version_hash=stale)
            yield (
                f"{login} approves another",
                partial(Bench.does, login=login, kind=TaskKind.VALIDATE, command=approval),
            )
            for cents in AMOUNTS:
                words = f"version {bench.answer.version + 1} by {login}"
                yield (
                    f"{login} amends to {cents}",
                    partial(Bench.amends, login=login, compensation_cents=cents, found=words),
                )


def played(bench: Bench, left: int, known: dict[Any, int]) -> Iterator[Played]:
    """Every allowed vote in this situation and in all that follow from it; refused ones leave it as it was."""
    if known.get(situation(bench), 0) >= left:
        return
    known[situation(bench)] = left
    for vote, cast in votes(bench):
        after = bench.copy()
        try:
            cast(after)
        except Refusal:
            assert after.case == bench.case
            assert len(after.said) == len(bench.said)
            continue
        assert "another" not in vote, "a version that nobody has written was approved"
        yield Played(vote, bench, after)
        yield from played(after, left - 1, known)


def situation(bench: Bench) -> Any:
    """What later votes can depend on: everything but words and numbers of versions."""
    answer = bench.case.answer
    tasks = {(t.kind, t.offered_to, t.excluded, (t.detail or {}).get("link")) for t in bench.case.open_tasks}
    return (
        bench.case.state,
        answer and (answer.authors, answer.compensation_cents),
        tuple(sorted(bench.case.approvals.items())),
        frozenset(tasks),
    )


@pytest.mark.parametrize("house", HOUSES)
@pytest.mark.parametrize("category", Category)
def test_every_sequence_of_votes(category: Category, house: str) -> None:
    staff = {"only": [*CAST, ACCOUNTANT], **HOUSES[house]}
    known: dict[Any, int] = {}
    seen = set[ComplaintState]()
    for cents in AMOUNTS:
        drafted = a_drafted_complaint(category=category, cents=cents).at(**staff)
        for step in played(drafted, LONGEST, known):
            try:
                check(step)
            except AssertionError as error:
                error.add_note(f"{step.vote}, after: {story(step.before)}")
                raise
            seen.add(step.after.case.state)
    assert seen >= {ComplaintState.ANALYSED, ComplaintState.DRAFTED}
    assert (ComplaintState.APPROVED in seen) or house == "nobody at the top"


def check(step: Played) -> None:
    """What holds after every allowed vote."""
    bench = step.after
    a_new_version_voids_approvals(step)
    if bench.case.state is ComplaintState.APPROVED:
        two_others_have_approved_the_very_version(bench)
        the_signatory_stands_high_enough(bench)
        assert bench.open_kinds() == ([TaskKind.PAY_COMPENSATION] if bench.answer.compensation_cents else [])
        assert [e.version for e in bench.said if isinstance(e, LetterRequested) and e.version] == [bench.answer.version]
    elif bench.case.state is ComplaintState.DRAFTED:
        the_next_link_is_asked_about_the_current_version(bench)
        nobody_is_asked_who_may_not(bench)
    else:
        assert bench.case.state is ComplaintState.ANALYSED
        assert [kind for kind in bench.open_kinds() if kind != TaskKind.UNBLOCK] == [TaskKind.DRAFT_ANSWER]
        assert bench.who_can_do(TaskKind.DRAFT_ANSWER) == {AUTHOR}


def a_new_version_voids_approvals(step: Played) -> None:
    before, after = step.before.case, step.after.case
    written = [e for e in step.after.said[len(step.before.said) :] if isinstance(e, told.AnswerDrafted)]
    for version in written:
        assert before.answer is not None
        assert version.version == before.answer.version + 1
        assert set(after.approvals.values()) <= {version.author_id}
        assert after.state is not ComplaintState.APPROVED or len(after.approvals) > 1
    if not written:
        assert after.answer == before.answer


def two_others_have_approved_the_very_version(bench: Bench) -> None:
    case, answer = bench.case, bench.answer
    approvals = [e for e in bench.said if isinstance(e, told.VersionApproved) and e.version == answer.version]
    approvers = {e.person_id for e in approvals}
    assert {e.version_hash for e in approvals} == {answer.hash}
    assert len(approvers) == len(case.approvals) == 2
    assert set(case.approvals.values()) == approvers
    assert drafter_of(bench) not in approvers
    assert person_id(AUTHOR) not in approvers
    assert len(approvers & answer.authors) <= 1, "both validators have written it"
    assert case.signatory_id == case.approvals[max(case.approvals)]


def drafter_of(bench: Bench) -> UUID:
    """Who wrote the version that all later ones amend."""
    return [e.author_id for e in bench.said if isinstance(e, told.AnswerDrafted) and not e.amends][-1]


def the_signatory_stands_high_enough(bench: Bench) -> None:
    assert bench.case.signatory_id is not None
    cents = bench.answer.compensation_cents
    lowest = Role.OPERATIONS_DIRECTOR if bench.case.category is Category.SENSITIVE else Role.POLE_MANAGER
    if cents > 15_000:
        lowest = Role.OPERATIONS_DIRECTOR
    if cents > 150_000:
        lowest = Role.GENERAL_DIRECTOR
    assert stands_for(bench, bench.house.staff.get(bench.case.signatory_id)) & set(RANK[RANK.index(lowest) :])


def stands_for(bench: Bench, person: Person) -> set[Role]:
    """A person's roles, and those of the absent people who have named them deputy."""
    stood_for = (p.roles for p in bench.house.staff if p.absent and p.deputy_id == person.id)
    return set(person.roles).union(*stood_for)


def the_next_link_is_asked_about_the_current_version(bench: Bench) -> None:
    task = bench.task(TaskKind.VALIDATE)
    missing = min({1, 2} - set(bench.case.approvals))
    assert task.detail == {"link": missing, "version": bench.answer.version, "version_hash": bench.hash}


def nobody_is_asked_who_may_not(bench: Bench) -> None:
    task = bench.task(TaskKind.VALIDATE)
    asked = bench.who_can_do(TaskKind.VALIDATE)
    kept_out = {bench.house.staff.get(one).login for one in {*bench.answer.authors, *bench.case.approvals.values()}}
    assert not asked & {*kept_out, AUTHOR, ADMINISTRATOR, ACCOUNTANT}
    assert task.nobody_left == (not asked)
    assert (TaskKind.UNBLOCK in bench.open_kinds()) >= task.nobody_left


def story(bench: Bench) -> str:
    """How it came to this."""
    return " · ".join(type(event).__name__ for event in bench.said)
