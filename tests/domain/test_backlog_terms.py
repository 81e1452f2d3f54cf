"""Terms hold from a day on: the day before, the day, the day after; what was worked by others is paid by them."""

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.backlog.hours import days_to_know, worked
from domain.backlog.labour import check_sign_up
from domain.backlog.pay import Attended, PayLine, Work
from domain.backlog.payfile import PayFile, Validated
from domain.backlog.payroll import Payroll, Worker, payroll_of
from domain.backlog.slips import read_slips, write_slips
from domain.backlog.terms import Terms, held_between, held_on, in_order, usual_hours_on
from domain.backlog.words import LabourLimit, PayKind
from tests.factories.hours import a_session, the_law
from tests.factories.rules import a_calendar, the_book

RULES = the_book().versions[-1].backlog.pay
FRIDAY = date(2032, 1, 2)
"""The terms change in the middle of a civil week."""
MONDAY, WEDNESDAY, SATURDAY = (FRIDAY + timedelta(days=ahead) for ahead in (-4, -2, 1))
DECEMBER = SATURDAY - timedelta(weeks=2)
ALWAYS = Terms(2100, 1650)
RAISED, PART_TIME = Terms(2100, 1700, FRIDAY), Terms(1680, 1650, FRIDAY)


def paid(terms: tuple[Terms, ...], *attended: Attended, counted: int = 2100) -> list[tuple[PayKind, date, int, int]]:
    """Kind, day, minutes and cents of the lines of hours."""
    return [(one.kind, one.on, one.minutes, one.cents) for one in lines(terms, *attended, counted=counted)]


def lines(terms: tuple[Terms, ...], *attended: Attended, counted: int = 2100) -> list[PayLine]:
    weeks = {one.on - timedelta(days=one.on.weekday()): counted for one in attended}
    [owed] = payroll_of([Worker(uuid4(), "claire.morvan", "Claire", Work(terms, weeks, attended))], RULES).owed
    return [one for one in owed.slip.lines if one.minutes]


@pytest.mark.parametrize(
    ("day", "cents"),
    [(FRIDAY - timedelta(days=1), 1650), (FRIDAY, 1700), (FRIDAY + timedelta(days=1), 1700), (date(1999, 1, 1), 1650)],
)
def test_terms_hold_from_their_first_day_until_the_next(day: date, cents: int) -> None:
    assert held_on((ALWAYS, RAISED), day).hourly_cents == cents


def test_the_first_terms_hold_for_the_days_before_them_as_well() -> None:
    assert held_on((RAISED,), FRIDAY - timedelta(days=400)) is RAISED
    assert held_between((RAISED,), MONDAY, SATURDAY) == (RAISED,)
    assert in_order((RAISED, ALWAYS)) == (ALWAYS, RAISED)


@pytest.mark.parametrize(
    ("day", "hourly"), [(-2, 1650), (-1, 1650), (0, 1700), (1, 1700)], ids=["two before", "before", "on", "after"]
)
def test_a_session_is_paid_by_the_hour_that_holds_on_its_day(day: int, hourly: int) -> None:
    [line] = lines((ALWAYS, RAISED), Attended("1", FRIDAY + timedelta(days=day), 120))
    assert (line.hourly_cents, line.cents) == (hourly, round(2 * hourly * 1.25 + 0.001))


def test_where_the_hour_changes_within_a_week_there_is_a_line_of_each_and_the_places_are_those_of_the_week() -> None:
    """35 h, then 3 h on Wednesday at 16.50 €; on Saturday 5 h at 125 % and 2 h at 150 %, at 17.00 €."""
    told = (Attended("1", WEDNESDAY, 180), Attended("2", SATURDAY, 420))
    assert [(one.minutes, one.percent, one.hourly_cents, one.cents) for one in lines((ALWAYS, RAISED), *told)] == [
        (180, 125, 1650, 61_88),
        (300, 125, 1700, 106_25),
        (120, 150, 1700, 51_00),
    ]


def test_whoever_works_part_time_from_january_on_keeps_the_overtime_of_december() -> None:
    told = paid((ALWAYS, PART_TIME), Attended("1", DECEMBER, 420), Attended("2", SATURDAY, 420))
    assert told == [
        (PayKind.OVERTIME, DECEMBER - timedelta(days=5), 420, 144_38),
        (PayKind.BY_PAYROLL, SATURDAY, 420, 0),
    ]


def test_in_the_week_of_the_change_each_session_is_paid_by_the_contract_of_its_day() -> None:
    """What payroll computes has its place in the week: a later full-time session would come after it."""
    back = replace(ALWAYS, from_on=SATURDAY)
    told = (Attended("1", WEDNESDAY, 180), Attended("2", FRIDAY, 300), Attended("3", SATURDAY, 180))
    assert paid((ALWAYS, PART_TIME, back), *told) == [
        (PayKind.OVERTIME, MONDAY, 180, 61_88),
        (PayKind.OVERTIME, MONDAY, 180, 74_25),
        (PayKind.BY_PAYROLL, FRIDAY, 300, 0),
    ]


