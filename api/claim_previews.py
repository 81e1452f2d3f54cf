"""Previews of a claim's decision: the letter that it would send, before it is taken and before it is confirmed."""

import asyncio
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Body, Depends, HTTPException, Response
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.house import House, TheHouse
from api.previews import PDF, PreviewView, drafted, on_paper, shown
from db.models import Case
from db.queries import claim_preview
from db.queries.claim_lists import visible_claim
from domain.claim.commands import DecisionInProgress
from domain.letters import Wording
from domain.people import Actor
from domain.permissions import Action
from domain.refusals import WrongStep

router = APIRouter(tags=["previews"])
Controller = Annotated[Actor, Depends(Allowed(Action.DO_TASKS))]
CORRECTED = {
    "decision": "pay_corrected",
    "amount_cents": 98000,
    "reason": "La facture comprend des frais non garantis.",
}
Decided = Annotated[DecisionInProgress, Body(examples=[CORRECTED])]
Words = Callable[[Session, Case], Wording]


@router.post("/claims/{reference}/preview")
def preview(reference: str, said: Decided, house: TheHouse, actor: Controller) -> PreviewView:
    """The letter that this decision would send, and the paragraphs that it lacks: for whoever may take it. Nothing is
    kept."""
    return shown(words_of(house, reference, actor, being_taken(house, actor, said)))


@router.post("/claims/{reference}/preview.pdf", response_class=Response, responses=PDF)
async def preview_pdf(reference: str, said: Decided, house: TheHouse, actor: Controller) -> Response:
    """The letter that this decision would send, on paper, marked as a draft: for whoever may take it."""
    return await paper(house, reference, actor, being_taken(house, actor, said))


@router.get("/claims/{reference}/decision")
def decision(reference: str, house: TheHouse, actor: Controller) -> PreviewView:
    """The letter of the decision that waits to be confirmed: for whoever may confirm it; 404 once that is done."""
    return shown(words_of(house, reference, actor, to_confirm(house, actor)))


@router.get("/claims/{reference}/decision.pdf", response_class=Response, responses=PDF)
async def decision_pdf(reference: str, house: TheHouse, actor: Controller) -> Response:
    """The letter of the decision that waits to be confirmed, on paper, marked as a draft."""
    return await paper(house, reference, actor, to_confirm(house, actor))


def being_taken(house: House, actor: Actor, said: DecisionInProgress) -> Words:
    """The words of the decision that the first controller is taking. They raise WrongStep, Invalid, or as the task."""
    return lambda session, case: claim_preview.in_progress(session, case, said, actor, house.now(), house.book)


def to_confirm(house: House, actor: Actor) -> Words:
    """The words of the decision that waits for the second controller. They raise HTTPException 404, or as the task."""

    def words(session: Session, case: Case) -> Wording:
        try:
            return claim_preview.to_confirm(session, case, actor, house.now(), house.book)
        except WrongStep as none:
            raise HTTPException(404, str(none)) from none

    return words


def words_of(house: House, reference: str, actor: Actor, words: Words) -> Wording:
    """The words of a decision on this claim, for whoever may see it; 404 for one that nobody controls."""
    with house.reading() as session:
        row = visible_claim(session, reference, actor)
        if row is None:
            raise HTTPException(404, f"You can see no claim {reference[:40]!r}.")
        if row.case_id is None:
            raise HTTPException(404, "This claim is cleared: nobody decides on it, and there is nothing to preview.")
        return words(session, session.get_one(Case, row.case_id))


async def paper(house: House, reference: str, actor: Actor, words: Words) -> Response:
    """The letter of a decision on this claim as a PDF, marked as a draft."""
    return await on_paper(house, drafted(await asyncio.to_thread(words_of, house, reference, actor, words)))
