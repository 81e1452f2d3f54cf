"""A register shared by the tests of one file: each works on cases of its own."""

from collections.abc import Iterator

import pytest

from tests.conftest import Ask
from tests.factories.register import Desk, open_desk
from tests.servers import INSURER, fresh_database


@pytest.fixture(scope="module")
def desk(postgres: str, ask: Ask) -> Iterator[Desk]:
    """A desk before a register with the demo insurer and no cases yet."""
    with fresh_database(ask("insurer").open(), INSURER) as url, open_desk(url) as desk:
        yield desk
