"""What the pay of an operation is made of: who worked in it, how long, and what else their weeks hold."""

from bisect import bisect_left
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from db.models import AttendanceRow, PayFileRow, SessionRow, StaffMember, VolunteerRow
from db.queries.backlog_hours import absences, timetable_of
from db.queries.calendar import calendar
from domain.backlog.case import PaidLeaves
from domain.backlog.hours import monday_of, usual_hours, worked
from domain.backlog.pay import Attended, Work
from domain.backlog.payroll import Worker
from domain.calendar import Calendar
from domain.refusals import Invalid

AttendedBy = defaultdict[UUID, tuple[Attended, ...]]
"""Person → the sessions in which they were."""


def workers_of(
    session: Session, operation_id: UUID, zone: str, leaves: PaidLeaves, *, only: UUID | None = None
) -> tuple[Worker, ...]:
    """Everybody who was entered in a session of this operation, or one of them only, with what their pay is made of.
    Raises Invalid for a leave that is of nobody here, or of a day on which they were not away."""
    attended = _attended(session, operation_id, only)
    if not attended:
        return ()
    elsewhere = _elsewhere(session, operation_id, attended)
    entered = _entered_by(session, operation_id)
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
                elsewhere=elsewhere[row.VolunteerRow.person_id],
            ),
            entered[row.VolunteerRow.person_id].union({row.VolunteerRow.entered_by} - {None}),
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


def _attended(session: Session, operation_id: UUID, only: UUID | None) -> AttendedBy:
    of_them = [SessionRow.operation_id == operation_id]
    if only is not None:
        of_them.append(AttendanceRow.person_id == only)
    return _newest(session, *of_them)


def _elsewhere(session: Session, operation_id: UUID, attended: AttendedBy) -> AttendedBy:
    """What these people worked in the same weeks for other operations."""
    known = sorted(one.on for told in attended.values() for one in told)
    return _newest(
        session,
        SessionRow.operation_id != operation_id,
        AttendanceRow.person_id.in_(list(attended)),
        SessionRow.day.between(monday_of(known[0]), monday_of(known[-1]) + timedelta(days=6)),
    )


def _newest(session: Session, *of_them: ColumnElement[bool]) -> AttendedBy:
    """Who was in these sessions, as it was entered last, and after how many of their pay files it was entered first."""
    wanted = (
        select(AttendanceRow, SessionRow)
        .join(SessionRow, SessionRow.id == AttendanceRow.session_id)
        .where(*of_them)
        .order_by(SessionRow.day, SessionRow.number, AttendanceRow.version)
    )
    rows = session.execute(wanted).all()
    files = _files_made(session, {row.AttendanceRow.person_id for row in rows})
    entered: dict[tuple[UUID, UUID], datetime] = {}
    newest: defaultdict[UUID, dict[UUID, Attended]] = defaultdict(dict)
    for row in rows:
        who, held = row.AttendanceRow.person_id, row.SessionRow
        first = entered.setdefault((who, held.id), row.AttendanceRow.entered_at)
        newest[who][held.id] = _one(held, row.AttendanceRow.minutes, bisect_left(files[who], first))
    return defaultdict(tuple, {who: tuple(told.values()) for who, told in newest.items()})


def _one(held: SessionRow, minutes: int, files_before: int) -> Attended:
    starts_at = min(time.fromisoformat(one["starts_at"]) for one in held.spans)
    return Attended(str(held.number), held.day, minutes, starts_at, files_before)


def _files_made(session: Session, people: set[UUID]) -> defaultdict[UUID, list[datetime]]:
    """When each pay file of these people was made, of whatever operation, in order: void ones too, so that the places
    that a file has given to minutes stay theirs."""
    paying = PayFileRow.paid.bool_op("&&")(list(people))
    found: defaultdict[UUID, list[datetime]] = defaultdict(list)
    for row in session.execute(select(PayFileRow.paid, PayFileRow.made_at).where(paying).order_by(PayFileRow.made_at)):
        for person_id in people.intersection(row.paid):
            found[person_id].append(row.made_at)
    return found


def _entered_by(session: Session, operation_id: UUID) -> defaultdict[UUID, frozenset[UUID]]:
    """Who has ever said how long each person worked in this operation."""
    wanted = (
        select(AttendanceRow.person_id, AttendanceRow.entered_by)
        .join(SessionRow, SessionRow.id == AttendanceRow.session_id)
        .where(SessionRow.operation_id == operation_id)
    )
    found: defaultdict[UUID, frozenset[UUID]] = defaultdict(frozenset)
    for row in session.execute(wanted):
        found[row.person_id] |= {row.entered_by}
    return found
