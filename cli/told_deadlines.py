"""What `echeance deadlines` answers: words from the command line in, deadlines and their reasons out."""

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from db.holidays_source import YearsNotKnownError, calendar_from_library
from db.policy_file import DEFAULT_PATH, load
from domain.calendar import Calendar
from domain.complaint.deadlines import ComplaintDates, complaint_deadlines
from domain.complaint.words import Channel
from domain.deadlines import Deadline
from domain.explanations import long_date, tell
from domain.policy import PolicyBook, PolicyVersion, Unit

_UNITS = {
    Unit.WORKING_DAYS: "working days",
    Unit.JOURS_OUVRABLES: "jours ouvrables",
    Unit.MONTHS: "months",
}


class CannotTellError(ValueError):
    """What was asked cannot be computed: one sentence that names the remedy."""


@dataclass(frozen=True)
class Asked:
    """The words of the command line; None where an option was left out."""

    received: str
    sent: str | None = None
    channel: str = Channel.LETTER.value
    policy_on: str | None = None
    policy: Path | None = None


@dataclass(frozen=True)
class Told:
    """The five deadlines, with what they were computed from; `day` decided which policy version applies."""

    dates: ComplaintDates
    day: date
    version: PolicyVersion
    deadlines: tuple[Deadline, ...]

    @property
    def notice(self) -> str:
        """What was received before the first policy is handled under it, and says so; otherwise empty."""
        if not self.version.is_retroactive_on(self.day):
            return ""
        first = f"{self.version.name}, in force from {self.version.in_force_from}"
        return f"{self.day} is before the first policy: handled under {first}."

    def as_json(self) -> str:
        """`{"deadlines": [...]}`, as the API tells them, with English sentences."""
        told = [deadline.as_json("en") for deadline in self.deadlines]
        return json.dumps({"deadlines": told}, ensure_ascii=False, indent=2)

    def as_text(self) -> str:
        """A table of the five, then the days of each."""
        sent = f"sent on {self.dates.sent_on}" if self.dates.sent_on else "sent date unknown"
        version = f"{self.version.name} of {self.version.in_force_from}"
        head = f"Complaint received on {self.dates.received_on}, {sent}; {version}."
        table = "\n".join(_row(deadline) for deadline in self.deadlines)
        return "\n\n".join([head, table, *map(_day_by_day, self.deadlines)])


def tell_complaint(asked: Asked) -> Told:
    """The deadlines of a complaint, from the policy file and the library's public holidays.

    Raises CannotTellError for a date, a channel or a policy file that cannot be.
    Source: procedures, section 1, steps 4 and 6.
    """
    try:
        return _tell(asked)
    except (ValueError, YearsNotKnownError) as refusal:
        raise CannotTellError(str(refusal)) from refusal


def _tell(asked: Asked) -> Told:
    dates = _dates(asked)
    book = load(asked.policy or DEFAULT_PATH)
    day = dates.received_on if asked.policy_on is None else _day("--policy-on", asked.policy_on)
    version = book.in_force_on(day)
    return Told(dates, day, version, complaint_deadlines(dates, _calendar(dates, book), version))


def _dates(asked: Asked) -> ComplaintDates:
    if asked.channel not in list(Channel):
        raise ValueError(f"--channel {asked.channel!r} is not known: write one of {', '.join(Channel)}.")
    sent_on = None if asked.sent is None else _day("--sent", asked.sent)
    return ComplaintDates(_day("--received", asked.received), sent_on, Channel(asked.channel))


def _day(option: str, text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(f"{option} {text!r} is not a date: write year-month-day, such as 2025-04-29.")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{option} {text} does not exist: check the month and the day.") from error


def _calendar(dates: ComplaintDates, book: PolicyBook) -> Calendar:
    years = [day.year for day in (dates.received_on, dates.sent_on) if day]
    return calendar_from_library(min(years), max(years) + 1, alsace_moselle=book.insurer.alsace_moselle)


def _row(deadline: Deadline) -> str:
    due = f"{deadline.due_at:%a %Y-%m-%d %H:%M}"
    return f"{deadline.name.value:<22}{due}   {_counts(deadline)}"


def _counts(deadline: Deadline) -> str:
    return f"{deadline.count} {_UNITS[deadline.unit]} from {deadline.starts_on}"


def _day_by_day(deadline: Deadline) -> str:
    head = f"{deadline.name.value}: {_counts(deadline)}, due {long_date(deadline.due_on, 'en')}"
    days = (f"  {tell(step, 'en')}" for step in deadline.explanation)
    return "\n".join([head, f"  Source: {deadline.source.citation}", *days])
