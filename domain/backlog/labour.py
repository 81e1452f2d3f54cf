"""Whether somebody may sign up for a session: every limit of labour law that it would break, each with its source.

One pure function, used by command, page and rehearsal alike.
Source: Code du travail; procedures, section 4 step 4
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Self

from domain.backlog.hours import (
    HoursNotKnownError,
    KnownHours,
    Session,
    Worked,
    days_to_know,
    minutes_between,
    monday_of,
    worked,
)
from domain.backlog.words import LabourLimit
from domain.calendar import Calendar
from domain.policy.backlog import LabourRules
from domain.refusals import AgainstLabourLaw
from domain.sources import Source

_SUNDAY = 6


@dataclass(frozen=True)
class Law:
    """What binds: the policy's limits, the zone of the insurer's clocks, its public holidays."""

    rules: LabourRules
    zone: str
    calendar: Calendar


@dataclass(frozen=True)
class BrokenLimit:
    """One limit that the session would break. `reached` and `allowed` are minutes, of work or of rest.

    `on` is the day it is about, or the Monday of the week, or of the first of the weeks.
    """

    limit: LabourLimit
    source: Source
    on: date
    allowed: int = 0
    reached: int = 0

    def as_json(self) -> dict[str, Any]:
        """As a notice keeps it."""
        return asdict(self) | {"on": self.on.isoformat()}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        """As it was kept."""
        limit, source, on = LabourLimit(told["limit"]), Source(told["source"]), date.fromisoformat(told["on"])
        return cls(limit, source, on, told["allowed"], told["reached"])


@dataclass(frozen=True)
class _Tried:
    """Somebody's time with the session in it; `of_day` is what they would work on its day."""

    day: date
    time: list[Worked]
    law: Law
    contract_minutes: int | None = None

    @property
    def of_day(self) -> list[Worked]:
        return [one for one in self.time if one.day == self.day]


def check_sign_up(hours: KnownHours, session: Session, law: Law) -> list[BrokenLimit]:
    """Every limit that the session would break for whoever has these hours; none: they may sign up.

    Who already works at that hour is told only that. Raises HoursNotKnownError where `hours` do not reach over
    `days_to_know`, and DateNotCoveredError where the calendar does not know the day.
    Source: Code du travail; procedures, section 4 step 4
    """
    _check_known(hours, session, law)
    taken, seat = worked(hours.spans, law.zone), worked(session.spans, law.zone)
    if any(one.starts < other.ends and other.starts < one.ends for one in taken for other in seat):
        return [BrokenLimit(LabourLimit.ALREADY_AT_WORK, Source.POLICY, session.day)]
    tried = _Tried(session.day, sorted(taken + seat), law, hours.contract_on(session.day))
    return [broken for check in _CHECKS for broken in check(tried)]


def check_day(day: date, minutes: int, law: Law) -> list[BrokenLimit]:
    """What a session of so many minutes of work would break for anybody, at whatever hours it is held.

    Raises DateNotCoveredError where the calendar does not know the day.
    Source: Code du travail; procedures, section 4 step 4
    """
    tried, rule = _Tried(day, [], law), law.rules.daily
    too_long = BrokenLimit(LabourLimit.DAILY, rule.source, day, rule.at_most_minutes, minutes)
    return [*_public_holiday(tried), *_sunday(tried), *([too_long] if minutes > rule.at_most_minutes else [])]


def _check_known(hours: KnownHours, session: Session, law: Law) -> None:
    first, last = days_to_know(session.day, law.rules.average_over.weeks)
    if hours.first_day > first or hours.last_day < last:
        raise HoursNotKnownError(f"hours are known from {hours.first_day} to {hours.last_day}, not {first} to {last}")


def _public_holiday(tried: _Tried) -> Iterator[BrokenLimit]:
    """Nobody works on a public holiday. Source: procedures, section 4 step 4"""
    calendar = tried.law.calendar
    if not calendar.is_ouvrable(tried.day) and tried.day in calendar.public_holidays:
        yield BrokenLimit(LabourLimit.PUBLIC_HOLIDAY, tried.law.rules.public_holiday.source, tried.day)


def _sunday(tried: _Tried) -> Iterator[BrokenLimit]:
    """The weekly rest is given on Sunday. Source: Code du travail (L3132-3)"""
    if tried.day.weekday() == _SUNDAY:
        yield BrokenLimit(LabourLimit.SUNDAY, tried.law.rules.sunday.source, tried.day)


