"""The closing report: before and after, days over and within the standard, what was worked, what it cost."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from domain.backlog.closing import Attendances, Cost, closing_report
from domain.backlog.watch import Activity, DailyFigures

ACTIVITY = Activity(Decimal(5), Decimal(7))
STARTS_ON = date(2031, 3, 10)
DAYS = [date(2031, 3, day) for day in (10, 11, 12)]


def figures(day: int, stock: int, handled: int = 400) -> DailyFigures:
    """A day of March: 12 present, 12 minutes a file; five days of work are 2,100."""
    on = date(2031, 3, day)
    return DailyFigures(on, stock, 400, handled, Decimal(12), Decimal(12), Decimal("0.4"))


def test_it_compares_the_last_evening_before_with_the_last_of_all() -> None:
    told = closing_report(
        ACTIVITY,
        [figures(7, 3000), figures(10, 2101), figures(12, 2100, 500)],
        STARTS_ON,
        DAYS,
        [Attendances(4, (420, 0)), Attendances(2)],
        Cost(100_00, 1, 99_99),
    )
    assert told.before is not None
    assert told.after is not None
    assert (told.before.stock, told.after.stock) == (3000, 2100)
    assert told.after.backlog_days == Fraction(5)
    assert (told.days_over, told.days_within, told.days_without_figures) == (1, 1, 1)
    assert (told.handled, told.sessions, told.places, told.came, told.minutes) == (900, 2, 6, 1, 420)
    assert not told.within_budget


def test_of_what_nobody_knows_nothing_is_made_up() -> None:
    told = closing_report(ACTIVITY, [], STARTS_ON, DAYS, [], Cost(0, 0, 0))
    assert (told.before, told.after, told.days_without_figures) == (None, None, 3)
    assert told.within_budget
