"""Working days, jours ouvrables, months: boundary by boundary."""

from datetime import date, timedelta

import pytest

from domain.calendar import Calendar, DateNotCoveredError, Reason, Step, add_months, count_months
from tests.factories.rules import a_calendar, a_calendar_closed_on

MAY_BRIDGE = {date(2026, 5, 15): "pont de l’Ascension"}


@pytest.mark.parametrize(
    ("day", "working", "ouvrable"),
    [
        (date(2025, 4, 30), True, True),  # Wednesday
        (date(2025, 5, 1), False, False),  # public holiday
        (date(2025, 5, 2), True, True),  # the Friday of the bridge is a working day
        (date(2025, 5, 3), False, True),  # Saturday
        (date(2025, 5, 4), False, False),  # Sunday
        (date(2025, 11, 1), False, False),  # a holiday that is a Saturday
        (date(2026, 5, 15), True, True),  # the bridge of Ascension, open
        (date(2027, 12, 31), True, True),  # the last day of the year
        (date(2028, 1, 1), False, False),
    ],
)
def test_what_kind_of_day_it_is(day: date, working: bool, ouvrable: bool) -> None:
    assert a_calendar().is_working_day(day) is working
    assert a_calendar().is_ouvrable(day) is ouvrable


def test_a_closing_day_is_no_working_day_but_stays_a_jour_ouvrable() -> None:
    closed = a_calendar_closed_on(MAY_BRIDGE)
    assert not closed.is_working_day(date(2026, 5, 15))
    assert closed.is_ouvrable(date(2026, 5, 15))


@pytest.mark.parametrize("day", [date(2025, 4, 18), date(2025, 12, 26)])
def test_alsace_moselle_has_two_more_holidays(day: date) -> None:
    assert a_calendar().is_working_day(day)
    assert not a_calendar(alsace_moselle=True).is_working_day(day)
    assert not a_calendar(alsace_moselle=True).is_ouvrable(day)


