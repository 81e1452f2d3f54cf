"""Bodies, addresses and methods that no honest program sends: each is refused, none is a mistake of ours."""

import json
from collections.abc import AsyncIterator
from uuid import UUID

import httpx2
import pytest

from api.gate import LARGEST_BODY
from tests.api.contract import rule_of
from tests.api.counter import NOON, Counter
from tests.factories.bodies import a_complaint
from tests.factories.rows import a_case_row, a_task_row

FRONT_DESK = "malo.quere"
GOOD = json.dumps(a_complaint(NOON.date())).encode()


@pytest.fixture(scope="module")
def task_id(counter: Counter) -> UUID:
    """A task of the front desk's."""
    with counter.house.sessions.begin() as session:
        case_id = a_case_row(session, "REC-2031-900001", NOON.date(), NOON)
        return a_task_row(session, case_id, NOON, f"person:{counter.id_of(FRONT_DESK)}")


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"channel=letter",
        b"{'channel': 'letter'}",
        GOOD[:-1],
        GOOD + GOOD,
        b"\xff\xfe{",
        b'{"text": "\xe9"}',  # Latin-1
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"n": ' + b"9" * 5_000 + b"}",
        b"NaN",
        b'{"n": -Infinity}',
        b'{"text": "one", "text": "two"}',
        b'[{"deep": {"a": 1, "\\u0061": 2}}]',
        b"[" * 33 + b"]" * 33,
        b"[" * 500 + b"]" * 500,
        b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        GOOD.decode().encode("utf-16"),
        b"\xef\xbb\xbf" + GOOD,
    ],
)
async def test_what_is_no_json_is_a_bad_request(counter: Counter, content: bytes) -> None:
    answer = await counter.send(FRONT_DESK, "/complaints", content)
    assert answer.status_code == 400
    assert "JSON" in answer.json()["remedy"]


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"7", b'"text"', b"[" * 32 + b"]" * 32])
async def test_json_that_is_no_complaint_is_refused(counter: Counter, content: bytes) -> None:
    answer = await counter.send(FRONT_DESK, "/complaints", content)
    assert (answer.status_code, rule_of(answer)) == (422, "wrong_values")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 201),
        ("application/json; charset=utf-8", 201),
        ("Application/JSON", 201),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/jsonp", 415),
        ("", 415),
    ],
)
async def test_only_json_comes_in(counter: Counter, kind: str, status: int) -> None:
    assert (await counter.send(FRONT_DESK, "/complaints", GOOD, kind)).status_code == status


async def in_pieces(size: int, piece: bytes = b" " * 10_000) -> AsyncIterator[bytes]:
    """A body that comes in pieces, its length untold."""
    for _ in range(size // len(piece)):
        yield piece


async def chunked(counter: Counter, pieces: AsyncIterator[bytes], kind: str = "application/json") -> httpx2.Response:
    """Hand in a body without a Content-Length."""
    headers = {**counter.pass_of(FRONT_DESK), "Content-Type": kind}
    return await counter.http.post("/api/v1/complaints", content=pieces, headers=headers)


async def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(counter: Counter) -> None:
    said = await counter.send(FRONT_DESK, "/complaints", b" " * (LARGEST_BODY + 1))
    assert (said.status_code, rule_of(said)) == (413, "too_large")
    unsaid = await chunked(counter, in_pieces(LARGEST_BODY + 10_000))
    assert (unsaid.status_code, rule_of(unsaid)) == (413, "too_large")


async def test_a_body_without_end_is_cut_off(counter: Counter) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 50_000
            yield b" " * 50_000

    assert (await chunked(counter, endless())).status_code == 413
    assert taken <= LARGEST_BODY + 50_000


async def test_the_largest_body_in_pieces_is_read_as_one(counter: Counter) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(GOOD), 7):
            yield GOOD[start : start + 7]
        yield b" " * (LARGEST_BODY - len(GOOD))

    assert (await chunked(counter, pieces())).status_code == 201


async def test_pieces_of_something_else_than_json_are_refused(counter: Counter) -> None:
    assert (await chunked(counter, in_pieces(10_000), "text/plain")).status_code == 415


