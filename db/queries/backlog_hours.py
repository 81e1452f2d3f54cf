"""When volunteers work: their usual week without absences and holidays, and the places that they have in sessions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Absence, AttendanceRow, SessionRow, SignUpRow
from db.queries.backlog_terms import terms_of
from domain.backlog.hours import KnownHours, Span, days, first_minutes
from domain.backlog.terms import Terms, usual_hours_on
from domain.backlog.words import SignUpStatus
from domain.calendar import Calendar


def hours_of(
    session: Session,
    ids: Collection[UUID],
    between: tuple[date, date],
    known: Calendar,
    away: Mapping[UUID, set[date]],
    *,
    but: UUID | None = None,
) -> dict[UUID, KnownHours]:
    """All that these people work between two days, but on those on which they are `away`, places in sessions of every
    operation included; `but` is a session that does not count. On each day the usual week counts that held on it."""
    first, last = between
    seated, terms = _seated(session, ids, first, last, but), terms_of(session, ids)
    return {one: _known(terms[one], first, last, known, away[one], seated[one]) for one in ids}


def _known(
    terms: tuple[Terms, ...], first: date, last: date, known: Calendar, away: set[date], seated: list[Span]
) -> KnownHours:
    usual = usual_hours_on(terms, first, last, known, away)
    return replace(usual, spans=(*usual.spans, *seated))


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
