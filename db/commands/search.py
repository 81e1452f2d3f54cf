"""Keep a search, to send it to a colleague; open one that was kept. All in wall time, as sessions are."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from db.commands.sweep import FORGOTTEN_AFTER, sweep_searches
from db.models import KeptSearch
from domain.people import Actor

_NOTED_EVERY = timedelta(minutes=1)


def keep_search(session: Session, asked: Mapping[str, Any], actor: Actor, wall_now: datetime) -> UUID:
    """Keep what was asked under an id that nobody guesses; those that nobody has used for long are swept away."""
    sweep_searches(session, wall_now)
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
