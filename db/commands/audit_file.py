"""Keep a file of a delegate, sealed under the audit's key: it is the audit's once its command is carried out."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db.commands.keys import case_cipher
from db.models import AuditFileRow
from db.vault import about_audit_file
from keys.sealing import seal


@dataclass(frozen=True)
class DeliveredFile:
    """A file as it came: of which piece, what it is, and who brought it."""

    piece: str
    name: str
    media_type: str
    sha256: str
    content: bytes
    delivered_by: UUID


def keep_audit_file(session: Session, audit_id: UUID, file_id: UUID, file: DeliveredFile) -> None:
    """Keep it under its command's id; the second time it is the first, and so are the same bytes of the same piece.

    Raises Erased.
    """
    same = select(AuditFileRow.id).where(
        AuditFileRow.audit_id == audit_id,
        AuditFileRow.piece == file.piece,
        AuditFileRow.sha256 == file.sha256,
        AuditFileRow.version.is_not(None),
        AuditFileRow.withdrawn_at.is_(None),
    )
    if session.scalar(same) is not None:
        return
    session.execute(
        insert(AuditFileRow)
        .values(
            id=file_id,
            audit_id=audit_id,
            piece=file.piece,
            name=file.name,
            media_type=file.media_type,
            size=len(file.content),
            sha256=file.sha256,
            content=seal(case_cipher(session, audit_id), file.content, about_audit_file(file_id)),
            delivered_by=file.delivered_by,
        )
        .on_conflict_do_nothing(index_elements=[AuditFileRow.id])
    )
