"""Cases of every procedure in one list: what a number of the board that speaks of several procedures opens."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.cases import Reader
from api.house import House, TheHouse
from api.narrowing import CasesNarrowed
from db.queries import case_lists
from db.queries.case_lists import WantedCases
from db.queries.people import names_of
from domain.people import Actor
from domain.permissions import procedures_read_by

router = APIRouter(tags=["cases"])
Procedure = Annotated[
    Literal["complaint", "claim", "payment", "audit", "finding", "backlog"] | None,
    Query(description="without it, all that I may read"),
]


class CaseLine(BaseModel):
    """A case in a list of several procedures: where it stands and by when, nothing of what it is about."""

    reference: str = Field(examples=["PRE-2026-000017"])
    procedure: str
    state: str
    received_on: date
    pole: str
    owner: str | None
    due_at: datetime | None


class CasePage(BaseModel):
    """Some cases, the newest first; `next` is the cursor of the following ones."""

    cases: list[CaseLine]
    next: str | None


@router.get("/cases")
def cases(
    house: TheHouse,
    actor: Reader,
    narrowed: CasesNarrowed,
    procedure: Procedure = None,
    pole: str | None = None,
    owner: Annotated[str | None, Query(max_length=60, description="a login")] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CasePage:
    """The cases that I may see, of one procedure or of all, the newest first."""
    return listed(house, actor, WantedCases(procedure, pole, owner, cursor, limit, narrowed))


def listed(house: House, actor: Actor, wanted: WantedCases) -> CasePage:
    """One page of them, as it is told."""
    with house.reading() as session:
        rows = case_lists.listed(session, actor, procedures_read_by(actor), wanted)
        names = names_of(session, {row.owner_id for row in rows if row.owner_id})
    lines = [
        CaseLine(
            reference=row.reference,
            procedure=row.procedure,
            state=row.state,
            received_on=row.received_on,
            pole=row.pole,
            owner=names.get(row.owner_id) if row.owner_id else None,
            due_at=row.due_at,
        )
        for row in rows[: wanted.limit]
    ]
    return CasePage(cases=lines, next=case_lists.next_page(rows, wanted.limit))
