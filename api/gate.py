"""The gate: only JSON comes in, and not too much of it, whatever its sender says of its length, from no other site."""

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem
from api.strict_json import why_unreadable

LARGEST_BODY = 400_000
_READING = {"GET", "HEAD", "OPTIONS"}


class Gate:
    """Reads the body of every request to the API before the application sees it; refuses with 400, 403, 413 or 415."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through with its whole body, or refuse it."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        body = None if _says_too_much(headers) else await _read(receive)
        refusal = _refusal(scope["method"], headers, body)
        if refusal is not None:
            await refusal(scope, receive, send)
        else:
            await self._app(scope, _again(body or b"", receive), send)


def _refusal(method: str, headers: Headers, body: bytes | None) -> Response | None:
    """Why a request does not come in; a body of None was too large."""
    if body is None:
        return problem(413, "too_large", f"A body of over {LARGEST_BODY} bytes is refused.", "Send less text.")
    if method not in _READING and headers.get("sec-fetch-site") == "cross-site":
        return problem(403, "cross_site", "Another site's page asks for this.", "Ask for it from a page of this house.")
    if not _says_json(headers, body):
        return problem(415, "not_json", "Bodies are JSON.", "Send Content-Type: application/json.")
    wrong = why_unreadable(body) if body else None
    if wrong is not None:
        return problem(400, "bad_json", f"The body cannot be read: {wrong}.", "Send one JSON object in UTF-8.")
    return None


def _says_json(headers: Headers, body: bytes) -> bool:
    """A form says what it is even when it is empty: a page of any site can send one, without asking."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or (not kind and not body)


def _says_too_much(headers: Headers) -> bool:
    length = headers.get("content-length", "0")
    return length.isdecimal() and int(length) > LARGEST_BODY


async def _read(receive: Receive) -> bytes | None:
    """The whole body, in one piece or in many; None as soon as it is too large, or when its sender has hung up."""
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > LARGEST_BODY or message["type"] == "http.disconnect":
            return None
        if not message.get("more_body", False):
            return body


def _again(body: bytes, receive: Receive) -> Receive:
    """What has been read, told once more; after it the line itself."""
    told = False

    async def tell() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return tell