def week_of(minutes_a_day: int) -> dict[int, tuple[tuple[time, time], ...]]:
    """From eight on, with a break of an hour after four hours, from Monday to Friday."""
    ends = time(13 + (minutes_a_day - 240) // 60, (minutes_a_day - 240) % 60)
    return dict.fromkeys(range(5), ((time(8), time(12)), (time(13), ends)))


def test_the_usual_week_of_each_day_is_the_one_that_held_on_it() -> None:
    monday = date(2026, 6, 8)
    terms = (Terms(2100, 1650, None, week_of(480)), Terms(2100, 1650, monday + timedelta(days=2), week_of(420)))
    hours = usual_hours_on(terms, monday, monday + timedelta(days=4), a_calendar())
    by_day = {
        day: sum(one.minutes for one in worked(hours.spans, "Europe/Paris") if one.day == day)
        for day in (monday + timedelta(days=ahead) for ahead in range(5))
    }
    assert list(by_day.values()) == [480, 480, 420, 420, 420]


def test_a_shorter_week_from_today_on_does_not_free_the_average_of_the_eleven_weeks_before() -> None:
    """Weeks of 45 hours until now, and shorter ones from now on: the Saturday of this one is judged by them still."""
    monday = date(2026, 10, 12)
    first, last = days_to_know(monday, 12)
    long, short = Terms(2700, 1650, None, week_of(540)), Terms(2100, 1650, monday, week_of(420))
    session = a_session("2026-10-17", "08:00-12:00", "13:00-16:00")

    def broken(*terms: Terms) -> set[LabourLimit]:
        hours = usual_hours_on(terms, first, last, a_calendar())
        return {one.limit for one in check_sign_up(hours, session, the_law())}

    assert broken(long, short) == {LabourLimit.AVERAGE}
    assert broken(replace(short, from_on=None)) == set(), "what a week that is rewritten would allow"


CHANGES = st.lists(
    st.tuples(st.integers(-30, 30), st.sampled_from([1680, 2100, 2340]), st.integers(1000, 3000)), max_size=3
)
COURSE = st.lists(st.tuples(CHANGES, st.lists(st.integers(0, 600), min_size=4, max_size=4)), min_size=1, max_size=4)


@given(COURSE)
def test_all_versions_together_pay_what_is_owed_by_the_terms_as_they_are_known_in_the_end(
    course: list[tuple[list[tuple[int, int, int]], list[int]]],
) -> None:
    """Terms are corrected backwards, attendances too, between one file and the next: each pays the difference."""
    person, told, before = uuid4(), 0, None
    days = (DECEMBER, WEDNESDAY, FRIDAY, SATURDAY)
    for version, (changes, minutes) in enumerate(course, 1):
        by_day = {FRIDAY + timedelta(days=ahead): (contract, hour) for ahead, contract, hour in changes}
        terms = in_order((ALWAYS, *(Terms(contract, hour, day) for day, (contract, hour) in by_day.items())))
        attended = tuple(Attended(str(day), day, worked) for day, worked in zip(days, minutes, strict=True))
        weeks = dict.fromkeys((MONDAY, DECEMBER - timedelta(days=5)), 2100)
        owed = payroll_of([Worker(person, "claire.morvan", "Claire", Work(terms, weeks, attended))], RULES)
        made = PayFile("OPE-2032-000001", version, owed, Validated(version - 1, before) if before else None)
        told += made.to_pay.cents
        assert told == owed.cents
        before = read_slips(write_slips(owed))
        assert before == owed


def test_slips_of_before_terms_had_a_first_day_are_read_with_the_hour_of_the_slip() -> None:
    kept = (
        b'[{"person_id": "00000000-0000-0000-0000-000000000001", "login": "a", "name": "A", "hourly_cents": 1650, '
        b'"lines": [{"kind": "overtime", "on": "2031-03-10", "minutes": 420, "percent": 125, "cents": 14438, '
        b'"days": 0, "first": null, "last": null}]}]'
    )
    [owed] = read_slips(kept).owed
    assert ([line.hourly_cents for line in owed.slip.lines], owed.terms) == ([1650], ())
    again = PayLine(PayKind.OVERTIME, date(2031, 3, 10), 420, 125, 14438, hourly_cents=1650)
    assert not PayFile(
        "O", 2, Payroll((replace(owed, slip=replace(owed.slip, lines=(again,))),)), Validated(1, Payroll((owed,)))
    ).to_pay.owed
