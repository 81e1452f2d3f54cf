"""The page of a volunteer: sessions to come, one's places, one's hours beside the limits, one's pay."""

from asyncio import to_thread
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import backlog_mine as api
from api import session_notices as notices_api
from api.backlog_sessions import at_the_desk, sessions_for
from api.house import House, TheHouse
from api.pages.form import Told
from api.pages.show import go_to, page
from api.pages.typed import SentForm
from api.pages.visit import Visit, safe_address
from api.pages.volunteer.doors import Volunteer
from db.commands.backlog_seat import give_back, sign_up
from db.queries.figures import activities
from domain.backlog.words import SignUpStatus
from domain.refusals import Refusal

router = APIRouter()
_ADDRESS = "/sessions"
SAID: Mapping[str, str] = {
    SignUpStatus.SEATED: "signed_up",
    SignUpStatus.WAITING: "waits_for_place",
    SignUpStatus.GIVEN_BACK: "gave_place_back",
}


@router.get(_ADDRESS)
def sessions(request: Request, visit: Volunteer, house: TheHouse) -> Response:
    """All that sessions are to me."""
    return _page(request, visit, house)


@router.get(_ADDRESS + "/mine.ics")
def my_calendar(visit: Volunteer, house: TheHouse) -> Response:
    """My places, for the calendar."""
    return api.my_calendar(house, visit.actor)


@router.post(_ADDRESS + "/notices/{notice_id}/noted")
def noted(notice_id: UUID, visit: Volunteer, typed: SentForm, house: TheHouse) -> Response:
    """I have taken note of what I was told; and stay where I was."""
    notices_api.noted(notice_id, house, visit.actor)
    return go_to(safe_address(typed.text("on"), _ADDRESS), "place_noted")


@router.post(_ADDRESS + "/{reference}/{session_id}/sign-up")
async def take_a_place(
    request: Request, reference: str, session_id: UUID, visit: Volunteer, _form: SentForm, house: TheHouse
) -> Response:
    """One click: a place, or a turn on the waiting list; or the rule that keeps me out."""
    return await _at_the_desk(request, reference, session_id, visit, house, sign_up)


@router.post(_ADDRESS + "/{reference}/{session_id}/sign-off")
async def give_place_back(
    request: Request, reference: str, session_id: UUID, visit: Volunteer, _form: SentForm, house: TheHouse
) -> Response:
    """The place goes to whoever is next."""
    return await _at_the_desk(request, reference, session_id, visit, house, give_back)


async def _at_the_desk(
    request: Request, reference: str, session_id: UUID, visit: Visit, house: House, act: Any
) -> Response:
    try:
        told = await at_the_desk(house, reference, session_id, visit.actor, act)
    except Refusal as refusal:
        words = visit.words
        refused = Told(words.told(refusal.rule, "BacklogState"), words.told(refusal.remedy or "", "BacklogState"))
        return await to_thread(_page, request, visit, house, refused, refusal.status)
    return go_to(_ADDRESS, SAID[told.status])


def _page(request: Request, visit: Visit, house: House, refused: Told | None = None, status: int = 200) -> Response:
    with house.reading() as session:
        shown = sessions_for(session, house, visit.actor)
        work = api.my_work(session, house, visit.actor)
        told = notices_api.notices_for(session, visit.actor)
        rows = activities(session, active_only=False)
    return page(
        request,
        visit,
        "volunteer/sessions.html",
        status,
        mine=[one for one in shown if one.mine],
        open_sessions=[one for one in shown if not one.mine],
        work=work,
        told=told,
        names={row.id: row.name_en if visit.words.language == "en" else row.name_fr for row in rows},
        refused=refused,
    )
