"""The demo's plan: the same everywhere, on working days, with everything to be seen in it."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from db.holidays_source import public_holidays
from domain.calendar import Calendar
from domain.complaint.intake import check_channel, check_dates
from local.demo.colleagues import COLLEAGUES
from local.demo.courses import OLDEST_DAYS
from local.demo.plan import Insured, Story, plan
from local.demo.texts import WORDINGS
from local.demo_staff import STAFF

ZONE = ZoneInfo("Europe/Paris")
DAYS = {day.day: day.kind for day in public_holidays(2030, 2032, alsace_moselle=False)}
CALENDAR = Calendar(DAYS, date(2030, 1, 1), date(2032, 12, 31))
MEMBERS = [Insured(f"M{n:07d}", f"M. Nom {n}", f"a{n}@x.example", "en" if n % 9 == 0 else "fr") for n in range(1, 60)]
A_SUNDAY, A_MONDAY, AFTER_CHRISTMAS = date(2031, 6, 15), date(2031, 6, 16), date(2031, 12, 29)


def stories(today: date) -> list[Story]:
    """The plan as of this day."""
    return plan(today, CALENDAR, MEMBERS, ZONE)


@pytest.mark.parametrize("today", [A_SUNDAY, A_MONDAY, AFTER_CHRISTMAS])
def test_complaints_arrive_on_working_days_up_to_today(today: date) -> None:
    days = {story.arrives_at.date() for story in stories(today)}
    assert all(CALENDAR.is_working_day(day) for day in days)
    last = CALENDAR.working_day_on_or_before(today)
    assert (min(days), max(days)) == (CALENDAR.add_working_days(last, -OLDEST_DAYS), last)


def test_every_intake_is_one_that_the_register_takes() -> None:
    for story in stories(A_MONDAY):
        check_channel(story.intake.channel)
        check_dates(story.intake.received_on, story.intake.sent_on, story.arrives_at.date())


def test_the_plan_is_the_same_each_time_and_the_dates_slide() -> None:
    told = [(one.number, one.intake.text, one.course) for one in stories(A_MONDAY)]
    assert told == [(one.number, one.intake.text, one.course) for one in stories(A_MONDAY)]
    later = {one.number: (one.wording, one.course) for one in stories(date(2031, 9, 10))}
    assert later == {one.number: (one.wording, one.course) for one in stories(A_MONDAY)}


def test_everything_that_people_write_is_written_by_somebody() -> None:
    told = stories(A_MONDAY)
    assert {one.wording.subject for one in told} == {wording.subject for wording in WORDINGS}
    assert not any("{" in one.intake.text for one in told)
    assert len({one.key for one in told}) == len(told) > 140


def test_the_whole_house_has_seventy_people_each_with_a_deputy_who_works_there() -> None:
    ours = [one for one in STAFF if one.delegate is None]
    people = {one.login: one for one in (*ours, *COLLEAGUES)}
    assert len(people) == len(ours) + len(COLLEAGUES) == 70
    assert all(one.deputy in people and one.deputy != one.login for one in COLLEAGUES)


def test_the_walk_of_the_readme_finds_the_same_handler_in_the_whole_house() -> None:
    of_the_pole = [one for one in (*STAFF, *COLLEAGUES) if one.pole == "benefits"]
    assert [one.login for one in of_the_pole if "dental" in one.skills] == ["soizic.le.dantec"]
