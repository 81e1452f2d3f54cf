"""The board of claims: those under control by step and age, what is due, the piles with their sums."""

from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.board.routes import Manager, Pole
from api.board.told import due_number, opened
from api.board.views import DueNumber, Number
from api.house import TheHouse
from db.queries.board import claims as queries
from db.queries.board import late as late_queries
from db.queries.board.scope import Scope
from domain.board import AgeBand
from domain.claim.piles import Pile
from domain.claim.states import ClaimState

router = APIRouter(tags=["board"])


class OpenClaims(Number):
    """The claims under control at one step and of one age, in calendar days since reception."""

    state: ClaimState
    age: AgeBand


class PileView(Number):
    """A pile of claims, and how much it comes to; `since` is when the oldest awaited documents were asked for."""

    pile: Pile
    cents: int
    since: datetime | None


class ClaimBoard(BaseModel):
    """Where claims are, what is due, and how much waits."""

    at: datetime
    open: list[OpenClaims]
    due: list[DueNumber]
    piles: list[PileView]


class PileLine(BaseModel):
    """A claim in a pile."""

    reference: str = Field(examples=["PRE-2026-000017"])
    state: str
    category: str
    received_on: date
    pole: str
    cents: int
    asked_at: datetime | None = Field(description="since when the member is asked for documents")


class PilePage(BaseModel):
    """Some claims of a pile, the newest first; `next` is the cursor of the following ones."""

    pile: Pile
    claims: list[PileLine]
    next: str | None


@router.get("/board/claims")
def claims(house: TheHouse, actor: Manager, pole: Pole = None) -> ClaimBoard:
    """Claims under control by step and age, what will be late, the piles with their sums."""
    with opened(house, actor, pole) as (session, scope):
        return claims_view(session, scope)


@router.get("/board/claims/{pile}")
def pile_of_claims(
    pile: Pile,
    house: TheHouse,
    actor: Manager,
    pole: Pole = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> PilePage:
    """The claims that one number of the board counts."""
    with opened(house, actor, pole) as (session, scope):
        return pile_view(session, scope, pile, cursor, limit)


def claims_view(session: Session, scope: Scope) -> ClaimBoard:
    """The board as it is told."""
    found = queries.open_claims(session, scope)
    due = [one for one in late_queries.due(session, scope) if one.procedure == "claim"]
    return ClaimBoard(
        at=scope.today.now,
        open=[OpenClaims(state=o.state, age=o.age, **Number.of(o.counted).model_dump()) for o in found],
        due=[due_number(one) for one in due],
        piles=[_pile(one, scope) for one in queries.heaps(session, scope)],
    )


def _pile(heap: queries.Heap, scope: Scope) -> PileView:
    pole = f"?{urlencode({'pole': scope.pole})}" if scope.pole else ""
    listed = f"/api/v1/board/claims/{heap.pile}{pole}"
    return PileView(pile=heap.pile, count=heap.count, cents=heap.cents, since=heap.since, cases=listed)


def pile_view(session: Session, scope: Scope, pile: Pile, cursor: str | None, limit: int) -> PilePage:
    """Some claims of a pile, as they are told."""
    rows = queries.in_pile(session, scope, pile, cursor, limit)
    lines = [PileLine(**{name: getattr(row, name) for name in PileLine.model_fields}) for row in rows[:limit]]
    return PilePage(pile=pile, claims=lines, next=queries.next_page(rows, limit))
