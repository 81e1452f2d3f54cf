"""The daily figures of an activity, as the operation's daily point reads them: whoever keeps figures says so here."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from domain.backlog.watch import DailyFigures

Source = Callable[[Session, str, date, date], tuple[DailyFigures, ...]]
"""Gives the figures of an activity between two days, both included."""

SOURCES: list[Source] = []
"""Where figures are kept."""


def figures_of(session: Session, activity: str, first: date, last: date) -> tuple[DailyFigures, ...]:
    """What is known of an activity between two days, by day; nothing where nobody has given any."""
    found = {one.on: one for source in SOURCES for one in source(session, activity, first, last)}
    return tuple(found[day] for day in sorted(found))
