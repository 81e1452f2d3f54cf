"""Somebody's complaints are dealt out by the rule of intake, and what is dealt counts.

Source: Memo; procedures, section 1 step 3
"""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

from domain.complaint.reassignment import Fit, Owned, Plan, propose
from local.demo_staff import person_id
from tests.factories.complaints import AUTHOR, COLLEAGUE, EXPERT, HANDLERS, NOON, OTHER_EXPERT, a_house

DAY = timedelta(days=1)


def owned(number: int, **changes: Any) -> Owned:
    """A complaint for the pole of benefits; the higher its number, the later it is due."""
    facts: dict[str, Any] = {"state": "acknowledged", "pole": "benefits", "skills": frozenset()}
    due = {"deadline": "answer", "due_at": NOON + number * DAY}
    return Owned(UUID(int=number), f"REC-2026-{number:06d}", **facts | due | changes)


def dealt(plan: Plan) -> list[str | None]:
    return [proposal.to.login if proposal.to else None for proposal in plan.proposals]


def loads(plan: Plan) -> dict[str, tuple[int, int]]:
    after = {p.login: p.load for p in plan.after}
    return {p.login: (p.load, after[p.login]) for p in plan.before if p.load != after[p.login]}


def test_what_is_dealt_counts_at_once_so_that_loads_even_out() -> None:
    house = a_house(load={AUTHOR: 6, COLLEAGUE: 1}, only=[AUTHOR, COLLEAGUE, "nolwenn.salaun"])
    plan = propose([owned(n, pole="support") for n in range(1, 7)], person_id(AUTHOR), house)
    assert Counter(dealt(plan)) == {"nolwenn.salaun": 4, COLLEAGUE: 2}
    assert loads(plan) == {AUTHOR: (6, 0), COLLEAGUE: (1, 3), "nolwenn.salaun": (0, 4)}


def test_nothing_comes_back_to_whoever_leaves_even_if_they_are_at_work() -> None:
    plan = propose([owned(n) for n in range(1, 9)], person_id(AUTHOR), a_house())
    assert AUTHOR not in dealt(plan)


def test_the_most_urgent_is_dealt_first() -> None:
    cases = [owned(3), owned(1), owned(2), owned(4, due_at=None, deadline=None)]
    plan = propose(cases, person_id(AUTHOR), a_house())
    assert [proposal.case.reference[-1] for proposal in plan.proposals] == ["1", "2", "3", "4"]


def test_an_expert_file_goes_to_an_expert_and_says_so() -> None:
    [proposal] = propose([owned(1, skills=frozenset({"optical"}))], person_id(OTHER_EXPERT), a_house()).proposals
    assert proposal.to is not None
    assert proposal.to.login == EXPERT
    assert {Fit.HAS_THE_SKILLS, Fit.EXPERT} <= set(proposal.why)
    assert proposal.missing_skills == ()


def test_a_skill_that_nobody_present_has_is_named() -> None:
    [proposal] = propose([owned(1, skills=frozenset({"english"}))], person_id(AUTHOR), a_house()).proposals
    assert Fit.LACKS_A_SKILL in proposal.why
    assert proposal.missing_skills == ("english",)


def test_of_another_pole_only_where_nobody_of_the_own_is_there() -> None:
    [same] = propose([owned(1)], person_id(AUTHOR), a_house()).proposals
    assert Fit.SAME_POLE in same.why
    away = [login for login in HANDLERS if login != "nolwenn.salaun"]
    [other] = propose([owned(1)], person_id(AUTHOR), a_house(absent=away)).proposals
    assert other.to is not None
    assert (other.to.login, Fit.OTHER_POLE in other.why) == ("nolwenn.salaun", True)


def test_never_to_whom_the_complaint_is_about() -> None:
    [proposal] = propose([owned(1, about_id=person_id(COLLEAGUE))], person_id(AUTHOR), a_house()).proposals
    assert proposal.to is not None
    assert proposal.to.login != COLLEAGUE


def test_where_no_handler_is_at_work_nobody_is_proposed_and_no_load_changes() -> None:
    plan = propose([owned(1)], person_id(AUTHOR), a_house(absent=HANDLERS))
    assert dealt(plan) == [None]
    assert loads(plan) == {}
