"""The documents of a claim: shown in the page beside what they prove, and added by a form with a file in it."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.claim_documents import ask_to_add, case_of, document_in, kept_document
from api.claims import seen_claim
from api.house import House, TheHouse
from api.pages.choices import options
from api.pages.claim.known import known_of
from api.pages.form import FormView, begun
from api.pages.giving import Sent, carried_out, or_shown_with_file
from api.pages.show import page
from api.pages.typed import Typed
from api.pages.uploaded import shown_in_the_page
from api.pages.visit import Admitted, Visit
from api.uploads import LARGEST_DOCUMENT, Upload
from db.commands.claim_document import keep_document
from domain.claim.words import DocumentKind
from domain.permissions import Action
from domain.refusals import Invalid

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Admitted(Action.READ_FILE))]
NO_FILE = Invalid("No file was chosen.", "Choose the file of the document.", field="file")
MayAdd = Annotated[Visit, Depends(Admitted(Action.ADD_DOCUMENT))]


@router.get("/claims/{reference}/documents/{document_id}")
def document(reference: str, document_id: UUID, visit: Reader, house: TheHouse) -> Response:
    """A document as it came, to be read in the page."""
    answer = kept_document(house, reference, document_id, visit.actor)
    return shown_in_the_page(answer)


@router.get("/claims/{reference}/add-document")
def add_page(request: Request, reference: str, visit: MayAdd, house: TheHouse) -> Response:
    """Which document it is, and its file."""
    return _page(request, reference, visit, house)


@router.post("/claims/{reference}/add-document")
async def add(request: Request, reference: str, visit: MayAdd, house: TheHouse) -> Response:
    """A document has come; the last one that was asked for sends the claim back to its controller."""
    case_id = await house.transact(lambda session: case_of(session, reference, visit.actor))
    shown = partial(_page, request, reference, visit, house)
    sent = Sent(visit, house, case_id, _address(reference), Typed(), shown, f"/claims/{reference}")

    async def adding(read: Sent, upload: Upload) -> Response:
        brought = document_in(upload, read.typed["kind"], visit.actor)

        def beside(session: Session, document_id: UUID) -> None:
            keep_document(session, case_id, document_id, brought)

        return await carried_out(read, ask_to_add(brought, read.key, case_id), "add_document", beside)

    return await or_shown_with_file(sent, request, NO_FILE, adding)


def _page(
    request: Request, reference: str, visit: Visit, house: House, sent: FormView | None = None, status: int = 200
) -> Response:
    with house.reading() as session:
        case_of(session, reference, visit.actor)
        values = known_of(session, seen_claim(session, reference, visit.actor), visit, house)
        awaited = [one.kind for one in values["awaited"] if not one.has_come]
        filled = {"kind": awaited[0]} if awaited else {}
        form = sent or begun(session, visit.actor.id, _address(reference), filled)
    return page(
        request,
        visit,
        "claim/add_document.html",
        status,
        form=form,
        document_kinds=options(visit.words, DocumentKind),
        most_megabytes=LARGEST_DOCUMENT // 1_000_000,
        **values,
    )


def _address(reference: str) -> str:
    return f"/claims/{reference}/add-document"
