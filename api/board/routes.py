"""The board's routes: how many, what will be late, who is blocked, who carries what, the procedure as a drawing."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.auth import Allowed
from api.board.told import blocked_view, counts_view, late_view, load_view, opened, path_view, procedure_view
from api.board.views import BlockedPage, CountsView, LatePageView, LoadPage, PathView, ProcedureView
from api.cases import Reader
from api.house import TheHouse
from db.queries.board.deadlines import Deadline
from db.queries.board.late import WantedDue
from domain.board import DueWindow
from domain.people import Actor
from domain.permissions import Action

router = APIRouter(tags=["board"])
Manager = Annotated[Actor, Depends(Allowed(Action.READ_BOARD))]
Pole = Annotated[str | None, Query(description="one pole; without it, the whole insurer", examples=["benefits"])]


@router.get("/board/counts")
def counts(house: TheHouse, actor: Manager, pole: Pole = None) -> CountsView:
    """How many open cases, at which step and how old; this week's; and how many answers were in time."""
    with opened(house, actor, pole) as (session, scope):
        return counts_view(session, scope)


@router.get("/board/late")
def late(
    house: TheHouse,
    actor: Manager,
    pole: Pole = None,
    window: Annotated[DueWindow | None, Query(description="without it, all three")] = None,
    deadline: Deadline | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> LatePageView:
    """What is late, what will be today and in the next seven days, and why each is not done."""
    with opened(house, actor, pole) as (session, scope):
        return late_view(session, scope, WantedDue(window, deadline, cursor, limit))


@router.get("/board/blocked")
def blocked(house: TheHouse, actor: Manager, pole: Pole = None) -> BlockedPage:
    """What nobody can do, what was raised above those it was meant for, and what does not go by itself."""
    with opened(house, actor, pole) as (session, scope):
        return blocked_view(session, scope)


@router.get("/board/load")
def load(house: TheHouse, actor: Manager, pole: Pole = None) -> LoadPage:
    """What each person carries, and who is away until when; of a pole, its people. And what nobody has taken yet."""
    with opened(house, actor, pole) as (session, scope):
        return load_view(session, scope)


@router.get("/board/procedure")
def procedure(house: TheHouse, actor: Manager, pole: Pole = None) -> ProcedureView:
    """The steps of the procedure and the ways between them, with the open cases at each step."""
    with opened(house, actor, pole) as (session, scope):
        return procedure_view(session, scope)


@router.get("/cases/{reference}/path")
def path(reference: str, house: TheHouse, actor: Reader) -> PathView:
    """The way that a case has taken, where it stands, and what will happen to it by itself."""
    with house.reading() as session:
        return path_view(session, reference, actor, house)
