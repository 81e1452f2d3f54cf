"""One audit: where it stands and what comes next, what came, what was seen, what was answered, what became of it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.house import TheHouse
from api.pages.audit.doors import Reader
from api.pages.audit.known import known_of
from api.pages.show import page

router = APIRouter(include_in_schema=False)


@router.get("/audits/{reference}")
def audit_page(
    request: Request,
    reference: str,
    visit: Reader,
    house: TheHouse,
    until: Annotated[int | None, Query(ge=1, le=10**9)] = None,
) -> Response:
    """All that is known of one audit."""
    with house.reading() as session:
        values = known_of(session, reference, visit, house, until)
    return page(request, visit, "audit/show.html", **values)
