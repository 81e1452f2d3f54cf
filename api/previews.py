"""Previews: the answer as it would leave, before it is approved and while it is written. They are marked as drafts."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.cases import FileReader, visible_complaint
from api.house import House, TheHouse
from db.models import Case
from db.queries.complaint_letter import current_words, draft_wording
from domain.complaint.commands import AnswerContent, AnswerInProgress
from domain.letters import Letter, Wording, missing_paragraphs
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
async def answer_pdf(reference: str, house: TheHouse, actor: FileReader) -> Response:
    """The answer's current version on paper as it would leave, marked as a draft; 404 once it is a letter."""
    return await on_paper(house, await asyncio.to_thread(_current, house, reference, actor))


async def on_paper(house: House, draft: Letter) -> Response:
    """A letter that nobody has approved, as a PDF; 503 when too many are being made."""
    return Response(
        await house.press.pdf(draft),
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{draft.reference}-draft.pdf"'},
    )


@router.post("/cases/{reference}/preview")
def preview(
    reference: str,
    written: Annotated[AnswerInProgress, Body(examples=[WRITTEN_SO_FAR])],
    house: TheHouse,
    actor: FileReader,
) -> PreviewView:
    """The answer in these words as it would leave, and the mandatory paragraphs that it lacks. Nothing is kept."""
    with house.reading() as session:
        return preview_of(session, house, visible_complaint(session, reference, actor), written)


def preview_of(session: Session, house: House, case: Case, written: AnswerContent) -> PreviewView:
    """The preview of an answer in these words, for routes and pages. Raises WrongStep, Invalid."""
    return shown(draft_wording(session, case, written, house.now(), house.book))


def shown(words: Wording) -> PreviewView:
    """A letter of any procedure that nobody has approved, in words, and what would stop it."""
    letter = drafted(words)
    missing = missing_paragraphs(letter, words.mandatory)
    return PreviewView(
        html=to_fragment(letter),
        text=to_text(letter),
        language=letter.language,
        missing=[MissingParagraph(name=one, title=letter.title_of(one)) for one in missing],
    )


def drafted(words: Wording) -> Letter:
    """A letter of any procedure that nobody has approved."""
    return compose_draft(words.kind, words.language, words.facts)


def _current(house: House, reference: str, actor: Actor) -> Letter:
    with house.reading() as session:
        case = visible_complaint(session, reference, actor)
        written = current_words(session, case)
        if written is None:
            raise HTTPException(404, "No answer has been written yet, so that there is nothing to preview.")
        try:
            return drafted(draft_wording(session, case, written, house.now(), house.book))
        except WrongStep as none:
            raise HTTPException(404, str(none)) from none
