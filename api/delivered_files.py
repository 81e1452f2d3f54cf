"""A file that a delegate has delivered, for whoever was found to be of its side: the house breaks its seal itself."""

from uuid import UUID

from fastapi import Response
from sqlalchemy.orm import Session

from api.attachments import as_attachment
from api.house import House
from db.queries import audit_lists
from db.queries import finding as finding_queries
from domain.uploads import CSV


async def piece_file(house: House, audit_id: UUID, file_id: UUID) -> Response:
    """A file of a piece, byte for byte. Raises Erased."""
    return await house.itself(lambda session: _piece(session, audit_id, file_id))


def _piece(session: Session, audit_id: UUID, file_id: UUID) -> Response:
    row = audit_lists.file_of(session, audit_id, file_id)
    assert row is not None
    return _kept(row.name, row.media_type, audit_lists.content_of(session, row))


async def evidence_file(house: House, finding_id: UUID, evidence_id: UUID) -> Response:
    """A piece of evidence, byte for byte. Raises Erased."""
    return await house.itself(lambda session: _evidence(session, finding_id, evidence_id))


def _evidence(session: Session, finding_id: UUID, evidence_id: UUID) -> Response:
    row = finding_queries.evidence_of(session, finding_id, evidence_id)
    assert row is not None
    return _kept(row.name, row.media_type, finding_queries.content_of(session, row))


def _kept(name: str, media_type: str, content: bytes) -> Response:
    kind = f"{media_type}; charset=utf-8" if media_type == CSV else media_type
    return Response(content, media_type=kind, headers=as_attachment(name))
