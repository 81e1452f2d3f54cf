"""When the demo's operation on care invoices is: begun two weeks before this one, its Saturdays before and after today.

Its figures and what its people do slide together with the day on which the demo is loaded.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from domain.calendar import Calendar

ACTIVITY = "care-invoices"
_WEEKS_AGO, _WEEKS = 2, 6
_SATURDAY = 5


@dataclass(frozen=True)
class OperationDays:
    """Its first day, and the Saturdays on which somebody may work: those that were, then those from today on."""

    begins_on: date
    past: tuple[date, ...]
    coming: tuple[date, ...]


def operation_days(today: date, calendar: Calendar) -> OperationDays:
    """The days of the operation, as of today: a Monday that is a holiday leaves it to the next working day."""
    at_work = calendar.working_day_on_or_before(today)
    monday = at_work - timedelta(days=at_work.weekday(), weeks=_WEEKS_AGO)
    saturdays = [monday + timedelta(days=_SATURDAY, weeks=week) for week in range(_WEEKS)]
    able = [day for day in saturdays if calendar.is_ouvrable(day)]
    return OperationDays(
        begins_on=monday if calendar.is_working_day(monday) else calendar.next_working_day(monday),
        past=tuple(day for day in able if day < today),
        coming=tuple(day for day in able if day >= today),
    )
