"""The calendar's days: public holidays are filled in once, closing days are the insurer's to add."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db.commands.command import receive_from_machine
from db.holidays_source import public_holidays
from db.models import CalendarDay, DeadlineRow
from db.queries.calendar import calendar
from domain.commands import MachineCommand
from domain.refusals import Conflict


class DayIsClosed(Conflict):
    """The insurer does not work on that day anyway."""


class DayIsPast(Conflict):
    """A closing day that is over can no longer move anything."""


def fill(session: Session, first_year: int, last_year: int, *, alsace_moselle: bool = False) -> int:
    """Put the public holidays of these years into the calendar; how many were not there yet."""
    rows = [
        {"day": day.day, "kind": day.kind, "name": day.name}
        for day in public_holidays(first_year, last_year, alsace_moselle=alsace_moselle)
    ]
    added = session.execute(insert(CalendarDay).on_conflict_do_nothing().returning(CalendarDay.day), rows)
    return len(added.all())


def add_closing_day(session: Session, day: date, name: str, *, at: datetime, today: date) -> int:
    """The insurer is closed on that day: what is not yet due is counted again; how many cases that may concern.

    Raises DayIsPast, DayIsClosed. Source: procedures, section 0
    """
    if day <= today:
        raise DayIsPast(f"{day} is not in the future.", "What is past is never counted again: give a coming day.")
    if not calendar(session).is_working_day(day):
        raise DayIsClosed(f"Nobody works on {day} anyway.", "There is nothing to add.")
    session.add(CalendarDay(day=day, kind="closing_day", name=name))
    cases = _with_open_deadlines(session)
    for case_id in cases:
        about, body = day.isoformat(), {"because": f"closing day {day.isoformat()}"}
        receive_from_machine(session, MachineCommand(case_id, "recount", at, about, body))
    return len(cases)


def _with_open_deadlines(session: Session) -> list[UUID]:
    wanted = select(DeadlineRow.case_id).where(DeadlineRow.met_at.is_(None), DeadlineRow.cancelled_at.is_(None))
    return list(session.scalars(wanted.distinct().order_by(DeadlineRow.case_id)))
