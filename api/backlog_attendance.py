"""What somebody worked in a session, as it was entered and corrected, and what the last correction changes of pay."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.backlog import seen_operation
from api.backlog_pay import ChangedView, changed_view
from api.house import House, TheHouse
from db.queries import volunteers as queries
from db.queries.backlog_leave import leave_so_far
from db.queries.backlog_workers import Asked, workers_of
from db.queries.people import names_of, person_by_login
from domain.backlog.payroll import correction
from domain.backlog.slips import Changed
from domain.people import Actor
from domain.permissions import Action, is_allowed

router = APIRouter(tags=["backlog operations"])
Reader = Annotated[Actor, Depends(Allowed(Action.READ_OPERATIONS))]


class AttendanceVersionView(BaseModel):
    """What was entered, or corrected with the reason."""

    version: int
    minutes: int
    reason: str | None = Field(description="null for what was entered first")
    by: str
    at: datetime


class PersonAttendance(BaseModel):
    """Somebody in a session, the first version first."""

    login: str
    name: str
    versions: list[AttendanceVersionView]
    pay: ChangedView | None = Field(
        description="what the last correction changes of their pay, paid leave left out; null where nothing was "
        "corrected, and for who may not read pay"
    )


@router.get("/backlog/{reference}/sessions/{number}/attendance/{login}")
def attendance(reference: str, number: int, login: str, house: TheHouse, actor: Reader) -> PersonAttendance:
    """What was entered about somebody in a session, and corrected since; the difference in pay for who may read pay."""
    with house.reading() as session:
        return person_attendance(session, house, reference, number, login, actor)


def person_attendance(
    session: Session, house: House, reference: str, number: int, login: str, actor: Actor
) -> PersonAttendance:
    """What was entered and corrected. Raises HTTPException 404."""
    case = seen_operation(session, reference).Case
    person = person_by_login(session, login)
    rows = queries.attendance_of(session, case.id, number, person.id) if person and 0 < number < 10**9 else []
    if person is None or not rows:
        raise HTTPException(404, "Nothing was entered about this person in this session.")
    names = names_of(session, {row.entered_by for row in rows})
    versions = [
        AttendanceVersionView(
            version=row.version, minutes=row.minutes, reason=row.reason, by=names[row.entered_by], at=row.entered_at
        )
        for row in rows
    ]
    pay = None
    if len(rows) > 1 and is_allowed(actor, Action.READ_PAY):
        version = house.book.version(case.policy)
        leaves = leave_so_far(session, case.id, len(version.backlog.pay.validated_by))
        [worker] = workers_of(session, case.id, version.office.zone, leaves, Asked(only=person.id))
        told = correction(worker, str(number), rows[-2].minutes, version.backlog.pay)
        pay = changed_view(Changed(person.id, login, person.name, told))
    return PersonAttendance(login=login, name=person.name, versions=versions, pay=pay)
