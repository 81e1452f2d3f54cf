"""A workshop on the shared engine for the tests of one file: each works on cases of its own."""

from collections.abc import AsyncIterator

import pytest

from local.sink import Sink
from tests.conftest import Ask
from tests.servers import INSURER, fresh_database, require
from tests.workflows.workshop import Workshop, open_workshop, own_namespace


@pytest.fixture(scope="module")
async def shop(engine: str, ask: Ask, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Workshop]:
    """A running workshop without cases."""
    require("postgres")
    folder = tmp_path_factory.mktemp("workshop")
    with fresh_database(ask("insurer").open(), INSURER) as database, Sink(folder / "mails").listening() as sink:
        async with open_workshop(await own_namespace(engine), database, sink, folder) as shop:
            yield shop
