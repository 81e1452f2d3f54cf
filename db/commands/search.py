"""Keep a search, to send it to a colleague; open one that was kept. All in wall time, as sessions are."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.models import KeptSearch
from domain.people import Actor

FORGOTTEN_AFTER = timedelta(days=30)
_SWEPT_AT_ONCE = 1_000
_NOTED_EVERY = timedelta(minutes=1)


def keep_search(session: Session, asked: Mapping[str, Any], actor: Actor, wall_now: datetime) -> UUID:
    """Keep what was asked under an id that nobody guesses; those that nobody has used for long are swept away."""
    _sweep(session, wall_now)
    kept = KeptSearch(id=uuid4(), person_id=actor.id, asked=dict(asked), at_wall=wall_now, last_used_wall=wall_now)
    session.add(kept)
    return kept.id


def open_search(session: Session, search_id: UUID, wall_now: datetime) -> KeptSearch | None:
    """The search with this id, unless it is forgotten; that it was used is noted once a minute."""
    kept = session.get(KeptSearch, search_id)
    if kept is None or kept.last_used_wall < wall_now - FORGOTTEN_AFTER:
        return None
    if kept.last_used_wall < wall_now - _NOTED_EVERY:
        kept.last_used_wall = wall_now
    return kept


def _sweep(session: Session, wall_now: datetime) -> None:
    forgotten = (
        select(KeptSearch.id)
        .where(KeptSearch.last_used_wall < wall_now - FORGOTTEN_AFTER)
        .limit(_SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    session.execute(delete(KeptSearch).where(KeptSearch.id.in_(forgotten)))
