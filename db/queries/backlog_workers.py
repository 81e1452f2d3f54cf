"""What the pay of an operation is made of: who worked in it, how long, and what else their weeks hold."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from db.models import AttendanceRow, PayFileRow, SessionRow, StaffMember
from db.queries.backlog_hours import absences
from db.queries.backlog_terms import TermsBy, entered_terms, terms_of
from db.queries.calendar import calendar
from domain.backlog.hours import monday_of, worked
from domain.backlog.leave import PaidLeaves
from domain.backlog.pay import Attended, Work
from domain.backlog.payroll import Worker
from domain.backlog.terms import Terms, usual_hours_on
from domain.calendar import Calendar
from domain.refusals import Invalid

_TO_SUNDAY = timedelta(days=6)
AttendedBy = defaultdict[UUID, tuple[Attended, ...]]
"""Person → the sessions in which they were."""


@dataclass(frozen=True)
class Asked:
    """Whose pay is wanted: of everybody, or of `only` one; of what was entered until then, or up to now."""

    only: UUID | None = None
    until: datetime | None = None


def workers_of(
    session: Session, operation_id: UUID, zone: str, leaves: PaidLeaves, asked: Asked = Asked()
) -> tuple[Worker, ...]:
    """Everybody who was entered in a session of this operation, with what their pay is made of: the terms that held in
    each week. Named days that are no absences count for nothing."""
    attended = _attended(session, operation_id, asked)
    if not attended:
        return ()
    pieces = _pieces(session, operation_id, attended, asked)
    wanted = select(StaffMember.id, StaffMember.login, StaffMember.name).where(StaffMember.id.in_(pieces.terms))
    rows = session.execute(wanted.order_by(StaffMember.login)).all()
    return tuple(_worker(row, pieces, leaves, zone) for row in rows)


def workers_asked(
    session: Session, operation_id: UUID, zone: str, leaves: PaidLeaves, until: datetime | None = None
) -> tuple[Worker, ...]:
    """The same, for a pay file. Raises Invalid for a leave that is of nobody here, or of a day on which they were not
    away."""
    attended = _attended(session, operation_id, Asked(until=until))
    away = _away(session, attended)
    wanted = select(StaffMember.id, StaffMember.login).where(StaffMember.id.in_(attended))
    _check_leaves(leaves, {row.login: away[row.id] for row in session.execute(wanted)})
    return workers_of(session, operation_id, zone, leaves, Asked(until=until))


def _check_leaves(leaves: PaidLeaves, away: dict[str, set[date]]) -> None:
    for login, leave in leaves.items():
        if strange := sorted(leave - away.get(login, set())):
            raise Invalid(
                f"{login} has no absence on {strange[0]} that could be paid leave in a week of theirs.",
                "Leave the day out, or have the absence recorded.",
                field="paid_leave",
            )


@dataclass(frozen=True)
class _Pieces:
    """What the pay of all is made of, by person."""

    mondays: list[date]
    calendar: Calendar
    terms: TermsBy
    attended: AttendedBy
    elsewhere: AttendedBy
    away: Mapping[UUID, set[date]]
    entered: Mapping[UUID, frozenset[UUID]]


def _pieces(session: Session, operation_id: UUID, attended: AttendedBy, asked: Asked) -> _Pieces:
    terms = terms_of(session, attended)
    minutes, who_else = _entered_by(session, operation_id), entered_terms(session, terms, _weeks(attended))
    return _Pieces(
        mondays=_mondays(attended),
        calendar=calendar(session),
        terms=terms,
        attended=attended,
        elsewhere=_elsewhere(session, operation_id, attended, asked),
        away=_away(session, attended),
        entered={one: minutes[one] | who_else[one] for one in attended},
    )


def _worker(row: Row[*tuple[Any, ...]], pieces: _Pieces, leaves: PaidLeaves, zone: str) -> Worker:
    terms = pieces.terms[row.id]
    away = pieces.away[row.id] - leaves.get(row.login, frozenset())
    work = Work(
        terms=terms,
        counted=_counted(terms, pieces.mondays, pieces.calendar, away, zone),
        attended=pieces.attended[row.id],
        elsewhere=pieces.elsewhere[row.id],
    )
    return Worker(row.id, row.login, row.name, work, pieces.entered[row.id])


def _counted(
    terms: tuple[Terms, ...], mondays: list[date], known: Calendar, away: set[date], zone: str
) -> dict[date, int]:
    """What each of these weeks holds beside the sessions: worked as usual, and paid leave."""
    found = {}
    for monday in mondays:
        usual = usual_hours_on(terms, monday, monday + _TO_SUNDAY, known, away)
        found[monday] = sum(one.minutes for one in worked(usual.spans, zone))
    return found


def _mondays(attended: AttendedBy) -> list[date]:
    return sorted({monday_of(one.on) for told in attended.values() for one in told})


def _weeks(attended: AttendedBy) -> dict[UUID, list[tuple[date, date]]]:
    """Each person's own weeks, from Monday to Sunday."""
    mondays = {who: sorted({monday_of(one.on) for one in told}) for who, told in attended.items()}
    return {who: [(monday, monday + _TO_SUNDAY) for monday in told] for who, told in mondays.items()}


def _away(session: Session, attended: AttendedBy) -> Mapping[UUID, set[date]]:
    mondays = _mondays(attended)
    return absences(session, attended, mondays[0], mondays[-1] + _TO_SUNDAY) if mondays else defaultdict(set)


def _attended(session: Session, operation_id: UUID, asked: Asked) -> AttendedBy:
    of_them = [SessionRow.operation_id == operation_id, *_until(asked)]
    if asked.only is not None:
        of_them.append(AttendanceRow.person_id == asked.only)
    return _newest(session, *of_them)


def _until(asked: Asked) -> list[ColumnElement[bool]]:
    return [] if asked.until is None else [AttendanceRow.entered_at <= asked.until]


def _elsewhere(session: Session, operation_id: UUID, attended: AttendedBy, asked: Asked) -> AttendedBy:
    """What these people worked in the same weeks for other operations."""
    known = sorted(one.on for told in attended.values() for one in told)
    return _newest(
        session,
        SessionRow.operation_id != operation_id,
        AttendanceRow.person_id.in_(list(attended)),
        SessionRow.day.between(monday_of(known[0]), monday_of(known[-1]) + _TO_SUNDAY),
        *_until(asked),
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
