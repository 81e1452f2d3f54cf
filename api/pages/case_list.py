"""Cases of every procedure behind one number of the board, each with the way to its own page."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.case_lists import Procedure, listed
from api.house import TheHouse
from api.narrowing import CasesNarrowed
from api.pages.show import page
from api.pages.visit import Admitted, Visit
from db.queries.case_lists import WantedCases
from domain.permissions import Action

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Admitted(Action.READ_CASES))]


@router.get("/cases")
def cases(
    request: Request,
    visit: Reader,
    house: TheHouse,
    narrowed: CasesNarrowed,
    procedure: Procedure = None,
    pole: Annotated[str | None, Query(max_length=60)] = None,
    owner: Annotated[str | None, Query(max_length=60)] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """The cases that I may see, the newest first; the filters stand in the address, and nobody's name."""
    found = listed(house, visit.actor, WantedCases(procedure, pole, owner, cursor, 50, narrowed))
    following = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    more = f"/cases?{urlencode([*following, ('cursor', found.next)])}" if found.next else None
    return page(request, visit, "house/cases.html", found=found, more=more)
