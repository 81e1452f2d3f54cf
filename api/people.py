"""People: who is away, and who stands in for them meanwhile."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, Field

from api.auth import Allowed
from api.house import TheHouse
from db.commands.absence import record_absence
from db.models import StaffMember
from db.queries.people import person_by_login
from domain.people import Actor
from domain.permissions import Action
from domain.refusals import Invalid

router = APIRouter(tags=["people"])


class AbsenceAsked(BaseModel):
    """Away from a day until the day of being back (which is not a day of absence any more)."""

    from_on: date = Field(examples=["2026-12-21"])
    back_on: date = Field(examples=["2027-01-04"])
    deputy: str | None = Field(
        None,
        examples=["yann.kerloch"],
        max_length=60,
        description="login of whoever stands in; the usual one by default",
    )


class AbsenceView(BaseModel):
    """An absence that is recorded."""

    id: UUID
    login: str
    from_on: date
    back_on: date
    deputy: str | None


@router.post("/people/{login}/absences", status_code=201)
def absence(
    login: str,
    asked: AbsenceAsked,
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.RECORD_ABSENCE))],
) -> AbsenceView:
    """Record an absence: from that day the deputy does the person's tasks, until the person is back."""
    if asked.from_on >= asked.back_on:
        raise Invalid("An absence ends after it begins.", "Give the day of being back.", field="back_on")
    with house.sessions.begin() as session:
        person = person_by_login(session, login)
        if person is None or not person.active:
            raise HTTPException(404, "Nobody who works here has this login.")
        deputy = _deputy(asked, person, person_by_login(session, asked.deputy) if asked.deputy else None)
        absence_id = record_absence(
            session, person, asked.from_on, asked.back_on, deputy, actor, at=house.now(), today=house.today()
        )
        usual = session.get(StaffMember, person.deputy_id) if person.deputy_id else None
    standing_in = deputy or usual
    return AbsenceView(
        id=absence_id,
        login=login,
        from_on=asked.from_on,
        back_on=asked.back_on,
        deputy=standing_in.login if standing_in else None,
    )


def _deputy(asked: AbsenceAsked, person: StaffMember, deputy: StaffMember | None) -> StaffMember | None:
    """Somebody else who exists, or None for the usual one. Raises Invalid."""
    if asked.deputy is not None and (deputy is None or not deputy.active or deputy.id == person.id):
        raise Invalid(
            "Nobody else who works here has this login.", "Give the login of another member of staff.", field="deputy"
        )
    return deputy
