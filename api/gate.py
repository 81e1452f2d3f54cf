"""The gate: to the API only JSON comes in, to the pages only forms, and not too much, and from no other site.

Some addresses take files: those come in piece by piece, once it is known who sends them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem
from api.files import LARGEST_FILE, MEDIA_TYPES
from api.strict_json import why_unreadable
from api.uploads import LARGEST_UPLOAD, UPLOAD

LARGEST_BODY = 400_000
LARGER_BODIES = {re.compile(r"/api/v1/payments/[^/]+/status-report"): 8_500_000}
"""Where whole files come in: a bank's report has some hundred bytes for each line."""
_READING = {"GET", "HEAD", "OPTIONS"}
_FORM = "application/x-www-form-urlencoded"
_NO_PAGES = ("/api/", "/health/", "/metrics", "/docs", "/openapi.json", "/vendor/", "/static/")


def is_page(path: str) -> bool:
    """Whether what is at this address is for people, in a browser."""
    return not path.startswith(_NO_PAGES)


@dataclass(frozen=True)
class _Arrival:
    """Addresses to which files come, piece by piece; those of pages take forms without a file as well."""

    addresses: re.Pattern[str]
    judge: Callable[[Headers], Response | None]
    page: bool = False

    def refusal(self, method: str, headers: Headers) -> Response | None:
        """Why what is sent there does not come in; whatever comes with a question to the API, nobody reads it."""
        return None if method in _READING and not self.page else self.judge(headers)


class Gate:
    """Reads the body of every request before the application sees it; refuses with 400, 403, 413 or 415."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through with its whole body, or refuse it."""
        page = scope["type"] == "http" and is_page(scope["path"])
        if scope["type"] != "http" or not (page or scope["path"].startswith("/api/")):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        arrival = _arrival(scope["path"], headers)
        if arrival is not None:
            await (arrival.refusal(scope["method"], headers) or self._app)(scope, receive, send)
            return
        largest = _largest(scope["path"])
        body = None if _says_too_much(headers, largest) else await _read(receive, largest)
        judge = _refusal_of_form if page else _refusal
        refusal = _too_large(largest) if body is None else judge(scope["method"], headers, body)
        if refusal is not None:
            await refusal(scope, receive, send)
        else:
            await self._app(scope, _again(body or b"", receive), send)


def _too_large(largest: int) -> Response:
    return problem(413, "too_large", f"A body of over {largest} bytes is refused.", "Send less text.")


def _refusal_of_form(method: str, headers: Headers, _body: bytes) -> Response | None:
    """Why a form does not come in. Where the browser says which page sends it, that is a page of this house."""
    refusal = _refusal_of_sender(method, headers)
    if refusal is not None or method in _READING:
        return refusal
    if _is_of_another_site(headers):
        return _of_another_site()
    if headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return problem(415, "no_form", "Pages take forms.", "Send it from the page itself; programs use /api/v1.")
    return None


def _refusal_of_sender(method: str, headers: Headers) -> Response | None:
    if method not in _READING and headers.get("sec-fetch-site") == "cross-site":
        return _of_another_site()
    return None


def _is_of_another_site(headers: Headers) -> bool:
    """Whether the browser says that the form is on no page of this house."""
    origin = headers.get("origin")
    elsewhere = origin not in (None, "null") and origin.partition("://")[2] != headers.get("host")
    return elsewhere or headers.get("sec-fetch-site", "same-origin") != "same-origin"


def _of_another_site() -> Response:
    return problem(403, "cross_site", "Another site's page asks for this.", "Ask for it from a page of this house.")


def _refusal(method: str, headers: Headers, body: bytes) -> Response | None:
    """Why a request does not come in."""
    refusal = _refusal_of_sender(method, headers)
    if refusal is not None:
        return refusal
    if not _says_json(headers, body):
        return problem(415, "not_json", "Bodies are JSON.", "Send Content-Type: application/json.")
    wrong = why_unreadable(body) if body else None
    if wrong is not None:
        return problem(400, "bad_json", f"The body cannot be read: {wrong}.", "Send one JSON object in UTF-8.")
    return None


