"""A month as a strip: one line for each person who is away in it, one cell for each day."""

import re
from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from api.people.absences import AbsenceView

_SATURDAY = 5
_YEARS = range(2000, 2100)


@dataclass(frozen=True)
class Cell:
    """A day: `off` when nobody works, `now` when it is today, `past` when it is over and its month is not, `gone` when
    the line's person is away.
    """

    day: date
    off: bool
    now: bool
    past: bool
    gone: bool

    @property
    def looks(self) -> str:
        """How it looks, as names of classes."""
        return " ".join(name for name in ("off", "now", "past", "gone") if getattr(self, name))


@dataclass(frozen=True)
class Line:
    """A person's month."""

    login: str
    name: str
    cells: list[Cell]


@dataclass(frozen=True)
class Strip:
    """The month's days, and who is away in it."""

    days: list[Cell]
    lines: list[Line]


def month_of(typed: str, today: date) -> date:
    """The first day of the month that an address names, or of this month."""
    found = re.fullmatch(r"(\d{4})-(\d\d)", typed, re.ASCII)
    if not found or int(found[1]) not in _YEARS or not 1 <= int(found[2]) <= 12:
        return today.replace(day=1)
    return date(int(found[1]), int(found[2]), 1)


def strip(absences: Iterable[AbsenceView], first: date, today: date, closed: Collection[date]) -> Strip:
    """The month from this day on; `closed` are holidays and closing days."""
    length = monthrange(first.year, first.month)[1]
    month = [first + timedelta(days=number) for number in range(length)]
    away: dict[tuple[str, str], set[date]] = {}
    for one in absences:
        theirs = {day for day in month if one.from_on <= day < one.back_on}
        if theirs:
            away.setdefault((one.login, one.name), set()).update(theirs)
    days = [_cell(day, today, closed, set()) for day in month]
    lines = [
        Line(login, name, [_cell(day, today, closed, gone) for day in month]) for (login, name), gone in away.items()
    ]
    return Strip(days, lines)


def _cell(day: date, today: date, closed: Collection[date], away: Collection[date]) -> Cell:
    past = day < today and (day.year, day.month) == (today.year, today.month)
    return Cell(day, day.weekday() >= _SATURDAY or day in closed, day == today, past, day in away)