@pytest.mark.parametrize(
    "content",
    [
        GOOD.replace(b'"benefits"', b'"benefits\\u0000"'),
        GOOD.replace(b'"M0000042"', b'"\\u0000"'),
        GOOD.replace(b'"letter"', b'"\\ud800"'),
        GOOD.replace(b'"benefits"', b'"\\udfff"'),
        GOOD.replace(b'"subject": "', b'"subject": "\\ud83d'),
        GOOD.replace(b'"text"', b'"\\ud800"'),
        GOOD.replace(b'"text"', b'"\\u0000"'),
    ],
)
async def test_characters_that_are_none_are_refused(counter: Counter, content: bytes) -> None:
    assert content != GOOD
    assert (await counter.send(FRONT_DESK, "/complaints", content)).status_code == 422


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        b'{"outcome": null}',
        b'{"outcome": []}',
        b'{"outcome": {"a": 1}}',
        b'{"outcome": 1}',
        b'{"outcome": "fly"}',
        b'{"outcome": "approve"}',
        b'{"outcome": "\\ud800"}',
        b'{"outcome": "acknowledge"}',
        b'{"outcome": "acknowledge", "dispatch": "pigeon"}',
        b'{"outcome": "acknowledge", "dispatch": "\\u0000"}',
        b'{"outcome": "acknowledge", "dispatch": "\\ud800"}',
        b'{"outcome": "acknowledge", "dispatch": "email", "\\ud800": 1}',
        b'{"outcome": "acknowledge", "dispatch": "email", "also": "this"}',
        b'{"outcome": "acknowledge", "dispatch": ' + b"[" * 20 + b"]" * 20 + b"}",
        b"[]",
        b"null",
        b"",
    ],
)
async def test_an_outcome_that_the_task_does_not_have_is_refused(
    counter: Counter, task_id: UUID, content: bytes
) -> None:
    answer = await counter.send(FRONT_DESK, f"/tasks/{task_id}/complete", content)
    assert answer.status_code == 422, answer.text
    state = await counter.get(FRONT_DESK, "/cases/REC-2031-900001/state")
    assert state["waiting"] == []


async def test_a_command_with_a_character_that_is_none_is_refused_and_not_kept(counter: Counter, task_id: UUID) -> None:
    for reason in ("a\0b", "\ud800"):
        content = json.dumps({"requalified_as": "service_request", "reason": reason}).encode()
        answer = await counter.send(FRONT_DESK, "/cases/REC-2031-900001/requalify", content)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "reason")
    assert (await counter.get(FRONT_DESK, "/cases/REC-2031-900001/state"))["waiting"] == []


@pytest.mark.parametrize(
    "address",
    [
        "/complaints/REC-2031-999999",
        "/complaints/..%2f..%2fetc%2fpasswd",
        "/complaints/%2e%2e",
        "/complaints/' OR 1=1 --",
        "/complaints/%25",
        "/complaints/%F0%9F%98%A1",
        "/complaints/%FF%FE",
        f"/complaints/{'A' * 5000}",
        "/cases/REC-2031-900001%2fjournal/state",
        "/cases/REC-2031-900001;x=1/state",
        "/cases/rec-2031-900001/state",
        "/cases/ REC-2031-900001/state",
        "/tasks/00000000-0000-0000-0000-000000000000",
        "/commands/00000000-0000-0000-0000-000000000000",
        "/letters/00000000-0000-0000-0000-000000000000.pdf",
        "/letters/..%2f..%2fpolicy.pdf",
        "/nowhere",
        "/",
        "",
    ],
)
async def test_an_address_with_nothing_behind_it_is_not_found(counter: Counter, address: str) -> None:
    assert (await counter.ask(FRONT_DESK, "GET", address)).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/complaints/REC%00",
        "/cases/REC-2031-900001%00/state",
        "/complaints?owner=%00",
        "/complaints?pole=%00",
        "/complaints?state=happy",
        "/tasks?whose=everyones",
        "/tasks?due_before=soon",
        "/tasks?overdue=perhaps",
        "/tasks/not-an-id",
        "/letters/not-an-id.pdf",
        "/commands/1",
        "/cases/REC-2031-900001/journal?after=-1",
        "/cases/REC-2031-900001/journal?after=99999999999999999999999",
        "/cases/REC-2031-900001/journal?limit=501",
        "/cases/REC-2031-900001/deadlines?language=br",
    ],
)
async def test_an_address_that_makes_no_sense_is_refused(counter: Counter, address: str) -> None:
    assert (await counter.ask(FRONT_DESK, "GET", address)).status_code == 422


@pytest.mark.parametrize(
    ("method", "address"),
    [("PUT", "/complaints"), ("DELETE", "/complaints/REC-2031-900001"), ("PATCH", "/tasks"), ("POST", "/me")],
)
async def test_a_method_that_is_not_offered_is_refused(counter: Counter, method: str, address: str) -> None:
    answer = await counter.ask(FRONT_DESK, method, address)
    assert (answer.status_code, rule_of(answer)) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    ("address", "allowed"),
    [("/complaints", "GET, POST"), ("/token", "DELETE, POST"), ("/tasks/1/claim", "POST"), ("/complaints/x", "GET")],
)
async def test_a_method_that_is_not_offered_hears_all_that_are(counter: Counter, address: str, allowed: str) -> None:
    assert (await counter.ask(FRONT_DESK, "OPTIONS", address)).headers["allow"] == allowed


async def test_a_get_with_a_body_is_answered_as_without(counter: Counter) -> None:
    headers = {**counter.pass_of(FRONT_DESK), "Content-Type": "application/json"}
    answer = await counter.http.request("GET", "/api/v1/me", content=b"{}", headers=headers)
    assert answer.json()["login"] == FRONT_DESK
