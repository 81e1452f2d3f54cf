"""What is to be paid now, a batch built of it, and the batches, the newest first."""

from asyncio import to_thread
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.commands import key_or_new
from api.house import House, TheHouse
from api.pages.choices import options
from api.pages.fields import said_in
from api.pages.form import FormView, begun, mistaken, status_of
from api.pages.show import go_to, page
from api.pages.typed import KEY, SentForm
from api.pages.visit import Admitted, Visit
from api.payables import payable_view
from api.payments import build_and_deliver, payments
from db.models import Case
from db.queries.calendar import calendar
from db.queries.payable import payable
from domain.payment.building import proposed_day
from domain.payment.commands import Build
from domain.payment.states import PaymentState
from domain.permissions import Action
from domain.refusals import Refusal

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Admitted(Action.READ_PAYMENTS))]
Builder = Annotated[Visit, Depends(Admitted(Action.BUILD_PAYMENT))]
_ADDRESS = "/payments"
_PAGE = 50


@router.get(_ADDRESS)
def batches(
    request: Request,
    visit: Reader,
    house: TheHouse,
    state: Annotated[PaymentState | None, Query()] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """What may leave, how much it comes to, what may not leave and why; and the batches."""
    return _page(request, visit, house, state=state, cursor=cursor)


@router.post(_ADDRESS)
async def build(request: Request, visit: Builder, typed: SentForm, house: TheHouse) -> Response:
    """Build a batch, and show it; or the same page with what is wrong."""
    try:
        form = Build.model_validate(said_in(Build, typed))
        case_id = await build_and_deliver(house, form, key_or_new(typed[KEY][:100]), visit.actor)
    except (Refusal, ValidationError) as error:
        sent = mistaken(_ADDRESS, typed, error, visit.words)
        return await to_thread(_page, request, visit, house, sent, status_of(error))
    reference = await house.transact(lambda session: session.get_one(Case, case_id).reference)
    return go_to(f"{_ADDRESS}/{reference}", "build")


def _page(
    request: Request,
    visit: Visit,
    house: House,
    sent: FormView | None = None,
    status: int = 200,
    state: PaymentState | None = None,
    cursor: str | None = None,
) -> Response:
    found = payments(house, visit.actor, state, cursor, _PAGE)
    with house.reading() as session:
        waiting = payable_view(payable(session, visit.actor))
        now = house.now()
        soon = proposed_day(now, calendar(session), house.book.in_force_on(now.date()))
        form = sent or begun(session, visit.actor.id, _ADDRESS, {"executes_on": soon.isoformat()})
    asked = {"state": state or "", "cursor": found.next or ""}
    more = f"{_ADDRESS}?{urlencode({name: value for name, value in asked.items() if value})}" if found.next else None
    return page(
        request,
        visit,
        "payment/batches.html",
        status,
        form=form,
        payable=waiting,
        batches=found.payments,
        state=state,
        states=options(visit.words, PaymentState),
        more=more,
    )
