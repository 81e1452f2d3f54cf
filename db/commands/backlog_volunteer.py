"""Volunteers: the contract, the usual week and the hourly pay of somebody who may sign up, as HR gives them."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db.models import StaffMember, VolunteerRow
from domain.backlog.volunteer import VolunteerAsked, timetable_told
from domain.people import Actor


def keep_volunteer(
    session: Session, person: StaffMember, asked: VolunteerAsked, actor: Actor, at: datetime
) -> VolunteerRow:
    """Enter or correct what is known of somebody's work. Raises Invalid, FourEyes."""
    asked.check(person.id, actor)
    values: dict[str, Any] = {
        "contract_minutes": asked.contract_minutes,
        "hourly_cents": asked.hourly_cents,
        "timetable": timetable_told(asked),
        "entered_by": actor.id,
        "entered_at": at,
    }
    entered = insert(VolunteerRow).values(person_id=person.id, **values)
    session.execute(entered.on_conflict_do_update(index_elements=[VolunteerRow.person_id], set_=values))
    return session.get_one(VolunteerRow, person.id, populate_existing=True)
