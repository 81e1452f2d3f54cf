"""What a manager's board counts: how old open cases are, and in which window a deadline is due.

Ages are calendar days since reception, which everybody can count in their head; the deadlines themselves count working
days. Spans are half-open: from their start on, before their end.
Source: policy (our own choice)
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

ANSWERED_WITHIN = timedelta(days=30)
"""Over how long the share of answers in time is told."""
UNDECIDED_AFTER = timedelta(minutes=1)
"""A command that waits longer than this is shown as blocked."""


class AgeBand(StrEnum):
    """How many calendar days ago an open case was received."""

    DAYS_0_6 = "days_0_6"
    DAYS_7_13 = "days_7_13"
    DAYS_14_29 = "days_14_29"
    DAYS_30_59 = "days_30_59"
    DAYS_60_UP = "days_60_up"

    @classmethod
    def of(cls, received_on: date, today: date) -> Self:
        """The band that a case received on this day is in."""
        age = (today - received_on).days
        return next(band for band in reversed(cls) if age >= _FIRST_DAY[band] or band is cls.DAYS_0_6)

    def received(self, today: date) -> tuple[date | None, date | None]:
        """The days of reception that are in this band: from the first on, before the second; None where it is open."""
        older = next((band for band in AgeBand if _FIRST_DAY[band] > _FIRST_DAY[self]), None)
        starts = today - timedelta(days=_FIRST_DAY[older] - 1) if older else None
        ends = today - timedelta(days=_FIRST_DAY[self] - 1) if _FIRST_DAY[self] else None
        return starts, ends

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _AGES[self]


class DueWindow(StrEnum):
    """When an open deadline is due: it is late already, it will be by tonight, or in the seven days after today."""

    PAST_DUE = "past_due"
    TODAY = "today"
    NEXT_7_DAYS = "next_7_days"

    def span(self, now: datetime, zone: ZoneInfo) -> tuple[datetime | None, datetime]:
        """From which instant on, and before which; at its due instant itself a deadline is not late yet."""
        tomorrow = morning(now.astimezone(zone).date() + timedelta(days=1), zone)
        week_ends = morning(now.astimezone(zone).date() + timedelta(days=8), zone)
        return {
            DueWindow.PAST_DUE: (None, now),
            DueWindow.TODAY: (now, tomorrow),
            DueWindow.NEXT_7_DAYS: (tomorrow, week_ends),
        }[self]

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _WINDOWS[self]


class Blockage(StrEnum):
    """What keeps somebody from going on."""

    NOBODY_LEFT = "nobody_left"
    RAISED = "raised"
    UNBLOCK = "unblock"
    LETTER = "letter"
    COMMAND = "command"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _BLOCKAGES[self]


@dataclass(frozen=True)
class Today:
    """The instant at which a board is read (business time), and the insurer's zone."""

    now: datetime
    zone: ZoneInfo

    @property
    def day(self) -> date:
        """The local day."""
        return self.now.astimezone(self.zone).date()

    @property
    def monday(self) -> date:
        """The first day of this week."""
        return self.day - timedelta(days=self.day.weekday())


def morning(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day."""
    return datetime.combine(day, time(), zone)


_FIRST_DAY = {
    AgeBand.DAYS_0_6: 0,
    AgeBand.DAYS_7_13: 7,
    AgeBand.DAYS_14_29: 14,
    AgeBand.DAYS_30_59: 30,
    AgeBand.DAYS_60_UP: 60,
}
_AGES = {
    AgeBand.DAYS_0_6: "moins de 7 jours",
    AgeBand.DAYS_7_13: "de 7 à 13 jours",
    AgeBand.DAYS_14_29: "de 14 à 29 jours",
    AgeBand.DAYS_30_59: "de 30 à 59 jours",
    AgeBand.DAYS_60_UP: "60 jours et plus",
}
_WINDOWS = {
    DueWindow.PAST_DUE: "en retard",
    DueWindow.TODAY: "aujourd’hui",
    DueWindow.NEXT_7_DAYS: "dans les 7 jours",
}
_BLOCKAGES = {
    Blockage.NOBODY_LEFT: "tâche sans personne",
    Blockage.RAISED: "tâche remontée d’un niveau",
    Blockage.UNBLOCK: "déblocage demandé",
    Blockage.LETTER: "courrier en échec",
    Blockage.COMMAND: "commande en attente",
}
