"""What is to be paid now: what may leave in a batch, and what may not and why, as the register itself says."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from db.models import ClaimRow
from db.queries.concerned import concerns
from domain.payment.commands import LARGEST_BATCH
from domain.people import Actor

SHOWN = 20
"""So many references are told for each reason; the others are counted."""


@dataclass(frozen=True)
class Held:
    """Claims that are to be paid and may not leave, for one reason. The reader's own claims are counted, not named."""

    reason: str
    count: int
    cents: int
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Payable:
    """How many claims may leave, and how much they come to. `more` where there are more than one batch can hold."""

    count: int
    cents: int
    more: bool
    held: tuple[Held, ...]


def payable(session: Session, actor: Actor) -> Payable:
    """Ask the register's `claim_may_leave` about what waits, the longest waiting first, as far as one batch reaches."""
    waiting = (
        select(
            ClaimRow.reference,
            ClaimRow.payable_cents,
            func.claim_may_leave(ClaimRow.id).label("why"),
            concerns(actor.id).label("own"),
        )
        .where(ClaimRow.state == "payable", ClaimRow.kind != "commitment")
        .order_by(ClaimRow.payable_at, ClaimRow.id)
        .limit(LARGEST_BATCH + 1)
        .cte("waiting")
    )
    named = func.array_agg(aggregate_order_by(waiting.c.reference, waiting.c.reference))
    told = select(
        waiting.c.why,
        func.count().label("how_many"),
        func.sum(waiting.c.payable_cents).label("cents"),
        named.filter(waiting.c.why.is_not(None), ~waiting.c.own).label("claims"),
    )
    rows = session.execute(told.group_by(waiting.c.why).order_by(waiting.c.why)).all()
    leaving = next((row for row in rows if row.why is None), None)
    return Payable(
        count=min(leaving.how_many, LARGEST_BATCH) if leaving else 0,
        cents=int(leaving.cents) if leaving else 0,
        more=sum(row.how_many for row in rows) > LARGEST_BATCH,
        held=tuple(
            Held(row.why, row.how_many, int(row.cents), tuple((row.claims or [])[:SHOWN])) for row in rows if row.why
        ),
    )
