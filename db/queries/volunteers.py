"""Volunteers for those who show them: their history, their own weeks and pay, the leave that accounting may name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from db.models import (
    AttendanceRow,
    Case,
    Import,
    OperationRow,
    PayFileRow,
    PayValidationRow,
    SessionRow,
    StaffMember,
    TermsRow,
    VolunteerChange,
    VolunteerRow,
)
from db.queries.backlog_hours import absences, hours_of
from db.queries.backlog_lists import Rows, slips_of
from db.queries.backlog_terms import first_days_of, terms_of, terms_rows
from domain.backlog.hours import days_to_know, monday_of
from domain.backlog.labour import Law
from domain.backlog.payroll import Owed
from domain.backlog.terms import Terms, held_on
from domain.backlog.week import WeekOfWork, week_of_work

MOST_CHANGES = 200


@dataclass(frozen=True)
class KnownVolunteer:
    """Somebody who may sign up, and all terms on which they work, the earliest first."""

    person: StaffMember
    terms: Sequence[TermsRow]


def volunteers(session: Session) -> list[KnownVolunteer]:
    """Everybody whose hours and pay are known, by login."""
    wanted = select(StaffMember).join(VolunteerRow, VolunteerRow.person_id == StaffMember.id)
    people = session.scalars(wanted.order_by(StaffMember.login)).all()
    known = terms_rows(session, [one.id for one in people])
    return [KnownVolunteer(one, known[one.id]) for one in people]


def volunteer(session: Session, login: str) -> KnownVolunteer | None:
    """What is known of somebody's hours and pay."""
    wanted = select(StaffMember).join(VolunteerRow, VolunteerRow.person_id == StaffMember.id)
    person = session.scalars(wanted.where(StaffMember.login == login)).one_or_none()
    return KnownVolunteer(person, terms_rows(session, [person.id])[person.id]) if person else None


def changes_of(session: Session, login: str) -> Rows:
    """What was known of somebody's work before it was changed, the newest first, with who changed it."""
    writer = aliased(StaffMember)
    wanted = (
        select(VolunteerChange, writer.name.label("by"), Import.file_name)
        .join(StaffMember, StaffMember.id == VolunteerChange.person_id)
        .outerjoin(writer, writer.id == VolunteerChange.by_id)
        .outerjoin(Import, Import.id == VolunteerChange.import_id)
        .where(StaffMember.login == login)
    )
    return session.execute(wanted.order_by(VolunteerChange.id.desc()).limit(MOST_CHANGES)).all()


def not_entered(session: Session) -> Rows:
    """Those who work here and of whose work nothing is known, by name."""
    wanted = (
        select(StaffMember.login, StaffMember.name)
        .outerjoin(VolunteerRow, VolunteerRow.person_id == StaffMember.id)
        .where(StaffMember.active, StaffMember.delegate.is_(None), VolunteerRow.person_id.is_(None))
    )
    return session.execute(wanted.order_by(StaffMember.name)).all()


def weeks_of(session: Session, person_id: UUID, mondays: Sequence[date], law: Law) -> list[WeekOfWork]:
    """These weeks of somebody, beside the limits of labour law."""
    spans = [days_to_know(monday, law.rules.average_over.weeks) for monday in mondays]
    if not spans:
        return []
    between = min(first for first, _ in spans), max(last for _, last in spans)
    hours = hours_of(session, [person_id], between, law.calendar, absences(session, [person_id], *between))
    return [week_of_work(hours[person_id], monday, law) for monday in mondays]


def worked_in(session: Session, person_id: UUID) -> Rows:
    """The operations of which somebody's attendance is entered, the newest first."""
    wanted = (
        select(OperationRow, Case)
        .join(Case, Case.id == OperationRow.case_id)
        .where(
            OperationRow.case_id.in_(
                select(SessionRow.operation_id)
                .join(AttendanceRow, AttendanceRow.session_id == SessionRow.id)
                .where(AttendanceRow.person_id == person_id)
            )
        )
    )
    return session.execute(wanted.order_by(OperationRow.proposed_at.desc()).limit(50)).all()


