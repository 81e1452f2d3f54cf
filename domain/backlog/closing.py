"""The closing report: what an operation found, what it left, what it cost; every number of it is kept, day by day.

Source: procedures, section 4 step 6
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from domain.backlog.watch import Activity, DailyFigures, situation_of


@dataclass(frozen=True)
class Measured:
    """The activity on the evening of a day: what waits, in files and in days of work; None where nobody is there."""

    on: date
    stock: int
    backlog_days: Fraction | None
    is_over: bool


@dataclass(frozen=True)
class Attendances:
    """One session as it was held: its places, and the minutes of each who had one."""

    places: int
    minutes: tuple[int, ...] = ()


@dataclass(frozen=True)
class ClosingReport:
    """Before and after, what was worked, what it cost. `handled` is what was handled from its first to its last day,
    `days_without_figures` the working days of which nobody knows anything."""

    before: Measured | None
    after: Measured | None
    handled: int
    days_over: int
    days_within: int
    days_without_figures: int
    sessions: int
    places: int
    came: int
    minutes: int
    pay_cents: int
    recovery_days: int
    budget_cents: int

    @property
    def within_budget(self) -> bool:
        """Whether it cost no more than it was to cost."""
        return self.pay_cents <= self.budget_cents


@dataclass(frozen=True)
class Cost:
    """What payroll is told to pay, against what was allowed."""

    pay_cents: int
    recovery_days: int
    budget_cents: int


def closing_report(
    activity: Activity,
    figures: Sequence[DailyFigures],
    starts_on: date,
    working_days: Sequence[date],
    held: Sequence[Attendances],
    cost: Cost,
) -> ClosingReport:
    """Before is the last evening before its first day that has figures, after the last one of it.

    Source: procedures, section 4 step 6
    """
    known = sorted(figures, key=lambda one: one.on)
    before = [one for one in known if one.on < starts_on]
    during = [one for one in known if one.on >= starts_on]
    measured = {one.on: _measured(activity, one) for one in during if one.on in set(working_days)}
    return ClosingReport(
        before=_measured(activity, before[-1]) if before else None,
        after=_measured(activity, during[-1]) if during else None,
        handled=sum(one.handled for one in during),
        days_over=sum(one.is_over for one in measured.values()),
        days_within=sum(not one.is_over for one in measured.values()),
        days_without_figures=len(set(working_days) - set(measured)),
        sessions=len(held),
        places=sum(one.places for one in held),
        came=sum(1 for one in held for minutes in one.minutes if minutes),
        minutes=sum(sum(one.minutes) for one in held),
        pay_cents=cost.pay_cents,
        recovery_days=cost.recovery_days,
        budget_cents=cost.budget_cents,
    )


def _measured(activity: Activity, one: DailyFigures) -> Measured:
    here = situation_of(activity, [one], one.on)
    stock = Fraction(one.stock)
    return Measured(one.on, one.stock, here.backlog_days(stock), here.is_over(stock))
