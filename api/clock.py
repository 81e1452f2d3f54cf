"""Business time, as the API tells it. Stories and rehearsals put a clock of their own in its place."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is for the business."""

    def now(self) -> datetime:
        """The instant, with its zone."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The instant, in UTC."""
        return datetime.now(UTC)
