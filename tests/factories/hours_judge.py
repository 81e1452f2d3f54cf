"""A judge of working hours by brute force: it colours minutes, counts them and looks for gaps. It shares nothing with
the rule but the days on which nobody works."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Europe/Paris")
Spell = tuple[date, time, time]
"""Work without a break: a day, from when, until when."""
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True)
class Judge:
    """What is lawful between two Mondays; `holidays` are days on which nobody may be asked to work."""

    first: date
    last: date
    holidays: frozenset[date]

    def is_lawful(self, spells: Iterable[Spell]) -> bool:
        """Whether somebody may work all of this."""
        of_day: defaultdict[date, list[Spell]] = defaultdict(list)
        for spell in spells:
            of_day[spell[0]].append(spell)
        if any(day.weekday() == 6 or day in self.holidays for day in of_day):
            return False
        days = {day: _coloured(tuple(sorted(of_day[day]))) for day in sorted(of_day)}
        return all(day.lawful for day in days.values()) and self._has_rest(days) and self._has_weeks(days)

    def _has_rest(self, days: Mapping[date, "Day"]) -> bool:
        """11 hours between two days, 35 with the Sunday."""
        if any(after.first - before.last - 1 < 660 for before, after in pairwise(days.values())):
            return False
        for monday in (self.first + n * WEEK for n in range(1, (self.last - self.first) // WEEK)):
            before = [one.last for day, one in days.items() if day < monday]
            after = [one.first for day, one in days.items() if day >= monday]
            if before and after and min(after) - max(before) - 1 < 2100:
                return False
        return True

    def _has_weeks(self, days: Mapping[date, "Day"]) -> bool:
        """48 hours a week; 44 on average over any 12 weeks."""
        count = (self.last - self.first) // WEEK
        mondays = [self.first + n * WEEK for n in range(count)]
        weeks = [sum(days[day].minutes for d in range(7) if (day := one + d * DAY) in days) for one in mondays]
        return max(weeks) <= 48 * 60 and all(sum(weeks[n : n + 12]) <= 12 * 44 * 60 for n in range(count - 11))


@dataclass(frozen=True)
class Day:
    """A day whose minutes were coloured: the first and the last, how many, whether the day by itself is lawful."""

    first: int
    last: int
    minutes: int
    lawful: bool


@cache
def _coloured(spells: tuple[Spell, ...]) -> Day:
    minutes = sorted(minute for spell in spells for minute in _minutes(spell))
    alone = len(set(minutes)) == len(minutes)
    return Day(minutes[0], minutes[-1], len(minutes), alone and _is_lawful_day(minutes))


def _minutes(spell: Spell) -> range:
    """The minutes of a spell, counted from an instant long ago."""
    day, starts_at, ends_at = spell
    return range(_minute(day, starts_at), _minute(day, ends_at))


def _minute(day: date, at: time) -> int:
    return int(datetime.combine(day, at, HERE).astimezone(UTC).timestamp()) // 60


def _is_lawful_day(minutes: list[int]) -> bool:
    """10 hours of work, 13 from the first to the last minute, a break of 20 after six hours."""
    if len(minutes) > 600 or minutes[-1] - minutes[0] + 1 > 780:
        return False
    run = 1
    for before, after in pairwise(minutes):
        run = 1 if after - before - 1 >= 20 else run + 1
        if run > 360:
            return False
    return True
