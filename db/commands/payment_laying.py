"""That a bank file is being laid: written before it is, so that nobody stops what may be with the bank already."""

from uuid import UUID

from sqlalchemy import func, insert, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import LayingRow


def begin_laying(session: Session, payment_id: UUID) -> UUID:
    """An attempt to lay the file begins; its id. Raises IntegrityError where the batch is stopped, or not released."""
    laying_id = uuid7()
    session.execute(insert(LayingRow).values(id=laying_id, payment_id=payment_id, began_wall=func.clock_timestamp()))
    return laying_id


def record_nothing_laid(session: Session, laying_id: UUID) -> None:
    """The attempt has failed before anything could be with the bank."""
    session.execute(update(LayingRow).where(LayingRow.id == laying_id).values(failed_wall=func.clock_timestamp()))
