"""The watch: every day, of every activity, whether its figures are alarming, missing, or contradict each other.

Source: procedures, section 4 step 1
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from domain.backlog.hours import days
from domain.backlog.numbers import above_zero, hours_of_a_day, rounded, share, zero_or_more
from domain.backlog.projection import Plan, Situation, project
from domain.backlog.words import AlertKind
from domain.calendar import Calendar
from domain.policy.backlog import RunRules, WatchRules
from domain.refusals import Invalid

_DECIMALS = Decimal("0.000001")


@dataclass(frozen=True)
class DailyFigures:
    """One activity on one day: what waits in the evening, what came, what was handled, in how many minutes each.

    `present` are the full-time people who were there; `absence` the share of the list who were not. Raises Invalid.
    """

    on: date
    stock: int
    inflow: int
    handled: int
    minutes: Decimal
    present: Decimal
    absence: Decimal

    def __post_init__(self) -> None:
        for name in ("stock", "inflow", "handled"):
            if getattr(self, name) < 0:
                raise Invalid(
                    f"Of {self.on} a number below zero was given: {getattr(self, name)}.",
                    "Count again what waited, came in and was handled; 0 where there was none.",
                    field=name,
                )
            zero_or_more(Decimal(getattr(self, name)), name)
        above_zero(self.minutes, "minutes")
        zero_or_more(self.present, "present")
        share(self.absence, "absence")


@dataclass(frozen=True)
class Activity:
    """What the figures are of: the days of work that may wait, and the hours of a day's work."""

    standard: Decimal
    hours: Decimal

    def __post_init__(self) -> None:
        above_zero(self.standard, "standard")
        hours_of_a_day(self.hours, "hours")


@dataclass(frozen=True)
class Alert:
    """What the watch says. `on` is the day it is about: the first of those over the standard, the day on which the
    standard would be passed, the days without figures, or the day whose stock is another than it should be."""

    kind: AlertKind
    on: tuple[date, ...]
    backlog_days: Fraction | None = None
    difference: int = 0

    def as_json(self) -> dict[str, Any]:
        """As API and pages tell it, to hundredths."""
        backlog = None if self.backlog_days is None else float(rounded(self.backlog_days))
        days = [day.isoformat() for day in self.on]
        return {"kind": self.kind.value, "days": days, "backlog_days": backlog, "difference": self.difference}


def watch(
    activity: Activity, figures: Sequence[DailyFigures], today: date, rules: WatchRules, calendar: Calendar
) -> list[Alert]:
    """The alerts of this evening or, where today's figures are not given yet, of the last evening with figures.

    A working day without figures neither counts in a run nor ends one: it is told. Raises Invalid for two figures of
    one day, and for figures of days to come.
    Source: procedures, section 4 step 1
    """
    known = sorted(figures, key=lambda one: one.on)
    _check(known, today)
    missing = _missing(known, today, rules, calendar)
    told = [Alert(AlertKind.MISSING_FIGURES, tuple(missing))] if missing else []
    told += _disagreements(known, calendar)
    if not known:
        return told
    at_work = [one for one in known if calendar.is_working_day(one.on)]
    over = _over(activity, at_work, rules.over_standard.working_days, calendar)
    return [*over, *told] if over else [*_forecast(activity, known, rules, calendar), *told]


def off_track(planned: Sequence[Fraction], actual: Sequence[int], rules: RunRules) -> bool:
    """Whether the stock was above its plan, by more than is tolerated, on each of the last working days.

    Both lists have the working days of the operation up to now, in their order.
    Source: procedures, section 4 step 4
    """
    needed, share = rules.off_track.working_days, 1 + Fraction(rules.off_track_above.percent, 100)
    last = list(zip(planned, actual, strict=True))[-needed:]
    return len(last) == needed and all(stock > plan * share for plan, stock in last)


def is_back(activity: Activity, figures: Sequence[DailyFigures], rules: RunRules, calendar: Calendar) -> bool:
    """Whether the last working days running ended within the standard: the operation may end.

    A day without figures proves nothing: the days have to follow each other.
    Source: procedures, section 4 step 6
    """
    running = rules.ends_under_standard.working_days
    at_work = sorted((one for one in figures if calendar.is_working_day(one.on)), key=lambda one: one.on)[-running:]
    if len(at_work) < running or calendar.working_days_between(at_work[0].on, at_work[-1].on) != running - 1:
        return False
    return not any(situation_of(activity, [one], one.on).is_over(Fraction(one.stock)) for one in at_work)


def within_up_to_now(activity: Activity, figures: Iterable[DailyFigures], calendar: Calendar) -> list[date]:
    """The working days running, up to the last that has figures, that ended within the standard; none where that one
    did not. Source: procedures, section 4 step 6"""
    found: list[date] = []
    for one in sorted(figures, key=lambda one: one.on, reverse=True):
        if not calendar.is_working_day(one.on):
            continue
        follows = not found or calendar.working_days_between(one.on, found[0]) == 1
        if not follows or situation_of(activity, [one], one.on).is_over(Fraction(one.stock)):
            break
        found.insert(0, one.on)
    return found


