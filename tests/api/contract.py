"""What every answer of the API owes to its caller: it is documented, and a refusal names the rule and the remedy.

Hung on the tests' HTTP clients, so that each request of each test checks it.
"""

import re
from functools import cache
from typing import Any

import httpx2
from fastapi import FastAPI

from api.app import create_app
from api.headers import HEADERS
from tests.shared import once

PROBLEM = "application/problem+json"
POLICY = "Content-Security-Policy"
FILES = ("/vendor/", "/static/")
"""Files that say nothing of anybody: browsers keep them."""
SHOWN_WITHIN = re.compile(r"/claims/[^/]+/documents/[^/]+|/findings/[^/]+/evidence/[^/]+")
"""Documents and evidence stand in a page of this house, beside what they prove, and in nobody else's."""


@cache
def the_app() -> FastAPI:
    """The application without a house, made once, for it takes long; nobody adds anything to it."""
    return create_app()


@cache
def description() -> dict[str, Any]:
    """What the API says of itself: to write it takes seconds of a core, so that one process does it for all."""
    told: dict[str, Any] = once("description", lambda: the_app().openapi())
    return told


@cache
def documented() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """The operations by method, for the addresses that a pattern matches."""
    paths = description()["paths"]
    return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), operations) for path, operations in paths.items()]


async def check_answer(response: httpx2.Response) -> None:
    """Check an answer as it arrives."""
    await response.aread()
    check_headers(response)
    path, method = response.request.url.path, response.request.method.lower()
    if path.startswith("/api/") and response.status_code >= 400:
        check_refusal(response)
    for pattern, operations in documented():
        if pattern.fullmatch(path) and method in operations:
            check_documented(response, operations[method])
            break


def check_headers(response: httpx2.Response) -> None:
    """No browser keeps it, guesses what it is, frames it, or lets another site read it."""
    path = response.request.url.path
    may_differ = {POLICY, *(["Cache-Control"] if path.startswith(FILES) else [])}
    if SHOWN_WITHIN.fullmatch(path) and response.headers.get("X-Frame-Options") == "SAMEORIGIN":
        assert "frame-ancestors 'self'" in response.headers[POLICY]
        may_differ.add("X-Frame-Options")
    missing = [
        name for name, value in HEADERS.items() if name not in may_differ and response.headers.get(name) != value
    ]
    assert missing == [], f"{response.request.url} is answered without {missing}"
    assert "default-src 'none'" in response.headers[POLICY]
    assert "access-control-allow-origin" not in response.headers


def check_refusal(response: httpx2.Response) -> None:
    """A problem as RFC 9457 has it, with a rule, a remedy and a name for programs."""
    assert response.headers["content-type"] == PROBLEM, response.text
    told = response.json()
    assert told["status"] == response.status_code
    assert re.fullmatch(r"/problems/[a-z_]+", told["type"]), told
    assert told["title"], told
    assert told["detail"].strip(), told
    assert told["remedy"].strip(), told


def check_documented(response: httpx2.Response, operation: dict[str, Any]) -> None:
    """The status is documented for this operation, and so is the kind of content."""
    answers = operation["responses"]
    where = f"{operation['operationId']} answered {response.status_code}"
    assert str(response.status_code) in answers, f"{where}, which is not documented"
    kind = response.headers.get("content-type", "").partition(";")[0]
    if not kind and response.status_code == 204:
        return
    assert kind in answers[str(response.status_code)]["content"], f"{where} as {kind}, which is not documented"


def rule_of(response: httpx2.Response) -> str:
    """The name of the rule that a refusal names: `stale_version`."""
    name: str = response.json()["type"]
    return name.removeprefix("/problems/")
