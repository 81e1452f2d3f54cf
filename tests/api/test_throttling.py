"""Guessing passwords: counted by login and by address, in the register; it takes ever longer, and tells nothing."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import httpx2
import pytest
from pwdlib import PasswordHash
from sqlalchemy import func, select
from starlette.requests import Request

from api import passwords, sign_in
from db.models import SignInCount
from domain.sign_in import FORGOTTEN_AFTER, LIMITS, Counted
from local.demo import DEMO_PASSWORD
from tests.api.contract import check_answer, rule_of
from tests.api.counter import Counter, open_counter
from tests.stories.house import settles

CLAIRE, YANN, NOBODY = "claire.morvan", "yann.kerloch", "nobody.at.all"
WRONG = "wrong"
OFFICE, ELSEWHERE = "192.0.2.10", "198.51.100.7"
PATIENCE = LIMITS[Counted.BOTH].free


class QuickPasswords(PasswordHash):
    """Hashing that costs nothing, and is counted."""

    verified = 0
    may_go_on = Event()

    def verify(self, *given: Any, **_more: Any) -> bool:
        """Whether it is the demo's password, and the hash somebody's."""
        self.verified += 1
        self.may_go_on.wait(10)
        return bool(given[0] == DEMO_PASSWORD and given[1] != "nobody's")

    async def looked_at(self) -> int:
        """How many so far."""
        return self.verified


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[QuickPasswords]:
    """How often a password was looked at."""
    quick = QuickPasswords(passwords.PASSWORDS.hashers)
    quick.may_go_on.set()
    monkeypatch.setattr(passwords, "PASSWORDS", quick)
    monkeypatch.setattr(passwords, "_nobodys_hash", lambda: "nobody's")
    yield quick
    quick.may_go_on.set()


@dataclass
class WallClock:
    """The machine's time, as these tests set it."""

    wall: datetime

    def __call__(self) -> datetime:
        """What it shows."""
        return self.wall


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> WallClock:
    """Time passes when a test says so."""
    clock = WallClock(wall=datetime.now(UTC))
    monkeypatch.setattr(sign_in, "wall_now", clock)
    return clock


@pytest.fixture
async def doorman(insurer: str) -> AsyncIterator[Counter]:
    """An API whose register has counted nothing yet."""
    async with open_counter(insurer) as counter:
        yield counter


async def tries(counter: Counter, login: str, password: str = WRONG, address: str = OFFICE) -> httpx2.Response:
    """Somebody signs in from an address."""
    transport = httpx2.ASGITransport(app=counter.app, client=(address, 40_000))
    hooks: Any = {"response": [check_answer]}
    async with httpx2.AsyncClient(transport=transport, base_url="http://house", event_hooks=hooks) as http:
        return await http.post("/api/v1/token", json={"login": login, "password": password})


async def fails(counter: Counter, login: str, times: int, address: str = OFFICE) -> list[int]:
    """Wrong passwords, one after the other."""
    return [(await tries(counter, login, address=address)).status_code for _ in range(times)]


@pytest.mark.parametrize("login", [CLAIRE, NOBODY])
async def test_after_five_failures_no_password_is_looked_at_the_right_one_neither(
    doorman: Counter, quick: QuickPasswords, clock: WallClock, login: str
) -> None:
    assert await fails(doorman, login, PATIENCE) == [401] * PATIENCE
    wrong, right = await tries(doorman, login), await tries(doorman, login, DEMO_PASSWORD)
    assert (right.status_code, rule_of(right)) == (429, "too_many_requests")
    assert right.headers["retry-after"] == "60"
    assert "Retry-After" in right.json()["remedy"]
    assert right.json() == wrong.json()
    assert quick.verified == PATIENCE


async def test_the_wait_ends_and_is_longer_after_the_next_failure(doorman: Counter, clock: WallClock) -> None:
    await fails(doorman, CLAIRE, PATIENCE)
    waits = []
    for _ in range(6):
        refused = await tries(doorman, CLAIRE)
        waits.append(int(refused.headers["retry-after"]))
        clock.wall += timedelta(seconds=waits[-1])
        assert (await tries(doorman, CLAIRE)).status_code == 401
    assert waits == [60, 120, 240, 480, 900, 900]
    clock.wall += timedelta(seconds=900)
    assert (await tries(doorman, CLAIRE, DEMO_PASSWORD)).status_code == 200
    assert await fails(doorman, CLAIRE, PATIENCE + 1) == [401] * PATIENCE + [429]


async def test_what_is_tried_during_the_wait_does_not_lengthen_it(doorman: Counter, clock: WallClock) -> None:
    await fails(doorman, CLAIRE, PATIENCE)
    clock.wall += timedelta(seconds=59)
    assert await fails(doorman, CLAIRE, 20) == [429] * 20
    clock.wall += timedelta(seconds=1)
    assert (await tries(doorman, CLAIRE, DEMO_PASSWORD)).status_code == 200


async def test_a_hundred_guesses_at_once_are_five(doorman: Counter, quick: QuickPasswords) -> None:
    answers = await asyncio.gather(*(tries(doorman, CLAIRE) for _ in range(100)))
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(401), statuses.count(429)) == (PATIENCE, 100 - PATIENCE)
    assert quick.verified == PATIENCE


