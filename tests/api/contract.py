"""What every answer of the API owes to its caller: it is documented, and a refusal names the rule and the remedy.

Hung on the tests' HTTP clients, so that each request of each test checks it.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
from fastapi import FastAPI

PROBLEM = "application/problem+json"
Hook = Callable[[httpx2.Response], Awaitable[None]]


def contract_of(app: FastAPI) -> Hook:
    """Check each answer of this application as it arrives."""
    operations = [
        (re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), operation_of)
        for path, operation_of in app.openapi()["paths"].items()
    ]

    async def check(response: httpx2.Response) -> None:
        await response.aread()
        path = response.request.url.path
        if path.startswith("/api/") and response.status_code >= 400:
            check_refusal(response)
        for pattern, operation_of in operations:
            if pattern.fullmatch(path) and response.request.method.lower() in operation_of:
                check_documented(response, operation_of[response.request.method.lower()])
                break

    return check


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
    assert kind in answers[str(response.status_code)]["content"], f"{where} as {kind}, which is not documented"


def rule_of(response: httpx2.Response) -> str:
    """The name of the rule that a refusal names: `stale_version`."""
    name: str = response.json()["type"]
    return name.removeprefix("/problems/")
