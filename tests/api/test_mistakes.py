"""A mistake of ours: told as one, quickly, and neither the answer nor the log repeats what somebody typed."""

import json
from functools import cache

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

from api.app import create_app
from tests.api.contract import check_refusal, rule_of

TYPED = "Mme Odette Vasseur-Lenoir"


@cache
def faulty_app() -> FastAPI:
    """The application with two more routes, on which it fails."""
    app = create_app()

    @app.get("/api/v1/mistake/{name}")
    async def mistake(name: str) -> None:
        """A route that stumbles over what it was given."""
        raise KeyError(f"{name} does not fit")

    @app.get("/api/v1/away/{name}")
    async def away(name: str) -> None:
        """A route whose register goes away in the middle of its work."""
        raise OperationalError(f"SELECT '{name}'", {"name": name}, Exception(f"server closed the connection on {name}"))

    return app


async def ask(path: str) -> httpx2.Response:
    """What a caller gets; a mistake is answered, not raised: the server outside would log its text."""
    transport = httpx2.ASGITransport(app=faulty_app(), raise_app_exceptions=True)
    async with httpx2.AsyncClient(transport=transport, base_url="http://house") as http:
        return await http.get(f"/api/v1{path}")


@pytest.mark.parametrize(("path", "status", "rule"), [("mistake", 500, "mistake"), ("away", 503, "register_away")])
async def test_a_failure_is_told_without_what_was_typed(
    capsys: pytest.CaptureFixture[str], path: str, status: int, rule: str
) -> None:
    answer = await ask(f"/{path}/{TYPED}")
    check_refusal(answer)
    assert (answer.status_code, rule_of(answer)) == (status, rule)
    assert TYPED not in answer.text
    written = capsys.readouterr().out
    assert TYPED not in written
    [line] = [json.loads(one) for one in written.splitlines() if '"event"' in one]
    assert line["error"] == ("KeyError" if path == "mistake" else "OperationalError")


async def test_the_log_says_where_a_mistake_was_made(capsys: pytest.CaptureFixture[str]) -> None:
    await ask(f"/mistake/{TYPED}")
    line = json.loads(capsys.readouterr().out)
    assert line["route"] == "/api/v1/mistake/{name}"
    assert line["places"][-1].endswith("mistake")
    assert "test_mistakes.py" in line["places"][-1]


async def test_an_answer_of_503_says_when_to_come_back() -> None:
    answer = await ask(f"/away/{TYPED}")
    assert answer.headers["retry-after"] == "5"
    assert "Idempotency-Key" in answer.json()["remedy"]
