"""What the stock would do day by day under a plan, and when it would be back under the standard.

Exact numbers and no chance: the same figures give the same days for ever.
Source: procedures, section 4 steps 1 to 3
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, partial
from typing import Any

from domain.backlog.hours import days
from domain.backlog.numbers import above_zero, hours_of_a_day, rounded, share_below_one, zero_or_more
from domain.calendar import Calendar
from domain.gathering import Gathering
from domain.refusals import Invalid

MINUTES = 60
LONGEST = 400
NONE = Decimal(0)
_NUMBERS: Mapping[str, Callable[[Decimal, str], Fraction]] = {
    **dict.fromkeys(("stock", "inflow", "staff"), zero_or_more),
    **dict.fromkeys(("minutes", "standard"), above_zero),
    "hours": hours_of_a_day,
    "absence": share_below_one,
}
"""What each number of a situation has to be."""


@dataclass(frozen=True)
class Situation:
    """An activity at the end of `as_of`: what waits, what comes in on a working day, who is there to handle it.

    `staff` are full-time people on the list, of whom the share `absence` is away; `standard` is in days of work.
    `known` are days on which something else comes in than `inflow`, a Saturday's web forms among them.
    Raises Invalid for numbers that cannot be.
    """

    as_of: date
    stock: Decimal
    inflow: Decimal
    minutes: Decimal
    staff: Decimal
    hours: Decimal
    absence: Decimal
    standard: Decimal
    known: Mapping[date, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        wrong = Gathering()
        for name, check in _NUMBERS.items():
            wrong.of(partial(check, getattr(self, name), name))
        for number in self.known.values():
            wrong.of(partial(zero_or_more, number, "known"))
        wrong.tell()

    @cached_property
    def per_day(self) -> Fraction:
        """What the usual staff handle on a working day."""
        return self.handled_by(Fraction(self.staff))

    def handled_by(self, staff: Fraction) -> Fraction:
        """What so many people of the list handle on a working day."""
        return staff * Fraction(self.hours) * (1 - Fraction(self.absence)) * MINUTES / Fraction(self.minutes)

    @property
    def standard_stock(self) -> Fraction:
        """What may wait: the standard's days of what the usual staff handle."""
        return Fraction(self.standard) * self.per_day

    def backlog_days(self, stock: Fraction) -> Fraction | None:
        """Backlog in days = stock ÷ daily capacity of the usual staff; None where nobody is there.

        Source: procedures, section 4 step 1
        """
        if not stock:
            return Fraction(0)
        return stock / self.per_day if self.per_day else None

    def is_over(self, stock: Fraction) -> bool:
        """Whether more waits than the standard allows: on the standard is not over it."""
        backlog = self.backlog_days(stock)
        return backlog is None or backlog > Fraction(self.standard)


@dataclass(frozen=True)
class PlannedSession:
    """So many places of so many minutes, breaks left out, on one day; `no_show` is the share that stays empty."""

    on: date
    places: int
    minutes: int
    no_show: Decimal = NONE

    def __post_init__(self) -> None:
        if self.places <= 0 or self.minutes <= 0:
            raise Invalid(
                "A session has places, and lasts for some minutes.",
                "Give both above zero, or leave it out.",
                field="places",
            )
        share_below_one(self.no_show, "no_show")

    @property
    def full(self) -> int:
        """The minutes of all its places."""
        return self.places * self.minutes

    def handles(self, minutes_per_file: Fraction) -> Fraction:
        """How many files it handles."""
        return self.places * self.minutes * (1 - Fraction(self.no_show)) / minutes_per_file


@dataclass(frozen=True)
class SessionWork:
    """A session as it is to be expected: so many minutes of work, of all who come together."""

    on: date
    minutes: Fraction

    def handles(self, minutes_per_file: Fraction) -> Fraction:
        """How many files it handles."""
        return self.minutes / minutes_per_file


@dataclass(frozen=True)
class Reinforcement:
    """People of activities that are put aside: full-time, from the first to the last day, both included."""

    first_day: date
    last_day: date
    staff: Decimal

    def __post_init__(self) -> None:
        wrong = Gathering()
        wrong.of(lambda: above_zero(self.staff, "staff"))
        wrong.of(self._check_days)
        wrong.tell()

    def _check_days(self) -> None:
        if self.first_day > self.last_day:
            raise Invalid(
                "A reinforcement begins before it ends.", "Exchange its first and its last day.", field="first_day"
            )


@dataclass(frozen=True)
class Plan:
    """What is done about it; without anything, what happens if nothing is."""

    name: str
    sessions: tuple[PlannedSession | SessionWork, ...] = ()
    reinforcements: tuple[Reinforcement, ...] = ()


