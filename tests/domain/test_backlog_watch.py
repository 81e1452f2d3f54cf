"""The watch: the day before, on and after each threshold; missing days, figures that contradict each other."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from domain.backlog.watch import Activity, Alert, DailyFigures, as_it_goes_on, is_back, last_day, off_track, watch
from domain.backlog.words import AlertKind
from domain.refusals import Invalid
from tests.factories.rules import a_calendar, the_book

RULES = the_book().version("procedure-2").backlog
ACTIVITY = Activity(standard=Decimal(5), hours=Decimal(7))
MONDAY = date(2026, 11, 16)
WORKING_DAYS = [MONDAY + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]


def figures(on: date, stock: int, **other: Any) -> DailyFigures:
    """Six people there, 12 minutes a file: 210 a day, so that the standard is 1,050."""
    usual: dict[str, Any] = {"inflow": 210, "handled": 210, "minutes": Decimal(12), "present": Decimal(6)}
    return DailyFigures(on, stock, **usual | {"absence": Decimal("0.4")} | other)


def run_of(*stock: int) -> list[DailyFigures]:
    """Figures of working days running, without contradiction."""
    found = []
    for number, one in enumerate(stock):
        more = one - stock[number - 1] if number else 0
        found.append(figures(WORKING_DAYS[number], one, handled=210 - more))
    return found


def alerts(known: list[DailyFigures], today: date | None = None) -> list[Alert]:
    return watch(ACTIVITY, known, today or known[-1].on, RULES.watch, a_calendar())


def kinds(known: list[DailyFigures], today: date | None = None) -> list[AlertKind]:
    return [one.kind for one in alerts(known, today)]


@pytest.mark.parametrize(
    ("stock", "told"),
    [
        ([1051] * 4, [AlertKind.FORECAST_OVER]),
        ([1051] * 5, [AlertKind.OVER_STANDARD]),
        ([1051] * 6, [AlertKind.OVER_STANDARD]),
        ([1050] * 5, []),
        ([1051, 1051, 1050, 1051, 1051], [AlertKind.FORECAST_OVER]),
        ([1051] * 5 + [1050], []),
    ],
)
def test_over_the_standard_for_five_working_days_running(stock: list[int], told: list[AlertKind]) -> None:
    assert kinds(run_of(*stock)) == told


def test_the_alert_says_since_when_and_by_how_much() -> None:
    (alert,) = alerts(run_of(2100, 2100, 2100, 2100, 2100, 2100))
    assert alert == Alert(AlertKind.OVER_STANDARD, (WORKING_DAYS[0],), Fraction(10))


@pytest.mark.parametrize(("more", "told"), [(15, []), (16, [AlertKind.FORECAST_OVER])])
def test_the_forecast_looks_fifteen_working_days_ahead(more: int, told: list[AlertKind]) -> None:
    """825 wait: with 15 more a day the fifteenth day ends on the standard, with 16 it passes it."""
    known = [figures(day, 825, inflow=210 + more, handled=210 + more) for day in WORKING_DAYS[:3]]
    assert kinds(known) == told


def test_the_forecast_names_the_day_that_passes() -> None:
    known = [figures(day, 825, inflow=330, handled=330) for day in WORKING_DAYS[:5]]
    (alert,) = alerts(known)
    assert alert == Alert(AlertKind.FORECAST_OVER, (date(2026, 11, 24),))


def test_a_missing_day_neither_counts_nor_ends_the_run_and_is_told() -> None:
    known = run_of(*[1051] * 6)
    told = alerts(known[:2] + known[3:])
    assert [one.kind for one in told] == [AlertKind.OVER_STANDARD, AlertKind.MISSING_FIGURES]
    assert told[1].on == (WORKING_DAYS[2],)
    assert kinds(known[:2] + known[3:5]) == [AlertKind.FORECAST_OVER, AlertKind.MISSING_FIGURES]


def test_days_before_the_first_figures_and_holidays_are_not_missed() -> None:
    assert kinds(run_of(100)) == []
    armistice = [figures(date(2026, 11, 10), 100), figures(date(2026, 11, 12), 100)]
    assert kinds(armistice) == []
    assert kinds(armistice, date(2026, 11, 16)) == [AlertKind.MISSING_FIGURES]


def test_without_any_figures_all_are_missing() -> None:
    (alert,) = watch(ACTIVITY, [], date(2026, 11, 27), RULES.watch, a_calendar())
    assert (alert.kind, len(alert.on)) == (AlertKind.MISSING_FIGURES, 10)


def test_a_stock_that_does_not_follow_from_the_day_before_is_told() -> None:
    known = [figures(WORKING_DAYS[4], 100), figures(WORKING_DAYS[5], 103)]
    assert alerts(known) == [Alert(AlertKind.FIGURES_DISAGREE, (WORKING_DAYS[5],), difference=3)]
    known = [figures(WORKING_DAYS[3], 100), figures(WORKING_DAYS[5], 103)]
    assert kinds(known) == [AlertKind.MISSING_FIGURES]


def test_where_nobody_was_there_any_stock_is_over() -> None:
    known = [figures(day, 1, present=Decimal(0), inflow=0, handled=0) for day in WORKING_DAYS[:5]]
    assert alerts(known) == [Alert(AlertKind.OVER_STANDARD, (MONDAY,), None)]


@pytest.mark.parametrize(
    ("actual", "is_off"),
    [
        ([1000, 1051, 1051, 1051], True),
        ([1000, 1050, 1051, 1051], False),
        ([1051, 1051, 1051, 1050], False),
        ([1051, 1051], False),
    ],
)
def test_off_track_is_above_the_plan_by_more_than_a_twentieth_for_three_days(actual: list[int], is_off: bool) -> None:
    assert off_track([Fraction(1000)] * len(actual), actual, RULES.run) is is_off


@pytest.mark.parametrize(
    ("stock", "is_over_with"),
    [
        ([1050] * 5, True),
        ([1050] * 4, False),
        ([1051, 1050, 1050, 1050, 1050, 1050], True),
        ([1050, 1050, 1050, 1050, 1051], False),
        ([1050, 1050, 1051, 1050, 1050], False),
    ],
)
def test_an_operation_may_end_after_five_working_days_within_the_standard(stock: list[int], is_over_with: bool) -> None:
    assert is_back(ACTIVITY, run_of(*stock), RULES.run, a_calendar()) is is_over_with


def test_a_day_without_figures_proves_nothing() -> None:
    known = run_of(*[1050] * 6)
    assert not is_back(ACTIVITY, known[:3] + known[4:], RULES.run, a_calendar())


def test_an_operation_lasts_six_weeks() -> None:
    assert last_day(MONDAY, RULES.run) == date(2026, 12, 27)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: figures(MONDAY, -1), "Of 2026-11-16 a number below zero was given: -1."),
        (lambda: figures(MONDAY, 1, inflow=-1), "Of 2026-11-16 a number below zero was given: -1."),
        (lambda: figures(MONDAY, 10**30), "is a billion or more, and taken for a mistake."),
        (lambda: figures(MONDAY, 1, minutes=Decimal(0)), "This number has to be above zero, not 0."),
        (lambda: figures(MONDAY, 1, absence=Decimal("1.01")), "A share of 1.01 is more than everybody"),
        (lambda: Activity(Decimal(0), Decimal(7)), "This number has to be above zero, not 0."),
        (lambda: alerts([figures(MONDAY, 1), figures(MONDAY, 1)]), "There are two figures of 2026-11-16."),
        (
            lambda: alerts([figures(MONDAY, 1)], date(2026, 11, 13)),
            "There are figures of 2026-11-16, which is to come.",
        ),
    ],
)
def test_what_cannot_be_is_refused(make: Any, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        make()


CAME_IN = (291, 291, 292, 292, 292, 292, 292, 292, 293, 293)
SATURDAYS = (date(2026, 11, 21), date(2026, 11, 28))


def two_weeks_with_saturdays(came_on_saturdays: int = 0) -> list[DailyFigures]:
    """Ten working days with 8 people who handle 280, and on two Saturdays 4 volunteers who handle 140."""
    at_work = zip(WORKING_DAYS, CAME_IN, strict=True)
    known = [figures(day, 1400, inflow=came, handled=280, present=Decimal(8)) for day, came in at_work]
    known += [figures(day, 1260, inflow=came_on_saturdays, handled=140, present=Decimal(4)) for day in SATURDAYS]
    return sorted(known, key=lambda one: one.on)


def test_a_saturday_s_session_makes_no_working_day_of_it() -> None:
    """Over all the days 233.8 came and 252 could be handled: it would shrink. On working days 292 came, and 280 could
    be handled: it grows."""
    goes_on = as_it_goes_on(ACTIVITY, two_weeks_with_saturdays(), RULES.watch, a_calendar())
    assert (goes_on.inflow, goes_on.per_day) == (Decimal(292), Fraction(280))
    assert (goes_on.as_of, goes_on.stock) == (SATURDAYS[1], Decimal(1260))


def test_the_forecast_is_not_hidden_by_saturdays() -> None:
    known = two_weeks_with_saturdays()
    assert AlertKind.FORECAST_OVER in kinds(known)


def test_the_mean_is_of_the_last_ten_working_days_and_of_none_before() -> None:
    before = figures(MONDAY - timedelta(days=3), 1400, inflow=9000, present=Decimal(1))
    known = [before, *two_weeks_with_saturdays()]
    assert as_it_goes_on(ACTIVITY, known, RULES.watch, a_calendar()).inflow == 292


def test_what_came_on_a_day_off_is_counted_on_the_next_working_day() -> None:
    """Of the two Saturdays the first is followed by a Monday with figures, the second by none yet."""
    known = two_weeks_with_saturdays(came_on_saturdays=50)
    assert as_it_goes_on(ACTIVITY, known, RULES.watch, a_calendar()).inflow == 297
    without_monday = [one for one in known if one.on != WORKING_DAYS[5]]
    mean = as_it_goes_on(ACTIVITY, without_monday, RULES.watch, a_calendar()).inflow
    assert mean == (Decimal(2920 - 292) / 9)


def test_where_only_a_saturday_is_known_it_is_all_there_is() -> None:
    (saturday, *_) = [one for one in two_weeks_with_saturdays() if one.on in SATURDAYS]
    assert as_it_goes_on(ACTIVITY, [saturday], RULES.watch, a_calendar()).per_day == 140
