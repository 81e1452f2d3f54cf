"""What holds for every start, every number of days and every set of closing days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar, add_months
from tests.factories.rules import a_calendar, a_calendar_closed_on

DAYS = st.dates(date(2024, 1, 1), date(2034, 12, 31))
COUNTS = st.integers(1, 40)
CALENDARS = st.one_of(
    st.just(a_calendar()),
    st.just(a_calendar(alsace_moselle=True)),
    st.dictionaries(DAYS, st.just("fermeture"), max_size=400).map(a_calendar_closed_on),
)


def recount(calendar: Calendar, start: date, n: int) -> date:
    """The n-th working day by brute force: list every day of four years, keep those that count, take the n-th."""
    every = [start + timedelta(days=k) for k in range(1, 1500)]
    idle = calendar.public_holidays.keys() | calendar.closing_days.keys()
    return [day for day in every if day.isoweekday() < 6 and day not in idle][n - 1]


@given(CALENDARS, DAYS, COUNTS)
def test_it_agrees_with_a_recount_by_brute_force(calendar: Calendar, start: date, n: int) -> None:
    assert calendar.add_working_days(start, n) == recount(calendar, start, n)


@given(CALENDARS, DAYS, COUNTS)
def test_working_days_land_on_a_working_day_in_both_directions(calendar: Calendar, start: date, n: int) -> None:
    assert calendar.is_working_day(calendar.add_working_days(start, n))
    assert calendar.is_working_day(calendar.add_working_days(start, -n))
    assert calendar.is_ouvrable(calendar.add_jours_ouvrables(start, n))


@given(CALENDARS, DAYS, st.integers(0, 60), COUNTS)
def test_who_starts_later_ends_no_earlier(calendar: Calendar, start: date, later: int, n: int) -> None:
    after = start + timedelta(days=later)
    assert calendar.add_working_days(start, n) <= calendar.add_working_days(after, n)
    assert calendar.add_jours_ouvrables(start, n) <= calendar.add_jours_ouvrables(after, n)
    assert add_months(start, 2) <= add_months(after, 2)


@given(CALENDARS, DAYS, COUNTS)
def test_one_day_more_is_later(calendar: Calendar, start: date, n: int) -> None:
    assert calendar.add_working_days(start, n) < calendar.add_working_days(start, n + 1)


@given(CALENDARS, DAYS, COUNTS, COUNTS)
def test_counting_in_two_goes_is_counting_in_one(calendar: Calendar, start: date, n: int, m: int) -> None:
    in_two = calendar.add_working_days(calendar.add_working_days(start, n), m)
    assert in_two == calendar.add_working_days(start, n + m)


@given(CALENDARS, DAYS, COUNTS)
def test_going_back_undoes_going_forward(calendar: Calendar, start: date, n: int) -> None:
    start = calendar.working_day_on_or_before(start)
    assert calendar.add_working_days(calendar.add_working_days(start, n), -n) == start


@given(CALENDARS, DAYS, COUNTS)
def test_the_explanation_counts_what_was_asked_and_misses_no_day(calendar: Calendar, start: date, n: int) -> None:
    count = calendar.count_working_days(start, n)
    assert [step.counted for step in count.steps if step.counted] == list(range(1, n + 1))
    assert [step.on for step in count.steps] == [
        start + timedelta(days=k) for k in range(1, (count.lands_on - start).days + 1)
    ]


@given(CALENDARS, DAYS)
def test_a_target_is_never_rolled_forward(calendar: Calendar, day: date) -> None:
    target = calendar.working_day_on_or_before(day)
    assert target <= day
    assert calendar.is_working_day(target)
    assert calendar.working_days_between(target, day) == 0


@given(CALENDARS, DAYS, COUNTS)
def test_half_way_leaves_at_least_half_of_the_days(calendar: Calendar, start: date, n: int) -> None:
    end = calendar.add_working_days(start, n)
    half = calendar.half_of_working_days(start, end)
    assert calendar.working_days_between(start, half) == max(1, n // 2)
    assert start < half <= end


@given(DAYS, st.integers(-30, 30))
def test_months_keep_the_day_number_or_take_the_months_last_day(start: date, months: int) -> None:
    day = add_months(start, months)
    assert (day.year * 12 + day.month) - (start.year * 12 + start.month) == months
    assert day.day == start.day or (day.day < start.day and (day + timedelta(days=1)).day == 1)
