"""Operations before browsers and a desk, without an engine: they are brought to a step, then looked at."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from db.models import ActivityRow
from domain.commands import CommandRef, CommandStatus
from tests.api.counter import Counter, open_counter
from tests.conftest import Ask
from tests.factories.backlog_rows import ACTIVITY
from tests.factories.complaints import NOON
from tests.factories.figures import an_activity, figures_row
from tests.factories.register import Desk, open_desk
from tests.servers import INSURER, fresh_database


@dataclass
class OperationsOffice:
    """Where operations are looked at: what the pages are asked is kept, and waits for the engine."""

    counter: Counter
    desk: Desk

    def place(self, case_id: UUID) -> str:
        """Where it is shown."""
        [(reference,)] = self.desk.sql("SELECT reference FROM cases WHERE id = :id", id=case_id)
        return f"/operations/{reference}"

    def task(self, case_id: UUID, kind: str) -> str:
        """The address of an open task."""
        return f"/tasks/{self.desk.task(case_id, kind).id}"

    def kept(self, case_id: UUID) -> list[tuple[str, dict[str, Any]]]:
        """What people have asked on pages, and nobody has decided yet."""
        wanted = "SELECT kind, body FROM commands WHERE case_id = :id AND status = 'received' ORDER BY \"order\""
        return [(kind, body) for kind, body in self.desk.sql(wanted, id=case_id)]

    def decides(self) -> list[CommandStatus]:
        """What was asked, of operations and of the cases that they lend, is decided in its order."""
        found = self.desk.sql("SELECT id, case_id, kind FROM commands WHERE status = 'received' ORDER BY \"order\"")
        return [self.desk.settle(CommandRef(*one)).status for one in found]

    def key(self) -> str:
        """One that no form has had."""
        return str(uuid4())

    def is_known(self) -> None:
        """The activity is there, watched since long ago."""
        with self.desk.sessions.begin() as session:
            if session.get(ActivityRow, ACTIVITY) is None:
                an_activity(session, ACTIVITY, name_fr="Courrier des prestations", since=date(2026, 1, 5))

    def tells(self, first: date, *stocks: int) -> None:
        """The figures of some days, one after the other."""
        self.is_known()
        with self.desk.sessions.begin() as session:
            for n, stock in enumerate(stocks):
                figures_row(session, ACTIVITY, first + timedelta(days=n), stock)

    @contextmanager
    def at(self, instant: datetime) -> Iterator[None]:
        """Within this, it is that instant."""
        self.desk.at = self.counter.clock.at = instant
        try:
            yield
        finally:
            self.desk.at = self.counter.clock.at = NOON


@asynccontextmanager
async def open_office(ask: Ask) -> AsyncIterator[OperationsOffice]:
    """Monday noon, and no operation yet."""
    with fresh_database(ask("insurer").open(), INSURER) as url:
        async with open_counter(url, seeded=False) as counter:
            counter.clock.at = NOON
            with open_desk(url) as desk:
                desk.at = NOON
                yield OperationsOffice(counter, desk)
