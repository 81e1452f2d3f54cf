"""The board of claims as pages: all of it at a glance, and the claims behind each of its numbers."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.board.claims import ClaimBoard, claims_view, pile_view
from api.board.told import opened
from api.house import TheHouse
from api.pages.board import Manager, Pole, poles_of
from api.pages.show import page
from domain.board import AgeBand, DueWindow
from domain.claim.piles import Pile
from domain.claim.states import ClaimState
from domain.claim.words import ClaimDeadline

router = APIRouter(include_in_schema=False)
_PAGE = 50


@router.get("/board/claims")
def claim_board(request: Request, visit: Manager, house: TheHouse, pole: Pole = None) -> Response:
    """Where claims are, what will be late, what waits and how much; every number opens its claims."""
    with opened(house, visit.actor, pole) as (session, scope):
        board = claims_view(session, scope)
    return page(
        request,
        visit,
        "board/claims.html",
        board=board,
        ages=_by_step_and_age(board),
        due_numbers=_by_deadline(board),
        pole=pole,
        poles=poles_of(visit, house),
    )


@router.get("/board/claims/{pile}")
def pile_page(
    request: Request,
    pile: Pile,
    visit: Manager,
    house: TheHouse,
    pole: Pole = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """The claims of one pile, the newest first."""
    with opened(house, visit.actor, pole) as (session, scope):
        found = pile_view(session, scope, pile, cursor, _PAGE)
    following = {"pole": pole or "", "cursor": found.next or ""}
    given = urlencode({name: value for name, value in following.items() if value})
    more = f"/board/claims/{pile}?{given}" if found.next else None
    return page(request, visit, "board/pile.html", found=found, pole=pole, more=more)


def _by_step_and_age(board: ClaimBoard) -> list[tuple[ClaimState, dict[AgeBand, Any]]]:
    found = {(one.state, one.age): one for one in board.open if one.count}
    steps = [state for state in ClaimState if any((state, age) in found for age in AgeBand)]
    return [(state, {age: found.get((state, age)) for age in AgeBand}) for state in steps]


def _by_deadline(board: ClaimBoard) -> list[tuple[ClaimDeadline, dict[DueWindow, Any]]]:
    found = {(one.deadline, one.window): one for one in board.due}
    return [(name, {window: found[name, window] for window in DueWindow}) for name in ClaimDeadline]
