"""Sessions as volunteers see them: which are open, whether I may sign up, my place; the register decides at once."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.backlog_views import SpanView
from api.house import House, TheHouse
from db.commands.backlog_seat import SignedUp, give_back, give_places, sign_up
from db.models import SessionRow, SignUpRow
from db.queries import backlog_lists
from db.queries.backlog_seats import refusals_for
from db.queries.backlog_sessions import hours_of_session
from domain.backlog.commands import Places
from domain.backlog.hours import session_starts
from domain.backlog.words import SignUpStatus
from domain.people import Actor
from domain.permissions import Action
from domain.refusals import Refusal
from faultpoints import fault_point

router = APIRouter(tags=["backlog operations"])
Volunteer = Annotated[Actor, Depends(Allowed(Action.SIGN_UP))]
Strengthener = Annotated[Actor, Depends(Allowed(Action.ADD_SESSIONS))]


class PlaceView(BaseModel):
    """What I have in a session: a place with its number, my turn on the waiting list (1 is next), or neither."""

    session: UUID
    status: str = Field(examples=["seated"])
    label: str
    seat: int | None
    turn: int | None


class WhyNotView(BaseModel):
    """Why I may not sign up: the rule, and what to do instead."""

    code: str = Field(examples=["against_labour_law"])
    rule: str
    remedy: str


class OpenSessionView(BaseModel):
    """A session to come, and what it is to me."""

    operation: str = Field(examples=["OPE-2026-000001"])
    activity: str
    id: UUID
    number: int
    day: date
    hours: list[SpanView]
    places: int
    free: int
    waiting: int
    skill: str | None
    mine: str | None = Field(description="seated or waiting, where I have signed up", examples=["seated"])
    seat: int | None = Field(description="the number of my place")
    turn: int | None = Field(description="my turn on the waiting list, in the order of asking")
    may_sign_off: bool = Field(description="until it begins")
    why_not: WhyNotView | None = Field(description="null where I may sign up, or have")


class PlacesView(BaseModel):
    """The places of a session, how many of them are free, and how many people wait for one."""

    session: UUID
    number: int
    places: int
    free: int
    waiting: int


class OpenSessions(BaseModel):
    """The sessions to come, the earliest first."""

    sessions: list[OpenSessionView]


@router.get("/sessions")
def open_sessions(house: TheHouse, actor: Volunteer) -> OpenSessions:
    """The sessions of every operation that takes volunteers, and for each whether I may sign up, or why not."""
    with house.reading() as session:
        return OpenSessions(sessions=sessions_for(session, house, actor))


def sessions_for(session: Session, house: House, actor: Actor) -> list[OpenSessionView]:
    """The sessions to come, as this person sees them."""
    rows = backlog_lists.open_sessions(session, house.today())
    sign_ups = backlog_lists.sign_ups_of(session, [row.SessionRow.id for row in rows])
    refusals = refusals_for(session, rows, actor.id, house.book, house.now())
    return [_view(house, row, sign_ups.get(row.SessionRow.id, []), refusals[row.SessionRow.id], actor) for row in rows]


def _view(house: House, row: Any, sign_ups: list[SignUpRow], refusal: Refusal | None, actor: Actor) -> OpenSessionView:
    known: SessionRow = row.SessionRow
    seated = sum(one.status == SignUpStatus.SEATED for one in sign_ups)
    waiting = [one.person_id for one in sign_ups if one.status == SignUpStatus.WAITING]
    own = next((one for one in sign_ups if one.person_id == actor.id), None)
    begins = session_starts(hours_of_session(known), house.book.version(row.policy).office.zone)
    refusal = None if own else refusal
    return OpenSessionView(
        operation=row.reference,
        activity=row.activity,
        id=known.id,
        number=known.number,
        day=known.day,
        hours=[SpanView(**one) for one in known.spans],
        places=known.places,
        free=known.places - seated,
        waiting=len(sign_ups) - seated,
        skill=known.skill,
        mine=own.status if own else None,
        seat=own.seat if own else None,
        turn=1 + waiting.index(actor.id) if actor.id in waiting else None,
        may_sign_off=own is not None and house.now() < begins,
        why_not=WhyNotView(code=refusal.code, rule=refusal.rule, remedy=refusal.remedy) if refusal else None,
    )


@router.post("/backlog/{reference}/sessions/{session_id}/sign-up")
async def take_a_place(reference: str, session_id: UUID, house: TheHouse, actor: Volunteer) -> PlaceView:
    """Take a place in a session, or my turn on its waiting list where it is full. Asked again, what I have already.

    Decided at once, whatever the engine does. Refused with the limit of labour law that it would break.
    """
    return await at_the_desk(house, reference, session_id, actor, sign_up)


@router.post("/backlog/{reference}/sessions/{session_id}/sign-off")
async def give_place_back(reference: str, session_id: UUID, house: TheHouse, actor: Volunteer) -> PlaceView:
    """Give my place, or my turn, back until the session begins: a free place goes to whoever is next."""
    return await at_the_desk(house, reference, session_id, actor, give_back)


@router.put("/backlog/{reference}/sessions/{session_id}/places")
async def give_more_places(
    reference: str, session_id: UUID, asked: Places, house: TheHouse, actor: Strengthener
) -> PlacesView:
    """The session has so many places from now on: more, never fewer, until it begins. Those who wait get them at once,
    in their turn. Asked again, nothing changes.
    """

    def work(session: Session) -> PlacesView | None:
        row = give_places(session, session_id, asked.places, actor, house.now(), house.book, of=reference)
        return _places(session, row) if row else None

    told = await house.transact(work)
    if told is None:
        raise HTTPException(404, "The operation has no such session.")
    return told


def _places(session: Session, row: SessionRow) -> PlacesView:
    sign_ups = backlog_lists.sign_ups_of(session, [row.id]).get(row.id, [])
    seated = sum(one.status == SignUpStatus.SEATED for one in sign_ups)
    return PlacesView(
        session=row.id, number=row.number, places=row.places, free=row.places - seated, waiting=len(sign_ups) - seated
    )


async def at_the_desk(house: House, reference: str, session_id: UUID, actor: Actor, act: Any) -> PlaceView:
    """Take a place or give it back, at once. Raises Refusal, HTTPException 404."""

    def work(session: Session) -> SignedUp | None:
        done: SignedUp | None = act(session, session_id, actor, house.now(), house.book, of=reference)
        return done

    told = await house.transact(work)
    fault_point("place_taken")
    if told is None:
        raise HTTPException(404, "The operation has no such session.")
    return PlaceView(session=session_id, status=told.status, label=told.status.label, seat=told.seat, turn=told.turn)
