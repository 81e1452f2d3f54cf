"""The delegates: what each manages, its last audit, what is open of it by risk, what is overdue."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.house import TheHouse
from api.pages.audit.doors import Reader
from api.pages.show import page
from db.queries.audit_followed import delegates
from domain.risk import RiskLevel

router = APIRouter(include_in_schema=False)


@router.get("/delegates")
def delegates_page(request: Request, visit: Reader, house: TheHouse) -> Response:
    """All of them, those with something overdue first."""
    with house.reading() as session:
        known = delegates(session, house.today())
    return page(request, visit, "audit/delegates.html", delegates=known, levels=list(reversed(RiskLevel)))
