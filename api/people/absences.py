"""Absences: who is away or will be, and who stands in for them meanwhile."""

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
from db.commands.absence import Away, already_recorded, end_absence, lock_person, record_absence
from db.commands.administration import Act, already_noted
from db.commands.command import Ask
from db.models import Absence, StaffMember
from db.queries.people import person_by_login
from db.queries.people_lists import absences as listed
from domain.accounts import check_deputy
from domain.civil import SaneDay
from domain.people import Actor
from domain.permissions import Action, check_gives_rights_to_another
from domain.refusals import Invalid
from domain.roles import Role

router = APIRouter(tags=["people"])
Planner = Annotated[Actor, Depends(Allowed(Action.RECORD_ABSENCE))]


class AbsenceAsked(BaseModel):
    """Away from a day until the day of being back (which is not a day of absence any more)."""

    model_config = ConfigDict(extra="forbid")

    from_on: SaneDay = Field(examples=["2026-12-21"])
    back_on: SaneDay = Field(examples=["2027-01-04"])
    deputy: str | None = Field(
        None,
        examples=["yann.kerloch"],
        max_length=60,
        description="login of whoever stands in; the usual one by default",
    )


class AbsenceView(BaseModel):
    """An absence that is recorded; one that was cancelled counts for nothing."""

    id: UUID
    login: str
    name: str
    from_on: date
    back_on: date
    deputy: str | None = Field(description="login of whoever stands in, the usual one included")
    begun: bool
    cancelled: bool


class Absences(BaseModel):
    """Those that are present or to come, the earliest first."""

    absences: list[AbsenceView]


@router.post("/people/{login}/absences", status_code=201)
def absence(
    login: str,
    asked: AbsenceAsked,
    house: TheHouse,
    actor: Planner,
    key: Key = None,
) -> AbsenceView:
    """Record an absence: from that day the deputy does the person's tasks, until the person is back."""
    ask = Ask("absence", {"login": login, **asked.model_dump(mode="json")}, key_or_new(key))
    with house.sessions.begin() as session:
        person = person_by_login(session, login)
        if person is None or not person.active:
            raise HTTPException(404, "Nobody who works here has this login.")
        deputy = _deputy(asked, person, person_by_login(session, asked.deputy) if asked.deputy else None)
        if deputy is not None:
            check_deputy(actor, person.id, deputy.id, frozenset(map(Role, deputy.roles)))
        check_gives_rights_to_another(actor, deputy.id if deputy else person.deputy_id)
        away = Away(person.id, asked.from_on, asked.back_on, deputy.id if deputy else None)
        return _view(session, house, person, _recorded_once(session, house, away, ask, actor))


def _recorded_once(session: Session, house: House, away: Away, ask: Ask, actor: Actor) -> Absence:
    """Record it; the same request again, or twice at once, is the same absence."""
    lock_person(session, away.person_id)
    known = already_recorded(session, actor, ask)
    if known is not None:
        return known
    try:
        with session.begin_nested():
            return record_absence(session, away, ask, actor, house.now(), house.today(), house.book)
    except IntegrityError:
        known = already_recorded(session, actor, ask)
        if known is None:
            raise
        return known


@router.get("/absences")
def absences(house: TheHouse, _actor: Annotated[Actor, Depends(Allowed(Action.READ_ABSENCES))]) -> Absences:
    """Who is away today, and who will be."""
    with house.sessions() as session:
        return Absences(absences=_listed(session, house.today()))


def absences_of(session: Session, login: str, today: date) -> list[AbsenceView]:
    """One person's absences that are present or to come."""
    return [one for one in _listed(session, today) if one.login == login]


def _listed(session: Session, today: date) -> list[AbsenceView]:
    return [_told(row, login, name, deputy, today) for row, login, name, deputy in listed(session, today)]


@router.post("/absences/{absence_id}/end")
def end(absence_id: UUID, house: TheHouse, actor: Planner, key: Key = None) -> AbsenceView:
    """Cancel an absence that has not begun, or end one today, earlier than it was planned: the person is back."""
    ask = Ask("end_absence", {"absence": str(absence_id)}, key_or_new(key))
    with house.sessions.begin() as session:
        row = session.get(Absence, absence_id, with_for_update=True)
        if row is None:
            raise HTTPException(404, "There is no such absence.")
        person = session.get_one(StaffMember, row.person_id)
        check_gives_rights_to_another(actor, row.deputy_id or person.deputy_id)
        act = Act(actor, ask, house.now(), house.today())
        if already_noted(session, act) is None:
            end_absence(session, row, act, house.book)
        return _view(session, house, person, row)


def _view(session: Session, house: House, person: StaffMember, row: Absence) -> AbsenceView:
    standing_in = row.deputy_id or person.deputy_id
    deputy = session.get_one(StaffMember, standing_in).login if standing_in else None
    return _told(row, person.login, person.name, deputy, house.today())


def _told(row: Absence, login: str, name: str, deputy: str | None, today: date) -> AbsenceView:
    return AbsenceView(
        id=row.id,
        login=login,
        name=name,
        from_on=row.from_on,
        back_on=row.back_on,
        deputy=deputy,
        begun=row.from_on <= today,
        cancelled=row.cancelled_at is not None,
    )


def _deputy(asked: AbsenceAsked, person: StaffMember, deputy: StaffMember | None) -> StaffMember | None:
    """Somebody else who exists, or None for the usual one. Raises Invalid."""
    if asked.deputy is not None and (deputy is None or not deputy.active or deputy.id == person.id):
        raise Invalid(
            "Nobody else who works here has this login.", "Give the login of another member of staff.", field="deputy"
        )
    return deputy
