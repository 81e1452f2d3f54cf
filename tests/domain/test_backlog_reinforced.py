"""A reinforcement in the projection: while the house does as planned, the day of return does not move at its edges."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.backlog.hours import days
from domain.backlog.outlook import Expected, ahead, back_on, goes_on, usual_only
from domain.backlog.projection import Projection, Reinforcement
from domain.backlog.watch import Activity, DailyFigures, is_back
from tests.factories.rules import a_calendar, the_book

POLICY = the_book().in_force_on(date(2031, 3, 3)).backlog
CALENDAR = a_calendar()
FIRST, BEGINS, ENDS = date(2031, 2, 17), date(2031, 3, 10), date(2031, 3, 21)
FILES_A_DAY = 35
"""Seven hours of one person, at 12 minutes a file."""
SIX_MORE = Reinforcement(BEGINS, ENDS, Decimal(6))


def as_planned(
    until: date,
    *more: Reinforcement,
    absence: str = "0.1",
    got: str = "1",
    stock: int = 3400,
    usual: int = 9,
) -> Expected:
    """300 come in on each working day, so many people handle 35 files each, and of those who reinforce them the
    planned share is away; `got` is the share of them whom the house got."""
    figures = []
    for day in days(FIRST, until):
        if not CALENDAR.is_working_day(day):
            continue
        planned = sum((one.staff for one in more if one.first_day <= day <= one.last_day), Decimal(0))
        present = usual + planned * (1 - Decimal(absence)) * Decimal(got)
        handled = min(stock + 300, int(present * FILES_A_DAY))
        stock += 300 - handled
        figures.append(DailyFigures(day, stock, 300, handled, Decimal(12), present, Decimal(absence)))
    return Expected(Activity(Decimal(5), Decimal(7)), figures, (), date(2031, 5, 9), until, more)


def projected(one: Expected) -> Projection:
    found = ahead(one, POLICY, CALENDAR)
    assert found is not None
    return found


def back(one: Expected) -> date | None:
    return back_on(one, projected(one), POLICY, CALENDAR)


def capacity(one: Expected, day: date) -> float:
    found = projected(one).on(day)
    assert found is not None
    return float(found.usual_capacity)


@pytest.mark.parametrize("day", [7, 10, 11, 14, 17, 20, 21, 24, 28])
@pytest.mark.parametrize("absence", ["0", "0.1"])
def test_as_planned_the_day_of_return_is_the_same_before_within_and_after_a_reinforcement(
    day: int, absence: str
) -> None:
    before = as_planned(date(2031, 3, 6), SIX_MORE, absence=absence)
    assert BEGINS < (back(before) or date.max) <= ENDS
    assert back(as_planned(date(2031, 3, day), SIX_MORE, absence=absence)) == back(before)


@pytest.mark.parametrize(("day", "files"), [(20, 504), (21, 504), (24, 315), (25, 315)])
@pytest.mark.parametrize("evening", [7, 10, 14])
def test_it_counts_up_to_its_last_day_and_not_after_it(evening: int, day: int, files: int) -> None:
    assert capacity(as_planned(date(2031, 3, evening), SIX_MORE), date(2031, 3, day)) == files


@pytest.mark.parametrize("evening", [21, 24, 28])
def test_once_it_is_over_the_usual_staff_go_on(evening: int) -> None:
    one = as_planned(date(2031, 3, evening), SIX_MORE)
    assert capacity(one, date(2031, 3, 31)) == 315
    assert goes_on(one, POLICY, CALENDAR).standard_stock == 5 * 315


@pytest.mark.parametrize(("got", "within", "after"), [("0", 315, 315), ("0.5", 409.5, 315), ("2", 693, 504)])
def test_it_counts_as_far_as_the_figures_show_it(got: str, within: float, after: float) -> None:
    """Of six who should come: nobody came; half of them; and six others besides, who are taken for usual staff."""
    one = as_planned(date(2031, 3, 17), SIX_MORE, got=got)
    usual_before = 315 * 4
    mean = (usual_before + 6 * after) / 10
    assert capacity(one, ENDS) == pytest.approx(mean + within - after)
    assert capacity(one, date(2031, 3, 24)) == pytest.approx(mean)


def test_where_no_day_without_it_is_known_all_of_it_was_there_and_never_more_than_all() -> None:
    whole = as_planned(date(2031, 3, 17), SIX_MORE)
    begun = replace(whole, figures=[one for one in whole.figures if one.on >= BEGINS])
    assert back(begun) == back(whole)
    many = replace(begun, reinforcements=[replace(SIX_MORE, staff=Decimal(60))])
    assert {one.present for one in usual_only(many, POLICY, CALENDAR)} == {0}


def test_an_evening_is_within_the_standard_of_the_usual_staff_alone() -> None:
    """On 13 March 2 359 files wait: less than five days of those who are there, more than seven of those who stay."""
    one = as_planned(date(2031, 3, 19), SIX_MORE)
    assert is_back(one.activity, one.figures, POLICY.run, CALENDAR)
    for evening, is_over in ((date(2031, 3, 19), False), (date(2031, 3, 24), False), (date(2031, 3, 25), True)):
        known = usual_only(as_planned(evening, SIX_MORE), POLICY, CALENDAR)
        assert is_back(one.activity, known, POLICY.run, CALENDAR) is is_over


def test_volunteers_of_a_saturday_are_nobody_s_reinforcement() -> None:
    saturday = DailyFigures(date(2031, 3, 15), 2000, 0, 140, Decimal(12), Decimal(4), Decimal(0))
    one = as_planned(date(2031, 3, 14), SIX_MORE)
    assert usual_only(replace(one, figures=[*one.figures, saturday]), POLICY, CALENDAR)[-1] == saturday


REINFORCEMENTS = st.builds(
    lambda first, lasts, staff: Reinforcement(BEGINS + first, BEGINS + first + lasts, Decimal(2 * staff)),
    st.integers(-10, 20).map(timedelta),
    st.integers(0, 30).map(timedelta),
    st.integers(1, 5),
)


@settings(max_examples=40)
@given(
    more=st.lists(REINFORCEMENTS, max_size=3),
    tenths_away=st.integers(0, 9),
    stock=st.integers(0, 6000),
    evenings=st.tuples(st.integers(0, 50), st.integers(0, 50)),
)
def test_while_all_goes_as_planned_the_day_of_return_never_moves(
    more: list[Reinforcement], tenths_away: int, stock: int, evenings: tuple[int, int]
) -> None:
    told = {
        back(as_planned(FIRST + timedelta(10 + n), *more, absence=f"0.{tenths_away}", stock=stock)) for n in evenings
    }
    assert len(told) == 1
