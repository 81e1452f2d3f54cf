"""Who gets which case, and who gets a place that is given back: the oldest first, fair, the same every time."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.backlog.dispatch import Dispatched, Given, Left, Volunteer, WaitingCase, dispatch
from domain.backlog.waiting_list import WaitingPerson, promote, promotion_order
from domain.backlog.words import LabourLimit, LeftOver
from domain.refusals import Invalid
from tests.factories.hours import a_session, office_hours, only, spans, the_law

DAY = date(2026, 11, 2)


def a_case(number: int, *skills: str, days: int = 0, kept_out: frozenset[UUID] = frozenset()) -> WaitingCase:
    """A case that waits since so many days after the first."""
    return WaitingCase(
        UUID(int=number), f"REC-2026-{number:06}", DAY + timedelta(days=days), frozenset(skills), kept_out
    )


def somebody(login: str, *skills: str, room: int = 10) -> Volunteer:
    return Volunteer(UUID(int=ord(login[0])), login, frozenset(skills), room)


def pairs(found: Dispatched) -> dict[int, str]:
    return {one.case_id.int: chr(one.volunteer_id.int) for one in found.given}


def test_the_oldest_are_given_first() -> None:
    found = dispatch([a_case(1, days=2), a_case(2, days=0), a_case(3, days=1)], [somebody("a", room=2)])
    assert found.given == (Given(UUID(int=2), UUID(int=ord("a"))), Given(UUID(int=3), UUID(int=ord("a"))))
    assert found.left == (Left(UUID(int=1), LeftOver.NO_ROOM),)


def test_cases_of_one_day_go_by_their_reference() -> None:
    assert pairs(dispatch([a_case(2), a_case(1)], [somebody("a", room=1)])) == {1: "a"}


def test_a_case_goes_to_who_has_all_its_skills() -> None:
    staff = [somebody("a"), somebody("b", "dental"), somebody("c", "dental", "english")]
    found = dispatch([a_case(1, "dental", "english"), a_case(2, "dental"), a_case(3, "german")], staff)
    assert pairs(found) == {1: "c", 2: "b"}
    assert found.left == (Left(UUID(int=3), LeftOver.NO_SKILL),)


def test_nobody_gets_what_they_are_kept_out_of() -> None:
    about_anne = frozenset({UUID(int=ord("a"))})
    found = dispatch(
        [a_case(1, kept_out=about_anne), a_case(2, "dental", kept_out=about_anne)],
        [somebody("a", "dental"), somebody("b")],
    )
    assert pairs(found) == {1: "b"}
    assert found.left == (Left(UUID(int=2), LeftOver.NO_SKILL),)


def test_everybody_gets_as_many_give_or_take_one() -> None:
    found = dispatch([a_case(n) for n in range(1, 12)], [somebody(login) for login in "abc"])
    assert sorted(Counter(pairs(found).values()).values()) == [3, 4, 4]


def test_rarer_skills_are_spared_for_what_needs_them() -> None:
    assert pairs(dispatch([a_case(1)], [somebody("a", "dental"), somebody("b")])) == {1: "b"}


def test_a_younger_case_that_only_one_can_do_does_not_wait_for_room_that_another_has() -> None:
    """The expert is full of what others can do as well: one of it moves on."""
    staff = [somebody("a", "dental", room=2), somebody("b", room=3)]
    found = dispatch([a_case(1), a_case(2), a_case(3), a_case(4, "dental", days=1), a_case(5, "dental", days=2)], staff)
    assert found.left == ()
    assert {number for number, login in pairs(found).items() if login == "a"} == {4, 5}


def test_room_can_be_made_over_several_desks() -> None:
    staff = [somebody("a", "x", room=1), somebody("b", "x", "y", room=1), somebody("c", "y", "z", room=1)]
    found = dispatch([a_case(1, "y"), a_case(2, "x", days=1), a_case(3, "x", days=2)], staff)
    assert found.left == ()
    assert pairs(found)[1] == "c"


def test_without_volunteers_or_room_all_is_left() -> None:
    assert dispatch([a_case(1)], []).left == (Left(UUID(int=1), LeftOver.NO_SKILL),)
    assert dispatch([a_case(1)], [somebody("a", room=0)]).left == (Left(UUID(int=1), LeftOver.NO_ROOM),)
    with pytest.raises(Invalid, match="A volunteer has room for no case, or for some"):
        somebody("a", room=-1)


SKILLS = st.sets(st.sampled_from(["dental", "english"])).map(frozenset)


@given(
    st.lists(st.tuples(SKILLS, st.integers(0, 3)), max_size=6),
    st.lists(st.tuples(SKILLS, st.integers(0, 2)), max_size=3),
    st.randoms(use_true_random=False),
)
def test_the_oldest_that_can_be_done_are_done_whatever_the_order(
    asked: list[tuple[frozenset[str], int]], there: list[tuple[frozenset[str], int]], chance: Random
) -> None:
    cases = [a_case(number, *skills, days=days) for number, (skills, days) in enumerate(asked)]
    staff = [Volunteer(UUID(int=100 + n), f"v{n}", skills, room) for n, (skills, room) in enumerate(there)]
    found = dispatch(cases, staff)
    people = {one.id: one for one in staff}
    by_id = {case.id: case for case in cases}
    assert all(people[one.volunteer_id].may_have(by_id[one.case_id]) for one in found.given)
    assert all(n <= people[who].room for who, n in Counter(one.volunteer_id for one in found.given).items())
    assert {one.case_id for one in found.given} == best(cases, staff)
    assert len(found.given) + len(found.left) == len(cases)
    chance.shuffle(cases)
    chance.shuffle(staff)
    assert dispatch(cases, staff) == found


def best(cases: list[WaitingCase], staff: list[Volunteer]) -> set[UUID]:
    """By brute force: case after case, from the oldest, whatever can be done beside those before it."""
    chosen: list[WaitingCase] = []
    for case in sorted(cases, key=lambda one: (one.since, one.reference)):
        if can_be_done([*chosen, case], staff):
            chosen.append(case)
    return {case.id for case in chosen}


def can_be_done(cases: list[WaitingCase], staff: list[Volunteer]) -> bool:
    """Hall's condition: whichever of them one takes, those who may have them have room enough."""
    return all(
        sum(one.room for one in staff if any(one.may_have(case) for case in some)) >= size
        for size in range(1, len(cases) + 1)
        for some in combinations(cases, size)
    )


