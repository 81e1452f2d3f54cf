"""The documents of a claim: add one, read one, and stop waiting for those that have not come."""

from hashlib import sha256
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from sqlalchemy.orm import Session

from api.attachments import BINARY
from api.auth import Allowed
from api.cases import FileReader
from api.claims import seen_claim
from api.commands import LATER, CommandView, Key, give, key_or_new
from api.errors import Problem
from api.house import House, TheHouse
from api.uploads import Upload, taking_an_upload, uploaded
from db.commands.claim_document import Document, keep_document
from db.commands.command import Ask
from db.queries.claim_document import content_of, document_of
from domain.claim.words import DocumentKind
from domain.people import Actor
from domain.permissions import Action
from domain.refusals import Invalid, WrongStep
from domain.uploads import JPEG, PDF, PNG, media_type, plain_name

router = APIRouter(tags=["claims"])

_KIND = {"kind": {"type": "string", "enum": [kind.value for kind in DocumentKind]}}
_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"content": dict.fromkeys((PDF, JPEG, PNG), BINARY)},
    410: {"model": Problem, "description": "The key of the case has been erased, and with it the document."},
}


@router.post(
    "/claims/{reference}/documents",
    response_model=CommandView,
    responses=LATER,
    openapi_extra=taking_an_upload(_KIND, {"kind": "invoice", "file": "(the bytes of facture.pdf)"}),
)
async def add(
    reference: str,
    request: Request,
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.ADD_DOCUMENT))],
    key: Key = None,
) -> Any:
    """A document has come: a form with `file` and its `kind`. The last one that was asked for resumes the control.

    It is PDF, JPEG or PNG by its content, and its name says so. It is kept sealed; the same kind under the same name is
    its next version.
    """
    case_id = await house.transact(lambda session: case_of(session, reference, actor))
    upload = await uploaded(request)
    document = document_in(upload, upload.fields.get("kind"), actor)
    ask = ask_to_add(document, key_or_new(key), case_id)
    return await give(house, case_id, ask, actor, lambda session, id_: keep_document(session, case_id, id_, document))


def document_in(upload: Upload, kind: str | None, actor: Actor) -> Document:
    """The document that came in a form. Raises Invalid for what is no document, or no kind of one."""
    known, name = _kind(kind), plain_name(upload.name)
    digest = sha256(upload.content).hexdigest()
    return Document(known, name, media_type(upload.content, name), digest, upload.content, actor.id)


def ask_to_add(document: Document, key: str, case_id: UUID) -> Ask:
    """The command that makes it the claim's."""
    body = {"kind": document.kind, "name": document.name, "sha256": document.sha256}
    return Ask("add_document", body, key, case_id=case_id)


@router.get("/claims/{reference}/documents/{document_id}", response_class=Response, responses=_CONTENT)
def read(reference: str, document_id: UUID, house: TheHouse, actor: FileReader) -> Response:
    """The document as it came, byte for byte; 410 once its case's key has been erased."""
    return kept_document(house, reference, document_id, actor)


def kept_document(house: House, reference: str, document_id: UUID, actor: Actor) -> Response:
    """A document, for whoever may see its claim. Raises HTTPException 404, or Erased."""
    with house.sessions() as session:
        claim = seen_claim(session, reference, actor)
        row = document_of(session, claim.case_id, document_id) if claim.case_id is not None else None
        if row is None:
            raise HTTPException(404, "The claim has no such document.")
        content = content_of(session, row)
    named = f"attachment; filename*=UTF-8''{quote(row.name, safe='')}"
    return Response(content, media_type=row.media_type, headers={"Content-Disposition": named})


@router.post("/claims/{reference}/stop-waiting", response_model=CommandView, responses=LATER)
async def stop_waiting(
    reference: str,
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.STOP_WAITING))],
    key: Key = None,
) -> Any:
    """Decide on what is there: the documents that are still awaited are not waited for any longer."""
    case_id = await house.transact(lambda session: case_of(session, reference, actor))
    return await give(house, case_id, Ask("stop_waiting", {}, key_or_new(key), case_id=case_id), actor)


def case_of(session: Session, reference: str, actor: Actor) -> UUID:
    """The case that carries a claim, for whoever may see it. Raises WrongStep for one that nobody controls."""
    row = seen_claim(session, reference, actor)
    if row.case_id is None:
        raise WrongStep(
            "Nobody controls this claim: it is payable as it is.", "There is nothing to add or to wait for."
        )
    return row.case_id


def _kind(given: str | None) -> DocumentKind:
    try:
        return DocumentKind(given or "")
    except ValueError:
        known = ", ".join(DocumentKind)
        raise Invalid("A document says of which kind it is.", f"Give kind as one of: {known}.", field="kind") from None
