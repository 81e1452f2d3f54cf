"""What every route works with: register, engine, policy, clock. Opened once per process."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from sqlalchemy.orm import Session
from temporalio.client import Client

from api.clock import Clock, SystemClock
from api.delivery import Delivery
from api.press import Press
from db.policy_in_force import open_policy
from db.session import Sessions, open_engine, open_sessions, own_sessions
from domain.policy import PolicyBook
from engine.client import connect
from keys.ring import Keys

Result = TypeVar("Result")
POOL = 20


@dataclass(frozen=True)
class House:
    """The means of the API. `sessions` are those of whoever asks: within the request of a delegate's person they hold
    nothing of anybody else. `patience`: how many seconds a person waits for a decision before they get a link;
    `engine_ui`: where the engine's own pages are, if anybody has said so.
    """

    sessions: Sessions
    client: Client
    book: PolicyBook
    clock: Clock
    patience: float = 5.0
    press: Press = field(default_factory=Press)
    engine_ui: str | None = None

    @property
    def delivery(self) -> Delivery:
        """The way to the workflows."""
        return Delivery(self.own_sessions, self.client, self.book)

    @cached_property
    def own_sessions(self) -> Sessions:
        """The house's own, whoever asks: to look who it is, to deliver what they gave. Never to answer them with."""
        return own_sessions(self.sessions)

    def now(self) -> datetime:
        """Business time."""
        return self.clock.now()

    def today(self) -> date:
        """The civil date of business time, where the insurer is."""
        return self.now().astimezone(self.zone).date()

    @property
    def zone(self) -> ZoneInfo:
        """Where the insurer is."""
        return ZoneInfo(self.book.in_force_on(self.now().date()).office.zone)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Read as of one instant: what a person is shown of a case belongs together, whatever is decided meanwhile."""
        with self.sessions() as session:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    async def transact(self, work: Callable[[Session], Result]) -> Result:
        """Do one transaction in a thread, as whoever asks."""
        return await asyncio.to_thread(_done, self.sessions, work)

    async def itself(self, work: Callable[[Session], Result]) -> Result:
        """The same as the house itself: what nobody may do by themselves, such as to look at a password's hash."""
        return await asyncio.to_thread(_done, self.own_sessions, work)


def _done(sessions: Sessions, work: Callable[[Session], Result]) -> Result:
    with sessions.begin() as session:
        return work(session)


async def open_house() -> House:
    """As the environment says; the engine may be down meanwhile."""
    return House(
        sessions=open_sessions(open_engine(pool=POOL), Keys.from_environment()),
        client=await connect(lazy=True),
        book=open_policy(),
        clock=SystemClock(),
        engine_ui=_engine_ui(os.environ.get("ECHEANCE_ENGINE_UI_URL", "")),
    )


def _engine_ui(told: str) -> str | None:
    """Only an address of the web is one that a page may lead to."""
    return told if told.startswith(("http://", "https://")) else None


def the_house(request: Request) -> House:
    """The house of this process."""
    house: House = request.app.state.house
    return house


TheHouse = Annotated[House, Depends(the_house)]
