"""The register is away: nothing is half done, whoever asks is told when to come back, and finds all as it was."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, select
from temporalio.testing import WorkflowEnvironment

from api.changes import Changes
from api.relay import relay_until
from db.models import Case, CommandRow, ComplaintRow
from db.session import migrate
from local.demo import DEMO_PASSWORD
from local.ports import free_port
from local.postgres import Postgres, start_postgres
from local.sink import Hang, Sink
from tests.api.contract import rule_of
from tests.api.counter import NOON, Counter, open_counter
from tests.factories.bodies import a_complaint
from tests.servers import require
from tests.stories.acts import acknowledges, enters, letters_of, state_of
from tests.stories.house import StoryHouse, open_house, settles
from tests.workplace import workplace

FRONT_DESK, OWNER = "malo.quere", "claire.morvan"


@dataclass
class SwitchedRegister:
    """A PostgreSQL of this file alone, that can be stopped and started again at the same address."""

    folder: Path
    port: int
    running: Postgres | None = None
    url: str = ""

    def start(self) -> None:
        """Serve."""
        log = self.folder / "postgres.log"
        self.running = start_postgres(self.folder / "postgres", log=log, port=self.port, durable=False)
        self.url = self.running.url

    def stop(self) -> None:
        """Serve no more: open transactions are rolled back."""
        if self.running is not None:
            self.running.stop()
            self.running = None


@pytest.fixture(scope="module")
def server() -> Iterator[SwitchedRegister]:
    """The server, with a migrated database that is loaded by whoever opens a house on it."""
    require("postgres")
    with workplace() as folder:
        server = SwitchedRegister(folder, free_port())
        server.start()
        try:
            migrate(server.url)
            yield server
        finally:
            server.stop()


@pytest.fixture
async def register(server: SwitchedRegister) -> AsyncIterator[SwitchedRegister]:
    """The server, running; it runs again for the next test."""
    yield server
    if server.running is None:
        server.start()


@asynccontextmanager
async def away(register: SwitchedRegister) -> AsyncIterator[None]:
    """The register is away meanwhile."""
    await asyncio.to_thread(register.stop)
    try:
        yield
    finally:
        await asyncio.to_thread(register.start)


async def enter(counter: Counter, key: str) -> Any:
    """Enter a complaint under a key."""
    return await counter.ask(FRONT_DESK, "POST", "/complaints", a_complaint(NOON.date()), Idempotency_Key=key)


def counted(counter: Counter) -> tuple[int, ...]:
    """How many cases, complaints and commands there are."""
    with counter.house.sessions() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(table)) or 0 for table in (Case, ComplaintRow, CommandRow)
        )


async def test_every_request_is_told_to_come_back_and_then_goes_through(register: SwitchedRegister) -> None:
    async with open_counter(register.url) as counter:
        counter.pass_of(FRONT_DESK)
        before = counted(counter)
        nothing = "00000000-0000-0000-0000-000000000000"
        async with away(register):
            answers = [
                await enter(counter, "away"),
                await counter.ask(FRONT_DESK, "GET", "/complaints"),
                await counter.ask(FRONT_DESK, "GET", "/tasks"),
                await counter.ask(FRONT_DESK, "POST", f"/tasks/{nothing}/claim"),
                await counter.ask(FRONT_DESK, "POST", f"/tasks/{nothing}/complete", {"outcome": "approve"}),
                await counter.http.post("/api/v1/token", json={"login": FRONT_DESK, "password": DEMO_PASSWORD}),
            ]
            assert {(answer.status_code, rule_of(answer)) for answer in answers} == {(503, "register_away")}
            assert {answer.headers["retry-after"] for answer in answers} == {"5"}
            assert (await counter.http.get("/health/live")).status_code == 200
            assert (await counter.http.get("/health/ready")).status_code == 503
        assert counted(counter) == before
        assert [(await enter(counter, "away")).status_code for _ in range(2)] == [201, 201]
        assert counted(counter) == tuple(number + 1 for number in before)


async def test_whoever_listens_to_changes_hears_of_them_again_once_the_register_is_back(
    register: SwitchedRegister,
) -> None:
    async with open_counter(register.url) as counter:
        changes = Changes(counter.house, pause=0.05, away=0.05)
        async with aclosing(changes.subscribe()) as versions:
            first = await asyncio.wait_for(anext(versions), 10)
            async with away(register):
                looks = changes.looks
                await asyncio.sleep(0.3)
                assert changes.looks <= looks + 1
            assert (await enter(counter, "after the outage")).status_code == 201
            assert await asyncio.wait_for(anext(versions), 10) > first


async def test_an_intake_that_is_cut_off_in_the_middle_leaves_nothing(register: SwitchedRegister) -> None:
    async with open_counter(register.url) as counter:
        before = counted(counter)
        holding = await psycopg.AsyncConnection.connect(register.url)
        await holding.execute("LOCK TABLE complaints IN ACCESS EXCLUSIVE MODE")
        asked = asyncio.create_task(enter(counter, "cut off"))
        await until_somebody_waits(register)
        async with away(register):
            answer = await asked
            assert (answer.status_code, rule_of(answer)) == (503, "register_away")
        await holding.close()
        assert counted(counter) == before
        assert (await enter(counter, "cut off")).status_code == 201


async def until_somebody_waits(register: SwitchedRegister) -> None:
    """Until a transaction waits for a lock."""
    give_up_at = monotonic() + 10
    async with await psycopg.AsyncConnection.connect(register.url, autocommit=True) as looking:
        while monotonic() < give_up_at:
            row = await (await looking.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")).fetchone()
            if row and row[0]:
                return
            await asyncio.sleep(0.02)
    pytest.fail("nobody waits")


async def test_the_relay_waits_for_the_register_and_goes_on(register: SwitchedRegister) -> None:
    async with open_counter(register.url) as counter:
        stop = asyncio.Event()
        relay = asyncio.create_task(relay_until(counter.house.delivery, stop))
        async with away(register):
            await asyncio.sleep(0.7)
            assert not relay.done()
        await asyncio.sleep(0.6)
        assert not relay.done()
        stop.set()
        await relay


async def test_a_letter_whose_acceptance_cannot_be_recorded_may_be_sent_twice_and_is_counted(
    register: SwitchedRegister, skipping_environment: WorkflowEnvironment, sink: Sink, tmp_path: Path
) -> None:
    sink.on_data = lambda _: Hang(1.0)
    async with open_house(skipping_environment, register.url, sink, tmp_path, NOON) as house:
        reference = await enters(house, FRONT_DESK, skills=["english"])
        await acknowledges(house, OWNER, reference, "email")
        await settles(lambda: attempts_on(house, reference), 1)

        # The mail server takes the letter while the register is away: nobody can note that it did.
        async with away(register):
            await settles(lambda: kept(sink), 1)
            sink.on_data = lambda _: None
            await asyncio.sleep(0.2)

        # Back again, it is sent once more under the same Message-ID, and the case says that this may be a double.
        await house.sleep_until(NOON.replace(hour=13))
        [letter] = await letters_of(house, OWNER, reference)
        assert letter["handed_over_at"] is not None
        assert (letter["attempts"], letter["possible_doubles"]) == (2, 1)
        assert await state_of(house, OWNER, reference) == "acknowledged"
        copies = sink.mailbox.mails()
        assert len(copies) == 2
        assert copies[0].content == copies[1].content


async def attempts_on(house: StoryHouse, reference: str) -> int:
    """How often the one letter of the case was tried."""
    [letter] = await letters_of(house, OWNER, reference)
    return int(letter["attempts"])


async def kept(sink: Sink) -> int:
    """How many mails the server has kept."""
    return len(sink.mailbox.mails())
