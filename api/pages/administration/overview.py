"""How the house is, at a glance: its pulse, the doctor's last examination, what waits to leave."""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.administration.examinations import examination, examine
from api.administration.looks import outgoing, pulse_now
from api.house import TheHouse
from api.pages.administration.doors import Examiner, Overseer
from api.pages.administration.signs import signs
from api.pages.show import go_to, page
from api.pages.typed import SentForm
from domain.refusals import ExaminationRuns

router = APIRouter()
_PAGE = 20


@router.get("/administration")
def overview(
    request: Request, visit: Overseer, house: TheHouse, cursor: Annotated[str | None, Query(max_length=200)] = None
) -> Response:
    """How the house is."""
    leaving = outgoing(house, visit.actor, cursor, _PAGE)
    return page(
        request,
        visit,
        "administration/overview.html",
        signs=signs(pulse_now(house, visit.actor)),
        examination=examination(house, visit.actor),
        leaving=leaving.outgoing,
        following=leaving.next,
        engine_ui=house.engine_ui,
    )


@router.get("/administration/examination")
def how_far(request: Request, visit: Overseer, house: TheHouse) -> Response:
    """How far the examination is: a part of the overview, which asks for it again and again while it runs."""
    told = examination(house, visit.actor)
    return page(request, visit, "administration/examination.html", examination=told)


@router.post("/administration/examination")
async def examine_now(visit: Examiner, _form: SentForm, house: TheHouse) -> Response:
    """Examine now; where somebody else has just begun, theirs is shown."""
    with suppress(ExaminationRuns):
        await examine(house, visit.actor)
    return go_to("/administration#examination")
