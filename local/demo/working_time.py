"""When the people of the demo work: on working days, from nine to half past five."""

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from domain.calendar import Calendar

_OPENS, _CLOSES = time(9, 0), time(17, 30)
_MINUTES = 500


def soon(after: datetime, days: int, calendar: Calendar, zone: ZoneInfo, chance: Random) -> datetime:
    """An instant so many working days later; on the same day, one or two hours later, or the next morning."""
    local = after.astimezone(zone)
    if days > 0:
        return _on(calendar.add_working_days(local.date(), days), zone, chance.randrange(_MINUTES))
    at = local + timedelta(minutes=chance.randrange(40, 150))
    if calendar.is_working_day(at.date()) and _OPENS <= at.time() <= _CLOSES:
        return at
    day = at.date() if at.time() < _OPENS and calendar.is_working_day(at.date()) else None
    return _on(day or calendar.next_working_day(at.date()), zone, chance.randrange(90))


def _on(day: date, zone: ZoneInfo, minutes: int) -> datetime:
    return datetime.combine(day, _OPENS, zone) + timedelta(minutes=minutes)