def test_a_thousand_cases_and_seventy_volunteers_are_dispatched_at_once() -> None:
    skills = ["optical", "dental", "hospital", "hearing"]
    cases = [a_case(n, skills[n % 4], days=n % 50) for n in range(3000)]
    staff = [Volunteer(UUID(int=10_000 + n), f"v{n:02}", frozenset({skills[n % 4]}), 20) for n in range(70)]
    found = dispatch(cases, staff)
    assert len(found.given) == 1400
    assert {one.why for one in found.left} == {LeftOver.NO_ROOM}


EIGHT = datetime(2026, 11, 2, 7, tzinfo=UTC)


def waiting(login: str, minutes: int, held: int = 0) -> WaitingPerson:
    return WaitingPerson(UUID(int=ord(login[0])), login, EIGHT + timedelta(minutes=minutes), held)


def test_the_fewest_sessions_first_then_who_asked_first_then_by_login() -> None:
    listed = [waiting("dan", 0, held=1), waiting("carl", 2), waiting("bea", 1), waiting("anne", 2)]
    assert [one.login for one in promotion_order(listed)] == ["bea", "anne", "carl", "dan"]
    assert promotion_order(reversed(listed)) == promotion_order(listed)


def test_whoever_the_law_keeps_out_is_passed_over_and_told_why() -> None:
    saturday = "2026-06-13"
    week = [spans(f"2026-06-{day:02}", "08:00-12:00", "13:00-18:36") for day in range(8, 13)]
    hours = {UUID(int=ord("a")): only(saturday, *week), UUID(int=ord("b")): office_hours(saturday)}
    listed = [waiting("anne", 0), waiting("bea", 1)]
    found = promote(listed, 1, a_session(saturday, "08:00-12:00"), hours, the_law())
    assert found.promoted == (UUID(int=ord("b")),)
    (passed,) = found.passed_over
    assert (passed.person_id, [one.limit for one in passed.broken]) == (UUID(int=ord("a")), [LabourLimit.WEEKLY])
    assert promote(listed, 0, a_session(saturday, "08:00-12:00"), hours, the_law()).promoted == ()
