"""Deadlines of a procedure's cases as they stood at an instant: met in time, missed, overdue and still open."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from db.models import Case, DeadlineRow
from domain.backlog.report import DeadlineEffect, DeadlinesOf


def deadline_effect(
    session: Session, procedure: str | None, days: tuple[date, date], at: datetime, zone: ZoneInfo
) -> DeadlineEffect | None:
    """The deadlines of as many days before the first as there are up to the last, of those days, and of the last;
    nothing after `at` counts. None for an activity whose cases are not in our register, and before
    the first day.

    Source: procedures, section 4 step 6
    """
    first, last = days
    if procedure is None or last < first:
        return None
    earlier = first - (last - first + timedelta(days=1))
    return DeadlineEffect(
        *(
            _deadlines_of(session, procedure, of_days, at, zone)
            for of_days in ((earlier, first - timedelta(days=1)), days, (last, last))
        )
    )


def _deadlines_of(
    session: Session, procedure: str, days: tuple[date, date], at: datetime, zone: ZoneInfo
) -> DeadlinesOf:
    first, last = days
    begins = datetime.combine(first, time(), zone)
    ends = min(datetime.combine(last + timedelta(days=1), time(), zone), at)
    due, met, off = DeadlineRow.due_at, DeadlineRow.met_at, DeadlineRow.cancelled_at
    in_time, dropped = and_(met.is_not(None), met <= due), and_(off.is_not(None), off <= due)
    still_open = and_(or_(met.is_(None), met >= ends), or_(off.is_(None), off >= ends))
    within = and_(due >= begins, due < ends)
    wanted = (
        select(
            func.count().filter(within, in_time),
            func.count().filter(within, ~in_time, ~dropped),
            func.count().filter(still_open),
        )
        .join(Case, Case.id == DeadlineRow.case_id)
        .where(Case.procedure == procedure, due < ends, or_(due >= begins, still_open))
    )
    kept, missed, overdue = session.execute(wanted).one()
    return DeadlinesOf(first, last, kept, missed, overdue)
