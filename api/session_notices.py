"""What I am told of my places in sessions, given, taken back, lost with their session, until I take note of it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.backlog_views import SpanView
from api.house import TheHouse
from db.commands.backlog_notice import note
from db.queries import notices as queries
from db.queries.notices import Told
from domain.backlog.labour import BrokenLimit
from domain.backlog.notice import said_of
from domain.backlog.words import NoticeKind
from domain.people import Actor
from domain.permissions import Action

router = APIRouter(tags=["backlog operations"])
Volunteer = Annotated[Actor, Depends(Allowed(Action.SIGN_UP))]


class PlaceNoticeView(BaseModel):
    """What others, or the law, have made of my place: the rule with its article, and what I can do."""

    id: UUID
    kind: str = Field(examples=["place_taken_back"])
    label: str
    operation: str = Field(examples=["OPE-2026-000001"])
    activity: str
    session: int = Field(description="the number of the session in its operation")
    day: date
    hours: list[SpanView]
    why: str | None = Field(description="away, a limit of labour law, or why the operation has ended; null for a place")
    rule: str
    remedy: str
    told_at: datetime


class PlaceNotices(BaseModel):
    """What I have not noted yet, the newest first."""

    notices: list[PlaceNoticeView]


@router.get("/sessions/notices")
def notices(house: TheHouse, actor: Volunteer) -> PlaceNotices:
    """What has become of my places, until I have taken note of it."""
    with house.reading() as session:
        return PlaceNotices(notices=notices_for(session, actor))


def notices_for(session: Session, actor: Actor) -> list[PlaceNoticeView]:
    """What this person has not noted yet."""
    return [_view(row) for row in queries.notices_of(session, actor.id)]


@router.post("/sessions/notices/{notice_id}/noted")
def noted(notice_id: UUID, house: TheHouse, actor: Volunteer) -> PlaceNotices:
    """I have taken note of it; twice is once. What is left."""
    with house.sessions.begin() as session:
        if not note(session, notice_id, actor.id, house.now()):
            raise HTTPException(404, "Nobody has told you that.")
        return PlaceNotices(notices=notices_for(session, actor))


def _view(row: Told) -> PlaceNoticeView:
    notice, held = row.VolunteerNotice, row.SessionRow
    kind = NoticeKind(notice.kind)
    said = said_of(kind, notice.why, BrokenLimit.from_json(notice.broken) if notice.broken else None)
    return PlaceNoticeView(
        id=notice.id,
        kind=kind.value,
        label=kind.label,
        operation=row.reference,
        activity=row.activity,
        session=held.number,
        day=held.day,
        hours=[SpanView(**one) for one in held.spans],
        why=notice.why,
        rule=said.rule,
        remedy=said.remedy,
        told_at=notice.told_at,
    )
