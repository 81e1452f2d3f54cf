"""Accounts: closed after a page that says what that means, opened again, given another provisional password."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.house import House, TheHouse
from api.pages.administration.doors import Manager
from api.pages.administration.hiring import password_page
from api.pages.form import FormView, mistaken
from api.pages.show import go_to, page
from api.pages.typed import KEY, SentForm, Typed
from api.pages.visit import Visit
from api.people import accounts
from api.people.views import nobody, one
from db.queries.people import person_by_login
from db.queries.people_lists import names_of_those_without, owned_by
from domain.refusals import Refusal

router = APIRouter()


@router.get("/administration/people/{login}/leave")
def before_leaving(request: Request, login: str, visit: Manager, house: TheHouse) -> Response:
    """What it means that this person leaves, before they do."""
    return _leaving_page(request, login, visit, house, FormView(_address(login), Typed()))


@router.post("/administration/people/{login}/leave")
def leave(request: Request, login: str, visit: Manager, typed: SentForm, house: TheHouse) -> Response:
    """The person leaves; their page then names what they leave to others."""
    try:
        accounts.leave(login, house, visit.actor, typed[KEY][:100] or None)
    except Refusal as refusal:
        form = mistaken(_address(login), typed, refusal, visit.words)
        return _leaving_page(request, login, visit, house, form, refusal.status)
    return go_to(f"/administration/people/{login}", "person_left")


@router.post("/administration/people/{login}/return")
async def come_back(request: Request, login: str, visit: Manager, typed: SentForm, house: TheHouse) -> Response:
    """The person works here again; the page that follows tells the password."""
    told = await accounts.come_back(login, house, visit.actor, typed[KEY][:100] or None)
    return password_page(request, visit, told, "came_back")


@router.post("/administration/people/{login}/password")
async def give_password(request: Request, login: str, visit: Manager, typed: SentForm, house: TheHouse) -> Response:
    """Another provisional password; the page that follows tells it."""
    told = await accounts.give_password(login, house, visit.actor, typed[KEY][:100] or None)
    return password_page(request, visit, told, "password_given")


def _address(login: str) -> str:
    return f"/administration/people/{login}/leave"


def _leaving_page(
    request: Request, login: str, visit: Visit, house: House, form: FormView, status: int = 200
) -> Response:
    with house.reading() as session:
        row = person_by_login(session, login)
        if row is None:
            raise nobody()
        values = {
            "person": one(session, login, house.today()),
            "owned": owned_by(session, row.id, visit.actor.id),
            "without_deputy": names_of_those_without(session, row.id),
        }
    return page(request, visit, "administration/leave.html", status, form=form, **values)
