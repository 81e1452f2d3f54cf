"""Volunteers as HR writes them, in a file or into a form: hours of a contract, euros of an hour, the days of a week.

Source: procedures, section 4 steps 3 to 5
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import partial
from typing import Any

from pydantic import TypeAdapter, ValidationError

from domain.backlog.hours import Session, Span
from domain.backlog.volunteer import ALWAYS, ContractMinutes, FirstDay, HourlyCents, UsualHours, VolunteerAsked
from domain.gathering import Gathering
from domain.refusals import Invalid

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
"""The days that a usual week has: nobody works on Sunday as a rule."""
COLUMNS = ("login", "from_on", "contract_hours", "hourly_euros", *WEEKDAYS)
"""The columns of a file of volunteers."""
NEEDED = ("login", "contract_hours", "hourly_euros")
_OF_CONTRACT: TypeAdapter[int] = TypeAdapter(ContractMinutes)
_OF_AN_HOUR: TypeAdapter[int] = TypeAdapter(HourlyCents)
_MONDAY = date(2024, 1, 1)
_FIRST_DAY: TypeAdapter[date | str] = TypeAdapter(FirstDay)
_DECIMAL = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,3})\s*[:hH]\s*([0-5]\d)", re.ASCII)
_EUROS = re.compile(r"(\d{1,5})(?:[.,](\d{1,2}))?", re.ASCII)
_SPAN = re.compile(r"(\d{1,2})[:hH](\d{2})\s*[-–]\s*(\d{1,2})[:hH](\d{2})", re.ASCII)
_BETWEEN = re.compile(r"[\s,/+]*")
_SPACES = re.compile(r"[\u202f\u00a0 €]")
LONGEST = 200


@dataclass(frozen=True)
class VolunteerLine:
    """One person of a file."""

    login: str
    asked: VolunteerAsked


def read_volunteer(values: Mapping[str, Any]) -> VolunteerLine:
    """A line of a file. Raises Invalid, which names the field and never what was written there.

    Source: procedures, section 4 step 3
    """
    for name in values:
        if name not in COLUMNS:
            raise Invalid("No field has this name.", "Leave it out, or correct its name.", field=name[:60])
    login = values.get("login")
    if not isinstance(login, str) or not 0 < len(login.strip()) <= LONGEST:
        raise Invalid("A field that every line needs is empty.", "Fill it in.", field="login")
    return VolunteerLine(login.strip(), read_work(values))


def read_work(values: Mapping[str, Any]) -> VolunteerAsked:
    """Contract, hourly pay and usual week, as people write them: "35", "16,50", "09:00-12:30 13:30-17:00"; the first
    day on which they hold ("2027-01-01" or "always"), or none.

    Raises Invalid with the field; all that is wrong at once.
    """
    wrong = Gathering()
    from_on = wrong.of(lambda: _first_day(values))
    minutes = wrong.of(lambda: _minutes(_written(values, "contract_hours")))
    cents = wrong.of(lambda: _cents(_written(values, "hourly_euros")))
    days = [wrong.of(partial(_of_day, place, str(values.get(day) or "").strip())) for place, day in enumerate(WEEKDAYS)]
    wrong.tell()
    usual = tuple(one for day in days for one in day or ())
    try:
        asked = {"contract_minutes": minutes, "hourly_cents": cents, "timetable": usual, "from_on": from_on}
        return VolunteerAsked.model_validate(asked)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise _OUTSIDE[name].at(_OUTSIDE[name].field or name) from None


def _within(number: int, bounds: TypeAdapter[int], name: str) -> int:
    """A number that a contract can have. Raises Invalid."""
    try:
        return bounds.validate_python(number)
    except ValidationError:
        raise _OUTSIDE[name].at(_OUTSIDE[name].field or name) from None


def _first_day(values: Mapping[str, Any]) -> date | str | None:
    written = str(values.get("from_on") or "").strip()
    if not written:
        return None
    try:
        return _FIRST_DAY.validate_python(written)
    except ValidationError:
        raise Invalid(
            "The first day on which hours and pay hold is a day, or always.",
            "Write it as 2027-01-01 or always; leave it empty for today.",
            field="from_on",
        ) from None


def _written(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if value is None or isinstance(value, bool) or not str(value).strip():
        raise Invalid("This is needed, and is empty.", "Fill it in.", field=name)
    return _SPACES.sub("", str(value))[:LONGEST]


def _minutes(written: str) -> int:
    if found := _CLOCK.fullmatch(written):
        return _within(int(found[1]) * 60 + int(found[2]), _OF_CONTRACT, "contract_minutes")
    minutes = Decimal(written.replace(",", ".")) * 60 if _DECIMAL.fullmatch(written) else Decimal("0.5")
    if minutes != int(minutes):
        raise Invalid(
            "The hours of a contract are whole minutes.", "Write them as 35, 37,5 or 37:30.", field="contract_hours"
        )
    return _within(int(minutes), _OF_CONTRACT, "contract_minutes")


def _cents(written: str) -> int:
    if not _EUROS.fullmatch(written):
        raise Invalid(
            "The pay of an hour is euros, to the cent.", "Write it as 16,50, up to 10,000.", field="hourly_euros"
        )
    return _within(int(Decimal(written.replace(",", ".")) * 100), _OF_AN_HOUR, "hourly_cents")


def _of_day(weekday: int, written: str) -> list[UsualHours]:
    """The hours of one day; raises Invalid for what is none, or overlaps."""
    field = WEEKDAYS[weekday]
    told = list(_SPAN.finditer(written[:LONGEST]))
    if len(written) > LONGEST or not _BETWEEN.fullmatch(_SPAN.sub("", written)):
        raise _no_hours(field)
    try:
        spans = [Span(_MONDAY, time(int(one[1]), int(one[2])), time(int(one[3]), int(one[4]))) for one in told]
    except ValueError:
        raise _no_hours(field) from None
    except Invalid as refusal:
        raise Invalid(refusal.rule, refusal.remedy, field=field) from None
    if spans:
        _check_order(spans, field)
    return [UsualHours(weekday=weekday, starts_at=one.starts_at, ends_at=one.ends_at) for one in spans]


def _no_hours(field: str) -> Invalid:
    return Invalid(
        "The hours of a day are written from when until when, breaks left out.",
        "Write them as 09:00-12:30 13:30-17:00; leave a day empty on which nothing is worked.",
        field=field,
    )


def _check_order(spans: list[Span], field: str) -> None:
    try:
        Session(tuple(spans))
    except Invalid as refusal:
        raise Invalid(refusal.rule, refusal.remedy, field=field) from None


_OUTSIDE: Mapping[str, Invalid] = {
    "contract_minutes": Invalid(
        "A contract has from 1 to 48 hours a week.", "Give those of a week.", field="contract_hours"
    ),
    "hourly_cents": Invalid(
        "An hour is paid above zero.", "Give the gross pay of an hour, up to 10,000 euros.", field="hourly_euros"
    ),
    "timetable": Invalid("A usual week has 42 spans at most.", "Join those that touch.", field="monday"),
}


def written_work(
    contract_minutes: int, hourly_cents: int, timetable: Mapping[str, Any], from_on: date | None = None
) -> dict[str, str]:
    """The same as people write it, for a form: `read_work` reads it back. `from_on` None: it has always held."""
    hours, minutes = divmod(contract_minutes, 60)
    told = {
        "from_on": from_on.isoformat() if from_on else ALWAYS,
        "contract_hours": f"{hours}:{minutes:02}" if minutes else str(hours),
        "hourly_euros": f"{hourly_cents // 100},{hourly_cents % 100:02}",
    }
    days = {
        day: " ".join(f"{starts}-{ends}" for starts, ends in timetable.get(str(place), ()))
        for place, day in enumerate(WEEKDAYS)
    }
    return told | days
