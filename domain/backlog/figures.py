"""What people give of an activity and of its days, and when it cannot be right.

Source: procedures, section 4 step 1
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError

from domain.backlog.numbers import above_zero, zero_or_more
from domain.backlog.watch import Activity, DailyFigures
from domain.backlog.words import ActivityKind
from domain.civil import SaneDay
from domain.forms import Form, Line
from domain.refusals import Conflict, Invalid

_NUMBER = re.compile(r"[+-]?\d{1,12}([.,]\d{1,12})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,12}", re.ASCII)
_SPACES = re.compile(r"[\u202f\u00a0 ]")
COUNTS = ("stock", "inflow", "handled")
COLUMNS = ("day", "activity", *COUNTS, "minutes", "planned", "present")
"""The columns of a file of figures."""


def _number(written: object) -> object:
    """A number as people write it: "1 234,5" as well. Raises ValueError."""
    if isinstance(written, int | float | Decimal) and not isinstance(written, bool):
        return Decimal(repr(written)) if isinstance(written, float) else written
    typed = _SPACES.sub("", written) if isinstance(written, str) else ""
    if _NUMBER.fullmatch(typed):
        return Decimal(typed.replace(",", "."))
    raise ValueError("Write a number such as 12 or 0.40.")


def _whole(written: object) -> object:
    """A whole number, its thousands apart or not. Raises ValueError."""
    if isinstance(written, str) and _WHOLE.fullmatch(typed := _SPACES.sub("", written)):
        return int(typed)
    if isinstance(written, int) and not isinstance(written, bool):
        return written
    raise ValueError("Write a whole number such as 120.")


Quantity = Annotated[Decimal, BeforeValidator(_number), Field(json_schema_extra={"examples": [7]})]
"""What people count with decimals: hours, minutes, full-time people."""
Count = Annotated[int, BeforeValidator(_whole)]
ActivityId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
Name = Annotated[Line, StringConstraints(max_length=80)]


class ActivityFacts(Form):
    """What may change of an activity: its names, its standard in days of work, the hours of a day's work, the minutes
    of a usual file, its usual staff, the skill that it takes, whether it may be put aside, whether it still runs."""

    name_fr: Name = Field(examples=["Feuilles de soins"])
    name_en: Name = Field(examples=["Care invoices"])
    standard: Quantity = Field(examples=[5], description="days of work that may wait")
    hours: Quantity = Field(examples=[7], description="hours of a day's work")
    minutes: Quantity = Field(examples=[12], description="minutes of a usual file or call")
    staff: Quantity = Field(examples=[6], description="usual full-time people")
    skill: Name | None = None
    secondary: bool = Field(False, description="named in advance as one that may be put aside")
    active: bool = True


class NewActivity(ActivityFacts):
    """An activity under an id for life. `procedure` names the one whose cases are its figures."""

    id: ActivityId = Field(examples=["care-invoices"])
    kind: ActivityKind = ActivityKind.FILES
    procedure: Literal["complaint", "claim"] | None = Field(
        None, description="its figures are counted live from these cases of our own register"
    )


class FiguresLine(Form):
    """One activity on one day: `activity` is its id, or a name that it has or had.

    Of an activity of the register's only its people are said. What is left out is as usual.
    """

    activity: Name = Field(examples=["care-invoices"])
    stock: Count | None = Field(None, examples=[1180], description="what waits in the evening")
    inflow: Count | None = Field(None, examples=[290], description="what came in")
    handled: Count | None = Field(None, examples=[240], description="what was handled")
    minutes: Quantity | None = Field(None, description="minutes for each; usual ones if left out")
    planned: Quantity | None = Field(None, description="full-time people who should have been there")
    present: Quantity | None = Field(None, description="full-time people who were; all of them if left out")


class FileLine(FiguresLine):
    """A line of a file of figures."""

    day: SaneDay


class ActivityExists(Conflict):
    """Another activity has this id, or has or had this name."""


@dataclass(frozen=True)
class Measured:
    """What the rules know of the activity that figures are given of."""

    activity_id: str
    minutes: Decimal
    staff: Decimal
    of_register: bool
    active: bool


@dataclass(frozen=True)
class DayKept:
    """The figures of a day as they are kept; those of the register's own activities without what its cases say."""

    day: date
    stock: int | None
    inflow: int | None
    handled: int | None
    minutes: Decimal
    planned: Decimal
    present: Decimal

    def as_json(self) -> Mapping[str, Any]:
        """As the history of changes tells it."""
        numbers = {name: _plain(getattr(self, name)) for name in ("minutes", "planned", "present")}
        counts = {name: value for name in COUNTS if (value := getattr(self, name)) is not None}
        return counts | numbers


