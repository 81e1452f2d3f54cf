"""What is only looked at: the calendar of days without work, and the ledger of administration."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.administration.ledger import log
from api.administration.looks import calendar
from api.house import TheHouse
from api.pages.administration.doors import Overseer
from api.pages.choices import choices
from api.pages.show import page
from db.queries.people import names_by_login

router = APIRouter()
_PAGE = 50


@router.get("/administration/calendar")
def days(request: Request, visit: Overseer, house: TheHouse) -> Response:
    """Public holidays and closing days, year by year, and until when deadlines can be counted."""
    return page(request, visit, "administration/calendar.html", calendar=calendar(house, visit.actor))


@router.get("/administration/log")
def ledger(
    request: Request,
    visit: Overseer,
    house: TheHouse,
    person: Annotated[str, Query(max_length=60)] = "",
    cursor: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> Response:
    """Who did what to whose account, the newest first."""
    told = log(house, visit.actor, person or None, cursor, _PAGE)
    with house.sessions() as session:
        logins = {login for line in told.lines for login in (line.actor, line.person) if login}
        names = names_by_login(session, logins)
    return page(
        request,
        visit,
        "administration/log.html",
        lines=told.lines,
        following=told.next,
        person=person,
        names=names,
        choices=choices(visit.words, house.book),
    )
