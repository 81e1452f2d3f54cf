"""Requests as parts: method, route and status, never the address that was asked for.

What a caller says of a trace of its own is not believed: a header that anybody can write would join anything to
anything, and carries free text.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils.compat import uuid7

from tracing.parts import Part, are_on, choosing, part

_NOT_TOLD = ("/health/", "/metrics", "/static/", "/vendor/", "/board/moves")
"""What machines ask every few seconds, files, and an answer that lasts as long as its page is open."""
_API = "/api/v1"
_METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}


class Traced:
    """Every request is a part, in a trace of its own. The first command that it gives bears the trace's id."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and look at what became of it."""
        if scope["type"] != "http" or not are_on() or scope["path"].startswith(_NOT_TOLD):
            await self._app(scope, receive, send)
            return
        begun = uuid7()
        with choosing(begun), part("request", role="server", of=begun) as told:
            try:
                await self._app(scope, receive, _noting(send, told))
            finally:
                _name(scope, told)


def _noting(send: Send, told: Part) -> Send:
    async def noting(message: Message) -> None:
        if message["type"] == "http.response.start":
            told.says("http.response.status_code", message["status"])
        await send(message)

    return noting


def _name(scope: Scope, told: Part) -> None:
    method = scope["method"] if scope["method"] in _METHODS else "OTHER"
    route = _route(scope)
    told.named(f"{method} {route}")
    told.says("http.request.method", method)
    told.says("http.route", route)


def _route(scope: Scope) -> str:
    """The route's template; those of the API know only what comes after its prefix."""
    route = getattr(scope.get("route"), "path", None)
    if route is None:
        return "none"
    return f"{_API}{route}" if scope["path"].startswith(_API) and not route.startswith(_API) else route
