"""Volunteers: what has to be known of somebody's work before they may work more, and be paid for it.

Source: procedures, section 4 steps 3 to 5
"""

from datetime import date, time
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from domain.backlog.hours import Session, Span
from domain.forms import Form
from domain.refusals import FourEyes, Invalid

ContractMinutes = Annotated[int, Field(ge=60, le=48 * 60)]
HourlyCents = Annotated[int, Field(ge=1, le=1_000_000)]
_A_MONDAY = date(2024, 1, 1)
"""Whichever: a usual week is that of any."""


class UsualHours(Form):
    """Work without a break on a weekday of the usual week, 0 for Monday."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    starts_at: time
    ends_at: time


class VolunteerAsked(Form):
    """The weekly minutes of somebody's contract, the gross pay of an hour, and the hours of their usual week."""

    contract_minutes: ContractMinutes
    hourly_cents: HourlyCents
    timetable: Annotated[tuple[UsualHours, ...], Field(max_length=42)]

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
