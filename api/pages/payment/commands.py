"""What is given on a batch without a task: it is stopped before it leaves, or concluded when the bank does not say."""

from asyncio import to_thread
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.commands import carry_out, key_or_new
from api.house import House, TheHouse
from api.pages.fields import said_in
from api.pages.form import mistaken, refused_by, status_of
from api.pages.payment.show import address_of, shown
from api.pages.show import go_to
from api.pages.typed import KEY, SentForm, Typed
from api.pages.visit import Admitted, Visit
from api.payment_commands import case_of
from db.commands.command import Ask
from domain.commands import CommandStatus
from domain.forms import Form
from domain.payment.commands import Conclude, Stop
from domain.permissions import Action
from domain.refusals import Refusal

router = APIRouter(include_in_schema=False)
MayStop = Annotated[Visit, Depends(Admitted(Action.STOP_PAYMENT))]
MayConclude = Annotated[Visit, Depends(Admitted(Action.CONCLUDE_PAYMENT))]


@router.post("/payments/{reference}/stop")
async def stop(request: Request, reference: str, visit: MayStop, typed: SentForm, house: TheHouse) -> Response:
    """Keep a released batch from going to the bank."""
    return await _given(request, reference, visit, typed, house, "stop", Stop)


@router.post("/payments/{reference}/conclude")
async def conclude(request: Request, reference: str, visit: MayConclude, typed: SentForm, house: TheHouse) -> Response:
    """Say what the bank really did; somebody else has to confirm it."""
    return await _given(request, reference, visit, typed, house, "conclude", Conclude)


async def _given(
    request: Request, reference: str, visit: Visit, typed: Typed, house: House, kind: str, form: type[Form]
) -> Response:
    """Carry a command out, and show the batch; or the same page with what is wrong."""
    address = address_of(reference, kind)
    case_id = await house.transact(lambda session: case_of(session, reference))
    try:
        said = form.model_validate(said_in(form, typed)).model_dump(mode="json")
        ask = Ask(kind, said, key_or_new(typed[KEY][:100]), case_id=case_id)
        done = await carry_out(house, case_id, ask, visit.actor)
    except (Refusal, ValidationError) as error:
        sent = mistaken(address, typed, error, visit.words)
        return await to_thread(shown, request, reference, visit, house, sent, status_of(error))
    if done.refusal is not None:
        sent = refused_by(address, typed, done.refusal, visit.words)
        return await to_thread(shown, request, reference, visit, house, sent, done.refusal.status)
    return go_to(f"/payments/{reference}", "kept" if done.status == CommandStatus.RECEIVED else kind)
