"""Absences: who is away, and what that changes for tasks that are open."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import cast, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.command import receive_from_machine
from db.models import Absence, StaffMember, TaskRow
from db.queries.people import staff_on
from domain.commands import MachineCommand
from domain.people import Actor


def record_absence(
    session: Session,
    person: StaffMember,
    from_on: date,
    back_on: date,
    deputy: StaffMember | None,
    actor: Actor,
    *,
    at: datetime,
    today: date,
) -> UUID:
    """Keep an absence; when it holds today, the tasks of the person are offered again to who is there.

    The deputy sees them without that: they wear the absent person's hats. Offering again raises a task one level up
    where nobody is left. Source: procedures, section 1 step 7
    """
    row = Absence(
        id=uuid7(),
        person_id=person.id,
        from_on=from_on,
        back_on=back_on,
        deputy_id=deputy.id if deputy else None,
        recorded_by=actor.id,
        recorded_at=at,
    )
    session.add(row)
    session.flush()
    if from_on <= today < back_on:
        for case_id in _cases_with_tasks_of(session, person, today):
            receive_from_machine(session, MachineCommand(case_id, "reoffer", at, str(row.id)))
    return row.id


def _cases_with_tasks_of(session: Session, person: StaffMember, today: date) -> list[UUID]:
    hats = sorted(staff_on(session, today).get(person.id).own_hats)
    wanted = select(TaskRow.case_id).where(
        TaskRow.closed_at.is_(None), TaskRow.offered_to.op("&&")(cast(hats, ARRAY(TEXT)))
    )
    return list(session.scalars(wanted.distinct()))
