"""One browser and one house for all tests of this folder; a context of its own for each person."""

import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.async_api import Browser, async_playwright

from local.engine import start_skipping_engine
from local.sink import Sink
from tests.api.counter import NOON
from tests.browser.house import OpenHouse, doors_of
from tests.browser.person import Language, Person, somebody
from tests.browser.places import Scenery, set_up
from tests.conftest import Ask
from tests.servers import INSURER, chromium, fresh_database, require
from tests.stories.house import StoryHouse, open_house

OPTIONS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
"""Chromium refuses a sandbox to root, which is whom continuous integration runs as."""


class Comes(Protocol):
    """`await comes("claire.morvan", "en", width=320)`: they sit down before a browser and sign in."""

    async def __call__(self, login: str, language: Language = "fr", **more: Any) -> Person:
        """Who sits there now."""


@pytest.fixture(scope="package")
async def browser() -> AsyncIterator[Browser]:
    """The chromium that is installed on this machine."""
    require("browser")
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(
            executable_path=chromium(), args=OPTIONS, env={**os.environ, "LANGUAGE": "fr_FR"}
        )
        yield opened
        await opened.close()


@pytest.fixture(scope="package")
async def story(postgres: str, ask: Ask, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[StoryHouse]:
    """A whole house, from Monday 3 March 2031, noon; each test works on complaints of its own."""
    require("skipping server")
    folder: Path = tmp_path_factory.mktemp("house")
    with fresh_database(ask("insurer").open(), INSURER) as url, Sink(folder / "mails").listening() as sink:
        async with (
            await start_skipping_engine() as environment,
            open_house(environment, url, sink, folder, NOON) as house,
        ):
            yield house


@pytest.fixture(scope="package")
async def doors(browser: Browser, story: StoryHouse) -> AsyncIterator[OpenHouse]:
    """The house, open to browsers."""
    async with doors_of(story) as opened:
        yield opened


@pytest.fixture(scope="package")
async def scenery(story: StoryHouse) -> Scenery:
    """Complaints at every step, for whoever visits every page."""
    return await set_up(story)


@pytest.fixture
async def comes(browser: Browser, doors: OpenHouse) -> AsyncIterator[Comes]:
    """People come one after the other; all go when the test ends."""
    async with AsyncExitStack() as stack:

        async def sits_down(login: str, language: Language = "fr", **more: Any) -> Person:
            entered: AbstractAsyncContextManager[Person] = somebody(browser, doors, login, language, **more)
            return await stack.enter_async_context(entered)

        yield sits_down
