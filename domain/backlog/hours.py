"""When somebody works: local times of a day, as people write them, and what lies between two of them in real minutes.

A break is what lies between two spans. A night on which the clocks change is as long as it really is.
Source: procedures, section 4 step 4
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.calendar import Calendar
from domain.refusals import Invalid

_WEEK = timedelta(weeks=1)
_ONE_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


class HoursNotKnownError(LookupError):
    """Somebody's hours are not known for all the days that a limit looks at: no answer rather than a wrong one."""


@dataclass(frozen=True, order=True)
class Span:
    """Work without a break, from when until when of one day; `ends_at` is not worked any more.

    Raises Invalid for what cannot be.
    """

    day: date
    starts_at: time
    ends_at: time

    def __post_init__(self) -> None:
        if any(at.second or at.microsecond or at.tzinfo for at in (self.starts_at, self.ends_at)):
            raise Invalid(
                "Hours of work are local times, to the minute.", "Leave seconds and zone out.", field="starts_at"
            )
        if self.starts_at >= self.ends_at:
            raise Invalid(
                "Work ends later on the day on which it begins; the nights are not worked.",
                "Exchange the two times, or correct one.",
                field="ends_at",
            )


@dataclass(frozen=True)
class Session:
    """One person's seat: the spans of one day, in their order. Raises Invalid for what cannot be."""

    spans: tuple[Span, ...]

    def __post_init__(self) -> None:
        if not self.spans or len({span.day for span in self.spans}) > 1:
            raise Invalid(
                "A session is on one day.", "Give its hours of one day; make one session of each day.", field="spans"
            )
        if any(one.ends_at > next_one.starts_at for one, next_one in zip(self.spans, self.spans[1:], strict=False)):
            raise Invalid("The hours of a session follow each other.", "Order them, without overlap.", field="spans")

    @property
    def day(self) -> date:
        """The day on which it is."""
        return self.spans[0].day


@dataclass(frozen=True)
class KnownHours:
    """All that somebody works from `first_day` to `last_day`, both included: usual hours and accepted sessions.

    `contracts` say from which day on it was how many minutes a week; none where nobody's contract is looked at, as in a
    plan.
    """

    first_day: date
    last_day: date
    spans: tuple[Span, ...] = ()
    contracts: tuple[tuple[date, int], ...] = ()

    def contract_on(self, day: date) -> int | None:
        """The minutes of a week by the contract that holds on a day; None where none is looked at."""
        held = [minutes for begins_on, minutes in self.contracts if begins_on <= day]
        return held[-1] if held else None

    def plus(self, session: Session) -> "KnownHours":
        """The same, with the session accepted."""
        return replace(self, spans=(*self.spans, *session.spans))


@dataclass(frozen=True, order=True)
class Worked:
    """A span as it really lies in time."""

    starts: datetime
    ends: datetime
    day: date

    @property
    def minutes(self) -> int:
        """How long it really is."""
        return minutes_between(self.starts, self.ends)


Timetable = Mapping[int, tuple[tuple[time, time], ...]]
"""Somebody's usual hours: weekday (0 is Monday) → from when until when, breaks left out."""


def usual_hours(
    timetable: Timetable, first_day: date, last_day: date, calendar: Calendar, away: Iterable[date] = ()
) -> KnownHours:
    """What somebody works as a rule: their timetable, without public holidays, closing days and days of absence."""
    absent = frozenset(away)
    spans = (
        Span(day, starts_at, ends_at)
        for day in days(first_day, last_day)
        if day not in absent and calendar.is_ouvrable(day) and day not in calendar.closing_days
        for starts_at, ends_at in timetable.get(day.weekday(), ())
    )
    return KnownHours(first_day, last_day, tuple(spans))


def days_to_know(day: date, weeks: int) -> tuple[date, date]:
    """The first and the last day whose hours must be known to judge a session of this day: all the runs of so many
    weeks that hold it."""
    monday = monday_of(day)
    return monday - (weeks - 1) * _WEEK, monday + weeks * _WEEK - _ONE_DAY


def is_covered(day: date, weeks: int, calendar: Calendar) -> bool:
    """Whether the calendar knows all weeks over which a session of this day is judged, before and after it.

    Source: procedures, section 4 step 4
    """
    first, last = days_to_know(day, weeks)
    return calendar.first_day <= first and last <= calendar.last_day


def check_covered(day: date, weeks: int, calendar: Calendar) -> None:
    """A session is judged over weeks before and after it: the calendar knows them all. Raises Invalid.

    Source: procedures, section 4 step 4
    """
    if is_covered(day, weeks, calendar):
        return
    first, last = days_to_know(day, weeks)
    raise Invalid(
        f"Labour law looks at the weeks from {first} to {last} around {day}; the calendar's public holidays are known "
        f"from {calendar.first_day} to {calendar.last_day}.",
        "Have the public holidays that are missing added to the calendar, or choose another day.",
        field="sessions",
    )


def worked(spans: Iterable[Span], zone: str) -> list[Worked]:
    """The spans as they lie in time, the earliest first; raises Invalid for hours that the clocks leave out."""
    here = ZoneInfo(zone)
    return sorted(_worked(span, here) for span in spans)


def session_starts(session: Session, zone: str) -> datetime:
    """The instant at which it begins."""
    return worked(session.spans, zone)[0].starts


def _worked(span: Span, here: ZoneInfo) -> Worked:
    starts = datetime.combine(span.day, span.starts_at, here).astimezone(UTC)
    ends = datetime.combine(span.day, span.ends_at, here).astimezone(UTC)
    if starts >= ends:
        raise Invalid(
            "The clocks are put forward over these hours.",
            "Choose hours that there are on that day.",
            field="starts_at",
        )
    return Worked(starts, ends, span.day)


def first_minutes(spans: Iterable[Span], minutes: int | None) -> list[Span]:
    """Of these spans of one day, in their order, the first so many minutes; None: all of them."""
    if minutes is None:
        return list(spans)
    kept: list[Span] = []
    for span in spans:
        begins, ends = (datetime.combine(span.day, at) for at in (span.starts_at, span.ends_at))
        until = min(ends, begins + minutes * _MINUTE)
        if until > begins:
            kept.append(Span(span.day, span.starts_at, until.time()))
        minutes -= minutes_between(begins, until)
    return kept


def minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes of real time."""
    return (end - start) // _MINUTE


def monday_of(day: date) -> date:
    """The civil week begins on Monday at midnight. Source: Code du travail (L3121-35)"""
    return day - timedelta(days=day.weekday())


def days(first_day: date, last_day: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    day = first_day
    while day <= last_day:
        yield day
        day += _ONE_DAY
