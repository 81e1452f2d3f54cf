"""Registers in which an audit has come to a stage: real commands bring one there once, then it is copied."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from uuid import UUID

from sqlalchemy import QueuePool

from tests.factories.audits import STEPS, Auditing, Way, go_on, plan, walk
from tests.servers import administer, create_database, fresh_database


@dataclass(frozen=True)
class Stage:
    """A copy of the register at this stage, when that was, and how many commands had been given."""

    database: str
    case_id: UUID
    at: datetime
    given: int


@dataclass
class Stages:
    """What this process has kept, by the way that led there."""

    server: str
    leave: ExitStack
    kept: dict[str, Stage] = field(default_factory=dict)

    def bring(self, desk: Auditing, way: Way) -> UUID:
        """The desk's audit comes to the end of this way: a register that a test has touched goes it by itself."""
        return self.copied(desk, way) if untouched(desk) else walk(desk, way)

    def copied(self, desk: Auditing, way: Way) -> UUID:
        """From the register of this stage, or of the last one before it that is kept; then this one is kept as well."""
        if repr(way) in self.kept:
            return replace(desk, self.server, self.kept[repr(way)])
        begins = way.state == STEPS[0]
        case_id = plan(desk, way) if begins else go_on(desk, self.copied(desk, way.earlier()), way)
        self.kept[repr(way)] = self.keep(desk, case_id)
        return case_id

    def keep(self, desk: Auditing, case_id: UUID) -> Stage:
        """Copy the desk's register as it is."""
        desk.engine.dispose()
        given = next(desk.keys)
        desk.keys = count(given)
        copy = self.leave.enter_context(fresh_database(self.server, database_of(desk)))
        return Stage(copy.rpartition("/")[2], case_id, desk.at, given)


def untouched(desk: Auditing) -> bool:
    """Whether nobody has yet opened a connection to the desk's register."""
    return isinstance(desk.engine.pool, QueuePool) and desk.engine.pool.checkedin() == 0


def replace(desk: Auditing, server: str, stage: Stage) -> UUID:
    """The desk stands before a copy of this stage instead, under the same name."""
    name = database_of(desk)
    administer(server, f"DROP DATABASE {name}")
    create_database(server, name, stage.database)
    desk.at, desk.keys = stage.at, count(stage.given)
    return stage.case_id


def database_of(desk: Auditing) -> str:
    """The name of the desk's register."""
    name = desk.engine.url.database
    assert name is not None
    return name


@contextmanager
def open_stages(server: str) -> Iterator[Stages]:
    """Nothing is kept yet; at the end nothing is left."""
    with ExitStack() as leave:
        yield Stages(server, leave)