@pytest.mark.parametrize(
    ("start", "n", "lands_on"),
    [
        (date(2025, 4, 29), 1, date(2025, 4, 30)),
        (date(2025, 4, 29), 2, date(2025, 5, 2)),
        (date(2025, 4, 29), 10, date(2025, 5, 15)),
        (date(2025, 5, 2), 0, date(2025, 5, 2)),
        (date(2025, 5, 3), 0, date(2025, 5, 3)),  # nothing is counted, nothing moves
        (date(2025, 5, 3), 1, date(2025, 5, 5)),  # from a Saturday
        (date(2025, 5, 3), -1, date(2025, 5, 2)),
        (date(2025, 5, 5), -1, date(2025, 5, 2)),  # one working day before a Monday
        (date(2025, 5, 2), -1, date(2025, 4, 30)),  # over 1 May
        (date(2025, 5, 15), -10, date(2025, 4, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # over the year's end
        (date(2027, 1, 4), -1, date(2026, 12, 31)),
        (date(2028, 2, 28), 1, date(2028, 2, 29)),  # a leap year
        (date(2027, 2, 26), 1, date(2027, 3, 1)),
    ],
)
def test_the_nth_working_day(start: date, n: int, lands_on: date) -> None:
    assert a_calendar().add_working_days(start, n) == lands_on


@pytest.mark.parametrize(
    ("start", "n", "lands_on"),
    [
        (date(2025, 4, 29), 2, date(2025, 5, 2)),
        (date(2025, 4, 29), 3, date(2025, 5, 3)),  # Saturday counts
        (date(2025, 4, 29), 4, date(2025, 5, 5)),  # Sunday does not
        (date(2025, 4, 29), 10, date(2025, 5, 13)),
        (date(2025, 5, 13), -10, date(2025, 4, 29)),
    ],
)
def test_the_nth_jour_ouvrable(start: date, n: int, lands_on: date) -> None:
    assert a_calendar().add_jours_ouvrables(start, n) == lands_on


def test_a_closing_day_lengthens_working_days_and_not_jours_ouvrables() -> None:
    closed = a_calendar_closed_on(MAY_BRIDGE)
    eve = date(2026, 5, 13)
    assert closed.add_working_days(eve, 1) == date(2026, 5, 18)
    assert closed.add_jours_ouvrables(eve, 1) == date(2026, 5, 15)


@pytest.mark.parametrize(
    ("day", "following", "preceding", "on_or_before"),
    [
        (date(2025, 4, 30), date(2025, 5, 2), date(2025, 4, 29), date(2025, 4, 30)),
        (date(2025, 5, 1), date(2025, 5, 2), date(2025, 4, 30), date(2025, 4, 30)),
        (date(2025, 5, 2), date(2025, 5, 5), date(2025, 4, 30), date(2025, 5, 2)),
        (date(2025, 5, 4), date(2025, 5, 5), date(2025, 5, 2), date(2025, 5, 2)),
    ],
)
def test_the_working_days_around_a_day(day: date, following: date, preceding: date, on_or_before: date) -> None:
    calendar = a_calendar()
    assert calendar.next_working_day(day) == following
    assert calendar.previous_working_day(day) == preceding
    assert calendar.working_day_on_or_before(day) == on_or_before


@pytest.mark.parametrize(
    ("start", "end", "half"),
    [
        (date(2025, 4, 29), date(2025, 5, 15), date(2025, 5, 7)),  # 5 of 10
        (date(2025, 4, 29), date(2025, 5, 14), date(2025, 5, 6)),  # 4 of 9: never too late
        (date(2025, 4, 29), date(2025, 5, 2), date(2025, 4, 30)),  # 1 of 2
        (date(2025, 4, 29), date(2025, 4, 30), date(2025, 4, 30)),  # 1 of 1
        (date(2025, 5, 2), date(2025, 5, 4), date(2025, 5, 4)),  # no working day between
    ],
)
def test_half_of_the_working_days(start: date, end: date, half: date) -> None:
    assert a_calendar().half_of_working_days(start, end) == half


def test_the_start_is_outside_and_the_end_inside_of_what_lies_between() -> None:
    calendar = a_calendar()
    assert calendar.working_days_between(date(2025, 4, 29), date(2025, 4, 29)) == 0
    assert calendar.working_days_between(date(2025, 4, 29), date(2025, 4, 30)) == 1
    assert calendar.working_days_between(date(2025, 4, 29), date(2025, 5, 1)) == 1
    assert calendar.working_days_between(date(2025, 5, 15), date(2025, 4, 29)) == 0


@pytest.mark.parametrize(
    ("start", "months", "lands_on", "reason"),
    [
        (date(2026, 2, 28), 2, date(2026, 4, 28), Reason.SAME_DAY_NUMBER),
        (date(2026, 12, 31), 2, date(2027, 2, 28), Reason.LAST_DAY_OF_MONTH),
        (date(2027, 12, 31), 2, date(2028, 2, 29), Reason.LAST_DAY_OF_MONTH),  # a leap year
        (date(2027, 12, 29), 2, date(2028, 2, 29), Reason.SAME_DAY_NUMBER),
        (date(2028, 2, 29), 2, date(2028, 4, 29), Reason.SAME_DAY_NUMBER),
        (date(2028, 2, 29), 12, date(2029, 2, 28), Reason.LAST_DAY_OF_MONTH),
        (date(2026, 11, 30), 1, date(2026, 12, 30), Reason.SAME_DAY_NUMBER),
        (date(2026, 1, 31), -2, date(2025, 11, 30), Reason.LAST_DAY_OF_MONTH),
    ],
)
def test_months_run_date_to_date(start: date, months: int, lands_on: date, reason: Reason) -> None:
    assert add_months(start, months) == lands_on
    assert count_months(start, months).steps[0].reason is reason


def test_every_day_of_a_count_is_told() -> None:
    closed = a_calendar_closed_on({date(2025, 5, 9): "pont"})
    assert closed.count_working_days(date(2025, 5, 6), 2).steps == (
        Step(date(2025, 5, 7), 1, Reason.WORKING_DAY),
        Step(date(2025, 5, 8), None, Reason.PUBLIC_HOLIDAY, "Fête de la Victoire"),
        Step(date(2025, 5, 9), None, Reason.CLOSING_DAY, "pont"),
        Step(date(2025, 5, 10), None, Reason.SATURDAY),
        Step(date(2025, 5, 11), None, Reason.SUNDAY),
        Step(date(2025, 5, 12), 2, Reason.WORKING_DAY),
    )


def test_a_count_backwards_is_told_with_negative_ordinals() -> None:
    assert a_calendar().count_working_days(date(2025, 5, 2), -1).steps == (
        Step(date(2025, 5, 1), None, Reason.PUBLIC_HOLIDAY, "Fête du Travail"),
        Step(date(2025, 4, 30), -1, Reason.WORKING_DAY),
    )


def test_the_way_back_to_a_working_day_is_told() -> None:
    assert a_calendar().bring_back(date(2025, 5, 4)).steps == (
        Step(date(2025, 5, 4), None, Reason.SUNDAY),
        Step(date(2025, 5, 3), None, Reason.SATURDAY),
        Step(date(2025, 5, 2), None, Reason.LAST_WORKING_DAY),
    )


def test_a_public_holiday_outranks_sunday_and_closing_day_as_a_reason() -> None:
    closed = a_calendar_closed_on({date(2026, 11, 1): "fermeture"})
    (step, *_) = closed.count_working_days(date(2026, 10, 31), 1).steps
    assert step == Step(date(2026, 11, 1), None, Reason.PUBLIC_HOLIDAY, "Toussaint")


@pytest.mark.parametrize("step", a_calendar().count_working_days(date(2025, 4, 29), 10).steps)
def test_a_step_survives_json(step: Step) -> None:
    assert Step.from_json(step.as_json()) == step


SMALL = Calendar({date(2025, 5, 1): "Fête du Travail"}, date(2025, 4, 28), date(2025, 5, 2))


def test_the_covered_span_holds_its_first_and_last_day() -> None:
    assert SMALL.is_working_day(date(2025, 4, 28))
    assert SMALL.is_working_day(date(2025, 5, 2))


@pytest.mark.parametrize("day", [date(2025, 4, 27), date(2025, 5, 3)])
def test_a_day_outside_the_span_is_never_taken_for_a_day_without_holiday(day: date) -> None:
    with pytest.raises(DateNotCoveredError, match=f"{day} is outside the calendar"):
        SMALL.is_ouvrable(day)


def test_a_count_that_leaves_the_span_says_what_to_do() -> None:
    with pytest.raises(DateNotCoveredError, match="add the public holidays of 2025"):
        SMALL.add_working_days(date(2025, 5, 2), 1)


def test_weeks_with_hardly_a_working_day_are_counted_through() -> None:
    christmas = {date(2026, 12, 21) + timedelta(days=n): "fermeture de Noël" for n in range(14)}
    closed = a_calendar_closed_on(christmas)
    assert closed.add_working_days(date(2026, 12, 18), 1) == date(2027, 1, 4)
    assert closed.add_working_days(date(2027, 1, 4), -1) == date(2026, 12, 18)
    assert closed.working_day_on_or_before(date(2027, 1, 3)) == date(2026, 12, 18)
