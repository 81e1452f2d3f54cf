"""Somebody's civil week beside the limits of labour law: what they work in it, sessions included.

Source: procedures, section 4 step 4
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from domain.backlog.hours import HoursNotKnownError, KnownHours, Worked, days_to_know, minutes_between, worked
from domain.backlog.labour import Law


@dataclass(frozen=True)
class WeekOfWork:
    """A week, from its Monday: all minutes of work, those of its longest day, the highest mean of the runs of weeks
    that hold it, and the rest behind it (None where nothing is worked before or after)."""

    monday: date
    minutes: int
    longest_day: date | None
    longest_minutes: int
    average_minutes: int
    rest_minutes: int | None


def week_of_work(hours: KnownHours, monday: date, law: Law) -> WeekOfWork:
    """What the limits of labour law measure of this week: the same sums as when somebody signs up.

    Raises HoursNotKnownError where `hours` do not reach over `days_to_know`. Source: Code du travail
    """
    weeks = law.rules.average_over.weeks
    first, last = days_to_know(monday, weeks)
    if hours.first_day > first or hours.last_day < last:
        raise HoursNotKnownError(f"hours are known from {hours.first_day} to {hours.last_day}, not {first} to {last}")
    time = worked(hours.spans, law.zone)
    by_day: dict[date, int] = {}
    for one in time:
        by_day[one.day] = by_day.get(one.day, 0) + one.minutes
    of_week = {day: by_day[day] for day in sorted(by_day) if monday <= day < monday + timedelta(weeks=1)}
    longest = max(of_week, key=lambda day: of_week[day], default=None)
    runs = (_between(by_day, monday - timedelta(weeks=back), weeks) for back in range(weeks))
    return WeekOfWork(
        monday=monday,
        minutes=sum(of_week.values()),
        longest_day=longest,
        longest_minutes=of_week[longest] if longest else 0,
        average_minutes=-(-max(runs) // weeks),
        rest_minutes=_rest_behind(time, monday + timedelta(weeks=1)),
    )


def _between(by_day: dict[date, int], monday: date, weeks: int) -> int:
    end = monday + timedelta(weeks=weeks)
    return sum(minutes for day, minutes in by_day.items() if monday <= day < end)


def _rest_behind(time: Iterable[Worked], next_monday: date) -> int | None:
    """From the week's last minute to the next week's first. Source: Code du travail (L3132-2)"""
    ends = max((one.ends for one in time if one.day < next_monday), default=None)
    starts = min((one.starts for one in time if one.day >= next_monday), default=None)
    return minutes_between(ends, starts) if ends and starts else None
