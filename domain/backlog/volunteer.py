"""Volunteers: what has to be known of somebody's work before they may work more, and be paid for it.

Source: procedures, section 4 steps 3 to 5
"""

from datetime import date, time
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from domain.backlog.hours import Session, Span
from domain.civil import within_years
from domain.forms import Form
from domain.refusals import FourEyes, Invalid

ContractMinutes = Annotated[int, Field(ge=60, le=48 * 60)]
HourlyCents = Annotated[int, Field(ge=1, le=1_000_000)]
_A_MONDAY = date(2024, 1, 1)
"""Whichever: a usual week is that of any."""
ALWAYS = "always"
"""In place of a first day: it has always held."""


def _written_as_first_day(given: object) -> object:
    """Raises ValueError for what is neither a day nor `always`."""
    if given == ALWAYS:
        return given
    if isinstance(given, str) and len(given) == _LENGTH:
        return within_years(date.fromisoformat(given))
    if type(given) is date:
        return within_years(given)
    raise ValueError("write a day as 2026-12-31, or always")


_LENGTH = len("2026-12-31")
FirstDay = Annotated[date | Literal["always"], BeforeValidator(_written_as_first_day)]
"""The first day on which something holds, or `always`."""


class UsualHours(Form):
    """Work without a break on a weekday of the usual week, 0 for Monday."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    starts_at: time
    ends_at: time


class VolunteerAsked(Form):
    """The weekly minutes of somebody's contract, the gross pay of an hour, and the hours of their usual week; from
    which day on they hold. Left out, that is today, so that nothing of the past changes; or always, of somebody of whom
    nothing was known.

    Source: procedures, section 4 steps 3 to 5
    """

    contract_minutes: ContractMinutes
    hourly_cents: HourlyCents
    timetable: Annotated[tuple[UsualHours, ...], Field(max_length=42)]
    from_on: FirstDay | None = Field(
        None,
        description="the first day on which they hold, or `always`; left out: today, or always where nothing was known",
        examples=["2027-01-01"],
    )

    def check(self, person_id: UUID, by: UUID | None) -> None:
        """Nobody says what they earn themselves; the hours of a day follow each other. Raises FourEyes, Invalid.

        `by` is None for whoever runs the programs.
        """
        if person_id == by:
            raise FourEyes("Nobody enters their own hours and pay.", "Ask somebody else to do it.")
        for weekday in {one.weekday for one in self.timetable}:
            if weekday == 6:
                raise Invalid(
                    "The usual week has no hours on Sunday, the day of rest.", "Leave them out.", field="timetable"
                )
            Session(
                tuple(
                    Span(_A_MONDAY, *_hours(one))
                    for one in sorted(self.timetable, key=_hours)
                    if one.weekday == weekday
                )
            )


def _hours(one: UsualHours) -> tuple[time, time]:
    return one.starts_at, one.ends_at


def timetable_told(asked: VolunteerAsked) -> dict[str, Any]:
    """The usual week as it is kept: weekday → from when until when."""
    days = sorted({one.weekday for one in asked.timetable})
    return {
        str(day): [
            [one.starts_at.isoformat("minutes"), one.ends_at.isoformat("minutes")]
            for one in sorted(asked.timetable, key=_hours)
            if one.weekday == day
        ]
        for day in days
    }
