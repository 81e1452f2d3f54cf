"""Deadlines: by when something must be done, and why that day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from domain.calendar import Step
from domain.explanations import tell
from domain.policy import Office, Unit
from domain.sources import Source

BY_ITSELF_WITHIN = timedelta(hours=1)
"""Instants of one day are spread over minutes: what the procedure does by itself at one is in time within this."""


def met_late(due_at: datetime, met_at: datetime, *, by_itself: bool) -> bool:
    """Somebody is late after the very instant; what the procedure does by itself at it, an hour later, and no sooner.

    Source: policy
    """
    return met_at > due_at + (BY_ITSELF_WITHIN if by_itself else timedelta(0))


@dataclass(frozen=True)
class Deadline:
    """By when something must be done, and why that day.

    `due_at` is `due_on` at the policy's due time, in its zone; the deadline counts `count` of `unit` from
    `starts_on`, and `explanation` tells the way from there to `due_on`, day by day.
    """

    name: StrEnum
    due_on: date
    due_at: datetime
    unit: Unit
    count: int
    starts_on: date
    source: Source
    explanation: tuple[Step, ...]

    def is_late_at(self, instant: datetime) -> bool:
        """What happens at the due instant itself is in time; after it, late."""
        return instant > self.due_at

    def as_json(self, language: str = "fr") -> dict[str, Any]:
        """What the API and the command line tell: dates in ISO 8601, sentences in French or English."""
        return {
            "name": self.name.value,
            "due_on": self.due_on.isoformat(),
            "due_at": self.due_at.isoformat(),
            "unit": self.unit.value,
            "count": self.count,
            "starts_on": self.starts_on.isoformat(),
            "source": self.source.citation,
            "explanation": [step.as_json() | {"text": tell(step, language)} for step in self.explanation],
        }


def due_instant(due_on: date, office: Office) -> datetime:
    """The policy's due time of that day, on the clocks of its zone: 17:00 stays 17:00 when the clocks change.

    Source: policy.
    """
    return datetime.combine(due_on, office.due_time.at, tzinfo=ZoneInfo(office.zone))