def validated_for(session: Session, operation_id: UUID, person_id: UUID, links: int) -> Owed | None:
    """What the newest pay file pays this person, if all validators have let it go and nothing was entered since: no
    attendance, no terms that hold in a week of it."""
    newest = session.scalar(
        select(PayFileRow).where(PayFileRow.operation_id == operation_id).order_by(PayFileRow.version.desc()).limit(1)
    )
    if newest is None or newest.void_at is not None:
        return None
    of_file = (PayValidationRow.operation_id == operation_id, PayValidationRow.version == newest.version)
    validated = session.scalar(select(func.count()).select_from(PayValidationRow).where(*of_file)) or 0
    if validated < links or _entered_after(session, operation_id, person_id, newest):
        return None
    return next((one for one in slips_of(session, newest).owed if one.person_id == person_id), None)


def _entered_after(session: Session, operation_id: UUID, person_id: UUID, row: PayFileRow) -> bool:
    attended = (
        select(SessionRow.day, AttendanceRow.entered_at)
        .join(AttendanceRow, AttendanceRow.session_id == SessionRow.id)
        .where(SessionRow.operation_id == operation_id, AttendanceRow.person_id == person_id)
    )
    told = session.execute(attended).all()
    if any(one.entered_at > row.made_at for one in told):
        return True
    return _terms_entered_after(session, person_id, {monday_of(one.day) for one in told}, row.made_at)


def _terms_entered_after(session: Session, person_id: UUID, mondays: Iterable[date], at: datetime) -> bool:
    """Whether terms that hold in one of these weeks were entered, or corrected, since: those of later weeks pay later
    ones."""
    wanted = select(VolunteerChange.from_on).where(VolunteerChange.person_id == person_id, VolunteerChange.at > at)
    changed = set(session.scalars(wanted))
    if not changed:
        return False
    weeks = [(monday, monday + timedelta(days=6)) for monday in mondays]
    return not changed.isdisjoint(first_days_of(terms_of(session, [person_id])[person_id], weeks))


@dataclass(frozen=True)
class Nameable:
    """Days on which somebody was away, and would have worked as a rule."""

    login: str
    name: str
    days: list[date]


def leave_to_name(session: Session, operation_id: UUID, named: Sequence[str] = ()) -> list[Nameable]:
    """Absences in the weeks of an operation's sessions, of those who worked in it, on days that they work as a rule;
    of those `named` already too where there are none any more. Which of them were paid leave, accounting says."""
    attended = (
        select(AttendanceRow.person_id, SessionRow.day)
        .join(SessionRow, SessionRow.id == AttendanceRow.session_id)
        .where(SessionRow.operation_id == operation_id)
    )
    weeks: dict[UUID, set[date]] = {}
    for person_id, day in session.execute(attended):
        weeks.setdefault(person_id, set()).add(monday_of(day))
    if not weeks:
        return []
    mondays = sorted({monday for told in weeks.values() for monday in told})
    away = absences(session, weeks, mondays[0], mondays[-1] + timedelta(days=6))
    wanted = select(StaffMember.id, StaffMember.login, StaffMember.name).where(StaffMember.id.in_(weeks))
    rows, terms = session.execute(wanted.order_by(StaffMember.login)).all(), terms_of(session, weeks)
    found = [Nameable(row.login, row.name, _usual_days(terms[row.id], away[row.id], weeks[row.id])) for row in rows]
    return [one for one in found if one.days or one.login in named]


def _usual_days(terms: Sequence[Terms], away: set[date], mondays: set[date]) -> list[date]:
    mine = (day for day in away if monday_of(day) in mondays)
    return sorted(day for day in mine if held_on(terms, day).timetable.get(day.weekday()))


def attendance_of(session: Session, operation_id: UUID, number: int, person_id: UUID) -> Sequence[AttendanceRow]:
    """What was entered about somebody in a session, and corrected, the first first."""
    wanted = (
        select(AttendanceRow)
        .join(SessionRow, SessionRow.id == AttendanceRow.session_id)
        .where(
            SessionRow.operation_id == operation_id,
            SessionRow.number == number,
            AttendanceRow.person_id == person_id,
        )
    )
    return session.scalars(wanted.order_by(AttendanceRow.version)).all()