def _refusal_of_file(headers: Headers) -> Response | None:
    """Why a file does not come in; how much of it there is, is counted while it is read."""
    if headers.get("sec-fetch-site") == "cross-site":
        return _of_another_site()
    if headers.get("content-type", "").partition(";")[0].strip().lower() not in MEDIA_TYPES:
        return problem(415, "no_file", "Here files come in.", f"Send Content-Type: {' or '.join(MEDIA_TYPES)}.")
    if _says_too_much(headers, LARGEST_FILE):
        return problem(413, "file_too_large", f"A file of over {LARGEST_FILE} bytes is refused.", "Send it in parts.")
    return None


def _refusal_of_upload(headers: Headers) -> Response | None:
    """Why a form with a file does not come in; how much of it there is, is counted while it is read."""
    if headers.get("sec-fetch-site") == "cross-site":
        return _of_another_site()
    if not _is_upload(headers):
        return problem(415, "no_upload", "Here a form with a file comes in.", f"Send Content-Type: {UPLOAD}.")
    if _says_too_much(headers, LARGEST_UPLOAD):
        rule, remedy = "A document has 10,000,000 bytes at most.", "Send it smaller, or in several documents."
        return problem(413, "file_too_large", rule, remedy)
    return None


def _refusal_of_page_upload(headers: Headers) -> Response | None:
    """Why a page's form with a file does not come in."""
    return _of_another_site() if _is_of_another_site(headers) else _refusal_of_upload(headers)


def _any_of(*addresses: str) -> re.Pattern[str]:
    """One of these addresses, with anything for what stands in braces."""
    return re.compile("|".join(re.sub(r"\{\w+\}", "[^/]+", address) for address in addresses))


_ARRIVALS = (
    _Arrival(_any_of("/api/v1/imports/{kind}"), _refusal_of_file),
    _Arrival(
        _any_of(
            "/api/v1/claims/{reference}/documents",
            "/api/v1/audits/{reference}/pieces/{piece}/files",
            "/api/v1/findings/{reference}/evidence",
            "/api/v1/delegate/audits/{reference}/pieces/{piece}",
            "/api/v1/delegate/findings/{reference}/evidence",
        ),
        _refusal_of_upload,
    ),
    _Arrival(
        _any_of(
            "/claims/{reference}/add-document",
            "/payments/{reference}/status-report",
            "/figures/file",
            "/volunteers/file",
            "/findings/{reference}/add-evidence",
            "/audits/{reference}/pieces/{piece}/add-file",
            "/delegate/findings/{reference}/evidence",
            "/delegate/audits/{reference}/pieces/{piece}",
        ),
        _refusal_of_page_upload,
        page=True,
    ),
)
"""Where files come in, and who judges them there."""


def _arrival(path: str, headers: Headers) -> _Arrival | None:
    """What comes to this address piece by piece, if anything does."""
    found = next((one for one in _ARRIVALS if one.addresses.fullmatch(path)), None)
    return None if found is not None and found.page and not _is_upload(headers) else found


def _is_upload(headers: Headers) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().lower() == UPLOAD


def _says_json(headers: Headers, body: bytes) -> bool:
    """A form says what it is even when it is empty: a page of any site can send one, without asking."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or (not kind and not body)


def _largest(path: str) -> int:
    """How much comes in at this address."""
    return next((most for address, most in LARGER_BODIES.items() if address.fullmatch(path)), LARGEST_BODY)


def _says_too_much(headers: Headers, most: int = LARGEST_BODY) -> bool:
    length = headers.get("content-length", "0")
    return length.isdecimal() and int(length) > most


async def _read(receive: Receive, largest: int) -> bytes | None:
    """The whole body, in one piece or in many; None as soon as it is too large, or when its sender has hung up."""
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > largest or message["type"] == "http.disconnect":
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
