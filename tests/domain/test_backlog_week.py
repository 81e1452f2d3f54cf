"""A volunteer's week beside the limits: what it shows is what the rule of signing up measures."""

from datetime import date

import pytest

from domain.backlog.hours import HoursNotKnownError, KnownHours
from domain.backlog.labour import check_sign_up
from domain.backlog.week import week_of_work
from domain.backlog.words import LabourLimit
from tests.factories.hours import a_session, office_hours, only, spans, the_law

MONDAY, SATURDAY = date(2026, 6, 8), "2026-06-13"


def test_a_usual_week_with_a_saturday_is_told_limit_by_limit() -> None:
    hours = office_hours(SATURDAY).plus(a_session(SATURDAY, "08:30-12:30", "13:15-16:15"))
    told = week_of_work(hours, MONDAY, the_law())
    assert (told.minutes, told.longest_minutes) == (42 * 60, 7 * 60)
    assert told.rest_minutes == (24 * 60 - (16 * 60 + 15)) + 24 * 60 + 9 * 60
    assert told.average_minutes > 35 * 60 - 4 * 7 * 60  # public holidays of spring are not worked


def test_a_week_in_which_nothing_is_worked_is_empty() -> None:
    told = week_of_work(only(SATURDAY), MONDAY, the_law())
    assert (told.minutes, told.longest_day, told.longest_minutes) == (0, None, 0)
    assert (told.average_minutes, told.rest_minutes) == (0, None)


@pytest.mark.parametrize(("until", "broken"), [("15:59", False), ("16:00", False), ("16:01", True)])
def test_the_week_shows_the_minute_at_which_signing_up_is_refused(until: str, broken: bool) -> None:
    """48 hours: 41 on five days, then a Saturday."""
    days = [f"2026-06-{day:02}" for day in range(8, 13)]
    usual = only(SATURDAY, *(spans(day, "08:00-12:00", "13:00-17:12") for day in days))
    saturday = a_session(SATURDAY, "08:00-12:00", f"13:00-{until}")
    limits = {one.limit for one in check_sign_up(usual, saturday, the_law())}
    told = week_of_work(usual.plus(saturday), MONDAY, the_law())
    assert (LabourLimit.WEEKLY in limits, told.minutes > the_law().rules.weekly.at_most_minutes) == (broken, broken)


def test_hours_that_are_not_known_long_enough_have_no_answer() -> None:
    with pytest.raises(HoursNotKnownError):
        week_of_work(KnownHours(MONDAY, MONDAY), MONDAY, the_law())
