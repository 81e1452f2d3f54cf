"""The API before a register with the demo insurer, and nothing behind it: no engine, no worker, no mail server."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx2
from fastapi import FastAPI
from google.protobuf.duration_pb2 import Duration
from sqlalchemy import select
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client

from api.auth import new_token
from api.house import POOL, House
from api.press import Press
from db.models import StaffMember
from db.session import close_engine, open_engine, open_sessions
from engine.codec import encrypting_converter
from local.demo import seed
from local.demo_staff import person_id
from local.ports import HOST, free_port
from tests.factories.keys import STORY_KEYS
from tests.factories.rules import the_book
from tests.stories.house import application, caller

NOON = datetime(2031, 3, 3, 12, tzinfo=ZoneInfo("Europe/Paris"))
"""A Monday."""


@dataclass
class StandingClock:
    """A clock that shows what it is set to."""

    at: datetime = NOON

    def now(self) -> datetime:
        """What it shows."""
        return self.at


@dataclass
class Counter:
    """Where requests are handed in; the demo's people have their tokens in their pockets."""

    app: FastAPI
    house: House
    http: httpx2.AsyncClient
    clock: StandingClock
    tokens: dict[str, str] = field(default_factory=dict)

    async def ask(self, login: str, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        """Hand in a request as this person; `Idempotency_Key="k"` gives a header."""
        return await self.http.request(
            method, f"/api/v1{path}", json=body, headers={**self.pass_of(login), **_named(headers)}
        )

    async def send(
        self, login: str, path: str, content: bytes, kind: str = "application/json", **headers: str
    ) -> httpx2.Response:
        """Hand in these very bytes."""
        all_headers = {**self.pass_of(login), "Content-Type": kind, **_named(headers)}
        return await self.http.post(f"/api/v1{path}", content=content, headers=all_headers)

    async def get(self, login: str, path: str) -> Any:
        """What this person reads there."""
        answer = await self.ask(login, "GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def pass_of(self, login: str) -> dict[str, str]:
        """The header by which the API knows this person."""
        if login not in self.tokens:
            with self.house.sessions.begin() as session:
                person = session.scalars(select(StaffMember).where(StaffMember.login == login)).one()
                self.tokens[login] = new_token(session, person)
        return {"Authorization": f"Bearer {self.tokens[login]}"}

    def id_of(self, login: str) -> UUID:
        """The id of one of the demo's people."""
        return person_id(login)


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


async def no_engine() -> Client:
    """A client of an engine that is not there."""
    return await Client.connect(f"{HOST}:{free_port()}", data_converter=encrypting_converter(STORY_KEYS), lazy=True)


async def namespace_of_ones_own(engine: str) -> Client:
    """A client of the session's engine, in a namespace where nobody else works."""
    name = f"test-{uuid4()}"
    client = await Client.connect(engine, namespace=name, data_converter=encrypting_converter(STORY_KEYS))
    day = Duration(seconds=86_400)
    await client.workflow_service.register_namespace(
        RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=day)
    )
    return client


@asynccontextmanager
async def open_counter(
    database: str, client: Client | None = None, *, seeded: bool = True, **house: Any
) -> AsyncIterator[Counter]:
    """A counter before this database; without a client, the engine is away. Keyword arguments change the house."""
    engine = open_engine(database, pool=POOL)
    sessions = open_sessions(engine, STORY_KEYS)
    clock = StandingClock()
    async with AsyncExitStack() as stack:
        stack.callback(close_engine, engine)
        if seeded:
            with sessions.begin() as session:
                seed(session)
        away = client or await no_engine()
        opened = replace(House(sessions, away, the_book(), clock, 0.3, Press(patience=60)), **house)
        app = stack.enter_context(application(opened))
        http = await stack.enter_async_context(caller(app))
        yield Counter(app, opened, http, clock)