@dataclass(frozen=True)
class ProjectedDay:
    """One day: what comes, what can be handled by whom, what is, and what waits in the evening."""

    on: date
    is_working_day: bool
    arrivals: Fraction
    usual_capacity: Fraction
    session_capacity: Fraction
    handled: Fraction
    stock: Fraction
    backlog_days: Fraction | None
    is_over: bool

    def as_json(self) -> dict[str, Any]:
        """As API and pages tell it, to hundredths."""
        numbers = ("arrivals", "usual_capacity", "session_capacity", "handled", "stock")
        told = {name: float(rounded(getattr(self, name))) for name in numbers}
        backlog = None if self.backlog_days is None else float(rounded(self.backlog_days))
        return {"on": self.on.isoformat(), **told, "backlog_days": backlog, "is_over": self.is_over}


@dataclass(frozen=True)
class Projection:
    """All the days under one plan."""

    plan: Plan
    days: tuple[ProjectedDay, ...]

    def back_under_on(self, running: int, within: Sequence[date] = ()) -> date | None:
        """The first of so many working days running that end within the standard; None where there are none.

        `within` are the working days right before the projected ones that ended within it already: they count.
        """
        run = list(within)
        if len(run) >= running:
            return run[0]
        for day in self.days:
            if day.is_over:
                run = []
            elif day.is_working_day:
                run.append(day.on)
            if len(run) == running:
                return run[0]
        return None

    @property
    def over_on(self) -> date | None:
        """The first day that ends over the standard."""
        return next((day.on for day in self.days if day.is_over), None)

    def on(self, day: date) -> ProjectedDay | None:
        """One day of it."""
        return next((one for one in self.days if one.on == day), None)

    def as_json(self, running: int) -> dict[str, Any]:
        """As API and pages tell it."""
        back = self.back_under_on(running)
        return {
            "plan": self.plan.name,
            "back_under_on": back.isoformat() if back else None,
            "days": [day.as_json() for day in self.days],
        }


def project(situation: Situation, plan: Plan, until: date, calendar: Calendar) -> Projection:
    """The stock of every day after `as_of`, up to `until` included. What comes in a day can be handled that day.

    Raises Invalid for a plan that lies outside these days: it would silently do nothing.
    """
    _check(situation, plan, until)
    stock = Fraction(situation.stock)
    found = []
    for day in days(situation.as_of + timedelta(days=1), until):
        one = _day(day, stock, situation, plan, calendar)
        stock = one.stock
        found.append(one)
    return Projection(plan, tuple(found))


def compare(situation: Situation, plans: Iterable[Plan], until: date, calendar: Calendar) -> tuple[Projection, ...]:
    """The same days under several plans, side by side; raises Invalid when two have one name.

    Source: procedures, section 4 step 3
    """
    listed = tuple(plans)
    names = [plan.name for plan in listed]
    if len(set(names)) < len(names):
        raise Invalid("Plans of one name cannot be told apart.", "Give each plan a name of its own.", field="plans")
    return tuple(project(situation, plan, until, calendar) for plan in listed)


def _check(situation: Situation, plan: Plan, until: date) -> None:
    if not 0 < (until - situation.as_of).days <= LONGEST:
        raise Invalid(
            f"A projection goes on from {situation.as_of}, for {LONGEST} days at most.",
            "Choose a day after it.",
            field="until",
        )
    outside = [one.on for one in plan.sessions if not situation.as_of < one.on <= until]
    outside += [
        one.first_day for one in plan.reinforcements if one.last_day <= situation.as_of or one.first_day > until
    ]
    if outside:
        raise Invalid(
            f"The plan has something on {min(outside)}, outside of the days that are projected.",
            "Move it, leave it out, or project further.",
            field="plans",
        )


def _day(day: date, before: Fraction, situation: Situation, plan: Plan, calendar: Calendar) -> ProjectedDay:
    working = calendar.is_working_day(day)
    arrivals = Fraction(situation.known.get(day, situation.inflow if working else NONE))
    usual = _usual(day, situation, plan) if working else Fraction(0)
    sessions = sum((one.handles(Fraction(situation.minutes)) for one in plan.sessions if one.on == day), Fraction(0))
    handled = min(before + arrivals, usual + sessions)
    stock = before + arrivals - handled
    backlog = situation.backlog_days(stock)
    return ProjectedDay(day, working, arrivals, usual, sessions, handled, stock, backlog, situation.is_over(stock))


def _usual(day: date, situation: Situation, plan: Plan) -> Fraction:
    more = [Fraction(one.staff) for one in plan.reinforcements if one.first_day <= day <= one.last_day]
    return situation.handled_by(Fraction(situation.staff) + sum(more))
