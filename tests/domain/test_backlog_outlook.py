"""What is to be expected of an operation, and what each way of strengthening it would do."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.backlog.outlook import (
    Expected,
    Outcome,
    SessionSoFar,
    SignedUp,
    Turnout,
    WayOn,
    ahead,
    back_on,
    expected_work,
    fuller,
    outcomes,
    signed_up,
)
from domain.backlog.projection import PlannedSession, Reinforcement
from domain.backlog.watch import Activity, DailyFigures
from tests.factories.rules import a_calendar, the_book

POLICY = the_book().in_force_on(date(2031, 3, 3)).backlog
CALENDAR = a_calendar()
MONDAY = date(2031, 3, 3)


def figures(stock: int, day: date = MONDAY) -> DailyFigures:
    """300 come in; 9 people handle 315 in 12 minutes each."""
    return DailyFigures(day, stock, 300, 315, Decimal(12), Decimal(9), Decimal("0.1"))


def a_session(week: int = 0, places: int = 12, taken: int | None = None, worked: int | None = None) -> SessionSoFar:
    """A Saturday of seven hours; full, where nothing else is said."""
    planned = PlannedSession(MONDAY + timedelta(days=5 + 7 * week), places, 420)
    return SessionSoFar(planned, places if taken is None else taken, worked)


def expected(stock: int = 2000, *sessions: SessionSoFar, weeks: int = 6) -> Expected:
    last = MONDAY + timedelta(weeks=weeks, days=-1)
    return Expected(Activity(Decimal(5), Decimal(7)), [figures(stock)], sessions, last, MONDAY)


def minutes(*sessions: SessionSoFar) -> list[float]:
    """What is expected of each session, in minutes."""
    return [float(one.minutes) for one in expected_work(sessions, MONDAY)]


def back(one: Expected, turnout: Turnout = Turnout.SIGNED_UP) -> date:
    """When it would be back; never is after every day."""
    return back_on(one, ahead(one, POLICY, CALENDAR, turnout), POLICY, CALENDAR) or date.max


def ways(one: Expected) -> tuple[Outcome, ...]:
    return outcomes(one, POLICY, CALENDAR)


def test_without_figures_nothing_is_to_be_expected() -> None:
    assert ahead(replace(expected(), figures=[]), POLICY, CALENDAR) is None


def test_what_is_to_come_counts_and_what_was_held_does_not() -> None:
    held = SessionSoFar(PlannedSession(MONDAY, 500, 420), 500)
    before, after = (ahead(expected(2000, *some), POLICY, CALENDAR) for some in ((a_session(),), (held, a_session())))
    assert before is not None
    assert before == replace(after, plan=before.plan) if after else False


@pytest.mark.parametrize(("taken", "expects"), [(0, 0), (1, 420), (11, 11 * 420), (12, 12 * 420)])
def test_of_a_session_of_the_coming_week_only_who_has_a_place_counts(taken: int, expects: int) -> None:
    assert minutes(a_session(taken=taken)) == [expects]


@pytest.mark.parametrize(("taken", "expects"), [(8, 8 * 420), (9, 9 * 420), (10, 9 * 420)])
def test_no_more_come_than_the_plan_counts_on(taken: int, expects: int) -> None:
    planned = PlannedSession(MONDAY, 10, 420, Decimal("0.1"))
    assert minutes(SessionSoFar(planned, taken)) == [expects]


@pytest.mark.parametrize("worked", [0, 1, 3000])
def test_of_a_session_that_was_held_what_was_worked_counts(worked: int) -> None:
    assert minutes(a_session(worked=worked)) == [worked]


@pytest.mark.parametrize(("days", "share"), [(7, 0.0), (8, 0.5)])
def test_a_session_more_than_a_week_ahead_fills_as_the_nearer_ones_have(days: int, share: float) -> None:
    far = SessionSoFar(PlannedSession(MONDAY + timedelta(days=days), 10, 420), 0)
    near = SessionSoFar(PlannedSession(MONDAY + timedelta(days=5), 10, 420), 5)
    assert minutes(near, far)[1] == share * 10 * 420


def test_who_has_signed_up_early_counts_whatever_the_others_do() -> None:
    assert minutes(a_session(taken=2), a_session(3, taken=9))[1] == 9 * 420


def test_far_sessions_alone_count_who_has_signed_up() -> None:
    assert minutes(a_session(2, taken=1), a_session(3, taken=0)) == [420, 0]


def test_an_operation_for_which_nobody_signs_up_is_as_if_nothing_were_done() -> None:
    sessions = [a_session(week, places=30, taken=0) for week in range(4)]
    nobody, nothing = expected(2600, *sessions), expected(2600)
    assert back(nobody) == back(nothing)
    assert back(nobody, Turnout.ALL_PLACES) < back(nobody)


def test_all_places_taken_is_told_beside_it_and_never_later() -> None:
    some = expected(2600, a_session(taken=3), a_session(1, taken=1))
    assert back(some, Turnout.ALL_PLACES) <= back(some)
    assert signed_up(some) == SignedUp(4, 24, 1)


def test_what_was_worked_already_is_not_worked_again_with_all_places_taken() -> None:
    held = replace(expected(2600, a_session(worked=420)), today=MONDAY + timedelta(days=6))
    assert back(held, Turnout.ALL_PLACES) == back(held)
    assert signed_up(held) == SignedUp(0, 0, 0)


def test_the_sessions_of_another_operation_take_from_the_same_stock() -> None:
    alone = expected(2600, a_session())
    assert back(replace(alone, beside=[[a_session(places=40)]])) < back(alone)


@pytest.mark.parametrize(("first", "counts"), [(0, False), (1, True)])
def test_a_reinforcement_counts_from_its_first_day_and_one_that_has_begun_once_it_is_seen_among_the_people(
    first: int, counts: bool
) -> None:
    day = MONDAY + timedelta(days=first)
    more = Reinforcement(day, day + timedelta(weeks=3), Decimal(3))
    known = replace(expected(2600), figures=[figures(2615, MONDAY - timedelta(days=3)), figures(2600)])
    assert (back(replace(known, reinforcements=[more])) < back(known)) is counts


def test_days_within_the_standard_that_are_behind_count() -> None:
    within = [figures(1500, MONDAY + timedelta(days=n)) for n in range(3)]
    assert back(replace(expected(), figures=within, today=within[-1].on)) == MONDAY
    broken = [within[0], figures(2600, within[1].on), within[2]]
    assert back(replace(expected(), figures=broken, today=within[-1].on)) == within[2].on


def test_each_way_is_told_with_its_effect_and_a_stronger_one_is_never_slower() -> None:
    told = ways(expected(2600, a_session()))
    assert [one.way for one in told] == [WayOn.GO_ON, WayOn.MORE_PLACES, WayOn.ONE_SATURDAY, WayOn.TWO_SATURDAYS]
    days = [one.back_under_on or date.max for one in told]
    assert days[0] > max(days[1:])
    assert days[2] >= days[3]
    assert [session.on for session in told[3].added] == [a_session(1).on, a_session(2).on]


def test_more_places_in_a_session_that_is_not_full_change_nothing() -> None:
    told = {one.way: one for one in ways(expected(2600, a_session(taken=5)))}
    assert told[WayOn.MORE_PLACES].back_under_on == told[WayOn.GO_ON].back_under_on


def test_a_saturday_more_is_taken_as_the_others_are() -> None:
    told = {one.way: one for one in ways(expected(2600, a_session(taken=0)))}
    assert told[WayOn.TWO_SATURDAYS].back_under_on == told[WayOn.GO_ON].back_under_on
    assert (told[WayOn.TWO_SATURDAYS].at_best_on or date.max) < (told[WayOn.GO_ON].at_best_on or date.max)


@pytest.mark.parametrize(("weeks", "count"), [(1, 1), (2, 2), (3, 3)])
def test_a_saturday_that_lies_beyond_the_end_is_not_offered(weeks: int, count: int) -> None:
    held = a_session()
    assert len(ways(replace(expected(2600, held, weeks=weeks), today=held.on))) == count


def test_in_time_is_on_the_last_day_and_not_after_it() -> None:
    whole = ways(expected(1590))[0]
    assert whole.back_under_on is not None
    for days, in_time in ((-1, False), (0, True), (1, True)):
        ends = replace(expected(1590), ends_on=whole.back_under_on + timedelta(days=days))
        assert ways(ends)[0].in_time is in_time


@pytest.mark.parametrize(("places", "more"), [(1, 2), (2, 3), (3, 5), (40, 60)])
def test_half_as_many_again_is_rounded_up(places: int, more: int) -> None:
    assert fuller(places) == more
