"""The ledger of administration: who did what to whose account. Nobody changes it, the database sees to that."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.house import TheHouse
from db.queries import administration as queries
from db.queries.cases import hidden_from
from domain.accounts import AccountEvent
from domain.people import Actor
from domain.permissions import Action

router = APIRouter(tags=["administration"])
CASES = ("offered_again", "open_cases")
"""What a line tells of cases, by their references."""


class LedgerLine(BaseModel):
    """One thing that was done to an account or an absence."""

    number: int
    at: datetime
    actor: str | None = Field(description="login of whoever did it")
    person: str = Field(description="login of whoever it was done to")
    event: AccountEvent
    changes: dict[str, Any] = Field(description="field → what it was (`from`) and is (`to`); never a password")
    offered_again: list[str]
    open_cases: list[str]
    without_deputy: list[str]


class Ledger(BaseModel):
    """Some lines, the newest first; `next` is the cursor of the older ones."""

    lines: list[LedgerLine]
    next: int | None


@router.get("/log")
def log(
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.READ_ADMINISTRATION))],
    person: Annotated[str | None, Query(max_length=60, description="login: what was done to them alone")] = None,
    cursor: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Ledger:
    """Who did what to whose account, from what to what, and what followed."""
    with house.sessions() as session:
        lines = queries.ledger(session, cursor, person, limit)
        hidden = hidden_from(session, actor.id)
    more = lines[limit - 1].row.order if len(lines) > limit else None
    return Ledger(lines=[_line(line, hidden) for line in lines[:limit]], next=more)


def last_lines(session: Session, login: str, most: int, reader: UUID) -> list[LedgerLine]:
    """The newest lines of what was done to one person's account and absences."""
    hidden = hidden_from(session, reader)
    return [_line(line, hidden) for line in queries.ledger(session, None, login, most)[:most]]


def _line(line: queries.Line, hidden: Collection[str]) -> LedgerLine:
    """Without the cases that are hidden from whoever reads."""
    row = line.row
    cases = {name: [one for one in row.consequences[name] if one not in hidden] for name in CASES}
    return LedgerLine(
        number=row.order,
        at=row.at,
        actor=line.actor,
        person=line.person,
        event=AccountEvent(row.event),
        changes=row.changes,
        **cases,
        without_deputy=row.consequences["without_deputy"],
    )
