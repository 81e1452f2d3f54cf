"""The sessions of an operation as the rules see them: their hours, who has a place, who came."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import AttendanceRow, SessionRow, SignUpRow, StaffMember
from db.queries.backlog_hours import spans_of
from domain.backlog.case import HeldSession
from domain.backlog.hours import Session as Hours
from domain.backlog.projection import PlannedSession
from domain.backlog.words import SignUpStatus


def hours_of_session(row: SessionRow) -> Hours:
    """The hours of a session, as the rules see them."""
    return Hours(tuple(spans_of(row.day, row.spans)))


def sessions_of(session: Session, operation_id: UUID) -> tuple[HeldSession, ...]:
    """The sessions that were not dropped, by day, with who has a place and who came."""
    wanted = select(SessionRow).where(SessionRow.operation_id == operation_id, SessionRow.dropped_at.is_(None))
    rows = session.scalars(
        wanted.order_by(SessionRow.day, SessionRow.number).execution_options(populate_existing=True)
    ).all()
    ids = [row.id for row in rows]
    seats, attended = _seats(session, ids), _attended(session, ids)
    return tuple(_held(row, seats[row.id], attended[row.id]) for row in rows)


def last_number_of(session: Session, operation_id: UUID) -> int:
    """The number of an operation's newest session, dropped or not; 0 before there is one."""
    return session.scalar(select(func.max(SessionRow.number)).where(SessionRow.operation_id == operation_id)) or 0


def _held(row: SessionRow, seats: dict[UUID, str], attended: dict[UUID, AttendanceRow]) -> HeldSession:
    return HeldSession(
        id=row.id,
        number=row.number,
        session=hours_of_session(row),
        planned=PlannedSession(row.day, row.places, row.minutes, row.no_show),
        seats=seats,
        entered=row.entered_at is not None,
        attended={person_id: one.minutes for person_id, one in attended.items()},
        versions={person_id: one.version for person_id, one in attended.items()},
    )


def _seats(session: Session, ids: Iterable[UUID]) -> defaultdict[UUID, dict[UUID, str]]:
    wanted = (
        select(SignUpRow.session_id, SignUpRow.person_id, StaffMember.login)
        .join(StaffMember, StaffMember.id == SignUpRow.person_id)
        .where(SignUpRow.session_id.in_(ids), SignUpRow.status == SignUpStatus.SEATED)
    )
    found: defaultdict[UUID, dict[UUID, str]] = defaultdict(dict)
    for row in session.execute(wanted):
        found[row.session_id][row.person_id] = row.login
    return found


def _attended(session: Session, ids: Iterable[UUID]) -> defaultdict[UUID, dict[UUID, AttendanceRow]]:
    wanted = select(AttendanceRow).where(AttendanceRow.session_id.in_(ids)).order_by(AttendanceRow.version)
    found: defaultdict[UUID, dict[UUID, AttendanceRow]] = defaultdict(dict)
    for row in session.scalars(wanted):
        found[row.session_id][row.person_id] = row
    return found
