"""What is to be expected of an operation, and what each way of strengthening it would do."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.backlog.outlook import Expected, WayOn, ahead, fuller, outcomes
from domain.backlog.projection import PlannedSession
from domain.backlog.watch import Activity, DailyFigures
from tests.factories.rules import a_calendar, the_book

POLICY = the_book().in_force_on(date(2031, 3, 3)).backlog
CALENDAR = a_calendar()
MONDAY = date(2031, 3, 3)


def figures(stock: int, day: date = MONDAY) -> DailyFigures:
    """300 come in; 9 people handle 315 in 12 minutes each."""
    return DailyFigures(day, stock, 300, 315, Decimal(12), Decimal(9), Decimal("0.1"))


def a_session(week: int = 0, places: int = 12) -> PlannedSession:
    return PlannedSession(MONDAY + timedelta(days=5 + 7 * week), places, 420)


def expected(stock: int = 2000, *sessions: PlannedSession, weeks: int = 6) -> Expected:
    last = MONDAY + timedelta(weeks=weeks, days=-1)
    return Expected(Activity(Decimal(5), Decimal(7)), [figures(stock)], sessions, last)


def test_without_figures_nothing_is_to_be_expected() -> None:
    assert ahead(replace(expected(), figures=[]), POLICY, CALENDAR) is None


def test_what_is_to_come_counts_and_what_was_held_does_not() -> None:
    held = PlannedSession(MONDAY, 500, 420)
    before, after = (ahead(expected(2000, *some), POLICY, CALENDAR) for some in ((a_session(),), (held, a_session())))
    assert before is not None
    assert before == replace(after, plan=before.plan) if after else False


def test_each_way_is_told_with_its_effect_and_a_stronger_one_is_never_slower() -> None:
    told = outcomes(expected(2600, a_session()), MONDAY, POLICY, CALENDAR)
    assert [one.way for one in told] == [WayOn.GO_ON, WayOn.MORE_PLACES, WayOn.ONE_SATURDAY, WayOn.TWO_SATURDAYS]
    days = [one.back_under_on or date.max for one in told]
    assert days[0] >= max(days[1:])
    assert days[2] >= days[3]
    assert [session.on for session in told[3].added] == [a_session(1).on, a_session(2).on]


@pytest.mark.parametrize(("weeks", "ways"), [(1, 1), (2, 2), (3, 3)])
def test_a_saturday_that_lies_beyond_the_end_is_not_offered(weeks: int, ways: int) -> None:
    held = PlannedSession(MONDAY + timedelta(days=5), 12, 420)
    told = outcomes(expected(2600, held, weeks=weeks), held.on, POLICY, CALENDAR)
    assert len(told) == ways


def test_in_time_is_on_the_last_day_and_not_after_it() -> None:
    whole = outcomes(expected(1590), MONDAY, POLICY, CALENDAR)[0]
    assert whole.back_under_on is not None
    for days, in_time in ((-1, False), (0, True), (1, True)):
        ends = replace(expected(1590), ends_on=whole.back_under_on + timedelta(days=days))
        assert outcomes(ends, MONDAY, POLICY, CALENDAR)[0].in_time is in_time


@pytest.mark.parametrize(("places", "more"), [(1, 2), (2, 3), (3, 5), (40, 60)])
def test_half_as_many_again_is_rounded_up(places: int, more: int) -> None:
    assert fuller(places) == more
