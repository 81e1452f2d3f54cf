"""Delegates, as the insurer's people list them."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from api.auth import Allowed
from api.house import TheHouse
from db.queries import audit_lists
from domain.people import Actor
from domain.permissions import Action

router = APIRouter(tags=["audits"])
AuditReader = Annotated[Actor, Depends(Allowed(Action.READ_AUDITS))]


class DelegateView(BaseModel):
    """A delegate: the contracts that it manages, its newest audit, what is open."""

    code: str = Field(examples=["ARMOR"])
    name: str
    broker: bool = Field(description="it is its contracts' broker as well: a conflict that its audits note")
    contracts: list[str]
    audit: str | None = Field(examples=["AUD-2027-000001"])
    open_findings: int


@router.get("/delegates")
def delegates(house: TheHouse, _actor: AuditReader) -> list[DelegateView]:
    """The delegates, by name."""
    with house.sessions() as session:
        rows = audit_lists.delegates(session)
    return [
        DelegateView(
            code=row.code,
            name=row.name,
            broker=row.broker,
            contracts=row.contracts,
            audit=audit,
            open_findings=open_findings,
        )
        for row, audit, open_findings in rows
    ]
