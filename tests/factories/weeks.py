"""Weeks for tests that run operations on one register: far enough apart that nobody is in two sessions at once."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from db.holidays_source import public_holidays
from tests.factories.complaints import NOON

APART = 4
_LAST_YEAR = 2040
_HOLIDAYS = {one.day for one in public_holidays(NOON.year, _LAST_YEAR)}


def weeks_apart(first: int = 0) -> Iterator[int]:
    """Weeks after NOON, four apart, with no public holiday in them nor in the four that follow."""
    return (week for week in count(first, APART) if _HOLIDAYS.isdisjoint(_days_of(week)))


def _days_of(week: int) -> set[date]:
    monday = (NOON + timedelta(weeks=week)).date()
    return {monday + timedelta(days=number) for number in range(7 * (APART + 1))}
