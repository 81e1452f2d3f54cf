"""Civil time: days and instants as people write them, and the local date of an instant, where the insurer is."""

import re
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

YEARS = range(1900, 2200)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _written_out(given: object) -> object:
    """Raises ValueError for a number, in quotes or not: it would be read as so many seconds after 1970."""
    if isinstance(given, datetime) or (isinstance(given, str) and _DAY.match(given)):
        return given
    raise ValueError("write it out, year first: 2026-12-31T12:00:00+01:00")


def _written_as_day(given: object) -> object:
    """Raises ValueError for whatever else could be read as a day, a number above all."""
    if isinstance(given, date) or (isinstance(given, str) and _DAY.fullmatch(given)):
        return given
    raise ValueError("write a day as 2026-12-31")


def within_years(day: date) -> date:
    """Raises ValueError for a day that nobody of ours has lived, or will plan."""
    if day.year not in YEARS:
        raise ValueError("The year lies outside 1900 to 2199.")
    return day


Day = Annotated[date, BeforeValidator(_written_as_day)]
"""A day that somebody writes."""
SaneDay = Annotated[Day, AfterValidator(within_years)]
"""The same, from 1900 to 2199."""
Instant = Annotated[AwareDatetime, BeforeValidator(_written_out)]
"""An instant that somebody writes, with its zone."""


def local_date(at: datetime, zone: str) -> date:
    """The civil date of an instant in a zone."""
    return at.astimezone(ZoneInfo(zone)).date()
