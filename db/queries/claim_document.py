"""A document of a claim, opened with its case's key."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from db.models import ClaimDocument
from db.vault import about_document, case_cipher
from keys.sealing import unseal


def document_of(session: Session, case_id: UUID, document_id: UUID) -> ClaimDocument | None:
    """The claim's document with this id, with its sealed content."""
    wanted = select(ClaimDocument).where(
        ClaimDocument.id == document_id, ClaimDocument.case_id == case_id, ClaimDocument.added_at.is_not(None)
    )
    return session.scalar(wanted.options(undefer(ClaimDocument.content)))


def content_of(session: Session, row: ClaimDocument) -> bytes:
    """The document as it came, byte for byte. Raises Erased."""
    return unseal(case_cipher(session, row.case_id), row.content, about_document(row.id))
