"""Every refusal and failure as problem+json (RFC 9457): what is wrong, the rule, the remedy."""

from collections.abc import Mapping
from http import HTTPStatus
from json import dumps
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.queries.calendar import NoCalendarError
from domain.calendar import DateNotCoveredError
from domain.refusals import Refusal
from tracing.parts import current

log = structlog.get_logger()
PROBLEM = "application/problem+json"
_SPACE = "/api/v1/delegate/"
_REMEDIES = {
    400: "Send one JSON object in UTF-8, with no more nesting than its schema has.",
    401: "Sign in with POST /api/v1/token and send its token as Authorization: Bearer.",
    404: "Check the address, and the reference or the login in it; /docs says which list has them.",
    405: "Look at /docs for what can be done at this address.",
    429: "Wait for as long as Retry-After says, in seconds. Every attempt after that which fails makes it longer.",
    503: "Send it again after as many seconds as Retry-After says.",
}


class WrongValue(BaseModel):
    """One value of the request that cannot be right."""

    field: str | None = None
    rule: str
    remedy: str | None = None


class Problem(BaseModel):
    """What went wrong, for people and programs."""

    type: str = Field(examples=["/problems/stale_version"])
    title: str
    status: int
    detail: str
    remedy: str | None = None
    field: str | None = None
    errors: list[WrongValue] | None = None


class ProblemResponse(JSONResponse):
    """A problem; what a request quotes wrongly (half a character) does not keep it from being told."""

    media_type = PROBLEM

    def render(self, content: Any) -> bytes:
        """Write it as JSON."""
        return dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def problem(
    status: int,
    code: str,
    detail: str,
    remedy: str | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """A problem+json answer."""
    return answer(_named(status, code, detail, remedy=remedy, **more), headers)


def as_problem(refusal: Mapping[str, Any]) -> Problem:
    """A refusal, as it was recorded on its command."""
    told = {"remedy": refusal["remedy"], "field": refusal["field"], "errors": refusal.get("errors")}
    return _named(refusal["status"], refusal["code"], refusal["rule"], **told)


def _named(status: int, code: str, detail: str, **more: Any) -> Problem:
    return Problem(type=f"/problems/{code}", title=HTTPStatus(status).phrase, status=status, detail=detail, **more)


def answer(body: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A problem as an answer of the API."""
    return ProblemResponse(body.model_dump(exclude_none=True), body.status, headers=dict(headers) if headers else None)


def install(app: FastAPI) -> None:
    """Answer every failure with a problem; `wrong_values` answers for values that cannot be right."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(HTTPException, _http)
    for away in (OperationalError, InterfaceError, PoolExhausted):
        app.add_exception_handler(away, _away)
    for uncounted in (NoCalendarError, DateNotCoveredError):
        app.add_exception_handler(uncounted, _uncounted)
    app.add_exception_handler(DataError, _unwritable)


def document(app: FastAPI) -> None:
    """Say in OpenAPI that a problem is application/problem+json: a model alone would say application/json."""
    write = app.openapi

    def openapi() -> dict[str, Any]:
        schema = write()
        operations = (operation for path in schema["paths"].values() for operation in path.values())
        for content in (answer.get("content", {}) for one in operations for answer in one["responses"].values()):
            if content.get("application/json", {}).get("schema", {}).get("$ref") == "#/components/schemas/Problem":
                content[PROBLEM] = content.pop("application/json")
        return schema

    app.openapi = openapi  # type: ignore[method-assign]


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refusal)
    return answer(as_problem(error.recorded()))


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    headers = {"Allow": _allowed_at(request)} if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED else error.headers
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    return problem(
        error.status_code,
        code,
        str(error.detail),
        _remedy(request, error.status_code),
        headers=headers,
    )


def _remedy(request: Request, status: int) -> str:
    """What to do instead: whoever is in the delegate's space is sent to no list that is not theirs."""
    if status == HTTPStatus.NOT_FOUND and request.url.path.startswith(_SPACE):
        return "Check the address: GET /api/v1/delegate/audits, /findings and /tasks list what there is for you."
    return _REMEDIES.get(status, "Look at /docs.")


def _allowed_at(request: Request) -> str:
    """All that can be done at an address: the framework names the methods of its first route only."""
    here = (
        context
        for context in iter_route_contexts(request.app.routes)
        if context.path and compile_path(context.path)[0].match(request.scope["path"])
    )
    return ", ".join(sorted({method for context in here for method in context.methods or ()}))


async def _away(_request: Request, error: Exception) -> JSONResponse:
    log.warning("register_away", error=type(error).__name__)
    current().failed(type(error).__name__)
    return problem(
        503,
        "register_away",
        "The register cannot be reached. What was asked has been kept whole or not at all.",
        "Send the same request with the same Idempotency-Key again in a few seconds: it is carried out once.",
        headers={"Retry-After": "5"},
    )


async def _uncounted(_request: Request, error: Exception) -> JSONResponse:
    log.error("calendar_missing", error=type(error).__name__)
    return problem(
        503,
        "calendar_missing",
        f"No deadline can be counted, so nothing was kept. {error}",
        "Have `echeance calendar fill` run for these years, then send the same request again.",
        headers={"Retry-After": "300"},
    )


async def _unwritable(_request: Request, error: Exception) -> JSONResponse:
    log.warning("unwritable", error=type(error).__name__)
    return problem(
        422,
        "unwritable",
        "The register cannot hold or look for one of these values: a NUL character, or a number out of all bounds.",
        "Leave it out; the schema is at /docs.",
    )


class Mistakes:
    """Answers a mistake of ours: left to the server outside, its text would stand in the log with what was typed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; answer 500 when that fails, unless an answer has begun."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:
            route = scope.get("route")
            current().failed(type(error).__name__)
            log.exception("mistake", route=route and route.path)
            if scope["type"] == "http" and not begun:
                await _mistake()(scope, receive, send)


def _mistake() -> JSONResponse:
    return problem(500, "mistake", "A mistake of ours.", "Try again; if it stays, tell your administrator when it was.")
