"""The lines of bank batches that a claim has been, and what became of each: as its journal tells it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Case, JournalLine


@dataclass(frozen=True)
class PaidLine:
    """A claim's line in a batch. `outcome`: instructed, paid, withdrawn, rejected; `why` a reason, or the bank's code.

    `batch` is the reference of the batch, where it is in the register.
    """

    instructed_at: datetime
    amount_cents: int
    batch: str | None
    outcome: str = "instructed"
    decided_at: datetime | None = None
    why: str | None = None


def last_rejected(session: Session, case_id: UUID) -> PaidLine | None:
    """The line that the bank rejected last, while nothing else has become of the claim since."""
    newest = next(iter(paid_lines(session, case_id)), None)
    return newest if newest is not None and newest.outcome == "rejected" else None


_OUTCOMES = {"ClaimPaid": "paid", "InstructionWithdrawn": "withdrawn", "ClaimReopened": "rejected"}


def paid_lines(session: Session, case_id: UUID) -> Sequence[PaidLine]:
    """All of them, the newest first."""
    events = ("Instructed", *_OUTCOMES)
    wanted = select(JournalLine).where(JournalLine.case_id == case_id, JournalLine.event.in_(events))
    found: dict[str, PaidLine] = {}
    for line in session.scalars(wanted.order_by(JournalLine.line)):
        instruction = str(line.facts.get("instruction_id"))
        if line.event == "Instructed":
            batch = session.get(Case, UUID(line.facts["payment_id"]))
            found[instruction] = PaidLine(line.at, line.facts["amount_cents"], batch.reference if batch else None)
        elif instruction in found:
            why = line.facts.get("bank_code") or line.facts.get("reason")
            outcome = _OUTCOMES[line.event]
            found[instruction] = replace(found[instruction], outcome=outcome, decided_at=line.at, why=why)
    return list(found.values())[::-1]
