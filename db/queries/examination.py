"""The doctor's examinations: the one that runs, and the last that came to its end."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ExaminationRow


def running(session: Session) -> ExaminationRow | None:
    """The examination that the API is making, if it is making one."""
    return session.scalar(select(ExaminationRow).where(ExaminationRow.ended_wall.is_(None)))


def last(session: Session, *, whole: bool = False) -> ExaminationRow | None:
    """The last one that has ended; with `whole`, that has ended with a result."""
    wanted = select(ExaminationRow).where(ExaminationRow.ended_wall.is_not(None))
    if whole:
        wanted = wanted.where(ExaminationRow.failure.is_(None))
    return session.scalar(wanted.order_by(ExaminationRow.ended_wall.desc()).limit(1))
