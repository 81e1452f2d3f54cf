"""The engine is away: what is asked is kept, and carried out once when it is back. A real engine is stopped here."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

from temporalio.client import Client

from activities.mail import MailServer
from api.clock import SystemClock
from api.relay import relay_once
from engine.codec import encrypting_converter
from local.engine import Engine, start_engine
from local.ports import HOST, free_port
from tests.api.counter import Counter, namespace_of_ones_own, open_counter
from tests.factories.bodies import a_complaint, an_acknowledgement
from tests.factories.keys import STORY_KEYS
from tests.servers import require
from worker import Means, workers

FRONT_DESK, OWNER = "malo.quere", "claire.morvan"


class SwitchedEngine:
    """An engine with a file of its own, that can be stopped and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = free_port(), free_port()
        self.running: Engine | None = None

    def start(self) -> None:
        """Serve."""
        port, ui_port = self._ports
        self.running = start_engine(
            self._folder / "engine.db", log=self._folder / "engine.log", port=port, ui_port=ui_port
        )

    def stop(self) -> None:
        """Serve no more; the file stays."""
        if self.running is not None:
            self.running.stop()
            self.running = None

    async def client(self, *, lazy: bool = False) -> Client:
        """A client of it; a lazy one does not mind that nobody serves yet."""
        return await Client.connect(
            f"{HOST}:{self._ports[0]}", data_converter=encrypting_converter(STORY_KEYS), lazy=lazy
        )


@asynccontextmanager
async def at_work(engine: SwitchedEngine, counter: Counter, folder: Path) -> AsyncIterator[None]:
    """The workers are there."""
    means = Means(
        counter.house.sessions,
        counter.house.book,
        MailServer(HOST, free_port()),
        folder,
        folder / "checkpoints",
        folder / "bank",
    )
    async with workers(await engine.client(), means):
        yield


async def relayed(counter: Counter, reference: str) -> dict[str, Any]:
    """Two relays at once deliver until nothing waits on the case; where it stands then."""
    give_up_at = monotonic() + 30
    while True:
        await asyncio.gather(relay_once(counter.house.delivery), relay_once(counter.house.delivery))
        state: dict[str, Any] = await counter.get(OWNER, f"/cases/{reference}/state")
        if not state["waiting"]:
            return state
        assert monotonic() < give_up_at, state
        await asyncio.sleep(0.1)


async def events_of(counter: Counter, reference: str) -> list[str]:
    """What the journal says has happened."""
    return [line["event"] for line in (await counter.get(OWNER, f"/cases/{reference}/journal"))["lines"]]


async def test_what_is_asked_while_the_engine_is_away_is_carried_out_once_when_it_is_back(
    insurer: str, tmp_path: Path
) -> None:
    require("engine")
    engine = SwitchedEngine(tmp_path)
    client = await engine.client(lazy=True)
    async with open_counter(insurer, client, clock=SystemClock(), patience=0.5) as counter:
        try:
            # No engine yet. A complaint is entered: it has its reference, and waits; so it does when the relay runs.
            reference = await enter(counter)
            await relay_once(counter.house.delivery)
            assert await waiting(counter, reference) == ["register"]

            # The engine starts, with two relays: the complaint is taken up, once.
            engine.start()
            async with at_work(engine, counter, tmp_path / "post"):
                state = await relayed(counter, reference)
                assert (state["state"], state["owner"]) == ("assigned", "Mme Claire Morvan")
                assert (await events_of(counter, reference)).count("OwnerAssigned") == 1
                [task] = state["tasks"]

                # The engine stops. Two answers to one task are kept; each gets a link.
                engine.stop()
                links = [await acknowledge(counter, task["id"], key) for key in ("first", "second")]
                assert await waiting(counter, reference) == ["acknowledge", "acknowledge"]
                for link in links:
                    assert (await counter.get(OWNER, link))["status"] == "received"

                # The engine is back. The first is applied, the second visibly refused.
                engine.start()
                state = await relayed(counter, reference)
                assert state["state"] == "acknowledged"
                first, second = [await counter.ask(OWNER, "GET", link) for link in links]
                assert (first.status_code, first.json()["status"]) == (200, "applied")
                assert second.json()["status"] == "refused"
                assert second.json()["refusal"]["type"].endswith("/task_done")
                events = await events_of(counter, reference)
                assert (events.count("Acknowledged"), events.count("CommandRefused")) == (1, 1)
        finally:
            engine.stop()


async def test_a_complaint_that_no_worker_takes_up_waits_and_is_taken_up_once(
    engine: str, insurer: str, tmp_path: Path
) -> None:
    client = await namespace_of_ones_own(engine)
    async with open_counter(insurer, client, clock=SystemClock(), patience=0.3) as counter:
        # The engine is there, but nobody works: the complaint is kept, and the relay tries in vain.
        reference = await enter(counter)
        assert await waiting(counter, reference) == ["register"]

        # Somebody works again. What the engine has kept and what the relay brings are the same command.
        means = Means(
            counter.house.sessions,
            counter.house.book,
            MailServer(HOST, free_port()),
            tmp_path,
            tmp_path / "checkpoints",
            tmp_path / "bank",
        )
        async with workers(client, means):
            assert (await relayed(counter, reference))["state"] == "assigned"
        assert (await events_of(counter, reference)).count("OwnerAssigned") == 1


async def enter(counter: Counter) -> str:
    """A complaint of Claire Morvan's: it takes English."""
    today: date = counter.house.today()
    answer = await counter.ask(FRONT_DESK, "POST", "/complaints", a_complaint(today, skills=["english"]))
    assert (answer.status_code, answer.json()["state"]) == (201, "registered")
    reference: str = answer.json()["reference"]
    return reference


async def waiting(counter: Counter, reference: str) -> list[str]:
    """The commands that wait on the case."""
    state = await counter.get(OWNER, f"/cases/{reference}/state")
    return [one["kind"] for one in state["waiting"]]


async def acknowledge(counter: Counter, task_id: str, key: str) -> str:
    """The owner acknowledges; the link to what becomes of it."""
    path = f"/tasks/{task_id}/complete"
    answer = await counter.ask(OWNER, "POST", path, an_acknowledgement(), Idempotency_Key=key)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == answer.json()["link"]
    link: str = answer.json()["link"]
    return link.removeprefix("/api/v1")
