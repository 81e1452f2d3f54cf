"""The servers the tests share: started when a test first asks, once per session, whatever the number of workers.

Without pytest-xdist the session holds them itself. With it the controller does, and its workers ask it over a
private socket. `tests/conftest.py` makes fixtures of them.
"""

import os
import shutil
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import PackageNotFoundError
from multiprocessing.connection import Client, Listener
from pathlib import Path
from threading import Thread
from typing import NamedTuple, NoReturn

import psycopg
import pytest
from psycopg import sql

from local.cluster import binaries
from local.engine import dev_server, skipping_server, start_engine
from local.errors import LocalError
from local.postgres import start_postgres
from tests.workplace import workplace

TEMPLATE = "template_migrated"
INSURER = "template_insurer"


def chromium() -> Path:
    """The browser of the tests. Raises LocalError where none is installed."""
    found = shutil.which("chromium")
    if found is None:
        raise LocalError("Chromium is missing: install it (Debian: apt-get install chromium), then test the pages.")
    return Path(found)


_PROGRAMS: dict[str, Callable[[], Path]] = {
    "postgres": binaries,
    "engine": dev_server,
    "skipping server": skipping_server,
    "browser": chromium,
}


def require(server: str) -> None:
    """Go on only when the program of this server is installed: in CI its absence fails, elsewhere it skips."""
    try:
        _PROGRAMS[server]()
    except (LocalError, PackageNotFoundError) as absence:
        missing(str(absence))


def missing(reason: str) -> NoReturn:
    """End the test that cannot run here: a failure in CI, where nothing may skip, else a skip that says why."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


class Answer(NamedTuple):
    """An address, or why there is none: `absence` is the machine's fault, `failure` is ours."""

    address: str = ""
    absence: str = ""
    failure: str = ""

    def open(self) -> str:
        """The address; ends the test without one."""
        if self.absence:
            missing(self.absence)
        if self.failure:
            pytest.fail(self.failure, pytrace=False)
        return self.address


class Servers:
    """Starts each server at the first question about it; every later answer is the same."""

    def __init__(self) -> None:
        self._leave = ExitStack()
        self.folder = self._leave.enter_context(workplace())
        self._answers: dict[str, Answer] = {}

    def ask(self, name: str) -> Answer:
        """The address of "postgres" (empty), "database" or "insurer" (the server of that template), or "engine"."""
        if name not in self._answers:
            self._answers[name] = self._try(name)
        return self._answers[name]

    def stop(self) -> None:
        """Stop what was started and leave nothing behind."""
        self._leave.close()

    def _try(self, name: str) -> Answer:
        starters = {
            "postgres": self._serve_postgres,
            "database": self._serve_template,
            "insurer": self._serve_insurer,
            "engine": self._serve_engine,
        }
        try:
            return Answer(address=starters[name]())
        except LocalError as absence:
            return Answer(absence=str(absence))
        except Exception:  # told to the test that asked, maybe in another process
            return Answer(failure=traceback.format_exc())

    def _serve_postgres(self) -> str:
        server = start_postgres(self.folder / "postgres", log=self.folder / "postgres.log", durable=False)
        self._leave.callback(server.stop)
        enter_cheaply(server.url)
        return server.url

    def _serve_template(self) -> str:
        """Migrate one database, then close it to everyone, so that it can be copied at any time."""
        from db.session import migrate

        server = self.ask("postgres").open()
        create_database(server, TEMPLATE)
        migrate(beside(server, TEMPLATE))
        close_database(server, TEMPLATE)
        return server

    def _serve_insurer(self) -> str:
        """Load the demo insurer into a copy of the migrated database, then close that as well."""
        from sqlalchemy import update

        from db.models import StaffMember
        from db.session import open_engine, open_sessions
        from local.demo import DEMO_PASSWORD, seed
        from tests.factories.passwords import CHEAP_PASSWORDS

        server = self.ask("database").open()
        create_database(server, INSURER, TEMPLATE)
        engine = open_engine(beside(server, INSURER))
        with open_sessions(engine).begin() as session:
            seed(session)
            session.execute(update(StaffMember).values(password_hash=CHEAP_PASSWORDS.hash(DEMO_PASSWORD)))
        engine.dispose()
        close_database(server, INSURER)
        return server

    def _serve_engine(self) -> str:
        server = start_engine(None, log=self.folder / "engine.log")
        self._leave.callback(server.stop)
        return server.address


class Desk:
    """Where xdist's workers ask the controller, which alone holds the servers."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._key = os.urandom(32)
        self._listener = Listener(family="AF_UNIX", authkey=self._key)
        # One thread starts all the servers and stays: they end with the thread that started them.
        self._thread = Thread(target=self._serve, name="desk", daemon=True)
        self._thread.start()

    @property
    def door(self) -> tuple[str, bytes]:
        """What a worker needs to ask."""
        return str(self._listener.address), self._key

    def close(self) -> None:
        """Answer no more."""
        ask_desk(self.door, "")
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        name = None
        while name != "":
            with self._listener.accept() as worker:
                name = worker.recv()
                worker.send(self._servers.ask(name) if name else Answer())


def ask_desk(door: tuple[str, bytes], name: str) -> Answer:
    """Ask the controller for a server; waits while it starts."""
    address, key = door
    with Client(address, authkey=key) as desk:
        desk.send(name)
        answer: Answer = desk.recv()
        return answer


@contextmanager
def fresh_database(server: str, template: str = "template0") -> Iterator[str]:
    """The address of a new database of this server, copied from a template, dropped afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    create_database(server, name, template)
    try:
        yield beside(server, name)
    finally:
        administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def create_database(server: str, name: str, template: str = "template0") -> None:
    """Create a database on this server as a copy of a template: file by file, which costs half of the other way."""
    administer(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")


def close_database(server: str, name: str) -> None:
    """Nobody enters it any more: from now on it is copied."""
    administer(server, f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true")


def enter_cheaply(server: str) -> None:
    """From now on a password is proved by hashing it once, not 4,096 times: tests enter thousands of times."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("SET scram_iterations = 1")
        known = sql.Identifier(connection.info.user), sql.Literal(connection.info.password)
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(*known))


def administer(server: str, statement: str) -> None:
    """Execute one statement outside of any transaction."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement))


def beside(url: str, database: str) -> str:
    """The address of another database of the same server."""
    return f"{url.rpartition('/')[0]}/{database}"
