"""What the tests of one file share: a counter without an engine, or a whole house."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from local.engine import start_skipping_engine
from local.sink import Sink
from tests.api.counter import NOON, Counter, open_counter
from tests.conftest import Ask
from tests.servers import INSURER, fresh_database, require
from tests.stories.house import StoryHouse, open_house


@pytest.fixture(scope="module")
async def counter(postgres: str, ask: Ask) -> AsyncIterator[Counter]:
    """The API before a register; the engine is away, and it is Monday 3 March 2031, noon."""
    with fresh_database(ask("insurer").open(), INSURER) as url:
        async with open_counter(url) as counter:
            yield counter


@pytest.fixture(scope="module")
async def house(postgres: str, ask: Ask, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[StoryHouse]:
    """A whole house, from Monday 3 March 2031, noon; each test works on complaints of its own."""
    require("skipping server")
    folder: Path = tmp_path_factory.mktemp("house")
    with fresh_database(ask("insurer").open(), INSURER) as url, Sink(folder / "mails").listening() as sink:
        async with (
            await start_skipping_engine() as environment,
            open_house(environment, url, sink, folder, NOON) as house,
        ):
            yield house


@pytest.fixture(scope="module")
def streams_end_at_once() -> Iterator[None]:
    """A stream is let begin, and ends: who may listen is what is asked."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.pages.board.STREAM_SECONDS", 0.0)
        yield
