"""What is given on a claim without a task: the controller waits no longer, and decides on what is there."""

from asyncio import to_thread
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.claim_documents import case_of
from api.claims import seen_claim
from api.commands import carry_out, key_or_new
from api.house import House, TheHouse
from api.pages.claim.known import known_of
from api.pages.form import FormView, begun, mistaken, refused_by, status_of
from api.pages.show import go_to, page
from api.pages.typed import KEY, SentForm
from api.pages.visit import Admitted, Visit
from db.commands.command import Ask
from domain.commands import CommandStatus
from domain.permissions import Action
from domain.refusals import Refusal

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
    address = _address(reference)
    try:
        case_id = await house.transact(lambda session: case_of(session, reference, visit.actor))
        ask = Ask(STOP_WAITING, {}, key_or_new(typed[KEY][:100]), case_id=case_id)
        done = await carry_out(house, case_id, ask, visit.actor)
    except Refusal as error:
        form = mistaken(address, typed, error, visit.words)
        return await to_thread(_page, request, reference, visit, house, form, status_of(error))
    if done.refusal is not None:
        form = refused_by(address, typed, done.refusal, visit.words)
        return await to_thread(_page, request, reference, visit, house, form, done.refusal.status)
    return go_to(f"/claims/{reference}", "kept" if done.status == CommandStatus.RECEIVED else STOP_WAITING)


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
