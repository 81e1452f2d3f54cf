"""Whether somebody may sign up for a session, for whatever shows it: the checks of signing up, without its locks."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import OperationRow, SessionRow, StaffMember, VolunteerRow
from db.queries.backlog_hours import absences, hours_of
from db.queries.backlog_sessions import hours_of_session
from db.queries.calendar import calendar
from domain.backlog.hours import days_to_know
from domain.backlog.labour import Law
from domain.backlog.sign_up import Candidate, OpenSession, check_candidate, check_open
from domain.backlog.states import BacklogState
from domain.policy import PolicyVersion
from domain.refusals import Refusal


def candidates(session: Session, row: SessionRow, rows: Sequence[VolunteerRow], law: Law) -> dict[UUID, Candidate]:
    """These volunteers as they stand before a session: when they work, what they can do, whether they are away."""
    first, last = days_to_know(row.day, law.rules.average_over.weeks)
    ids = [one.person_id for one in rows]
    hours, away = hours_of(session, rows, first, last, but=row.id), absences(session, ids, row.day, row.day)
    wanted = select(StaffMember.id, StaffMember.skills).where(StaffMember.id.in_(ids))
    skills = {one.id: frozenset(one.skills) for one in session.execute(wanted)}
    return {one: Candidate(one, skills[one], hours[one], bool(away[one])) for one in ids}


def law_of(session: Session, version: PolicyVersion) -> Law:
    """What binds in an operation of this version."""
    return Law(version.backlog.labour, version.office.zone, calendar(session))


def refusal_for(
    session: Session, row: SessionRow, person_id: UUID, version: PolicyVersion, now: datetime
) -> Refusal | None:
    """What somebody would hear who signed up now; None where they may."""
    law = law_of(session, version)
    state = session.scalars(select(OperationRow.state).where(OperationRow.case_id == row.operation_id)).one()
    one = OpenSession(row.number, hours_of_session(row), row.places, frozenset(), row.skill, BacklogState(state))
    volunteer = session.get(VolunteerRow, person_id)
    known = candidates(session, row, [volunteer], law) if volunteer else {}
    try:
        check_open(one, now, law.zone)
        check_candidate(one, known.get(person_id), law)
    except Refusal as refusal:
        return refusal
    return None
