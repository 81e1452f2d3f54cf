"""The board of audits and findings as a page: what is late and what will be, and how each delegate stands."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.board.told import due_number, opened
from api.board.views import DueNumber
from api.house import TheHouse
from api.pages.board import Manager
from api.pages.show import page
from api.pages.visit import Admitted
from db.queries import audit_overview
from db.queries.audit_followed import delegates
from db.queries.audit_overview import Wanted
from db.queries.board import late as late_queries
from domain.board import DueWindow
from domain.permissions import Action
from domain.risk import RiskLevel

router = APIRouter(include_in_schema=False)
_OF_AUDITS = ("audit", "finding")
_FIRST = 10


@router.get("/board/audits", dependencies=[Depends(Admitted(Action.READ_AUDITS))])
def audit_board(request: Request, visit: Manager, house: TheHouse) -> Response:
    """All of it at a glance, for managers who may read audits."""
    with opened(house, visit.actor, None) as (session, scope):
        found = [due_number(one) for one in late_queries.due(session, scope)]
        going_on = audit_overview.going_on(session, Wanted())
        known = delegates(session, house.today())
    return page(
        request,
        visit,
        "board/audits.html",
        due_numbers=_by_deadline(found),
        windows=list(DueWindow),
        soon=going_on[:_FIRST],
        delegates=known,
        levels=list(reversed(RiskLevel)),
    )


def _by_deadline(found: list[DueNumber]) -> list[tuple[str, str, dict[DueWindow, DueNumber | None]]]:
    """Each deadline of audits and findings with how many are due in each window; those without any are left out."""
    numbers = {(one.procedure, str(one.deadline), one.window): one for one in found if one.count}
    names = dict.fromkeys((procedure, name) for procedure, name, _ in numbers if procedure in _OF_AUDITS)
    return [
        (procedure, name, {window: numbers.get((procedure, name, window)) for window in DueWindow})
        for procedure, name in names
    ]
