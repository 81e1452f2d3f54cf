"""Somebody's hours and sessions for tests, as plain functions."""

from datetime import date, time

from domain.backlog.hours import KnownHours, Session, Span, Timetable, days_to_know, usual_hours
from domain.backlog.labour import Law
from tests.factories.rules import a_calendar, the_book

PARIS = "Europe/Paris"
OFFICE_DAY = ((time(9), time(12)), (time(13), time(17)))
"""Seven hours."""
OFFICE_WEEK: Timetable = dict.fromkeys(range(5), OFFICE_DAY)
"""35 hours, Monday to Friday."""


def the_law() -> Law:
    """The shipped policy, in Paris."""
    return Law(the_book().version("procedure-2").backlog.labour, PARIS, a_calendar())


def spans(day: str, *hours: str) -> tuple[Span, ...]:
    """`spans("2026-03-28", "09:00-12:00")`."""
    pairs = (one.split("-") for one in hours)
    return tuple(Span(date.fromisoformat(day), at(start), at(end)) for start, end in pairs)


def a_session(day: str, *hours: str) -> Session:
    """A seat of one day."""
    return Session(spans(day, *hours))


def at(text: str) -> time:
    """A time of day."""
    return time.fromisoformat(text)


def office_hours(day: str, timetable: Timetable = OFFICE_WEEK) -> KnownHours:
    """What somebody works around this day, as far as the law looks."""
    first, last = days_to_know(date.fromisoformat(day), 12)
    return usual_hours(timetable, first, last, a_calendar())


def only(day: str, *worked: tuple[Span, ...]) -> KnownHours:
    """Somebody who works these hours alone, around this day."""
    first, last = days_to_know(date.fromisoformat(day), 12)
    return KnownHours(first, last, tuple(span for one in worked for span in one))
