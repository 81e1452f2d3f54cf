"""Fixtures every test may use: a database, an engine, an engine whose clock can be moved, a mail sink."""

import gc
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from temporalio.testing import WorkflowEnvironment

from local.engine import start_skipping_engine
from local.sink import Sink
from tests.servers import INSURER, TEMPLATE, Answer, Desk, Servers, ask_desk, fresh_database, require
from tests.shared import share

if TYPE_CHECKING:
    from tests.db.audit.stages import Stages

gc.disable()
"""Until all is imported and collected: see `pytest_collection_finish`."""

Ask = Callable[[str], Answer]
_SERVERS = pytest.StashKey[Servers]()
_DESK = pytest.StashKey[Desk]()

# Properties that say no number of their own: a few examples before each commit, many in `make proofs`.
settings.register_profile("many", parent=settings(), max_examples=200)
settings.register_profile("few", parent=settings(), max_examples=30)
settings.load_profile("few")


def pytest_configure(config: pytest.Config) -> None:
    """Hold the servers in this process, unless it is one of xdist's workers: those share what one of them makes."""
    if hasattr(config, "workerinput"):
        share(Path(config.workerinput["shared"]))
    else:
        config.stash[_SERVERS] = Servers()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker where to ask for servers."""
    stash = node.config.stash
    if _DESK not in stash:
        stash[_DESK] = Desk(stash[_SERVERS])
    node.workerinput["desk"] = stash[_DESK].door
    node.workerinput["shared"] = str(stash[_SERVERS].folder)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector of garbage need not look through it each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this process holds."""
    if _DESK in config.stash:
        config.stash[_DESK].close()
    if _SERVERS in config.stash:
        config.stash[_SERVERS].stop()


@pytest.fixture(scope="session", autouse=True)
def _passwords_are_hashed_cheaply() -> Iterator[None]:
    """In this process; the programs that tests start hash them as the house does."""
    from tests.factories.passwords import CHEAP_PASSWORDS

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.passwords.PASSWORDS", CHEAP_PASSWORDS)
        yield


@pytest.fixture(scope="session", autouse=True)
def _failures_are_logged_in_one_line() -> None:
    """As the house's programs do: to draw a failure with the lines of its code costs seconds."""
    from api.logs import write_plain_lines

    write_plain_lines()


@pytest.fixture(scope="session", autouse=True)
def _statements_are_compiled_once() -> Iterator[None]:
    """In this process, whatever the number of registers that its tests open."""
    from tests.engines import EnginesAlike

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("db.session.create_engine", EnginesAlike().make)
        yield


@pytest.fixture(scope="session")
def ask(pytestconfig: pytest.Config) -> Ask:
    """How this process learns where a server of the session is."""
    if _SERVERS in pytestconfig.stash:
        return pytestconfig.stash[_SERVERS].ask
    door: tuple[str, bytes] = pytestconfig.workerinput["desk"]  # type: ignore[attr-defined]
    return lambda name: ask_desk(door, name)


@pytest.fixture(scope="session")
def postgres(ask: Ask) -> str:
    """The address of the session's PostgreSQL: its own database, for administration only."""
    require("postgres")
    return ask("postgres").open()


@pytest.fixture(scope="session")
def engine(ask: Ask) -> str:
    """The address of the session's Temporal server, which runs in real time and is shared: use own task queues."""
    require("engine")
    return ask("engine").open()


@pytest.fixture
def database(postgres: str, ask: Ask) -> Iterator[str]:
    """The address of a fresh migrated database of this test alone."""
    with fresh_database(ask("database").open(), TEMPLATE) as url:
        yield url


@pytest.fixture
def insurer(postgres: str, ask: Ask) -> Iterator[str]:
    """The address of a fresh database of this test alone, with the demo insurer's staff, members and calendar."""
    with fresh_database(ask("insurer").open(), INSURER) as url:
        yield url


@pytest.fixture
def empty_database(postgres: str) -> Iterator[str]:
    """The address of a fresh database with nothing in it, to migrate."""
    with fresh_database(postgres) as url:
        yield url


@pytest.fixture(scope="session")
def stages(postgres: str, ask: Ask) -> "Iterator[Stages]":
    """The stages that audits have come to, in this process."""
    from tests.db.audit.stages import open_stages

    with open_stages(ask("insurer").open()) as stages:
        yield stages


@pytest.fixture
async def skipping_environment() -> AsyncIterator[WorkflowEnvironment]:
    """A Temporal server of this test alone, whose clock moves with `env.sleep` and with nothing else."""
    require("skipping server")
    async with await start_skipping_engine() as environment:
        yield environment


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    """A mail sink of this test alone: `sink.url` to send to, `sink.mailbox` to read, `sink.on_data` for faults."""
    with Sink(tmp_path / "mails").listening() as listening:
        yield listening
