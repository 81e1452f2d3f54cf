"""The insurer's calendar, as a value that the rules can count on."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import CalendarDay
from domain.calendar import Calendar


class NoCalendarError(LookupError):
    """The table of public holidays is empty: no deadline can be counted."""


def calendar(session: Session) -> Calendar:
    """Public holidays and closing days; it covers the years that have holidays in the table."""
    days = session.execute(select(CalendarDay.day, CalendarDay.kind, CalendarDay.name)).all()
    holidays = {row.day: row.name for row in days if row.kind == "public_holiday"}
    if not holidays:
        raise NoCalendarError("The calendar has no public holidays: run `echeance calendar fill` first.")
    return Calendar(
        public_holidays=holidays,
        first_day=date(min(holidays).year, 1, 1),
        last_day=date(max(holidays).year, 12, 31),
        closing_days={row.day: row.name for row in days if row.kind == "closing_day"},
    )