def _daily(tried: _Tried) -> Iterator[BrokenLimit]:
    """10 hours of work a day. Source: Code du travail (L3121-18)"""
    rule, reached = tried.law.rules.daily, _minutes(tried.of_day)
    if reached > rule.at_most_minutes:
        yield BrokenLimit(LabourLimit.DAILY, rule.source, tried.day, rule.at_most_minutes, reached)


def _break(tried: _Tried) -> Iterator[BrokenLimit]:
    """20 minutes of break after six hours of work at the latest. Source: Code du travail (L3121-16)"""
    rules = tried.law.rules
    reached = max(_runs(tried.of_day, rules.shortest_break.at_least_minutes))
    if reached > rules.break_after.minutes:
        yield BrokenLimit(LabourLimit.BREAK, rules.break_after.source, tried.day, rules.break_after.minutes, reached)


def _runs(of_day: Sequence[Worked], shortest_break: int) -> Iterator[int]:
    """Minutes of work between two breaks that are long enough to be one."""
    run, before = 0, of_day[0]
    for one in of_day:
        if minutes_between(before.ends, one.starts) >= shortest_break:
            yield run
            run = 0
        run, before = run + one.minutes, one
    yield run


def _day_span(tried: _Tried) -> Iterator[BrokenLimit]:
    """11 hours of rest leave 13 hours from a day's first to its last minute. Source: Code du travail (L3131-1)"""
    rule, of_day = tried.law.rules.day_span, tried.of_day
    reached = minutes_between(of_day[0].starts, of_day[-1].ends)
    if reached > rule.at_most_minutes:
        yield BrokenLimit(LabourLimit.DAY_SPAN, rule.source, tried.day, rule.at_most_minutes, reached)


def _daily_rest(tried: _Tried) -> Iterator[BrokenLimit]:
    """11 hours running between two days of work. Source: Code du travail (L3131-1)"""
    rule, of_day = tried.law.rules.daily_rest, tried.of_day
    before = [one for one in tried.time if one.day < tried.day]
    after = [one for one in tried.time if one.day > tried.day]
    rests = [(before[-1], of_day[0])] if before else []
    rests += [(of_day[-1], after[0])] if after else []
    for last, first in rests:
        reached = minutes_between(last.ends, first.starts)
        if reached < rule.at_least_minutes:
            yield BrokenLimit(LabourLimit.DAILY_REST, rule.source, last.day, rule.at_least_minutes, reached)


def _weekly(tried: _Tried) -> Iterator[BrokenLimit]:
    """48 hours of work a civil week. Source: Code du travail (L3121-20)"""
    rule, monday = tried.law.rules.weekly, monday_of(tried.day)
    reached = _minutes_of_weeks(tried.time, monday, 1)
    if reached > rule.at_most_minutes:
        yield BrokenLimit(LabourLimit.WEEKLY, rule.source, monday, rule.at_most_minutes, reached)


def _part_time(tried: _Tried) -> Iterator[BrokenLimit]:
    """A part-timer's week never comes to a full one, nor is it longer than a tenth more than the contract; a third more
    where an agreement says so.

    Source: Code du travail (L3123-9, L3123-20, L3123-28)
    """
    rules, contract = tried.law.rules, tried.contract_minutes
    if contract is None or contract >= rules.full_week.minutes:
        return
    monday = monday_of(tried.day)
    reached = _minutes_of_weeks(tried.time, monday, 1)
    share = contract + contract * rules.complementary.percent // 100
    if reached >= rules.full_week.minutes:
        yield BrokenLimit(LabourLimit.PART_TIME, rules.full_week.source, monday, rules.full_week.minutes - 1, reached)
    elif reached > share:
        yield BrokenLimit(LabourLimit.PART_TIME, rules.complementary.source, monday, share, reached)


