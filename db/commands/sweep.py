"""What is kept for some days only goes: a little at each save, all that is left at night. In wall time, as sessions."""

from datetime import datetime, timedelta

from sqlalchemy import delete, inspect, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.models import Draft, KeptSearch
from db.models.base import Base
from db.session import Sessions

FORGOTTEN_AFTER = timedelta(days=30)
"""After the last save of a draft, after the last use of a kept search."""
SWEPT_AT_ONCE = 1_000


def sweep_drafts(session: Session, wall_now: datetime) -> int:
    """Some of the drafts that nobody has come back to; how many."""
    return _sweep(session, Draft, Draft.saved_wall, wall_now)


def sweep_searches(session: Session, wall_now: datetime) -> int:
    """Some of the kept searches that nobody has used for long; how many."""
    return _sweep(session, KeptSearch, KeptSearch.last_used_wall, wall_now)


def sweep_all(sessions: Sessions, wall_now: datetime) -> None:
    """All of both, some at a time: so thirty days are thirty days when nobody saves anything."""
    for sweep in (sweep_drafts, sweep_searches):
        swept = SWEPT_AT_ONCE
        while swept >= SWEPT_AT_ONCE:
            with sessions.begin() as session:
                swept = sweep(session, wall_now)


def _sweep(session: Session, kept: type[Base], last_wall: InstrumentedAttribute[datetime], wall_now: datetime) -> int:
    """What somebody else is saving or sweeping at this moment is left to them."""
    key = inspect(kept).primary_key
    old = (
        select(*key)
        .where(last_wall < wall_now - FORGOTTEN_AFTER)
        .limit(SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return len(session.execute(delete(kept).where(tuple_(*key).in_(old)).returning(last_wall)).all())
