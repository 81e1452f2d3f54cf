"""People: who is away, and who stands in for them meanwhile."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.commands import Key, key_or_new
from api.house import House, TheHouse
from db.commands.absence import Away, already_recorded, record_absence
from db.commands.command import Ask
from db.models import Absence, StaffMember
from db.queries.people import person_by_login
from domain.civil import Day
from domain.people import Actor
from domain.permissions import Action, check_gives_rights_to_another
from domain.refusals import Invalid

router = APIRouter(tags=["people"])


class AbsenceAsked(BaseModel):
    """Away from a day until the day of being back (which is not a day of absence any more)."""

    model_config = ConfigDict(extra="forbid")

    from_on: Day = Field(examples=["2026-12-21"])
    back_on: Day = Field(examples=["2027-01-04"])
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
    key: Key = None,
) -> AbsenceView:
    """Record an absence: from that day the deputy does the person's tasks, until the person is back."""
    if asked.from_on >= asked.back_on:
        raise Invalid("An absence ends after it begins.", "Give the day of being back.", field="back_on")
    ask = Ask("absence", {"login": login, **asked.model_dump(mode="json")}, key_or_new(key))
    with house.sessions.begin() as session:
        person = person_by_login(session, login)
        if person is None or not person.active:
            raise HTTPException(404, "Nobody who works here has this login.")
        deputy = _deputy(asked, person, person_by_login(session, asked.deputy) if asked.deputy else None)
        check_gives_rights_to_another(actor, deputy.id if deputy else person.deputy_id)
        away = Away(person.id, asked.from_on, asked.back_on, deputy.id if deputy else None)
        return _view(session, person, _recorded_once(session, house, away, ask, actor))


def _recorded_once(session: Session, house: House, away: Away, ask: Ask, actor: Actor) -> Absence:
    """Record it; the same request again, or twice at once, is the same absence."""
    known = already_recorded(session, actor, ask)
    if known is not None:
        return known
    try:
        with session.begin_nested():
            return record_absence(session, away, ask, actor, house.now(), house.today())
    except IntegrityError:
        known = already_recorded(session, actor, ask)
        if known is None:
            raise
        return known


def _view(session: Session, person: StaffMember, row: Absence) -> AbsenceView:
    standing_in = row.deputy_id or person.deputy_id
    deputy = session.get_one(StaffMember, standing_in).login if standing_in else None
    return AbsenceView(id=row.id, login=person.login, from_on=row.from_on, back_on=row.back_on, deputy=deputy)


def _deputy(asked: AbsenceAsked, person: StaffMember, deputy: StaffMember | None) -> StaffMember | None:
    """Somebody else who exists, or None for the usual one. Raises Invalid."""
    if asked.deputy is not None and (deputy is None or not deputy.active or deputy.id == person.id):
        raise Invalid(
            "Nobody else who works here has this login.", "Give the login of another member of staff.", field="deputy"
        )
    return deputy
