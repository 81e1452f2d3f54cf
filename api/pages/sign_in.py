"""Sign in and out, choose a language. What somebody was sending when their session ended is kept and sent after."""

import json
from asyncio import to_thread
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import HTMLResponse, Response

from api.house import House, TheHouse
from api.pages.show import go_to, open_page, page
from api.pages.typed import SentForm, Typed, read_typed
from api.pages.visit import (
    LANGUAGE,
    SESSION,
    NotSignedInError,
    TheVisit,
    address_of,
    safe_address,
    visit_of,
    words_of,
)
from api.pages.words import LANGUAGES
from api.sign_in import SignIn, let_in, source_of
from api.tokens import TokenUse, end_token
from api.uploads import UPLOAD

router = APIRouter(include_in_schema=False)
AnyForm = Annotated[Typed, Depends(read_typed)]
_A_YEAR = 365 * 24 * 3600


@router.get("/sign-in")
def sign_in_page(request: Request, on: str = "/") -> Response:
    """Login and password; `on` is where to go then."""
    return _sign_in_page(request, safe_address(on))


def _sign_in_page(
    request: Request,
    on: str,
    status: int = 200,
    *,
    kept: str = "",
    login: str = "",
    refusal: str = "",
    ended: bool = False,
) -> Response:
    """`kept` is the form that was being sent, `refusal` why the last attempt failed."""
    return open_page(request, "house/sign_in.html", status, on=on, kept=kept, login=login, refusal=refusal, ended=ended)


@router.post("/sign-in")
async def sign_in(request: Request, typed: AnyForm, house: TheHouse) -> Response:
    """Sign in, and go on to where one was; what was being sent is shown, to be sent now."""
    on, kept = safe_address(typed["on"]), typed["kept"]
    asked = SignIn(login=typed["login"].strip().lower()[:60], password=typed["password"][:200])
    try:
        entry = await let_in(house, asked, source_of(request), TokenUse.PAGES)
    except HTTPException as refused:
        return _sign_in_page(
            request, on, refused.status_code, kept=kept, login=asked.login, refusal=str(refused.detail)
        )
    if entry.must_change_password:
        answer = go_to("/account")
    else:
        answer = await to_thread(_resumed, request, house, entry.token, on, kept) if kept else go_to(on)
    keep_session(request, answer, entry.token)
    return answer


def keep_session(request: Request, answer: Response, token: str) -> None:
    """The browser keeps the session's token, out of reach of scripts and of other sites."""
    answer.set_cookie(SESSION, token, httponly=True, samesite="lax", secure=request.url.scheme == "https")


def _resumed(request: Request, house: House, token: str, on: str, kept: str) -> Response:
    """What was being sent when the session had ended, to be sent now or left."""
    try:
        fields: dict[str, Any] = json.loads(kept)
        typed = Typed({str(name): [str(value) for value in values] for name, values in fields.items()})
    except (ValueError, AttributeError, TypeError) as error:
        raise HTTPException(400, "The form cannot be read.") from error
    return page(request, visit_of(request, house, token), "house/resume.html", on=on, kept=typed)


@router.post("/sign-out")
def sign_out(visit: TheVisit, _form: SentForm, house: TheHouse) -> Response:
    """Sign out: this session ends."""
    with house.sessions.begin() as session:
        end_token(session, visit.token)
    answer = go_to("/sign-in")
    answer.delete_cookie(SESSION)
    return answer


@router.post("/language")
def language(typed: AnyForm) -> Response:
    """Speak this language from now on."""
    answer = go_to(safe_address(typed["on"]))
    if typed["language"] in LANGUAGES:
        answer.set_cookie(LANGUAGE, typed["language"], max_age=_A_YEAR, httponly=True, samesite="lax")
    return answer


async def ask_to_sign_in(request: Request, _error: Exception) -> Response:
    """The answer to whoever is not signed in: the page to do so, which keeps what they were sending.

    A part of a page that asks for something by itself is told in a sentence, in its place.
    """
    assert isinstance(_error, NotSignedInError)
    if request.method == "GET":
        address = address_of(request)
        return go_to("/sign-in" if address == "/" else f"/sign-in?on={quote(address)}")
    if "HX-Request" in request.headers:
        said = words_of(request, request.app.state.house).say(
            "Your session has ended. Go on writing: when you send it, you sign in, and nothing is lost."
        )
        return HTMLResponse(said, 401)
    if request.headers.get("content-type", "").startswith(UPLOAD):
        return _sign_in_page(request, request.url.path, 401, ended=True)  # a file is not kept: it is chosen again
    typed = await read_typed(request)
    kept = json.dumps(typed.words, ensure_ascii=False) if typed.words else ""
    return _sign_in_page(request, request.url.path if kept else "/", 401, kept=kept, ended=True)
