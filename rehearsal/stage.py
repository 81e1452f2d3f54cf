"""The stage: a whole house on a skipped clock. Real API, workers, relay; register, engine, sink, folder its own."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
from temporalio.api.testservice.v1 import SleepRequest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import WorkflowRunner

from activities.mail import MailServer
from api.app import create_app
from api.auth import new_token
from api.house import House
from api.relay import relay_once
from db.queries.calendar import calendar
from db.queries.people import person_by_login
from db.session import close_engine, open_engine, open_sessions
from domain.policy import PolicyBook
from domain.rounds import RoundKind, coming_rounds
from engine.codec import encrypting_converter
from keys.ring import Keys
from local.sink import Sink
from worker import Means, open_house, workers

MOMENT = timedelta(minutes=1)
_AT_MOST = timedelta(minutes=3)
"""How long weeks may take to pass, with all that happens in them, where others work on the same machine."""


async def pass_time(environment: WorkflowEnvironment, duration: timedelta) -> None:
    """Let time pass on the engine, which may take longer than the client waits for other calls."""
    asked = SleepRequest()
    asked.duration.FromTimedelta(duration)
    await environment.client.test_service.unlock_time_skipping_with_sleep(asked, timeout=_AT_MOST)


@dataclass
class SkippedClock:
    """The engine's own clock, as of the last look, going on with real time between two looks."""

    seen: datetime = datetime.min.replace(tzinfo=UTC)
    looked_at: float = field(default_factory=monotonic)

    def look(self, seen: datetime) -> None:
        """Take over the engine's time."""
        self.seen, self.looked_at = seen, monotonic()

    def now(self) -> datetime:
        """The engine's time."""
        return self.seen + timedelta(seconds=monotonic() - self.looked_at)


@dataclass
class Stage:
    """A running house: people act over HTTP, and time moves with `sleep_until`."""

    environment: WorkflowEnvironment
    client: Client
    house: House
    http: httpx2.AsyncClient
    sink: Sink
    means: Means
    clock: SkippedClock
    tokens: dict[str, str] = field(default_factory=dict)

    async def request(self, login: str, method: str, path: str, body: Any = None) -> httpx2.Response:
        """Send a request to the API as this person."""
        headers = {"Authorization": f"Bearer {self._token(login)}"}
        return await self.http.request(method, f"/api/v1{path}", json=body, headers=headers)

    async def upload(self, login: str, path: str, content: bytes, kind: str) -> httpx2.Response:
        """Send these very bytes to the API as this person."""
        headers = {"Authorization": f"Bearer {self._token(login)}", "Content-Type": kind}
        return await self.http.post(f"/api/v1{path}", content=content, headers=headers)

    async def sleep_until(self, instant: datetime) -> None:
        """Let time pass, with a halt after each round of the mailroom: there the relay brings what it has left."""
        await self.relay()
        for halt in self._halts(instant):
            await self._move(halt)
            await self.relay()
        await self._move(instant)
        await self.relay()

    async def relay(self) -> None:
        """Let the relay run until nothing waits."""
        while await relay_once(self.house.delivery):
            pass

    async def _move(self, instant: datetime) -> None:
        left = instant - await self.environment.get_current_time()
        if left > timedelta(0):
            await pass_time(self.environment, left)
        self.clock.look(await self.environment.get_current_time())

    def _halts(self, instant: datetime) -> Iterable[datetime]:
        now = self.clock.now()
        office = self.house.book.in_force_on(now.date()).office
        with self.house.sessions() as session:
            days = calendar(session)
        weekdays = max((instant - now).days, 0) + 2
        rounds = coming_rounds(now.astimezone(ZoneInfo(office.zone)), weekdays, days, office)
        leave_commands = (due.at + MOMENT for due in rounds if due.kind is not RoundKind.CHECKPOINT)
        return [halt for halt in leave_commands if halt < instant]

    def _token(self, login: str) -> str:
        """Signing in takes a password's time: on a stage the token is given."""
        if login not in self.tokens:
            with self.house.sessions.begin() as session:
                person = person_by_login(session, login)
                assert person is not None, f"nobody has the login {login}"
                self.tokens[login] = new_token(session, person)
        return self.tokens[login]


@asynccontextmanager
async def open_stage(
    environment: WorkflowEnvironment,
    database: str,
    sink: Sink,
    folder: Path,
    book: PolicyBook,
    *,
    starts_at: datetime | None = None,
    runner: WorkflowRunner | None = None,
    keys: Keys | None = None,
) -> AsyncIterator[Stage]:
    """Open a house on these servers, whose register is filled already; it starts now, or at a coming instant."""
    clock = SkippedClock()
    if starts_at is not None:
        await pass_time(environment, starts_at - await environment.get_current_time())
    clock.look(await environment.get_current_time())
    config = environment.client.config()
    keys = keys or Keys.generate()
    config["data_converter"] = encrypting_converter(keys)
    client = Client(**config)
    async with AsyncExitStack() as stack:
        engine = open_engine(database)
        stack.callback(close_engine, engine)
        house = House(open_sessions(engine, keys), client, book, clock, patience=60.0)
        means = Means(
            house.sessions, book, MailServer.parse(sink.url), folder / "post", folder / "checkpoints", folder / "bank"
        )
        await stack.enter_async_context(workers(client, means, runner=runner))
        await open_house(client, ["mailroom"])
        app = create_app(house)
        app.state.house = house
        transport = httpx2.ASGITransport(app=app)
        http = await stack.enter_async_context(httpx2.AsyncClient(transport=transport, base_url="http://stage"))
        yield Stage(environment, client, house, http, sink, means, clock)
