"""A judge of working hours by brute force: it colours minutes, counts them and looks for gaps. It shares nothing with
the rule but the days on which nobody works."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
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
        some = list(spells)
        minutes = [minute for spell in some for minute in _minutes(spell)]
        if len(minutes) != len(set(minutes)) or any(day.weekday() == 6 or day in self.holidays for day, _, _ in some):
            return False
        by_day = {day: sorted(m for s in some if s[0] == day for m in _minutes(s)) for day in {s[0] for s in some}}
        return all(map(_is_lawful_day, by_day.values())) and self._has_rest(by_day) and self._has_weeks(by_day)

    def _has_rest(self, by_day: dict[date, list[int]]) -> bool:
        """11 hours between two days, 35 with the Sunday."""
        in_order = [by_day[day] for day in sorted(by_day)]
        if any(after[0] - before[-1] - 1 < 660 for before, after in pairwise(in_order)):
            return False
        mondays = [self.first + n * WEEK for n in range(1, (self.last - self.first) // WEEK)]
        for monday in mondays:
            before = [minutes[-1] for day, minutes in by_day.items() if day < monday]
            after = [minutes[0] for day, minutes in by_day.items() if day >= monday]
            if before and after and min(after) - max(before) - 1 < 2100:
                return False
        return True

    def _has_weeks(self, by_day: dict[date, list[int]]) -> bool:
        """48 hours a week; 44 on average over any 12 weeks."""
        count = (self.last - self.first) // WEEK
        weeks = [sum(len(by_day.get(self.first + n * WEEK + d * DAY, ())) for d in range(7)) for n in range(count)]
        return max(weeks) <= 48 * 60 and all(sum(weeks[n : n + 12]) <= 12 * 44 * 60 for n in range(count - 11))


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
