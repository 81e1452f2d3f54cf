"""The mailroom's day: it begins, the digest leaves, the post is closed. Source: the policy file"""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.calendar import Calendar
from domain.policy import ComplaintPolicy


class RoundKind(StrEnum):
    """What is done at one time of each working day."""

    DAY_BEGINS = "day_begins"
    DIGEST = "digest"
    POST = "post"


@dataclass(frozen=True)
class Round:
    """One round of one working day."""

    kind: RoundKind
    day: date
    at: datetime


def next_round(after: datetime, calendar: Calendar, policy: ComplaintPolicy) -> Round:
    """The first round after an instant. A day that became a closing day has none."""
    zone = ZoneInfo(policy.zone)
    day = after.astimezone(zone).date()
    if not calendar.is_working_day(day):
        day = calendar.next_working_day(day)
    while True:
        for kind, at in _times(policy).items():
            instant = datetime.combine(day, at, zone)
            if instant > after:
                return Round(kind, day, instant)
        day = calendar.next_working_day(day)


def _times(policy: ComplaintPolicy) -> dict[RoundKind, time]:
    mail = policy.mail
    return {
        RoundKind.DAY_BEGINS: mail.day_begins.at,
        RoundKind.DIGEST: mail.digest.at,
        RoundKind.POST: mail.post_closes.at,
    }