def _average(tried: _Tried) -> Iterator[BrokenLimit]:
    """44 hours a week on average over any 12 weeks running, past or to come. Source: Code du travail (L3121-22)"""
    rule, weeks = tried.law.rules.average, tried.law.rules.average_over.weeks
    monday = monday_of(tried.day)
    by_week = Counter[date]()
    for one in tried.time:
        by_week[monday_of(one.day)] += one.minutes
    firsts = [monday - timedelta(weeks=back) for back in range(weeks)]
    total, first = max((sum(by_week[first + timedelta(weeks=n)] for n in range(weeks)), first) for first in firsts)
    if total > rule.at_most_minutes * weeks:
        reached = -(-total // weeks)
        yield BrokenLimit(LabourLimit.AVERAGE, rule.source, first, rule.at_most_minutes, reached)


def _weekly_rest(tried: _Tried) -> Iterator[BrokenLimit]:
    """35 hours running with the Sunday in them, this week and the one before. Source: Code du travail (L3132-2)"""
    if tried.day.weekday() == _SUNDAY:
        return
    rule, monday = tried.law.rules.weekly_rest, monday_of(tried.day)
    for next_monday in (monday, monday + timedelta(weeks=1)):
        before = [one for one in tried.time if one.day < next_monday]
        after = [one for one in tried.time if one.day >= next_monday]
        reached = minutes_between(before[-1].ends, after[0].starts) if before and after else rule.at_least_minutes
        if reached < rule.at_least_minutes:
            yield BrokenLimit(LabourLimit.WEEKLY_REST, rule.source, before[-1].day, rule.at_least_minutes, reached)


_CHECKS = (
    *(_public_holiday, _sunday, _daily, _break, _day_span, _daily_rest, _weekly, _part_time, _average, _weekly_rest),
)
"""In the order in which they are told."""


def _minutes(time: Sequence[Worked]) -> int:
    return sum(one.minutes for one in time)


def _minutes_of_weeks(time: Sequence[Worked], monday: date, weeks: int) -> int:
    end = monday + timedelta(weeks=weeks)
    return _minutes([one for one in time if monday <= one.day < end])


def refusal_of(broken: BrokenLimit) -> AgainstLabourLaw:
    """The limit as a refusal, with its article and what to do instead."""
    allowed, reached, article = spoken_hours(broken.allowed), spoken_hours(broken.reached), broken.source.citation
    match broken.limit:
        case LabourLimit.ALREADY_AT_WORK:
            return AgainstLabourLaw(
                f"On {broken.on} you work at that hour already.",
                "Choose another session, or have your hours corrected.",
            )
        case LabourLimit.PUBLIC_HOLIDAY:
            return AgainstLabourLaw(
                f"{broken.on} is a public holiday, on which nobody works.", "Choose a session of another day."
            )
        case LabourLimit.SUNDAY:
            return AgainstLabourLaw(
                f"{broken.on} is a Sunday, which is the day of rest ({article}).", "Choose a session of another day."
            )
        case LabourLimit.DAILY:
            return AgainstLabourLaw(
                f"On {broken.on} you would work {reached}; a day has {allowed} of work at most ({article}).",
                "Choose a shorter session, or another day.",
            )
        case LabourLimit.BREAK:
            return AgainstLabourLaw(
                f"On {broken.on} you would work {reached} without a break; {allowed} is the most ({article}).",
                "Choose a session with a break in it, or another day.",
            )
        case _:
            return _refusal_about_rest_and_weeks(broken, allowed, reached, article)


def _refusal_about_rest_and_weeks(broken: BrokenLimit, allowed: str, reached: str, article: str) -> AgainstLabourLaw:
    match broken.limit:
        case LabourLimit.DAY_SPAN:
            return AgainstLabourLaw(
                f"On {broken.on} your day would last {reached}, breaks included; {allowed} is the most ({article}).",
                "Choose a session nearer to your usual hours.",
            )
        case LabourLimit.DAILY_REST:
            return AgainstLabourLaw(
                f"After {broken.on} you would rest for {reached}; {allowed} is the least between two days ({article}).",
                "Choose a session that begins later, or ends earlier.",
            )
        case LabourLimit.WEEKLY:
            return AgainstLabourLaw(
                f"In the week of {broken.on} you would work {reached}; a week has {allowed} at most ({article}).",
                "Choose a session of another week.",
            )
        case LabourLimit.PART_TIME:
            return AgainstLabourLaw(
                f"In the week of {broken.on} you would work {reached}; with your part-time contract {allowed} "
                f"is the most ({article}).",
                "Choose a shorter session, or another week in which you work less.",
            )
        case LabourLimit.AVERAGE:
            return AgainstLabourLaw(
                f"In the weeks from {broken.on} on you would work {reached} a week on average; "
                f"{allowed} is the most ({article}).",
                "Choose a session some weeks away, or a shorter one.",
            )
        case _:
            return AgainstLabourLaw(
                f"After {broken.on} you would rest for {reached}; a week's rest has {allowed} with the Sunday "
                f"({article}).",
                "Choose a session that ends earlier on Saturday, or begins later on Monday.",
            )


def spoken_hours(minutes: int) -> str:
    """Minutes as people write hours: "10 h 01"."""
    return f"{minutes // 60} h {minutes % 60:02}"
