"""A whole house for a story: the real API, workers and relay, on a real register and engine whose clock is skipped."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import httpx2
from fastapi import FastAPI
from sqlalchemy import select
from starlette.datastructures import State
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from activities.mail import MailServer
from api.app import create_app
from api.auth import new_token
from api.house import POOL, House
from api.press import Press
from api.relay import relay_once
from db.models import StaffMember
from db.session import close_engine, open_engine, open_sessions
from engine.codec import encrypting_converter
from local.demo import seed
from local.demo_staff import STAFF
from local.sink import Sink
from rehearsal.stage import SkippedClock, pass_time
from tests.api.contract import check_answer, the_app
from tests.factories.keys import STORY_KEYS
from tests.factories.rules import the_book
from tracing.switch import interceptors
from worker import Means, workers
from worker import open_house as open_standing_workflows


@dataclass
class StoryHouse:
    """A running house; people act through `as_`, signed in already, and time moves with `sleep_until`."""

    environment: WorkflowEnvironment
    client: Client
    house: House
    http: httpx2.AsyncClient
    sink: Sink
    post_folder: Path
    checkpoints_folder: Path
    bank_folder: Path
    clock: SkippedClock
    tokens: dict[str, str] = field(default_factory=dict)

    async def as_(self, login: str, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        """Send a request as this person."""
        return await self.http.request(method, f"/api/v1{path}", json=body, headers=headers | self.pass_of(login))

    async def sends(self, login: str, path: str, content: bytes, kind: str) -> httpx2.Response:
        """Send these very bytes as this person."""
        headers = self.pass_of(login) | {"Content-Type": kind}
        return await self.http.post(f"/api/v1{path}", content=content, headers=headers)

    def pass_of(self, login: str) -> dict[str, str]:
        """The header by which the API knows this person."""
        if login not in self.tokens:
            with self.house.sessions.begin() as session:
                person = session.scalars(select(StaffMember).where(StaffMember.login == login)).one()
                self.tokens[login] = new_token(session, person)
        return {"Authorization": f"Bearer {self.tokens[login]}"}

    async def get(self, login: str, path: str) -> Any:
        """What this person reads there."""
        answer = await self.as_(login, "GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def inbox(self, login: str, reference: str) -> list[dict[str, Any]]:
        """The person's tasks on this case."""
        page = await self.get(login, f"{space_of(login)}/tasks")
        return [task for task in page["tasks"] if task["case"] == reference]

    async def complete(self, login: str, reference: str, kind: str, **body: Any) -> httpx2.Response:
        """Complete the person's task of this kind on this case."""
        tasks = [task for task in await self.inbox(login, reference) if task["kind"] == kind]
        assert tasks, f"{login} has no task to {kind} on {reference}"
        return await self.as_(login, "POST", f"{space_of(login)}/tasks/{tasks[0]['id']}/complete", body)

    async def relay(self) -> None:
        """Let the relay run once."""
        await relay_once(self.house.delivery)

    async def sleep_until(self, instant: datetime) -> None:
        """Let time pass on the engine until an instant."""
        await self.sleep(instant - await self.environment.get_current_time())

    async def sleep(self, duration: timedelta) -> None:
        """Let time pass on the engine."""
        await pass_time(self.environment, duration)
        self.clock.look(await self.environment.get_current_time())


def space_of(login: str) -> str:
    """Where somebody works: a delegate's people in their own space."""
    return "/delegate" if any(one.login == login and one.delegate for one in STAFF) else ""


async def settles(look: Callable[[], Awaitable[Any]], wanted: Any, seconds: float = 40.0) -> None:
    """Wait, without moving the clock, until what the machine does by itself has been done."""
    give_up_at = monotonic() + seconds
    while (seen := await look()) != wanted:
        assert monotonic() < give_up_at, f"still {seen!r}, not {wanted!r}"
        await asyncio.sleep(0.02)


_SPARE: list[Callable[[], FastAPI]] = [the_app]


@contextmanager
def application(house: House) -> Iterator[FastAPI]:
    """An application on this house: maybe one that another house has done with, for each takes long to make."""
    app = _SPARE.pop()() if _SPARE else create_app()
    app.state = State()
    app.state.house = house
    try:
        yield app
    finally:
        _SPARE.append(lambda: app)


def caller(app: FastAPI) -> httpx2.AsyncClient:
    """A client of this application that checks each answer against what the API owes."""
    hooks = {"response": [check_answer]}
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://house", event_hooks=hooks)


@asynccontextmanager
async def open_house(
    environment: WorkflowEnvironment,
    database: str,
    sink: Sink,
    folder: Path,
    starts_at: datetime | None = None,
    mail: MailServer | None = None,
    **worker_options: Any,
) -> AsyncIterator[StoryHouse]:
    """Open a house on these servers, loaded with the demo insurer; the story starts now, or at a coming instant."""
    if starts_at is not None:
        await pass_time(environment, starts_at - await environment.get_current_time())
    engine = open_engine(database, pool=POOL)
    sessions = open_sessions(engine, STORY_KEYS)
    with sessions.begin() as session:
        seed(session)
    config = environment.client.config()
    config["data_converter"] = encrypting_converter(STORY_KEYS)
    config["interceptors"] = interceptors()
    client = Client(**config)
    clock = SkippedClock()
    clock.look(await environment.get_current_time())
    house = House(sessions, client, the_book(), clock, patience=60.0, press=Press(patience=60.0))
    means = Means(
        sessions,
        house.book,
        mail or MailServer.parse(sink.url),
        folder / "post",
        folder / "checkpoints",
        folder / "bank",
    )
    async with AsyncExitStack() as stack:
        stack.callback(close_engine, engine)
        await stack.enter_async_context(workers(client, means, **worker_options))
        await open_standing_workflows(client, ["mailroom"])
        http = await stack.enter_async_context(caller(stack.enter_context(application(house))))
        folders = (means.post_folder, means.checkpoints_folder, means.bank_folder)
        yield StoryHouse(environment, client, house, http, sink, *folders, clock)
