"""The public holidays of France, from the `holidays` library: what the command line puts into the calendar table."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from holidays import country_holidays

from domain.calendar import Calendar

FIRST_KNOWN_YEAR, LAST_KNOWN_YEAR = 1983, 2100
ALSACE_MOSELLE = "57"


class YearsNotKnownError(LookupError):
    """The library does not know the public holidays of these years; today's list of 11 goes back to 1983."""

    def __init__(self, first_year: int, last_year: int) -> None:
        super().__init__(
            f"The public holidays of {first_year} to {last_year} are not all known: "
            f"keep to {FIRST_KNOWN_YEAR} to {LAST_KNOWN_YEAR}."
        )


@dataclass(frozen=True)
class CalendarDay:
    """A row of the table `calendar_days`."""

    day: date
    name: str
    kind: Literal["public_holiday", "closing_day"] = "public_holiday"


def public_holidays(first_year: int, last_year: int, *, alsace_moselle: bool = False) -> list[CalendarDay]:
    """The national public holidays of these years, both included, in date order with their French names.

    11 a year, fewer where two of them meet; `alsace_moselle` adds the two local ones, Good Friday and 26 December.
    Raises YearsNotKnownError rather than leaving a year without holidays.
    Source: procedures, section 0.
    """
    if not FIRST_KNOWN_YEAR <= first_year <= last_year <= LAST_KNOWN_YEAR:
        raise YearsNotKnownError(first_year, last_year)
    subdivision = ALSACE_MOSELLE if alsace_moselle else None
    years = range(first_year, last_year + 1)
    found = country_holidays("FR", subdiv=subdivision, years=years, expand=False, language="fr")
    return [CalendarDay(day, name) for day, name in sorted(found.items())]


def calendar_from_library(first_year: int, last_year: int, *, alsace_moselle: bool = False) -> Calendar:
    """A calendar of whole years, both included, without closing days: for where there is no database.

    Raises YearsNotKnownError.
    """
    rows = public_holidays(first_year, last_year, alsace_moselle=alsace_moselle)
    return Calendar(
        public_holidays={row.day: row.name for row in rows},
        first_day=date(first_year, 1, 1),
        last_day=date(last_year, 12, 31),
    )
