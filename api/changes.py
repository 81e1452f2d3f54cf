"""What pages listen to: a number that grows whenever the register has changed. One watcher per process asks for all.

The register tells nobody by itself: NOTIFY takes one lock of the whole cluster at each commit, on the way of every
command. So one query a second is asked, and only while somebody listens.
"""

import asyncio
from collections.abc import AsyncGenerator
from functools import partial
from time import time
from typing import Annotated

import structlog
from fastapi import Depends, Request

from api.house import House, TheHouse
from db.queries.changes import Mark, differs, look

log = structlog.get_logger()
PAUSE_SECONDS = 1.0
AWAY_SECONDS = 5.0
"""While the register is away it is asked less often."""


class Changes:
    """Tells those who listen that something has changed; what has, they read themselves, with their own rights.

    A version is a number that only grows, over a restart as well. Whoever is slow hears the newest version only.
    """

    def __init__(self, house: House, pause: float = PAUSE_SECONDS, away: float = AWAY_SECONDS) -> None:
        self._house, self._pause, self._away = house, pause, away
        self._version = 0
        self._heard = asyncio.Condition()
        self._listeners = 0
        self._watcher: asyncio.Task[None] | None = None
        self._compared = False
        """Whether there is a look that the next one is compared with."""
        self.looks = 0
        """How often the register has been asked."""

    async def subscribe(self) -> AsyncGenerator[int, None]:
        """The version of now, then each later one; close it (`contextlib.aclosing`) to stop listening.

        Whoever reads the register anew at each version, the first one too, misses nothing.
        """
        self._begin()
        told = 0
        try:
            while True:
                told = await self._newer_than(told)
                yield told
        finally:
            await self._end()

    @property
    def is_watching(self) -> bool:
        """Whether the register is being asked."""
        return self._watcher is not None

    def _begin(self) -> None:
        self._listeners += 1
        if self._watcher is None:
            self._watcher = asyncio.create_task(self._watch(), name="changes")

    async def _end(self) -> None:
        self._listeners -= 1
        if self._listeners == 0 and self._watcher is not None:
            watcher, self._watcher, self._compared = self._watcher, None, False
            watcher.cancel()
            await asyncio.gather(watcher, return_exceptions=True)

    async def _newer_than(self, told: int) -> int:
        async with self._heard:
            await self._heard.wait_for(lambda: self._compared and self._version > told)
            return self._version

    async def _watch(self) -> None:
        """Look once a second. The first look is what the next ones are compared with: only then is a version told."""
        before: Mark | None = None
        while True:
            try:
                mark = await self._looked(before)
            except Exception as error:  # whatever it is, those who listen would wait for ever if nobody looked any more
                log.warning("register_away", error=type(error).__name__)
                await asyncio.sleep(self._away)
                continue
            self.looks += 1
            if before is None or differs(mark, before):
                await self._tell()
            before = mark
            await asyncio.sleep(self._pause)

    async def _looked(self, before: Mark | None) -> Mark:
        """One look; when nobody listens any more it is still let end, so that it gives its connection back."""
        looking = asyncio.ensure_future(self._house.transact(partial(look, before=before)))
        try:
            return await asyncio.shield(looking)
        except asyncio.CancelledError:
            await asyncio.wait({looking})
            raise

    async def _tell(self) -> None:
        wall_ms = int(time() * 1000)
        async with self._heard:
            self._version, self._compared = max(self._version + 1, wall_ms), True
            self._heard.notify_all()


async def the_changes(request: Request, house: TheHouse) -> Changes:
    """The one watcher of this process."""
    state = request.app.state
    if not hasattr(state, "changes"):
        state.changes = Changes(house)
    changes: Changes = state.changes
    return changes


TheChanges = Annotated[Changes, Depends(the_changes)]
