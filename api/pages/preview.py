"""The letter as it would leave: on paper before its approval, and in words while it is written."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from pydantic import ValidationError
from starlette.responses import HTMLResponse, Response

from api.cases import visible_complaint
from api.house import TheHouse
from api.pages.fields import said_in
from api.pages.form import mistaken
from api.pages.show import page
from api.pages.typed import SentForm
from api.pages.visit import Admitted, Visit
from api.previews import PreviewView, answer_pdf, preview_of
from domain.complaint.commands import AnswerInProgress
from domain.permissions import Action
from domain.refusals import Refusal

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Admitted(Action.READ_FILE))]


@router.get("/complaints/{reference}/answer.pdf")
async def paper(reference: str, visit: Reader, house: TheHouse) -> Response:
    """The answer's current version on paper, marked as a draft."""
    return await answer_pdf(reference, house, visit.actor)


@router.post("/complaints/{reference}/preview")
def preview(request: Request, reference: str, visit: Reader, typed: SentForm, house: TheHouse) -> Response:
    """The words of the letter as far as they are written: a part of the page that asks, or a page of its own."""
    with house.reading() as session:
        case = visible_complaint(session, reference, visit.actor)
        try:
            written = AnswerInProgress.model_validate(said_in(AnswerInProgress, typed))
            shown = preview_of(session, house, case, written)
        except (Refusal, ValidationError) as error:
            return not_shown(request, visit, typed, error)
    return shown_as_page(request, visit, shown)


def not_shown(request: Request, visit: Visit, typed: SentForm, error: Refusal | ValidationError) -> Response:
    """Why there is nothing to show for what was typed, in a line that stands where the letter would."""
    view = mistaken(request.url.path, typed, error, visit.words)
    told = view.refused.rule if view.refused else "; ".join(view.wrong.values())
    return HTMLResponse(Markup('<p class="trouble">{}</p>').format(told))


def shown_as_page(request: Request, visit: Visit, shown: PreviewView) -> Response:
    """The words of a letter that nobody has approved: a part of the page that asks, or a page of its own."""
    return page(
        request,
        visit,
        "house/preview.html",
        part="HX-Request" in request.headers,
        letter=Markup(shown.html),  # noqa: S704  (escaped where it is made)
        missing=[one.title for one in shown.missing],
    )
