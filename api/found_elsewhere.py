"""What the one search box finds beside complaints: claims, batches of payments, operations."""

from datetime import date
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.house import House
from db.queries.backlog_overview import found
from db.queries.claim_search import SoughtElsewhere, found_batches, found_claims
from domain.people import Actor
from domain.permissions import procedures_read_by
from domain.search import Sought


class FoundClaim(BaseModel):
    """A claim that was found: by its reference, the sender's number, or who is insured."""

    reference: str = Field(examples=["PRE-2026-000017"])
    number: str = Field(description="the entering system's own")
    state: str
    category: str
    amount_cents: int
    received_on: date
    beneficiary: str


class FoundBatch(BaseModel):
    """A batch that was found by its reference."""

    reference: str = Field(examples=["VIR-2026-000001"])
    state: str
    executes_on: date
    count: int
    total_cents: int


class FoundOperation(BaseModel):
    """An operation that was found by its reference."""

    reference: str = Field(examples=["OPE-2026-000001"])
    state: str
    activity: str
    starts_on: date
    ends_on: date


class FoundElsewhere(BaseModel):
    """The newest of each, twenty at most."""

    claims: list[FoundClaim] = []
    batches: list[FoundBatch] = []
    operations: list[FoundOperation] = []


def elsewhere(session: Session, house: House, actor: Actor, typed: str, sought: Sought) -> FoundElsewhere:
    """What the actor may see of it."""
    wanted, readable = SoughtElsewhere(typed, sought, house.today()), procedures_read_by(actor)
    claims = found_claims(session, actor, wanted) if "claim" in readable else []
    batches = found_batches(session, wanted) if "payment" in readable else []
    meant = found(session, wanted.references("OPE"), wanted.limit) if "backlog" in readable else []
    return FoundElsewhere(
        claims=[FoundClaim(**_of(FoundClaim, row)) for row in claims],
        batches=[FoundBatch(**_of(FoundBatch, row)) for row in batches],
        operations=[FoundOperation(**_of(FoundOperation, row)) for row in meant],
    )


def _of(view: type[BaseModel], row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in view.model_fields}
