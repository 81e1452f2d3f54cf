"""My account: who I am, my roles and whom I stand in for today, my absences, my password, where I am signed in."""

from asyncio import to_thread

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.house import House, TheHouse
from api.pages.choices import choices
from api.pages.form import FormView, mistaken, status_of
from api.pages.show import go_to, page
from api.pages.sign_in import keep_session
from api.pages.typed import SentForm, Typed
from api.pages.visit import SESSION, TheVisit, Visit
from api.people.absences import absences_of
from api.people.own_password import PasswordChange, choose_own
from api.people.views import one
from api.sign_in import source_of
from api.tokens import TokenUse, end_tokens_of
from db.queries.people import colleagues
from db.queries.people_lists import stood_in_for
from domain.refusals import Refusal

router = APIRouter(include_in_schema=False)
_PASSWORD = "/account/password"  # noqa: S105


@router.get("/account")
def account(request: Request, visit: TheVisit, house: TheHouse) -> Response:
    """Who I am and what I may do today."""
    return _page(request, visit, house, FormView(_PASSWORD, Typed()))


@router.post(_PASSWORD)
async def choose_password(request: Request, visit: TheVisit, typed: SentForm, house: TheHouse) -> Response:
    """Choose a password of my own: I am signed out everywhere else, and stay signed in here. What was typed is not
    shown again.
    """
    try:
        asked = PasswordChange(old=typed["old"], new=typed["new"])
        token = await choose_own(house, visit.actor, asked, source_of(request), TokenUse.PAGES)
    except (Refusal, ValidationError) as error:
        form = mistaken(_PASSWORD, Typed(), error, visit.words)
        return await to_thread(_page, request, visit, house, form, status_of(error))
    answer = go_to("/account", "password_chosen")
    keep_session(request, answer, token)
    return answer


@router.post("/account/sign-out-everywhere")
def sign_out_everywhere(visit: TheVisit, _form: SentForm, house: TheHouse) -> Response:
    """Sign out wherever I am signed in, here too."""
    with house.sessions.begin() as session:
        end_tokens_of(session, visit.actor.id)
    answer = go_to("/sign-in")
    answer.delete_cookie(SESSION)
    return answer


def _page(request: Request, visit: Visit, house: House, form: FormView, status: int = 200) -> Response:
    today = house.today()
    with house.sessions() as session:
        me = one(session, visit.actor.login, today)
        values = {
            "me": me,
            "names": dict(colleagues(session, visit.actor.delegate)),
            "stood_in_for": stood_in_for(session, visit.actor.id, today),
            "absences": absences_of(session, me.login, today),
            "choices": choices(visit.words, house.book),
        }
    return page(request, visit, "house/account.html", status, form=form, **values)
