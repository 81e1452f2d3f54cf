"""A house that a browser can visit: the story's own, behind a real HTTP server that can be closed and opened again."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import uvicorn
from fastapi import FastAPI
from sqlalchemy import update

from api.tokens import TokenUse
from db.models import Token
from local.demo_staff import person_id
from local.ports import HOST, free_port
from tests.stories.house import StoryHouse, application, settles


class _Server(uvicorn.Server):
    """Leaves the signals to pytest."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@dataclass
class OpenHouse:
    """A house with its doors to the street: `address` stays the same, open or closed."""

    story: StoryHouse
    app: FastAPI
    port: int = field(default_factory=free_port)
    _server: uvicorn.Server | None = None
    _serving: "asyncio.Task[None] | None" = None

    @property
    def address(self) -> str:
        """What is typed into a browser."""
        return f"http://{HOST}:{self.port}"

    async def opens(self) -> None:
        """Serve pages."""
        config = uvicorn.Config(
            self.app,
            host=HOST,
            port=self.port,
            log_level="critical",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve())
        await settles(self._started, True)

    async def closes(self) -> None:
        """Serve no more: whoever comes finds nobody."""
        assert self._server
        assert self._serving
        self._server.should_exit = True
        await self._serving

    async def _started(self) -> bool:
        return bool(self._server and self._server.started)

    def ends_sessions_of(self, login: str) -> None:
        """Their sessions have lasted too long; they do not know yet."""
        with self.story.house.sessions.begin() as session:
            old = update(Token).where(Token.person_id == person_id(login), Token.use == TokenUse.PAGES)
            session.execute(old.values(expires_wall=Token.used_wall))


@asynccontextmanager
async def doors_of(story: StoryHouse) -> AsyncIterator[OpenHouse]:
    """The house, open to browsers."""
    with application(story.house) as app:
        doors = OpenHouse(story, app)
        await doors.opens()
        try:
            yield doors
        finally:
            await doors.closes()