def check_activity(facts: ActivityFacts) -> None:
    """Its numbers make sense. Raises Invalid."""
    Activity(standard=facts.standard, hours=facts.hours)
    above_zero(facts.minutes, "minutes")
    zero_or_more(facts.staff, "staff")


def figures_of_day(line: FiguresLine, activity: Measured, day: date, today: date) -> DayKept:
    """A day's figures, checked. Raises Invalid for a day to come, a closed activity, counts that are missing, or are
    those of the register itself, and for numbers that cannot be.

    Source: procedures, section 4 step 1
    """
    check_day(day, today)
    _check_counts(line, activity)
    planned = activity.staff if line.planned is None else line.planned
    kept = DayKept(
        day=day,
        stock=line.stock,
        inflow=line.inflow,
        handled=line.handled,
        minutes=activity.minutes if line.minutes is None else line.minutes,
        planned=planned,
        present=planned if line.present is None else line.present,
    )
    zero_or_more(kept.planned, "planned")
    counts = (kept.stock or 0, kept.inflow or 0, kept.handled or 0)
    DailyFigures(day, *counts, minutes=kept.minutes, present=kept.present, absence=Decimal(0))
    return kept


def check_day(day: date, today: date) -> None:
    """Figures are of days that have been. Raises Invalid."""
    if day > today:
        raise Invalid(
            f"There are no figures of {day} yet: it is to come.",
            "Give those of today, or of a day before.",
            field="day",
        )


def _check_counts(line: FiguresLine, activity: Measured) -> None:
    given = [name for name in COUNTS if getattr(line, name) is not None]
    if not activity.active:
        raise Invalid(
            "This activity is closed: it has no figures any more.",
            "Correct the name, or open the activity again.",
            field="activity",
        )
    if activity.of_register and given:
        raise Invalid(
            "What waits, came in and was handled here is counted from the register’s own cases; nobody types it.",
            "Leave the three empty: only people and minutes are said.",
            field=given[0],
        )
    if not activity.of_register and len(given) < len(COUNTS):
        missing = next(name for name in COUNTS if name not in given)
        raise Invalid(
            "What waits, what came in and what was handled are given together.",
            "Fill in all three; 0 where there was none.",
            field=missing,
        )


def _plain(number: Decimal) -> float | int:
    return int(number) if number == number.to_integral_value() else float(number)


def read_line(values: Mapping[str, Any]) -> FileLine:
    """A line of a file. Raises Invalid, which names the field and never what was written there.

    Source: procedures, section 4 step 1 (entered or imported daily)
    """
    try:
        return FileLine.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = str(first["loc"][0])[:60]
    if first["type"] == "missing":
        raise Invalid("A field that every line needs is empty.", "Fill it in.", field=field)
    if first["type"] == "extra_forbidden":
        raise Invalid("No field has this name.", "Leave it out, or correct its name.", field=field)
    raise Invalid(_WRONG[field].rule, _WRONG[field].remedy, field=field)


_WHOLE_NUMBER = Invalid("A count is a whole number.", "Write it as 120.")
_DECIMAL = Invalid("Minutes and people are numbers.", "Write them as 12 or 7,5.")
_WRONG: Mapping[str, Invalid] = {
    "day": Invalid("A day is written year first.", "Write it as 2026-12-31."),
    "activity": Invalid("A name has 1 to 80 characters.", "Write it on one line."),
    **dict.fromkeys(COUNTS, _WHOLE_NUMBER),
    **dict.fromkeys(("minutes", "planned", "present"), _DECIMAL),
}
TWICE = Invalid(
    "An earlier line of the file says something else of this activity and day.",
    "Keep one of the two lines.",
    field="day",
)
