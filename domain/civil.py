"""Civil time: the local date of an instant, where the insurer is."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def local_date(at: datetime, zone: str) -> date:
    """The civil date of an instant in a zone."""
    return at.astimezone(ZoneInfo(zone)).date()
