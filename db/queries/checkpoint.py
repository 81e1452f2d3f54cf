"""Checkpoints as they are read: the last one, and the heads that each covers, case by case."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Checkpoint, CheckpointHead
from keys.chain import Head

AT_ONCE = 5000
"""So many heads are in memory at a time."""


def last_checkpoint(session: Session) -> Checkpoint | None:
    """The newest checkpoint."""
    return session.scalar(select(Checkpoint).order_by(Checkpoint.day.desc()).limit(1))


def newest_checkpoints(session: Session, most: int) -> list[Checkpoint]:
    """The newest checkpoints, the oldest of them first."""
    return list(session.scalars(select(Checkpoint).order_by(Checkpoint.day.desc()).limit(most)))[::-1]


def heads(session: Session, day: date) -> Iterator[Head]:
    """The heads under a day's checkpoint, in the order of their cases, however many."""
    wanted = select(CheckpointHead.case_id, CheckpointHead.line, CheckpointHead.mac).where(CheckpointHead.day == day)
    rows = session.execute(wanted.order_by(CheckpointHead.case_id).execution_options(yield_per=AT_ONCE))
    for row in rows:
        yield Head(row.case_id, row.line, row.mac)
