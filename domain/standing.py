"""What a workflow says of itself when it is asked what it sees to."""

from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

Position = TypeVar("Position")


@dataclass(frozen=True)
class Standing(Generic[Position]):
    """Where a run believes its case to be, and what it has in hand.

    `watching` are the deadlines (name, generation) whose watcher lives, `leaving` the letters (id, round) and `telling`
    the messages that it has begun to send.
    """

    position: Position
    watching: tuple[tuple[str, int], ...] = ()
    leaving: tuple[tuple[UUID, int], ...] = ()
    telling: tuple[UUID, ...] = ()
