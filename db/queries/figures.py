"""Activities and their figures day by day: what was typed or imported, or what our own register's cases say, live."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import accumulate
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db.models import ActivityRow, Case, DailyFiguresRow, FigureChange, StaffMember
from db.queries.calendar import calendar
from domain.backlog.hours import days
from domain.backlog.watch import Activity, DailyFigures

LONGEST_CLOSING = timedelta(days=14)
"""No insurer is closed for longer: so far back is looked for the working day before."""


@dataclass(frozen=True)
class Staffed:
    """Who should have been there, who was, and in how many minutes each thing was handled."""

    planned: Decimal
    present: Decimal
    minutes: Decimal


def activities(session: Session, *, active_only: bool = True) -> Sequence[ActivityRow]:
    """The activities by their French name."""
    wanted = select(ActivityRow).order_by(ActivityRow.name_fr, ActivityRow.id)
    return session.scalars(wanted.where(ActivityRow.active) if active_only else wanted).all()


def activity_called(session: Session, name: str) -> ActivityRow | None:
    """The activity with this id, or with this name of today or of the past, in either language."""
    wanted = name.strip().casefold()
    return next((one for one in activities(session, active_only=False) if wanted in names_of(one)), None)


def names_of(activity: ActivityRow) -> set[str]:
    """All that an activity is or was called, in small letters."""
    return {one.casefold() for one in (activity.id, activity.name_fr, activity.name_en, *activity.former_names)}


def measured(activity: ActivityRow) -> Activity:
    """What the rules need to know of it."""
    return Activity(standard=activity.standard, hours=activity.hours)


def days_of(session: Session, activity: ActivityRow, first: date, last: date, zone: str) -> list[DailyFigures]:
    """The figures of an activity from the first to the last day, both included, the earliest first; no day is made up.

    Of the register's own activities each working day has some: what came or ended on days off is counted on the next
    working day. `zone` is where the insurer's days begin.
    Source: procedures, section 4 step 1
    """
    kept = {row.day: row for row in session.scalars(_kept(activity, first, last))}
    if activity.procedure is None:
        return [_typed(row) for row in kept.values()]
    return _counted(session, activity, kept, _working_days(session, first, last), ZoneInfo(zone))


def working_days_without(session: Session, activity: ActivityRow, first: date, last: date) -> list[date]:
    """The working days from the first to the last, since figures are wanted, of which nothing was given.

    Source: procedures, section 4 step 1
    """
    if activity.procedure is not None:
        return []
    known, given = calendar(session), {row.day for row in session.scalars(_kept(activity, first, last))}
    wanted = days(max(first, activity.since, known.first_day), min(last, known.last_day))
    return [day for day in wanted if known.is_working_day(day) and day not in given]


def _kept(activity: ActivityRow, first: date, last: date) -> Select[DailyFiguresRow]:
    return (
        select(DailyFiguresRow)
        .where(DailyFiguresRow.activity_id == activity.id, DailyFiguresRow.day.between(first, last))
        .order_by(DailyFiguresRow.day)
    )


def _typed(row: DailyFiguresRow) -> DailyFigures:
    assert row.stock is not None
    assert row.inflow is not None
    assert row.handled is not None
    return _figures(row.day, (row.stock, row.inflow, row.handled), Staffed(row.planned, row.present, row.minutes))


def _figures(on: date, counts: tuple[int, int, int], staffed: Staffed) -> DailyFigures:
    stock, inflow, handled = counts
    return DailyFigures(
        on=on,
        stock=stock,
        inflow=inflow,
        handled=handled,
        minutes=staffed.minutes,
        present=staffed.present,
        absence=absence(staffed.planned, staffed.present),
    )


def absence(planned: Decimal, present: Decimal) -> Decimal:
    """The share of those who should have been there who were not; whoever came on top of them makes it no less."""
    away = max(planned - present, Decimal(0))
    return (away / planned).quantize(Decimal("0.0001")) if planned else Decimal(0)


def _working_days(session: Session, first: date, last: date) -> list[date]:
    """The working days, and before them the last one that is not among them any more: where the first begins."""
    known = calendar(session)
    first_known, last_known = max(first - LONGEST_CLOSING, known.first_day), min(last, known.last_day)
    at_work = [day for day in days(first_known, last_known) if known.is_working_day(day)]
    before = [day for day in at_work if day < first]
    return [*before[-1:], *(day for day in at_work if day >= first)]


def _counted(
    session: Session, activity: ActivityRow, kept: dict[date, DailyFiguresRow], at_work: list[date], zone: ZoneInfo
) -> list[DailyFigures]:
    """From the cases that are open now, back to the evening of each day: what came since is taken off, what ended
    since put back."""
    ends = [datetime.combine(day + timedelta(days=1), time(), zone) for day in at_work]
    if len(ends) < 2:
        return []
    of_register = Case.procedure == activity.procedure
    open_now = session.scalar(select(func.count()).where(of_register, Case.ended_at.is_(None))) or 0
    opened = _since_each(session.scalars(select(Case.opened_at).where(of_register, Case.opened_at >= ends[0])), ends)
    ended = _since_each(session.scalars(select(Case.ended_at).where(of_register, Case.ended_at >= ends[0])), ends)
    stocks = [open_now + gone - come for come, gone in zip(opened, ended, strict=True)]
    found = []
    for n in range(1, len(ends)):
        counts = (stocks[n], opened[n - 1] - opened[n], ended[n - 1] - ended[n])
        found.append(_figures(at_work[n], counts, _staffed(activity, kept.get(at_work[n]))))
    return found


def _since_each(instants: Iterable[datetime | None], ends: list[datetime]) -> list[int]:
    """How many of the instants lie at or after each of the ends."""
    by_gap = Counter(bisect_right(ends, one) - 1 for one in instants if one is not None)
    return list(accumulate(by_gap[n] for n in reversed(range(len(ends)))))[::-1]


def _staffed(activity: ActivityRow, kept: DailyFiguresRow | None) -> Staffed:
    """What was said of the day's people; the usual ones where nothing was."""
    if kept is not None:
        return Staffed(kept.planned, kept.present, kept.minutes)
    return Staffed(activity.staff, activity.staff, activity.minutes)


def changes_of(session: Session, activity_id: str, limit: int) -> list[tuple[FigureChange, str | None]]:
    """What was changed of an activity or of its figures, the newest first, and the name of whoever has."""
    wanted = (
        select(FigureChange, StaffMember.name)
        .outerjoin(StaffMember, StaffMember.id == FigureChange.by_id)
        .where(FigureChange.activity_id == activity_id)
        .order_by(FigureChange.id.desc())
        .limit(limit)
    )
    return [(change, name) for change, name in session.execute(wanted)]


def rows_of(session: Session, day: date) -> dict[str, DailyFiguresRow]:
    """What was given of a day, by activity."""
    return {row.activity_id: row for row in session.scalars(select(DailyFiguresRow).where(DailyFiguresRow.day == day))}
