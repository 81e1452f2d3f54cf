"""The API and a desk before one register, without an engine: findings are brought to a step, then looked at."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.api.counter import Counter, open_counter
from tests.conftest import Ask
from tests.factories.complaints import NOON
from tests.factories.register import Desk, open_desk
from tests.servers import INSURER, fresh_database


@dataclass
class Office:
    """Where findings are looked at: what the pages are asked is kept, and waits for the engine."""

    counter: Counter
    desk: Desk

    def reference(self, case_id: UUID) -> str:
        """The reference of a case."""
        [(reference,)] = self.desk.sql("SELECT reference FROM cases WHERE id = :id", id=case_id)
        return str(reference)

    def place(self, case_id: UUID) -> str:
        """Where the insurer sees it."""
        return f"/findings/{self.reference(case_id)}"

    def space(self, case_id: UUID) -> str:
        """Where its delegate sees it."""
        return f"/delegate{self.place(case_id)}"

    def task(self, case_id: UUID, kind: str) -> str:
        """The address of an open task."""
        return f"/tasks/{self.desk.task(case_id, kind).id}"

    def evidence(self, case_id: UUID) -> str:
        """The address of its only piece of evidence."""
        [(evidence_id,)] = self.desk.sql("SELECT id FROM finding_evidence WHERE finding_id = :id", id=case_id)
        return f"{self.place(case_id)}/evidence/{evidence_id}"

    def kept(self, case_id: UUID) -> list[tuple[str, dict[str, Any]]]:
        """What people have asked on pages, and nobody has decided yet."""
        wanted = "SELECT kind, body FROM commands WHERE case_id = :id AND status = 'received' ORDER BY \"order\""
        return [(kind, body) for kind, body in self.desk.sql(wanted, id=case_id)]

    def key(self) -> str:
        """One that no form has had."""
        return str(uuid4())

    @contextmanager
    def later(self, days: int) -> Iterator[None]:
        """Within this, it is so many days later."""
        self.desk.at = self.counter.clock.at = NOON + timedelta(days=days)
        try:
            yield
        finally:
            self.desk.at = self.counter.clock.at = NOON


@asynccontextmanager
async def open_office(ask: Ask) -> AsyncIterator[Office]:
    """Monday noon, and no finding yet."""
    with fresh_database(ask("insurer").open(), INSURER) as url:
        async with open_counter(url, seeded=False) as counter:
            counter.clock.at = NOON
            with open_desk(url) as desk:
                desk.at = NOON
                yield Office(counter, desk)
