"""Whatever goes wrong on a page is told as a page: the same problem as the API's, in words, with a way on.

What a part of a page asks for by itself, a draft to be saved, is answered in one sentence, in its place.
"""

import json
from asyncio import to_thread
from http import HTTPStatus
from typing import Any

from markupsafe import escape
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import PROBLEM
from api.gate import is_page
from api.pages.show import go_to, open_page, page
from api.pages.visit import SESSION, NotSignedInError, Visit, visit_of, words_of
from db.behalf import one_request

_PROVISIONAL = "/problems/password_provisional"
"""Whoever has to choose a password of their own is shown where, and why, whatever they asked for."""


class ProblemPages:
    """Shows a problem that a page is answered with; answers of the API pass as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; keep a problem back and tell it as a page."""
        if scope["type"] != "http" or not is_page(scope["path"]):
            await self._app(scope, receive, send)
            return
        kept: dict[str, Any] = {}

        async def keeping(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_problem(message):
                kept.update(status=message["status"], headers=message["headers"], body=b"")
            elif kept:
                kept["body"] += message.get("body", b"")
            else:
                await send(message)

        await self._app(scope, receive, keeping)
        if kept:
            answer = await to_thread(_told, Request(scope), kept)
            await answer(scope, receive, send)


def _is_problem(message: Message) -> bool:
    return any(name == b"content-type" and value.startswith(PROBLEM.encode()) for name, value in message["headers"])


def _visit_of(request: Request) -> Visit | None:
    """Whoever is signed in finds their way on by the menu, though the request was refused before anybody looked."""
    try:
        with one_request():
            return visit_of(request, request.app.state.house, request.cookies.get(SESSION, ""))
    except (NotSignedInError, SQLAlchemyError):
        return None


def _told(request: Request, kept: dict[str, Any]) -> Response:
    problem = json.loads(kept["body"])
    if "HX-Request" in request.headers:
        return HTMLResponse(escape(words_of(request, request.app.state.house).told(problem["detail"])), kept["status"])
    if problem["type"] == _PROVISIONAL:
        return go_to("/account")
    visit = _visit_of(request) if kept["status"] < HTTPStatus.INTERNAL_SERVER_ERROR else None
    shown: dict[str, Any] = {"template": "house/problem.html", "status": kept["status"], "problem": problem}
    answer = page(request, visit, **shown) if visit is not None else open_page(request, **shown)
    for name, value in kept["headers"]:
        if name in {b"retry-after", b"allow"}:
            answer.headers[name.decode()] = value.decode()
    return answer
