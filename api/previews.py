"""Previews: the answer as it would leave, before it is approved and while it is written. They are marked as drafts."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.cases import Reader, visible_complaint
from api.house import House, TheHouse
from db.models import Case
from db.queries.letter import current_words, draft_wording
from domain.complaint.commands import AnswerContent, AnswerInProgress
from domain.letters import Letter, missing_paragraphs, title_of
from domain.people import Actor
from domain.refusals import WrongStep
from letters.rendering import compose_draft, to_fragment, to_text

router = APIRouter(tags=["previews"])

WRITTEN_SO_FAR = {
    "dispatch": "post",
    "asked": "Vous demandez le remboursement de vos lunettes.",
    "found": "Votre dossier est resté sans suite pendant six semaines.",
    "decision": "",
    "reasons": "",
    "next_steps": "",
}
PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}},
}


class MissingParagraph(BaseModel):
    """A paragraph without which the letter could not leave."""

    name: str = Field(examples=["reasons"])
    title: str = Field(examples=["Les raisons de cette décision"])


class PreviewView(BaseModel):
    """The words of the letter, and what would stop it."""

    html: str = Field(description="one article for a page: a few plain elements without styles, what was typed escaped")
    text: str
    language: str
    missing: list[MissingParagraph]


@router.get("/cases/{reference}/answer.pdf", response_class=Response, responses=PDF)
async def answer_pdf(reference: str, house: TheHouse, actor: Reader) -> Response:
    """The answer's current version on paper as it would leave, marked as a draft; 404 once it is a letter."""
    letter = await asyncio.to_thread(_current, house, reference, actor)
    return Response(
        await house.press.pdf(letter, house.patience),
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{letter.reference}-draft.pdf"'},
    )


@router.post("/cases/{reference}/preview")
def preview(
    reference: str,
    written: Annotated[AnswerInProgress, Body(examples=[WRITTEN_SO_FAR])],
    house: TheHouse,
    actor: Reader,
) -> PreviewView:
    """The answer in these words as it would leave, and the mandatory paragraphs that it lacks. Nothing is kept."""
    with house.reading() as session:
        return preview_of(session, house, visible_complaint(session, reference, actor), written)


def preview_of(session: Session, house: House, case: Case, written: AnswerContent) -> PreviewView:
    """The preview of an answer in these words, for routes and pages. Raises WrongStep, Invalid."""
    letter = draft_of(session, house, case, written)
    mandatory = house.book.version(case.policy).complaint.mandatory_paragraphs(letter.kind)
    return PreviewView(
        html=to_fragment(letter),
        text=to_text(letter),
        language=letter.language,
        missing=[MissingParagraph(name=one, title=title_of(one)) for one in missing_paragraphs(letter, mandatory)],
    )


def draft_of(session: Session, house: House, case: Case, written: AnswerContent) -> Letter:
    """The answer in these words, as a letter that nobody has approved. Raises WrongStep, Invalid."""
    words = draft_wording(session, case, written, house.now(), house.book)
    return compose_draft(words.kind, words.language, words.facts)


def _current(house: House, reference: str, actor: Actor) -> Letter:
    with house.reading() as session:
        case = visible_complaint(session, reference, actor)
        written = current_words(session, case)
        if written is None:
            raise HTTPException(404, "No answer has been written yet, so that there is nothing to preview.")
        try:
            return draft_of(session, house, case, written)
        except WrongStep as none:
            raise HTTPException(404, str(none)) from none
