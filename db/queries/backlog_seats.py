"""Whether somebody may sign up for a session, for whatever shows it: the checks of signing up, without its locks."""

from collections.abc import Mapping, Sequence
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


def candidates(
    session: Session, row: SessionRow, skills: Mapping[VolunteerRow, Sequence[str]], law: Law
) -> dict[UUID, Candidate]:
    """These volunteers, with their skills, as they stand before a session: when they work, whether they are away."""
    first, last = days_to_know(row.day, law.rules.average_over.weeks)
    away = absences(session, [one.person_id for one in skills], first, last)
    hours = hours_of(session, list(skills), (first, last), law.calendar, away, but=row.id)
    return {
        one.person_id: Candidate(one.person_id, frozenset(known), hours[one.person_id], row.day in away[one.person_id])
        for one, known in skills.items()
    }


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
    wanted = select(VolunteerRow, StaffMember.skills).join(StaffMember, StaffMember.id == VolunteerRow.person_id)
    found = session.execute(wanted.where(VolunteerRow.person_id == person_id)).all()
    known = candidates(session, row, {each.VolunteerRow: each.skills for each in found}, law) if found else {}
    try:
        check_open(one, now, law.zone)
        check_candidate(one, known.get(person_id), law)
    except Refusal as refusal:
        return refusal
    return None
