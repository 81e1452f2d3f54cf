"""The calendar of an insurer: working days, jours ouvrables, months; every count can be told day by day."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

_ONE_DAY = timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6


class Reason(StrEnum):
    """Why a day counts, does not count, or was chosen: one line of an explanation."""

    RECEPTION_DAY = "reception_day"
    SENDING_DAY = "sending_day"
    SENT_DATE_UNKNOWN = "sent_date_unknown"
    WRITTEN_COMPLAINT_AWAITED = "written_complaint_awaited"
    HOLDING_LETTER_DAY = "holding_letter_day"
    HELD_BACK_BY_LIMIT = "held_back_by_limit"
    REQUEST_DAY = "request_day"
    REOPENING_DAY = "reopening_day"
    PLANNING_DAY = "planning_day"
    LAUNCH_DAY = "launch_day"
    DELIVERY_END_DAY = "delivery_end_day"
    VALIDATION_DAY = "validation_day"
    MEETING_DAY = "meeting_day"
    END_OF_YEAR = "end_of_year"
    AGREEMENT_DAY = "agreement_day"
    PLAN_REQUEST_DAY = "plan_request_day"
    DELIVERY_DAY = "delivery_day"
    VERIFICATION_DAY = "verification_day"
    POSTPONEMENT_DAY = "postponement_day"
    ACCEPTANCE_DAY = "acceptance_day"
    EXECUTION_DAY = "execution_day"
    CLOCK_STOPPED = "clock_stopped"
    CLOCK_RESUMED = "clock_resumed"
    DAYS_LATER = "days_later"
    WORKING_DAY = "working_day"
    JOUR_OUVRABLE = "jour_ouvrable"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    PUBLIC_HOLIDAY = "public_holiday"
    CLOSING_DAY = "closing_day"
    SAME_DAY_NUMBER = "same_day_number"
    LAST_DAY_OF_MONTH = "last_day_of_month"
    LAST_WORKING_DAY = "last_working_day"


@dataclass(frozen=True)
class Step:
    """One day of an explanation: its date, its ordinal when it counts, and why.

    `counted` is 1, 2, 3… going forward, -1, -2… going back, None for a day that does not count.
    `name` is the holiday's or the closing day's own name, or the day number that a short month lacks.
    """

    on: date
    counted: int | None
    reason: Reason
    name: str = ""

    def as_json(self) -> dict[str, str | int | None]:
        """What is stored beside a deadline; `from_json` reads it back."""
        return {
            "date": self.on.isoformat(),
            "counted": self.counted,
            "reason": self.reason.value,
            "name": self.name,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, str | int | None]) -> Self:
        """Read what `as_json` wrote."""
        counted = row["counted"]
        return cls(
            on=date.fromisoformat(str(row["date"])),
            counted=None if counted is None else int(counted),
            reason=Reason(str(row["reason"])),
            name=str(row["name"]),
        )


@dataclass(frozen=True)
class Count:
    """Where a count lands, and its day-by-day explanation (the day it starts from is not in it)."""

    lands_on: date
    steps: tuple[Step, ...] = ()


class DateNotCoveredError(LookupError):
    """The holiday table ends before the date asked for: better no answer than a wrong one."""

    def __init__(self, day: date, calendar: "Calendar") -> None:
        super().__init__(
            f"{day} is outside the calendar, which knows the public holidays from {calendar.first_day} "
            f"to {calendar.last_day}: add the public holidays of {day.year} to it."
        )
        self.day = day


@dataclass(frozen=True)
class Calendar:
    """The days on which the insurer works, between `first_day` and `last_day` (both included).

    `public_holidays` are the national ones, plus those of Alsace-Moselle where the insurer adds them;
    `closing_days` are the insurer's own. Both map a date to its name. Any question about a day outside
    the covered span raises `DateNotCoveredError`.
    Source: procedures, section 0.
    """

    public_holidays: Mapping[date, str]
    first_day: date
    last_day: date
    closing_days: Mapping[date, str] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """A working day (jour ouvré) is Monday to Friday, neither a public holiday nor a closing day."""
        return self._not_a_working_day(day) is None

    def is_ouvrable(self, day: date) -> bool:
        """A jour ouvrable is Monday to Saturday, not a public holiday.

        The insurer's own closing days are jours ouvrables: closing must not lengthen a legal count.
        Source: procedures, section 0.
        """
        return self._not_an_ouvrable(day) is None

    def next_working_day(self, day: date) -> date:
        """The first working day after this day."""
        return self.add_working_days(day, 1)

    def previous_working_day(self, day: date) -> date:
        """The last working day before this day."""
        return self.add_working_days(day, -1)

    def add_working_days(self, start: date, n: int) -> date:
        """The n-th working day after the start, or before it when n is negative; the start does not count."""
        return self.count_working_days(start, n).lands_on

    def add_jours_ouvrables(self, start: date, n: int) -> date:
        """The n-th jour ouvrable after the start, or before it when n is negative."""
        return self.count_jours_ouvrables(start, n).lands_on

    def working_day_on_or_before(self, day: date) -> date:
        """A target that must not be passed is brought back to the last working day, never rolled forward."""
        return self.bring_back(day).lands_on

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after the start and up to the end, the end included."""
        return sum(self.is_working_day(day) for day in _days_after(start, end))

    def half_of_working_days(self, start: date, end: date) -> date:
        """The day on which half of the working days between start and end is reached."""
        return self.count_half(start, end).lands_on

    def count_working_days(self, start: date, n: int) -> Count:
        """As `add_working_days`, with the day-by-day explanation; 0 days land on the start itself."""
        return _count(start, n, self._not_a_working_day, Reason.WORKING_DAY)

    def count_jours_ouvrables(self, start: date, n: int) -> Count:
        """As `add_jours_ouvrables`, with the day-by-day explanation."""
        return _count(start, n, self._not_an_ouvrable, Reason.JOUR_OUVRABLE)

    def count_half(self, start: date, end: date) -> Count:
        """Half of the working days, rounded down so that no reminder comes too late, and one day at least.

        Where no working day lies between them, the end itself.
        """
        total = self.working_days_between(start, end)
        return self.count_working_days(start, max(1, total // 2)) if total else Count(end)

    def bring_back(self, day: date) -> Count:
        """As `working_day_on_or_before`, with the days that were passed over on the way back."""
        steps: list[Step] = []
        while off := self._not_a_working_day(day):
            steps.append(off)
            day -= _ONE_DAY
        return Count(day, (*steps, Step(day, None, Reason.LAST_WORKING_DAY)))

    def _not_a_working_day(self, day: date) -> Step | None:
        if off := self._not_an_ouvrable(day):
            return off
        if day.weekday() == _SATURDAY:
            return Step(day, None, Reason.SATURDAY)
        if day in self.closing_days:
            return Step(day, None, Reason.CLOSING_DAY, self.closing_days[day])
        return None

    def _not_an_ouvrable(self, day: date) -> Step | None:
        if not self.first_day <= day <= self.last_day:
            raise DateNotCoveredError(day, self)
        if day in self.public_holidays:
            return Step(day, None, Reason.PUBLIC_HOLIDAY, self.public_holidays[day])
        if day.weekday() == _SUNDAY:
            return Step(day, None, Reason.SUNDAY)
        return None


def count_months(start: date, months: int) -> Count:
    """Months are counted date to date, or to the month's last day where that date does not exist.

    Source: procedures, section 0.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last_day = monthrange(year, month + 1)[1]
    day = date(year, month + 1, min(start.day, last_day))
    if day.day == start.day:
        return Count(day, (Step(day, months, Reason.SAME_DAY_NUMBER),))
    return Count(day, (Step(day, months, Reason.LAST_DAY_OF_MONTH, str(start.day)),))


def add_months(start: date, months: int) -> date:
    """The same day number that many months later, or that month's last day."""
    return count_months(start, months).lands_on


def count_days(start: date, days: int) -> Count:
    """Civil days: Sundays and public holidays count like all others."""
    day = start + _ONE_DAY * days
    return Count(day, (Step(day, days, Reason.DAYS_LATER),))


def _count(start: date, n: int, off: Callable[[date], Step | None], counts_as: Reason) -> Count:
    direction = 1 if n > 0 else -1
    day, counted = start, 0
    steps: list[Step] = []
    while counted != n:
        day += _ONE_DAY * direction
        skipped = off(day)
        counted += 0 if skipped else direction
        steps.append(skipped or Step(day, counted, counts_as))
    return Count(day, tuple(steps))


def _days_after(start: date, end: date) -> list[date]:
    return [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
