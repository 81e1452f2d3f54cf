"""Random sign-ups never break a limit: judged by brute force, minute by minute, on a sheet of all minutes worked.

The judge shares nothing with the rule but the calendar: it colours minutes, then counts and looks for gaps.
"""

from datetime import UTC, date, datetime, time, timedelta
from math import inf
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.backlog.hours import KnownHours, Session, Span, Timetable, usual_hours
from domain.backlog.labour import check_sign_up
from tests.factories.hours import PARIS, the_law
from tests.factories.rules import a_calendar

HERE = ZoneInfo(PARIS)
LAW = the_law()
SHEETS = [date(2026, 1, 5), date(2026, 7, 13), date(2026, 8, 10)]
"""Mondays from which 30 weeks are known: over the change to summer time, to winter time, and over the end of a year."""
WEEKS, FIRST_WEEK, LAST_WEEK = 30, 12, 17


class Sheet:
    """Every minute of 30 weeks, worked (1) or not (0)."""

    def __init__(self, monday: date, spans: tuple[Span, ...]) -> None:
        self.monday, self.begins = monday, self.instant(monday, time(0))
        self.minutes = bytearray(self.at(monday + timedelta(weeks=WEEKS), time(0)))
        for span in spans:
            for minute in range(self.at(span.day, span.starts_at), self.at(span.day, span.ends_at)):
                self.minutes[minute] += 1

    @staticmethod
    def instant(day: date, at: time) -> datetime:
        return datetime(day.year, day.month, day.day, at.hour, at.minute, tzinfo=HERE).astimezone(UTC)

    def at(self, day: date, at: time) -> int:
        return int((self.instant(day, at) - self.begins).total_seconds()) // 60

    def part(self, day: date, days: int) -> bytes:
        return bytes(self.minutes[self.at(day, time(0)) : self.at(day + timedelta(days=days), time(0))])

    def is_lawful(self) -> bool:
        days = [self.monday + timedelta(days=n) for n in range(WEEKS * 7)]
        mondays = days[::7]
        weeks = [self.part(monday, 7).count(1) for monday in mondays]
        return (
            max(self.minutes) < 2
            and all(self.is_lawful_day(day) for day in days)
            and all(self.rest(day) >= 660 for day in days[1:])
            and all(self.rest(monday) >= 2100 for monday in mondays[1:])
            and max(weeks) <= 2880
            and all(sum(weeks[first : first + 12]) <= 528 * 60 for first in range(WEEKS - 11))
        )

    def is_lawful_day(self, day: date) -> bool:
        minutes = self.part(day, 1)
        if 1 not in minutes:
            return True
        if day.weekday() == 6 or day in a_calendar().public_holidays:
            return False
        worked = minutes.strip(b"\0")
        return minutes.count(1) <= 600 and len(worked) <= 780 and all(run <= 360 for run in runs(worked))

    def rest(self, day: date) -> float:
        """The minutes without work around a midnight; without end where nothing is worked on one side."""
        midnight = self.at(day, time(0))
        before, after = self.minutes.rfind(1, 0, midnight), self.minutes.find(1, midnight)
        return inf if min(before, after) < 0 else after - before - 1


def runs(worked: bytes) -> list[int]:
    """The minutes of work between breaks of twenty minutes."""
    return [part.count(1) for part in worked.split(b"\0" * 20)]


def quarter(number: int) -> time:
    return time(number // 4, number % 4 * 15)


@st.composite
def seats(draw: st.DrawFn, monday: date) -> Session:
    """A session of one span or two, on any day of six weeks."""
    day = monday + timedelta(days=draw(st.integers(FIRST_WEEK * 7, LAST_WEEK * 7 + 6)))
    cuts = sorted(draw(st.sets(st.integers(24, 90), min_size=2, max_size=4)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    shift = draw(st.integers(0, 1))
    return Session(tuple(Span(day, quarter(a), quarter(b).replace(minute=b % 4 * 15 + shift)) for a, b in pairs))


@st.composite
def timetables(draw: st.DrawFn) -> Timetable:
    """Office hours of 30 to 43¾ hours a week."""
    ends = draw(st.integers(58, 69))
    return dict.fromkeys(range(5), ((time(8), time(12)), (time(12, 30), quarter(ends))))


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_sign_ups_accepted_one_after_another_never_break_a_limit(data: st.DataObject) -> None:
    monday = data.draw(st.sampled_from(SHEETS))
    last = monday + timedelta(weeks=WEEKS, days=-1)
    hours = usual_hours(data.draw(timetables()), monday, last, a_calendar())
    for session in data.draw(st.lists(seats(monday), min_size=5, max_size=30)):
        if not check_sign_up(hours, session, LAW):
            hours = hours.plus(session)
    assert Sheet(monday, hours.spans).is_lawful()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whoever_is_refused_would_have_broken_a_limit(data: st.DataObject) -> None:
    monday = data.draw(st.sampled_from(SHEETS))
    last = monday + timedelta(weeks=WEEKS, days=-1)
    hours = KnownHours(monday, last)
    for session in data.draw(st.lists(seats(monday), min_size=1, max_size=6)):
        is_accepted = not check_sign_up(hours, session, LAW)
        assert Sheet(monday, hours.plus(session).spans).is_lawful() is is_accepted
        hours = hours.plus(session) if is_accepted else hours


def test_the_judge_sees_what_it_is_for() -> None:
    monday = SHEETS[0]

    def day_of(*pairs: tuple[int, int], on: date = monday + timedelta(days=1)) -> bool:
        spans = tuple(Span(on, quarter(a), quarter(b)) for a, b in pairs)
        return Sheet(monday, spans).is_lawful()

    assert day_of((32, 48), (50, 66))
    assert not day_of((32, 57))  # six hours and a quarter without a break
    assert not day_of((32, 48), (47, 60))  # in two places
    assert not day_of((24, 44), (46, 70))  # eleven hours
    assert not day_of((24, 30), (70, 80))  # fourteen hours from first to last
    assert not day_of((32, 48), on=monday + timedelta(days=6))  # a Sunday
    assert not day_of((32, 48), on=date(2026, 4, 6))  # Easter Monday
