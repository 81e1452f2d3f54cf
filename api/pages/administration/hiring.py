"""Somebody begins to work here: their account, and a provisional password that is told on this page and never again."""

from asyncio import to_thread
from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.house import House, TheHouse
from api.pages.administration.doors import Manager
from api.pages.choices import choices, options
from api.pages.fields import said_in
from api.pages.form import FormView, begun, mistaken, status_of
from api.pages.show import page
from api.pages.typed import KEY, SentForm, Typed
from api.pages.visit import Visit
from api.people.staff import PersonHired, hire
from api.people.views import PasswordGiven
from db.commands.draft import forget_draft
from db.queries.people_lists import delegates, deputies
from domain.refusals import Refusal
from domain.roles import Role

router = APIRouter()
_NEW = "/administration/people/new"


@router.get(_NEW)
def new_person(request: Request, visit: Manager, house: TheHouse) -> Response:
    """The form of somebody new."""
    with house.sessions() as session:
        form = begun(session, visit.actor.id, _NEW)
    return _page(request, visit, house, form)


@router.post(_NEW)
async def hire_person(request: Request, visit: Manager, typed: SentForm, house: TheHouse) -> Response:
    """Hire; the page that follows tells the password. With what is wrong, the form again."""
    try:
        asked = PersonHired.model_validate(said(typed))
        told = await hire(asked, house, visit.actor, typed[KEY][:100] or None)
    except (Refusal, ValidationError) as error:
        form = mistaken(_NEW, typed, error, visit.words)
        return await to_thread(_page, request, visit, house, form, status_of(error))
    await house.transact(lambda session: forget_draft(session, visit.actor.id, _NEW))
    return password_page(request, visit, told, "hired")


def said(typed: Typed) -> dict[str, Any]:
    """What was typed, as the API is told it."""
    simple = said_in(PersonHired, typed)
    return simple | {"roles": typed.all("roles"), "skills": typed.all("skills")}


def password_page(request: Request, visit: Visit, told: PasswordGiven, why: str) -> Response:
    """The password, once: nothing keeps the page, and who asks for it again is told that it was told."""
    return page(request, visit, "administration/password.html", told=told, why=why)


def _page(request: Request, visit: Visit, house: House, form: FormView, status: int = 200) -> Response:
    with house.sessions() as session:
        others, houses = deputies(session), delegates(session)
    return page(
        request,
        visit,
        "administration/new.html",
        status,
        form=form,
        roles=options(visit.words, Role),
        choices=choices(visit.words, house.book),
        deputies=others,
        delegates=houses,
    )
