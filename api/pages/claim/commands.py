"""What is given on a claim without a task: the controller waits no longer, and decides on what is there."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.claim_documents import case_of
from api.claims import seen_claim
from api.house import House, TheHouse
from api.pages.claim.known import known_of
from api.pages.form import FormView, begun
from api.pages.giving import Sent, give
from api.pages.show import page
from api.pages.typed import SentForm
from api.pages.visit import Admitted, Visit
from domain.claim.commands import StopWaiting
from domain.permissions import Action

router = APIRouter(include_in_schema=False)
MayStop = Annotated[Visit, Depends(Admitted(Action.STOP_WAITING))]
STOP_WAITING = "stop_waiting"


@router.get("/claims/{reference}/stop-waiting")
def stop_waiting_page(request: Request, reference: str, visit: MayStop, house: TheHouse) -> Response:
    """What has come, what has not, and what it means not to wait any longer."""
    return _page(request, reference, visit, house)


@router.post("/claims/{reference}/stop-waiting")
async def stop_waiting(request: Request, reference: str, visit: MayStop, typed: SentForm, house: TheHouse) -> Response:
    """Wait no longer: the claim goes back to its controller."""
    case_id = await house.transact(lambda session: case_of(session, reference, visit.actor))
    shown = partial(_page, request, reference, visit, house)
    sent = Sent(visit, house, case_id, _address(reference), typed, shown, f"/claims/{reference}")
    return await give(sent, STOP_WAITING, StopWaiting, {}, STOP_WAITING)


def _page(
    request: Request, reference: str, visit: Visit, house: House, sent: FormView | None = None, status: int = 200
) -> Response:
    with house.reading() as session:
        case_of(session, reference, visit.actor)
        values = known_of(session, seen_claim(session, reference, visit.actor), visit, house)
        form = sent or begun(session, visit.actor.id, _address(reference))
    return page(request, visit, "claim/stop_waiting.html", status, form=form, **values)


def _address(reference: str) -> str:
    return f"/claims/{reference}/stop-waiting"
