"""The first page of the delegate's space: the next dates first, what waits for us, our findings and audits."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.delegate.audits import audit_lines
from api.delegate.desk import date_lines
from api.delegate.doors import task_views
from api.delegate.files import dates_calendar
from api.delegate.findings import finding_lines
from api.house import TheHouse
from api.pages.delegate.doors import Reader, place_of_ours
from api.pages.show import page
from db.queries.delegate import desk

router = APIRouter(include_in_schema=False)


@router.get("/delegate")
def space(
    request: Request, visit: Reader, house: TheHouse, ended: Annotated[str | None, Query(max_length=5)] = None
) -> Response:
    """What is due, and what is asked of us; `ended` shows the findings that have ended too."""
    now = house.now()
    with house.reading() as session:
        values: dict[str, Any] = {
            "delegate": desk.delegate_s(session, visit.actor.delegate or ""),
            "dates": date_lines(session, now),
            "tasks": task_views(desk.inbox(session, visit.actor), visit.actor, now),
            "findings": finding_lines(session, house, ended=bool(ended)),
            "audits": audit_lines(session),
        }
    return page(request, visit, "delegate/space.html", ended=bool(ended), place=place_of_ours, **values)


@router.get("/delegate/dates.ics")
def dates(_visit: Reader, house: TheHouse) -> Response:
    """What is due, for a calendar of our own."""
    return dates_calendar(house)
