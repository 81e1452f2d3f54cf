"""Files of reference data that were taken in, the newest first, and the lines that were refused."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Import, ImportRefusal, StaffMember

Known = tuple[Import, str | None]
"""A file, and the login of whoever gave it; None: whoever runs the programs."""


def imports(session: Session, limit: int) -> list[Known]:
    """The newest files."""
    wanted = select(Import, StaffMember.login).outerjoin(StaffMember, StaffMember.id == Import.by_id)
    rows = session.execute(wanted.order_by(Import.at.desc(), Import.id.desc()).limit(limit))
    return [(row, login) for row, login in rows]


def known_import(session: Session, import_id: UUID) -> Known | None:
    """One of them."""
    wanted = select(Import, StaffMember.login).outerjoin(StaffMember, StaffMember.id == Import.by_id)
    found = session.execute(wanted.where(Import.id == import_id)).one_or_none()
    return (found[0], found[1]) if found else None


def refusals_of(
    session: Session, import_id: UUID, after_line: int = 0, limit: int | None = None
) -> Sequence[ImportRefusal]:
    """Its refused lines behind this one, in their order."""
    wanted = select(ImportRefusal).where(ImportRefusal.import_id == import_id, ImportRefusal.line > after_line)
    return session.scalars(wanted.order_by(ImportRefusal.line).limit(limit)).all()
