"""When the demo's operation on complaints is: begun one week before this one, with evenings before and after today.

Two evenings of each week, the same weekdays all along, so that one is today or on the next working day; on its last
Saturday a whole day.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from domain.calendar import Calendar

_WEEKS_AGO, _WEEKS = 1, 6
_PAIRS = {0: (0, 2), 1: (1, 3), 2: (0, 2), 3: (1, 3), 4: (2, 4)}
"""By the weekday of the next evening: the two weekdays of each week."""
_SATURDAY = 5


@dataclass(frozen=True)
class ComplaintDays:
    """Its first day, the evenings that were, the next one, those after it, its Saturday."""

    begins_on: date
    past: tuple[date, ...]
    next: date
    later: tuple[date, ...]
    saturday: date


def complaint_days(today: date, calendar: Calendar) -> ComplaintDays:
    """The days of the operation, as of today: what falls on a day off is left to the next working day."""
    at_work = calendar.working_day_on_or_before(today)
    monday = at_work - timedelta(days=at_work.weekday(), weeks=_WEEKS_AGO)
    begins_on, coming = _at_work(monday, calendar), _at_work(today, calendar)
    every = [monday + timedelta(days=day, weeks=week) for week in range(_WEEKS - 1) for day in _PAIRS[coming.weekday()]]
    able = [day for day in sorted({_at_work(day, calendar) for day in every}) if day > begins_on]
    saturdays = [monday + timedelta(days=_SATURDAY, weeks=week) for week in range(_WEEKS)]
    return ComplaintDays(
        begins_on=begins_on,
        past=tuple(day for day in able if day < coming),
        next=coming,
        later=tuple(day for day in able if day > coming),
        saturday=[day for day in saturdays if calendar.is_ouvrable(day) and day > coming][-1],
    )


def _at_work(day: date, calendar: Calendar) -> date:
    return day if calendar.is_working_day(day) else calendar.next_working_day(day)


def eve(day: date, calendar: Calendar) -> date:
    """The last working day before an evening: the cases of its session are given out then."""
    return calendar.working_day_on_or_before(day - timedelta(days=1))