def last_day(starts_on: date, rules: RunRules) -> date:
    """The last day of an operation that is not extended: six weeks from its first.

    Source: Memo; procedures, section 4 step 6
    """
    return starts_on + timedelta(weeks=rules.lasts.weeks, days=-1)


def _check(known: Sequence[DailyFigures], today: date) -> None:
    dates = [one.on for one in known]
    if twice := sorted({day for day in dates if dates.count(day) > 1}):
        raise Invalid(f"There are two figures of {twice[0]}.", "Keep one of them.", field="on")
    if dates and dates[-1] > today:
        raise Invalid(f"There are figures of {dates[-1]}, which is to come.", "Correct the day.", field="on")


def _missing(known: Sequence[DailyFigures], today: date, rules: WatchRules, calendar: Calendar) -> list[date]:
    """The working days without figures before today, as far back as the watch looks, since there are any."""
    given = {one.on for one in known}
    first = calendar.add_working_days(today, -rules.forecast_from.working_days)
    first = max(first, known[0].on) if known else first
    return [day for day in days(first, today - timedelta(days=1)) if calendar.is_working_day(day) and day not in given]


def _disagreements(known: Sequence[DailyFigures], calendar: Calendar) -> list[Alert]:
    """A stock is the one before, and what came, less what was handled; where the day before is known."""
    found = []
    for before, after in pairwise(known):
        difference = after.stock - (before.stock + after.inflow - after.handled)
        follows = calendar.working_days_between(before.on, after.on) <= 1
        if difference and follows:
            found.append(Alert(AlertKind.FIGURES_DISAGREE, (after.on,), difference=difference))
    return found


def over_since(activity: Activity, figures: Iterable[DailyFigures], calendar: Calendar) -> date | None:
    """The first of the working days running, up to the last that has figures, that ended above the standard; None where
    that one did not. A day without figures does not end the run. Source: procedures, section 4 step 1"""
    found = None
    for one in sorted(figures, key=lambda one: one.on, reverse=True):
        if not calendar.is_working_day(one.on):
            continue
        if not situation_of(activity, [one], one.on).is_over(Fraction(one.stock)):
            break
        found = one.on
    return found


def _over(activity: Activity, at_work: Sequence[DailyFigures], running: int, calendar: Calendar) -> list[Alert]:
    """Over the standard on each of the last working days that have figures, told with the first day of the run."""
    since = over_since(activity, at_work, calendar)
    if since is None or len(at_work) < running or since > at_work[-running].on:
        return []
    here = situation_of(activity, at_work[-1:], at_work[-1].on)
    return [Alert(AlertKind.OVER_STANDARD, (since,), here.backlog_days(Fraction(here.stock)))]


def _forecast(activity: Activity, known: Sequence[DailyFigures], rules: WatchRules, calendar: Calendar) -> list[Alert]:
    """Over the standard soon, if things go on as on the average of the last days."""
    situation = as_it_goes_on(activity, known, rules, calendar)
    until = calendar.add_working_days(situation.as_of, rules.forecast.working_days)
    day = project(situation, Plan("as it is"), until, calendar).over_on
    return [Alert(AlertKind.FORECAST_OVER, (day,))] if day else []


def situation_of(activity: Activity, days_known: Sequence[DailyFigures], as_of: date) -> Situation:
    """The last stock, with the means of these days; whoever was present was not absent.

    Source: procedures, section 4 step 1
    """
    return Situation(
        as_of=as_of,
        stock=Decimal(days_known[-1].stock),
        inflow=_mean([Decimal(one.inflow) for one in days_known]),
        minutes=_mean([one.minutes for one in days_known]),
        staff=_mean([one.present for one in days_known]),
        hours=activity.hours,
        absence=Decimal(0),
        standard=activity.standard,
    )


def as_it_goes_on(
    activity: Activity, figures: Sequence[DailyFigures], rules: WatchRules, calendar: Calendar
) -> Situation:
    """The last stock, whatever its day, with the means of the last working days that have figures.

    A Saturday of volunteers is no working day: who was there then is no usual staff. What came in on a day off is
    counted on the next working day, and not at all where nothing is known of that one. Where no working day is known
    at all, the days that are known stand for them. `figures` are one at least.
    Source: procedures, section 4 step 1
    """
    known = sorted(figures, key=lambda one: one.on)
    at_work = [one for one in known if calendar.is_working_day(one.on)][-rules.forecast_from.working_days :]
    if not at_work:
        return situation_of(activity, known, known[-1].on)
    came = sum(one.inflow for one in known if _counted_on(one.on, at_work, calendar))
    inflow = _mean([Decimal(came), *[Decimal(0)] * (len(at_work) - 1)])
    means = situation_of(activity, at_work, known[-1].on)
    return replace(means, stock=Decimal(known[-1].stock), inflow=inflow)


def _counted_on(day: date, at_work: Sequence[DailyFigures], calendar: Calendar) -> bool:
    """Whether what came in on this day is counted on one of these working days."""
    on = next((one.on for one in at_work if one.on >= day), None)
    return on is not None and calendar.working_days_between(day - timedelta(days=1), on) == 1


def _mean(numbers: Sequence[Decimal]) -> Decimal:
    return (sum(numbers, Decimal(0)) / len(numbers)).quantize(_DECIMALS)
