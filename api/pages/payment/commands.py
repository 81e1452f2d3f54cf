"""What is given on a batch without a task: it is stopped before it leaves, or concluded when the bank does not say."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.house import House, TheHouse
from api.pages.fields import said_in
from api.pages.giving import Sent, give
from api.pages.payment.show import address_of, shown
from api.pages.typed import SentForm, Typed
from api.pages.visit import Admitted, Visit
from api.payment_commands import case_of
from domain.forms import Form
from domain.payment.commands import Conclude, Stop
from domain.permissions import Action

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
    case_id = await house.transact(lambda session: case_of(session, reference))
    shown_again = partial(shown, request, reference, visit, house)
    sent = Sent(visit, house, case_id, address_of(reference, kind), typed, shown_again, f"/payments/{reference}")
    return await give(sent, kind, form, said_in(form, typed), kind)
