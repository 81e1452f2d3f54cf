"""Keep a document of a claim, sealed under its case's key: it is the claim's once its command is carried out."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db.commands.keys import case_cipher
from db.models import ClaimDocument
from db.vault import about_document
from keys.sealing import seal


@dataclass(frozen=True)
class Document:
    """A document as it came: what it is, and who brought it."""

    kind: str
    name: str
    media_type: str
    sha256: str
    content: bytes
    added_by: UUID


def keep_document(session: Session, case_id: UUID, document_id: UUID, document: Document) -> None:
    """Keep it under its command's id; the second time it is the first. Raises Erased."""
    sealed = seal(case_cipher(session, case_id), document.content, about_document(document_id))
    session.execute(
        insert(ClaimDocument)
        .values(
            id=document_id,
            case_id=case_id,
            kind=document.kind,
            name=document.name,
            media_type=document.media_type,
            size=len(document.content),
            sha256=document.sha256,
            content=sealed,
            added_by=document.added_by,
        )
        .on_conflict_do_nothing(index_elements=[ClaimDocument.id])
    )
