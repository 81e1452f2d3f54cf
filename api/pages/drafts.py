"""Drafts: what somebody types is saved meanwhile, so that no crash, no ended session and no mistake loses it."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.house import TheHouse
from api.pages.show import go_to
from api.pages.typed import KEY, SentForm, Typed
from api.pages.visit import TheVisit, Visit, safe_address
from api.tokens import wall_now
from db.commands.command import has_given
from db.commands.draft import forget_draft, save_draft
from domain.permissions import check_password_chosen

router = APIRouter(include_in_schema=False)
FORM = "form"
"""The field that names the form that a draft is of, by its address."""


def _writing(visit: TheVisit) -> Visit:
    """Whoever may write something: everybody with a password of their own. Raises PasswordProvisional."""
    check_password_chosen(visit.actor)
    return visit


Writing = Annotated[Visit, Depends(_writing)]


@router.post("/drafts")
def save(visit: Writing, typed: SentForm, house: TheHouse) -> Response:
    """Save what has been typed so far; answered with when, in words."""
    wall = wall_now()
    fields = {name: values for name, values in typed.words.items() if name != FORM}
    with house.sessions.begin() as session:
        if has_given(session, visit.actor.id, typed[KEY]):  # sent meanwhile: what was typed is no draft any more
            return Response(status_code=204)
        save_draft(session, visit.actor.id, _form(typed), fields, wall)
    return HTMLResponse(visit.words.say("Saved at {time}, for you alone.", time=visit.words.time(wall)))


@router.post("/drafts/forget")
def forget(visit: Writing, typed: SentForm, house: TheHouse) -> Response:
    """Begin afresh."""
    with house.sessions.begin() as session:
        forget_draft(session, visit.actor.id, _form(typed))
    return go_to(_form(typed))


def _form(typed: Typed) -> str:
    return safe_address(typed[FORM])[:200]
