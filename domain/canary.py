"""The canary deadline: how often it fires, and when its silence means that timers do not fire. Source: policy"""

from dataclasses import dataclass
from datetime import datetime, timedelta

EVERY = timedelta(minutes=5)
SILENT_AFTER = timedelta(minutes=12)


@dataclass(frozen=True)
class Beat:
    """The canary's timer fired: when it was due, and when it did."""

    due_at: datetime
    fired_at: datetime


def is_silent(last_fired_at: datetime | None, now: datetime) -> bool:
    """Whether the canary has been silent for too long: then no deadline's timer can be trusted."""
    return last_fired_at is None or now - last_fired_at > SILENT_AFTER
