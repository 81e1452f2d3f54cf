"""Volunteers: the contract, the usual week and the hourly pay of those who may sign up, as HR enters them."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.auth import Allowed
from api.backlog_views import SpanView
from api.house import TheHouse
from db.commands.backlog_volunteer import keep_volunteer
from db.queries import backlog_lists
from db.queries.people import person_by_login
from domain.backlog.volunteer import VolunteerAsked
from domain.people import Actor
from domain.permissions import Action

router = APIRouter(tags=["volunteers"])
Manager = Annotated[Actor, Depends(Allowed(Action.MANAGE_VOLUNTEERS))]
EXAMPLE = {
    "contract_minutes": 2100,
    "hourly_cents": 1650,
    "timetable": [
        {"weekday": day, "starts_at": starts, "ends_at": ends}
        for day in range(5)
        for starts, ends in (("09:00", "12:30"), ("13:30", "17:00"))
    ],
}


class VolunteerView(BaseModel):
    """What is known of somebody's work."""

    login: str
    name: str
    contract_minutes: int = Field(description="of a week")
    hourly_cents: int = Field(description="gross")
    timetable: dict[int, list[SpanView]] = Field(description="weekday, 0 for Monday, to its hours")
    entered_at: datetime


class Volunteers(BaseModel):
    """Everybody whose work is known, by login."""

    volunteers: list[VolunteerView]


@router.get("/volunteers")
def volunteers(house: TheHouse, _actor: Manager) -> Volunteers:
    """Everybody whose contract, usual week and hourly pay are known: they may sign up for sessions."""
    with house.sessions() as session:
        return Volunteers(volunteers=[_view(row) for row in backlog_lists.volunteers(session)])


@router.put("/volunteers/{login}")
async def enter_volunteer(
    login: str, asked: Annotated[VolunteerAsked, Body(examples=[EXAMPLE])], house: TheHouse, actor: Manager
) -> VolunteerView:
    """Enter or correct somebody's contract, usual week and hourly pay. Nobody enters their own."""

    def work(session: Any) -> VolunteerView | None:
        person = person_by_login(session, login)
        if person is None or not person.active or person.delegate is not None:
            return None
        keep_volunteer(session, person, asked, actor, house.now())
        row = backlog_lists.volunteer(session, login)
        return _view(row) if row else None

    view = await house.transact(work)
    if view is None:
        raise HTTPException(404, "Nobody who works here has this login.")
    return view


def _view(row: Row[*tuple[Any, ...]]) -> VolunteerView:
    known = row.VolunteerRow
    return VolunteerView(
        login=row.StaffMember.login,
        name=row.StaffMember.name,
        contract_minutes=known.contract_minutes,
        hourly_cents=known.hourly_cents,
        timetable={
            int(day): [SpanView(starts_at=starts, ends_at=ends) for starts, ends in spans]
            for day, spans in sorted(known.timetable.items())
        },
        entered_at=known.entered_at,
    )
