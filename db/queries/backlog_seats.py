"""Whether somebody may sign up for a session, for whatever shows it: the checks of signing up, without its locks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from db.models import SessionRow, SignUpRow, StaffMember, VolunteerRow
from db.queries.backlog_hours import absences, hours_of
from db.queries.backlog_sessions import hours_of_session
from db.queries.calendar import calendar
from domain.backlog.hours import KnownHours, check_covered, days_to_know, worked
from domain.backlog.labour import Law
from domain.backlog.sign_up import Candidate, OpenSession, check_candidate, check_open
from domain.backlog.states import BacklogState
from domain.backlog.words import SignUpStatus
from domain.policy import PolicyBook, PolicyVersion
from domain.refusals import Refusal


def candidates(
    session: Session, row: SessionRow, skills: Mapping[UUID, Sequence[str]], law: Law
) -> dict[UUID, Candidate]:
    """These volunteers, with their skills, as they stand before a session: when they work, whether they are away."""
    check_covered(row.day, law.rules.average_over.weeks, law.calendar)
    first, last = days_to_know(row.day, law.rules.average_over.weeks)
    away = absences(session, skills, first, last)
    hours = hours_of(session, list(skills), (first, last), law.calendar, away, but=row.id)
    return {one: Candidate(one, frozenset(known), hours[one], row.day in away[one]) for one, known in skills.items()}


def day_beside(session: Session, zone: str, session_id: UUID) -> dict[UUID, int]:
    """The minutes that each who has a place in a session works on its day beside it."""
    row = session.get_one(SessionRow, session_id)
    seated = select(SignUpRow.person_id).where(
        SignUpRow.session_id == session_id, SignUpRow.status == SignUpStatus.SEATED
    )
    people = session.scalars(seated).all()
    away = absences(session, people, row.day, row.day)
    hours = hours_of(session, people, (row.day, row.day), calendar(session), away, but=session_id)
    return {one: sum(each.minutes for each in worked(known.spans, zone)) for one, known in hours.items()}


def law_of(session: Session, version: PolicyVersion) -> Law:
    """What binds in an operation of this version."""
    return Law(version.backlog.labour, version.office.zone, calendar(session))


def refusals_for(
    session: Session, rows: Sequence[Row[*tuple[Any, ...]]], person_id: UUID, book: PolicyBook, now: datetime
) -> dict[UUID, Refusal | None]:
    """By session, what somebody would hear who signed up now; None where they may. Of one whose weeks the calendar does
    not know, that.

    The hours of a person are read once, however many sessions there are. `rows` have `SessionRow`, `state`, `policy`.
    """
    if not rows:
        return {}
    laws = {one: law_of(session, book.version(one)) for one in {row.policy for row in rows}}
    unknown = {row.SessionRow.id: _not_covered(row, laws[row.policy]) for row in rows}
    covered = [row for row in rows if unknown[row.SessionRow.id] is None]
    known = _standing(session, covered, person_id, laws)
    return unknown | {row.SessionRow.id: _refusal(row, known, laws[row.policy], now) for row in covered}


def _not_covered(row: Row[*tuple[Any, ...]], law: Law) -> Refusal | None:
    try:
        check_covered(row.SessionRow.day, law.rules.average_over.weeks, law.calendar)
    except Refusal as refusal:
        return refusal
    return None


@dataclass(frozen=True)
class _Standing:
    """A volunteer, and the days on which they are away."""

    person_id: UUID
    skills: frozenset[str]
    hours: KnownHours
    away: Collection[date]


def _standing(
    session: Session, rows: Sequence[Row[*tuple[Any, ...]]], person_id: UUID, laws: Mapping[str, Law]
) -> _Standing | None:
    """None: who is no volunteer, or where there is nothing to judge."""
    wanted = select(StaffMember.skills).join(VolunteerRow, StaffMember.id == VolunteerRow.person_id)
    found = session.execute(wanted.where(VolunteerRow.person_id == person_id)).one_or_none()
    if found is None or not rows:
        return None
    spans = [days_to_know(row.SessionRow.day, laws[row.policy].rules.average_over.weeks) for row in rows]
    between = min(first for first, _ in spans), max(last for _, last in spans)
    away = absences(session, [person_id], *between)
    hours = hours_of(session, [person_id], between, next(iter(laws.values())).calendar, away)
    return _Standing(person_id, frozenset(found.skills), hours[person_id], away[person_id])


def _refusal(row: Row[*tuple[Any, ...]], known: _Standing | None, law: Law, now: datetime) -> Refusal | None:
    place: SessionRow = row.SessionRow
    one = OpenSession(
        place.number, hours_of_session(place), place.places, frozenset(), place.skill, BacklogState(row.state)
    )
    asking = Candidate(known.person_id, known.skills, known.hours, place.day in known.away) if known else None
    try:
        check_open(one, now, law.zone)
        check_candidate(one, asking, law)
    except Refusal as refusal:
        return refusal
    return None
