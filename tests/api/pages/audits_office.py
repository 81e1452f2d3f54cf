"""The API and an auditors' desk before one register, for the pages of audits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from domain.risk import RiskLevel
from tests.api.counter import Counter, open_counter
from tests.conftest import Ask
from tests.db.audit.stages import Stages
from tests.factories.audits import PLANNED_AT, Auditing, an_audit_at
from tests.servers import INSURER, fresh_database


@dataclass
class Office:
    """The API and an auditors' desk before one register, without an engine."""

    counter: Counter
    desk: Auditing

    def at(self, state: str, *risks: RiskLevel) -> UUID:
        """An audit that has come so far; the house's clock shows the same instant."""
        case_id = an_audit_at(self.desk, state, risks or (RiskLevel.MEDIUM,))
        self.counter.clock.at = self.desk.at
        return case_id

    def reference(self, case_id: UUID) -> str:
        """Its reference."""
        return str(self.desk.sql("SELECT reference FROM cases WHERE id = :id", id=case_id)[0][0])

    def place(self, case_id: UUID) -> str:
        """Where its page is."""
        return f"/audits/{self.reference(case_id)}"

    def task(self, case_id: UUID) -> str:
        """Where its open task is."""
        wanted = "SELECT id FROM tasks WHERE case_id = :id AND closed_at IS NULL ORDER BY opened_at"
        return f"/tasks/{self.desk.sql(wanted, id=case_id)[0][0]}"

    def kept(self, kind: str) -> list[object]:
        """The commands of this kind that were kept, in their order; nobody decides them here."""
        rows = self.desk.sql(
            "SELECT body FROM commands WHERE kind = :kind AND status = 'received' ORDER BY \"order\"", kind=kind
        )
        return [row[0] for row in rows]


@asynccontextmanager
async def open_office(ask: Ask, stages: Stages) -> AsyncIterator[Office]:
    """The morning on which audits are planned; the first one is brought to its stage by copying the register."""
    with fresh_database(ask("insurer").open(), INSURER) as url:
        async with open_counter(url, seeded=False) as counter:
            counter.clock.at = PLANNED_AT
            sessions = counter.house.sessions
            desk = Auditing(sessions.kw["bind"], sessions, at=PLANNED_AT)
            desk.bring = stages.bring
            yield Office(counter, desk)
