"""Where a case stands, for its workflow: letters that have not left, deadlines that are open and watched."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.ladder import Rung


@dataclass(frozen=True)
class LetterInHand:
    """A letter of the case that has not been handed over yet. `round` counts the ways it was sent; `posted`: it lies
    in the day's post, and waits for the manifest."""

    id: UUID
    kind: str
    dispatch: str
    round: int = 1
    posted: bool = False


@dataclass(frozen=True)
class OpenDeadline:
    """A deadline that is neither met nor cancelled, with the rungs of its ladder; `fired_until` is the last's."""

    name: str
    generation: int
    due_on: date
    due_at: datetime
    starts_on: date
    planned: tuple[Rung, ...] = ()
    fired_until: datetime | None = None


@dataclass(frozen=True)
class Watched:
    """An open deadline, and when the next rung of its ladder fires."""

    name: str
    generation: int
    next_at: datetime
