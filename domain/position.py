"""Where a case stands, for its workflow: letters that have not left, deadlines that are open and watched."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
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


class CasePosition(Protocol):
    """Where the workflow of any procedure stands: ids, enums and flags only. It can start from here at any step.

    A letter that has not left after `mail_patience` is told to somebody. Reminders of one instant fire over some
    minutes: this case's `spread` after it. `messages` to staff leave at once.
    """

    @property
    def case_id(self) -> UUID:
        """The case that is carried."""

    @property
    def mail_patience(self) -> timedelta:
        """How long a letter may take to leave before somebody is told."""

    @property
    def spread(self) -> timedelta:
        """How long after their instant this case's reminders fire."""

    @property
    def watched(self) -> tuple[Watched, ...]:
        """The open deadlines that still have a rung to fire."""

    @property
    def messages(self) -> tuple[UUID, ...]:
        """The messages to staff that have not left."""

    @property
    def letters(self) -> tuple[LetterInHand, ...]:
        """The letters that have not been handed over."""
