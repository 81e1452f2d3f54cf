"""The letter that a claim's decision would send: in words while it is taken, on paper too before it is confirmed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from starlette.responses import Response

from api import claim_previews
from api.house import TheHouse
from api.pages.fields import said_in
from api.pages.preview import not_shown, shown_as_page
from api.pages.typed import SentForm
from api.pages.visit import Admitted, Visit
from api.previews import shown
from domain.claim.commands import DecisionInProgress
from domain.permissions import Action
from domain.refusals import Invalid

router = APIRouter(include_in_schema=False)
Controller = Annotated[Visit, Depends(Admitted(Action.DO_TASKS))]


@router.post("/claims/{reference}/preview")
def preview(request: Request, reference: str, visit: Controller, typed: SentForm, house: TheHouse) -> Response:
    """The words of the letter that this decision would send: a part of the page that asks, or a page of its own."""
    try:
        said = DecisionInProgress.model_validate(said_in(DecisionInProgress, typed))
        words = claim_previews.being_taken(house, visit.actor, said)
        wording = claim_previews.words_of(house, reference, visit.actor, words)
    except (Invalid, ValidationError) as error:
        return not_shown(request, visit, typed, error)
    return shown_as_page(request, visit, shown(wording))


@router.get("/claims/{reference}/decision")
def decision(request: Request, reference: str, visit: Controller, house: TheHouse) -> Response:
    """The words of the letter of the decision that waits to be confirmed."""
    return shown_as_page(request, visit, claim_previews.decision(reference, house, visit.actor))


@router.get("/claims/{reference}/decision.pdf")
async def paper(reference: str, visit: Controller, house: TheHouse) -> Response:
    """The same letter on paper, marked as a draft."""
    return await claim_previews.decision_pdf(reference, house, visit.actor)
