"""On which terms somebody works: the hours of their contract, the pay of an hour, their usual week; from a day on.

What is entered holds until the next one's first day: weeks of the past are paid, and judged, by what held then.
Source: procedures, section 4 steps 3 to 5
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from domain.backlog.hours import KnownHours, Timetable, usual_hours
from domain.calendar import Calendar

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Terms:
    """The weekly minutes of a contract, the gross pay of an hour, the usual week. They hold from `from_on` on (None:
    they have always held) until the next ones."""

    contract_minutes: int
    hourly_cents: int
    from_on: date | None = None
    timetable: Timetable = field(default_factory=dict)


def in_order(terms: Iterable[Terms]) -> tuple[Terms, ...]:
    """The earliest first."""
    return tuple(sorted(terms, key=lambda one: one.from_on or date.min))


def held_on(terms: Sequence[Terms], day: date) -> Terms:
    """The terms that hold on a day: the last that have begun by then. `terms` are in their order.

    The first ones hold for the days before them as well: nothing else is known of these.
    Source: procedures, section 4 step 3
    """
    begun = [one for one in terms if one.from_on is None or one.from_on <= day]
    return begun[-1] if begun else terms[0]


def held_between(terms: Sequence[Terms], first: date, last: date) -> tuple[Terms, ...]:
    """All terms that hold on one of these days, both included, in their order."""
    at_first = held_on(terms, first)
    later = (one for one in terms if one.from_on is not None and first < one.from_on <= last)
    return (at_first, *(one for one in later if one is not at_first))


def usual_hours_on(
    terms: Sequence[Terms], first_day: date, last_day: date, calendar: Calendar, away: Iterable[date] = ()
) -> KnownHours:
    """What somebody works as a rule between two days: on each of them, the usual week and the contract that held on it.

    Source: procedures, section 4 step 4
    """
    absent, held = frozenset(away), held_between(terms, first_day, last_day)
    begins = [first_day, *(one.from_on or first_day for one in held[1:])]
    ends = [*(day - _ONE_DAY for day in begins[1:]), last_day]
    spans = [
        span
        for one, first, last in zip(held, begins, ends, strict=True)
        for span in usual_hours(one.timetable, first, last, calendar, absent).spans
    ]
    contracts = tuple((day, one.contract_minutes) for one, day in zip(held, begins, strict=True))
    return KnownHours(first_day, last_day, tuple(spans), contracts)
