"""The gate: only JSON comes in, and not too much of it, whatever its sender says of its length."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem

LARGEST_BODY = 400_000


class Gate:
    """Reads the body of every request to the API before the application sees it; refuses with 413 or 415."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through with its whole body, or refuse it."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        body = None if _says_too_much(headers) else await _read(receive)
        if body is None:
            refusal = problem(413, "too_large", f"A body of over {LARGEST_BODY} bytes is refused.", "Send less text.")
            await refusal(scope, receive, send)
        elif body and headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            refusal = problem(415, "not_json", "Bodies are JSON.", "Send Content-Type: application/json.")
            await refusal(scope, receive, send)
        else:
            await self._app(scope, _again(body, receive), send)


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
