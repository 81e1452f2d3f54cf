"""The mailroom's day: in the morning it begins and the digest leaves, in the afternoon the post is closed. At night,
working day or not, the journals' checkpoint is made.

Source: the policy file
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.calendar import Calendar
from domain.policy import Office


class RoundKind(StrEnum):
    """What is done at one time of each working day; the checkpoint, of every day."""

    MORNING = "morning"
    POST = "post"
    CHECKPOINT = "checkpoint"


CHECKPOINT_AT = time(22, 0)
"""When nobody works any more: what was done that day is under that day's checkpoint."""


@dataclass(frozen=True)
class Round:
    """One round of one day."""

    kind: RoundKind
    day: date
    at: datetime


def coming_rounds(after: datetime, days: int, calendar: Calendar, office: Office) -> tuple[Round, ...]:
    """The rounds after an instant, in their order, until so many working days are over."""
    zone = ZoneInfo(office.zone)
    day = after.astimezone(zone).date()
    rounds: list[Round] = []
    while days > 0:
        works = calendar.is_working_day(day)
        times = _working_times(office) if works else {}
        rounds += [Round(kind, day, datetime.combine(day, at, zone)) for kind, at in times.items()]
        rounds.append(Round(RoundKind.CHECKPOINT, day, datetime.combine(day, CHECKPOINT_AT, zone)))
        days -= works
        day += timedelta(days=1)
    return tuple(sorted((one for one in rounds if one.at > after), key=lambda one: one.at))


def late_rounds(missed: Iterable[date], after: datetime, coming: Iterable[Round]) -> tuple[Round, ...]:
    """The post of past days that nobody closed: closed at once during a working day, otherwise with the next morning's
    round. What is on its manifest is handed over then, and not before.
    """
    first = next(one for one in coming if one.kind is not RoundKind.CHECKPOINT)
    closes_today = first.kind is RoundKind.POST and after.astimezone(first.at.tzinfo).date() == first.day
    return tuple(Round(RoundKind.POST, day, after if closes_today else first.at) for day in missed)


def _working_times(office: Office) -> dict[RoundKind, time]:
    return {RoundKind.MORNING: office.mail.digest.at, RoundKind.POST: office.mail.post_closes.at}