async def test_the_count_is_shared_by_every_process_and_outlives_each(doorman: Counter, insurer: str) -> None:
    await fails(doorman, CLAIRE, PATIENCE)
    async with open_counter(insurer) as other_process:
        assert (await tries(other_process, CLAIRE, DEMO_PASSWORD)).status_code == 429


async def test_a_crowd_of_addresses_has_twenty_guesses_together(doorman: Counter, quick: QuickPasswords) -> None:
    crowd = [f"203.0.113.{number}" for number in range(40)]
    statuses = [status for address in crowd for status in await fails(doorman, CLAIRE, 1, address)]
    assert statuses == [401] * 20 + [429] * 20


async def test_strangers_cannot_lock_somebody_out_of_where_they_work(doorman: Counter, clock: WallClock) -> None:
    assert (await tries(doorman, CLAIRE, DEMO_PASSWORD, OFFICE)).status_code == 200
    for number in range(40):
        await fails(doorman, CLAIRE, 1, f"203.0.113.{number}")
    assert (await tries(doorman, CLAIRE, DEMO_PASSWORD, ELSEWHERE)).status_code == 429
    assert (await tries(doorman, CLAIRE, DEMO_PASSWORD, OFFICE)).status_code == 200
    clock.wall += timedelta(days=31)  # nobody is known for ever
    for number in range(40):
        await fails(doorman, CLAIRE, 1, f"203.0.113.{number}")
    assert (await tries(doorman, CLAIRE, DEMO_PASSWORD, OFFICE)).status_code == 429


async def test_one_person_s_failures_hold_up_no_colleague_at_the_same_address(doorman: Counter) -> None:
    await fails(doorman, CLAIRE, PATIENCE + 3)
    assert (await tries(doorman, YANN, DEMO_PASSWORD)).status_code == 200


async def test_one_address_that_tries_a_hundred_logins_waits(doorman: Counter) -> None:
    for number in range(100):
        assert await fails(doorman, f"login.{number}", 1, ELSEWHERE) == [401]
    assert (await tries(doorman, YANN, DEMO_PASSWORD, ELSEWHERE)).status_code == 429
    assert (await tries(doorman, YANN, DEMO_PASSWORD, OFFICE)).status_code == 200


async def test_seventy_people_who_arrive_at_once_all_come_in(doorman: Counter) -> None:
    logins = [CLAIRE, YANN, "malo.quere", "anne.le.goff", "gwenola.prigent", "odile.bescond", "tangi.riou"]
    answers = await asyncio.gather(*(tries(doorman, login, DEMO_PASSWORD) for login in logins * 10))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(200) >= len(logins) * (PATIENCE - 1)
    assert set(statuses) <= {200, 429}  # ten at once are not one person


async def test_the_register_keeps_neither_login_nor_password_nor_address_and_forgets(
    doorman: Counter, clock: WallClock
) -> None:
    typed = "Mon-Mot-De-Passe-2026"
    await tries(doorman, typed, "wrong", ELSEWHERE)
    await fails(doorman, NOBODY, 2)
    with doorman.house.sessions() as session:
        kept = [row.__dict__ for row in session.scalars(select(SignInCount))]
    assert len(kept) == 6
    written = json.dumps(kept, default=str)
    assert all(word not in written for word in (typed, NOBODY, ELSEWHERE, OFFICE))
    assert all(0 <= row["bucket"] < 2**20 for row in kept)
    clock.wall += FORGOTTEN_AFTER + timedelta(seconds=1)
    await tries(doorman, CLAIRE)
    with doorman.house.sessions() as session:
        assert session.scalar(select(func.count()).select_from(SignInCount)) == 3


async def test_while_passwords_are_looked_at_everybody_else_is_served(doorman: Counter, quick: QuickPasswords) -> None:
    quick.may_go_on.clear()
    waiting = [asyncio.create_task(tries(doorman, f"login.{number}")) for number in range(6)]
    await settles(quick.looked_at, passwords.AT_ONCE)
    assert (await doorman.ask(YANN, "GET", "/me")).status_code == 200
    assert quick.verified == passwords.AT_ONCE
    quick.may_go_on.set()
    assert {answer.status_code for answer in await asyncio.gather(*waiting)} == {401}


async def test_when_too_many_wait_the_next_are_told_to_come_back(
    doorman: Counter, quick: QuickPasswords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "MOST_WAITING", 3)
    quick.may_go_on.clear()
    waiting = [asyncio.create_task(tries(doorman, f"login.{number}")) for number in range(3)]

    async def queue() -> int:
        return passwords._waiting

    await settles(queue, 3)
    answer = await tries(doorman, YANN, DEMO_PASSWORD)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    quick.may_go_on.set()
    await asyncio.gather(*waiting)
    assert (await tries(doorman, YANN, DEMO_PASSWORD)).status_code == 200


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.10", "192.0.2.10"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:bbbb:cccc:dddd:eeee", "2001:db8:1:2::"),
        ("::ffff:192.0.2.10", "192.0.2.10"),
        ("a-socket", "a-socket"),
        (None, ""),
    ],
)
def test_an_address_is_told_by_whose_it_is(address: str | None, source: str) -> None:
    request = Request({"type": "http", "client": (address, 1) if address else None, "headers": []})
    assert sign_in.source_of(request) == source
