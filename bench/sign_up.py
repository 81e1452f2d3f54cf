"""Eight o'clock: `python -m bench.sign_up [people] [places] [rounds]`, 70 people for 40 places, 5 rounds by default.

On the house as it is shipped. In each round everybody asks at once, each on a connection of their own: first to look
at the sessions, then whether the house is ready (a bare `SELECT 1` and the engine), then to sign up. Of each: when the
last has an answer, and the processor time of API and PostgreSQL for one. Afterwards the register is asked whether a
place was sold twice.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from uuid import UUID

import httpx2
from sqlalchemy import func, select

from bench.clients import Times, say, timed
from bench.house import RunningHouse, running_house
from bench.volunteers import Eve, prepare
from db.models import SignUpRow
from db.session import Sessions, open_engine, open_sessions
from keys.ring import Keys

IN_TIME = 2.0
"""Seconds within which everybody is to have an answer."""
_FRESH = httpx2.Limits(keepalive_expiry=1)
"""The server hangs up on whoever is silent for five seconds."""
LOOK, READY, SIGN_UP = "look at the sessions", "is it ready", "sign up"


@dataclass(frozen=True)
class Rush:
    """All of them at once: the seconds of each answer, and the processor time of an ask, in ms."""

    taken: Sequence[float]
    api_ms: float
    postgres_ms: float

    @property
    def last(self) -> float:
        """The seconds after which everybody had an answer."""
        return max(self.taken)


class Crowd:
    """People with a connection each, who ask at once."""

    def __init__(self, house: RunningHouse, eve: Eve) -> None:
        self._house = house
        self._eve = eve
        self._clients = [httpx2.AsyncClient(base_url=house.url, timeout=60, limits=_FRESH) for _ in eve.tokens]

    async def looks(self) -> Rush:
        """At the sessions that are to come."""
        return await self._rush(lambda client: client.get("/api/v1/sessions"))

    async def asks_whether_it_is_ready(self) -> Rush:
        """One statement of no weight, and the engine."""
        return await self._rush(lambda client: client.get("/health/ready"))

    async def signs_up(self, session_id: UUID) -> Rush:
        """For one session."""
        path = f"/api/v1/backlog/{self._eve.reference}/sessions/{session_id}/sign-up"
        return await self._rush(lambda client: client.post(path))

    async def warms_up(self) -> None:
        """Everybody has a connection, and the pool of the API is full."""
        for client, token in zip(self._clients, self._eve.tokens, strict=True):
            client.headers["Authorization"] = f"Bearer {token}"
        await self.looks()

    async def leaves(self) -> None:
        """All connections are closed."""
        for client in self._clients:
            await client.aclose()

    async def _rush(self, ask: Callable[[httpx2.AsyncClient], Awaitable[httpx2.Response]]) -> Rush:
        async def one(client: httpx2.AsyncClient) -> None:
            (await ask(client)).raise_for_status()

        def asked(client: httpx2.AsyncClient) -> Callable[[], Awaitable[None]]:
            return lambda: one(client)

        before = self._house.cpu_seconds()
        taken = await asyncio.gather(*(timed(asked(client)) for client in self._clients))
        used = {program: spent - before[program] for program, spent in self._house.cpu_seconds().items()}
        return Rush(taken, *(1000 * used[program] / len(taken) for program in ("api", "postgres")))


async def measure(house: RunningHouse, people: int, places: int, rounds: int) -> None:
    """As many rounds, each for a session of its own."""
    os.environ.update(house.environment())
    sessions = open_sessions(open_engine(), Keys.from_environment())
    eve = await asyncio.to_thread(prepare, sessions, people, places, rounds)
    crowd = Crowd(house, eve)
    await crowd.warms_up()
    told: dict[str, list[Rush]] = {LOOK: [], READY: [], SIGN_UP: []}
    begin = perf_counter()
    for session_id in eve.session_ids:
        told[LOOK].append(await crowd.looks())
        told[READY].append(await crowd.asks_whether_it_is_ready())
        told[SIGN_UP].append(await crowd.signs_up(session_id))
        await asyncio.to_thread(_check, sessions, session_id, people, places)
    await crowd.leaves()
    say(f"{people} people at once, {places} places, {rounds} rounds in {perf_counter() - begin:.0f} s")
    for name, rushes in told.items():
        _tell(name, rushes)
    ratios = [up.last / look.last for up, look in zip(told[SIGN_UP], told[LOOK], strict=True)]
    say(f"  sign up, to look: {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    late = sum(rush.last > IN_TIME for rush in told[SIGN_UP])
    say(f"  rounds in which somebody waited for more than {IN_TIME:.0f} s: {late}; no place was sold twice")


def _tell(name: str, rushes: Sequence[Rush]) -> None:
    last = [rush.last for rush in rushes]
    times = Times.of([seconds for rush in rushes for seconds in rush.taken])
    api, postgres = median(rush.api_ms for rush in rushes), median(rush.postgres_ms for rush in rushes)
    say(
        f"  {name:<21} last answer {median(last):5.2f} s ({min(last):.2f} to {max(last):.2f})   p50 {times.p50:7.1f}   "
        f"p95 {times.p95:7.1f} ms   processor: API {api:5.1f}, PostgreSQL {postgres:5.1f} ms each"
    )


def _check(sessions: Sessions, session_id: UUID, people: int, places: int) -> None:
    """Raises RuntimeError where a place was sold twice, or somebody was forgotten."""
    with sessions() as session:
        of_session = SignUpRow.session_id == session_id
        seats = session.scalars(select(SignUpRow.seat).where(of_session, SignUpRow.status == "seated")).all()
        everybody = session.scalar(select(func.count(SignUpRow.person_id.distinct())).where(of_session))
    if sorted(seat or 0 for seat in seats) != list(range(1, min(people, places) + 1)) or everybody != people:
        raise RuntimeError(f"{len(seats)} seats, {len(set(seats))} of them different, for {everybody} people")


def main(people: int = 70, places: int = 40, rounds: int = 5) -> None:
    """Measure a house of one's own."""
    with running_house() as house:
        asyncio.run(measure(house, people, places, rounds))


if __name__ == "__main__":
    main(*(int(figure) for figure in sys.argv[1:]))
