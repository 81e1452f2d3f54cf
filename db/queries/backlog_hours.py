"""When volunteers work: their usual week without absences and holidays, and the places that they have in sessions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Absence, AttendanceRow, SessionRow, SignUpRow, StaffMember, VolunteerRow
from db.queries.calendar import calendar
from domain.backlog.case import PaidLeaves
from domain.backlog.hours import (
    KnownHours,
    Span,
    Timetable,
    days,
    first_minutes,
    monday_of,
    usual_hours,
    worked,
)
from domain.backlog.pay import Attended, Work
from domain.backlog.payroll import Worker
from domain.backlog.words import SignUpStatus
from domain.calendar import Calendar
from domain.refusals import Invalid


def timetable_of(row: VolunteerRow) -> Timetable:
    """Somebody's usual week, as the rules see it."""
    return {
        int(weekday): tuple((time.fromisoformat(starts), time.fromisoformat(ends)) for starts, ends in spans)
        for weekday, spans in row.timetable.items()
    }


def hours_of(
    session: Session,
    rows: Sequence[VolunteerRow],
    between: tuple[date, date],
    known: Calendar,
    away: Mapping[UUID, set[date]],
    *,
    but: UUID | None = None,
) -> dict[UUID, KnownHours]:
    """All that these people work between two days, but on those on which they are `away`, places in sessions of every
    operation included; `but` is a session that does not count."""
    first, last = between
    seated = _seated(session, [row.person_id for row in rows], first, last, but)
    return {row.person_id: _known(row, first, last, known, away[row.person_id], seated[row.person_id]) for row in rows}


def _known(
    row: VolunteerRow, first: date, last: date, known: Calendar, away: set[date], seated: list[Span]
) -> KnownHours:
    usual = usual_hours(timetable_of(row), first, last, known, away)
    return KnownHours(first, last, (*usual.spans, *seated))


def absences(session: Session, ids: Iterable[UUID], first: date, last: date) -> defaultdict[UUID, set[date]]:
    """The days on which these people are away."""
    wanted = select(Absence.person_id, Absence.from_on, Absence.back_on).where(
        Absence.person_id.in_(list(ids)),
        Absence.cancelled_at.is_(None),
        Absence.from_on <= last,
        Absence.back_on > first,
    )
    found: defaultdict[UUID, set[date]] = defaultdict(set)
    for row in session.execute(wanted):
        found[row.person_id].update(days(max(first, row.from_on), min(last, row.back_on - timedelta(days=1))))
    return found


def _seated(
    session: Session, ids: Iterable[UUID], first: date, last: date, but: UUID | None
) -> defaultdict[UUID, list[Span]]:
    """Places in sessions: what was worked, where that is known, nothing for who did not come; else all of it."""
    entered = (
        select(AttendanceRow.minutes)
        .where(AttendanceRow.session_id == SessionRow.id, AttendanceRow.person_id == SignUpRow.person_id)
        .order_by(AttendanceRow.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    wanted = (
        select(SignUpRow.person_id, SessionRow.day, SessionRow.spans, entered.label("entered"))
        .join(SessionRow, SessionRow.id == SignUpRow.session_id)
        .where(
            SignUpRow.person_id.in_(list(ids)),
            SignUpRow.status == SignUpStatus.SEATED,
            SessionRow.day.between(first, last),
            SessionRow.dropped_at.is_(None),
        )
    )
    if but is not None:
        wanted = wanted.where(SessionRow.id != but)
    found: defaultdict[UUID, list[Span]] = defaultdict(list)
    for row in session.execute(wanted):
        found[row.person_id] += first_minutes(spans_of(row.day, row.spans), row.entered)
    return found


def spans_of(day: date, told: list[dict[str, Any]]) -> list[Span]:
    """The hours of a session, as they are kept."""
    return [Span(day, time.fromisoformat(one["starts_at"]), time.fromisoformat(one["ends_at"])) for one in told]


def workers_of(
    session: Session, operation_id: UUID, zone: str, leaves: PaidLeaves, *, only: UUID | None = None
) -> tuple[Worker, ...]:
    """Everybody who was entered in a session of this operation, or one of them only, with what their pay is made of.
    Raises Invalid for a leave that is of nobody here, or of a day on which they were not away."""
    attended = _attended(session, operation_id, only)
    if not attended:
        return ()
    wanted = select(VolunteerRow, StaffMember.login, StaffMember.name).join(
        StaffMember, StaffMember.id == VolunteerRow.person_id
    )
    rows = session.execute(wanted.where(VolunteerRow.person_id.in_(attended))).all()
    known, mondays = calendar(session), sorted({monday_of(one.on) for told in attended.values() for one in told})
    first, last = mondays[0], mondays[-1] + timedelta(days=6)
    away = absences(session, attended, first, last)
    _check_leaves(leaves, {row.login: away[row.VolunteerRow.person_id] for row in rows})
    return tuple(
        Worker(
            row.VolunteerRow.person_id,
            row.login,
            row.name,
            Work(
                hourly_cents=row.VolunteerRow.hourly_cents,
                contract_minutes=row.VolunteerRow.contract_minutes,
                counted=_counted(
                    row.VolunteerRow,
                    mondays,
                    known,
                    away[row.VolunteerRow.person_id] - leaves.get(row.login, frozenset()),
                    zone,
                ),
                attended=attended[row.VolunteerRow.person_id],
            ),
        )
        for row in rows
    )


def _check_leaves(leaves: PaidLeaves, away: dict[str, set[date]]) -> None:
    for login, leave in leaves.items():
        if strange := sorted(leave - away.get(login, set())):
            raise Invalid(
                f"{login} has no absence on {strange[0]} that could be paid leave in a week of theirs.",
                "Leave the day out, or have the absence recorded.",
                field="paid_leave",
            )


def _counted(row: VolunteerRow, mondays: list[date], known: Calendar, away: set[date], zone: str) -> dict[date, int]:
    """What each of these weeks holds beside the sessions: worked as usual, and paid leave."""
    found = {}
    for monday in mondays:
        usual = usual_hours(timetable_of(row), monday, monday + timedelta(days=6), known, away)
        found[monday] = sum(one.minutes for one in worked(usual.spans, zone))
    return found


def _attended(session: Session, operation_id: UUID, only: UUID | None = None) -> dict[UUID, tuple[Attended, ...]]:
    wanted = (
        select(AttendanceRow, SessionRow.number, SessionRow.day)
        .join(SessionRow, SessionRow.id == AttendanceRow.session_id)
        .where(SessionRow.operation_id == operation_id)
        .order_by(SessionRow.day, SessionRow.number, AttendanceRow.version)
    )
    if only is not None:
        wanted = wanted.where(AttendanceRow.person_id == only)
    newest: defaultdict[UUID, dict[int, Attended]] = defaultdict(dict)
    for row, number, day in session.execute(wanted):
        newest[row.person_id][number] = Attended(str(number), day, row.minutes)
    return {person_id: tuple(told.values()) for person_id, told in newest.items()}
