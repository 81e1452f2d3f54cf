"""The cockpit of an operation: whether it is on track, who works when, what it costs, who has to act, what happened."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.house import TheHouse
from api.pages.backlog.doors import Reader
from api.pages.backlog.known import cockpit_of
from api.pages.show import page

router = APIRouter()


@router.get("/operations/{reference}")
def operation_page(
    request: Request,
    reference: str,
    visit: Reader,
    house: TheHouse,
    until: Annotated[int | None, Query(ge=1, le=10**9)] = None,
) -> Response:
    """All that is known of one operation, the answer first."""
    with house.reading() as session:
        values = cockpit_of(session, reference, visit, house, until)
    return page(request, visit, "backlog/show.html", **values)
