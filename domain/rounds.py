"""The mailroom's day: in the morning it begins and the digest leaves, in the afternoon the post is closed.

Source: the policy file
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.calendar import Calendar
from domain.policy import ComplaintPolicy


class RoundKind(StrEnum):
    """What is done at one time of each working day."""

    MORNING = "morning"
    POST = "post"


@dataclass(frozen=True)
class Round:
    """One round of one working day."""

    kind: RoundKind
    day: date
    at: datetime


def coming_rounds(after: datetime, days: int, calendar: Calendar, policy: ComplaintPolicy) -> tuple[Round, ...]:
    """The rounds of the next working days after an instant, in their order."""
    zone = ZoneInfo(policy.zone)
    day = after.astimezone(zone).date()
    if not calendar.is_working_day(day):
        day = calendar.next_working_day(day)
    rounds: list[Round] = []
    for _ in range(days):
        rounds += [Round(kind, day, datetime.combine(day, at, zone)) for kind, at in _times(policy).items()]
        day = calendar.next_working_day(day)
    return tuple(one for one in rounds if one.at > after)


def _times(policy: ComplaintPolicy) -> dict[RoundKind, time]:
    return {RoundKind.MORNING: policy.mail.digest.at, RoundKind.POST: policy.mail.post_closes.at}
