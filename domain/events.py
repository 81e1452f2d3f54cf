"""Events: what has happened to a case, in the past participle: a change of the register, a line of the journal."""

from dataclasses import Field, dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.deadlines import Deadline
from domain.ladder import Rung
from domain.people import Hat
from domain.tasks import Offer

_PRIVATE = {"private": True}


def private() -> Any:
    """A field with words of or about a person: kept in the register, in the journal only sealed."""
    return field(metadata=_PRIVATE)


@dataclass(frozen=True)
class Event:
    """Something that has happened."""

    def facts(self) -> dict[str, Any]:
        """The journal's line: everything but the private fields."""
        return {f.name: getattr(self, f.name) for f in fields(self) if not _is_private(f)}

    def private_facts(self) -> dict[str, Any]:
        """The private fields that are filled: the journal keeps them sealed."""
        said = {f.name: getattr(self, f.name) for f in fields(self) if _is_private(f)}
        return {name: words for name, words in said.items() if words}


def _is_private(f: "Field[Any]") -> bool:
    return f.metadata == _PRIVATE


@dataclass(frozen=True)
class StateReached(Event):
    """The case stands at another step; `ended` where nothing more is to come."""

    state: StrEnum
    ended: bool

    def facts(self) -> dict[str, Any]:
        """Which step."""
        return {"state": self.state}


@dataclass(frozen=True)
class OwnerAssigned(Event):
    """The case has the owner who is responsible for it to the end."""

    owner_id: UUID


@dataclass(frozen=True)
class TaskOpened(Event):
    """Somebody is asked to do something. `detail` holds ids and numbers only."""

    kind: str
    offer: Offer
    meant_for: tuple[Hat, ...]
    due_at: datetime | None = None
    detail: dict[str, Any] | None = None

    def facts(self) -> dict[str, Any]:
        """Who it is offered to, without the machinery."""
        return {
            "kind": self.kind,
            "offered_to": sorted(self.offer.hats),
            "nobody_left": self.offer.nobody_left,
            "due_at": self.due_at,
            "detail": self.detail,
        }


@dataclass(frozen=True)
class TaskCompleted(Event):
    """Somebody did what they were asked."""

    task_id: UUID
    kind: str
    outcome: str


@dataclass(frozen=True)
class TaskWithdrawn(Event):
    """What was asked is no longer needed."""

    task_id: UUID
    kind: str


@dataclass(frozen=True)
class TaskOfferedAgain(Event):
    """A task goes to other people, or is free again: its first ones are away or back, or the case has a new owner."""

    task_id: UUID
    kind: str
    offer: Offer
    meant_for: tuple[Hat, ...] = ()
    """Whom it is for from now on; empty, where that has not changed."""

    def facts(self) -> dict[str, Any]:
        """Who it is offered to now."""
        return {
            "task_id": self.task_id,
            "kind": self.kind,
            "offered_to": sorted(self.offer.hats),
            "nobody_left": self.offer.nobody_left,
        }


@dataclass(frozen=True)
class DeadlineOpened(Event):
    """A deadline takes the place of an earlier generation of the same name."""

    deadline: Deadline
    generation: int
    planned: tuple[Rung, ...]

    def facts(self) -> dict[str, Any]:
        """Which date, and which generation."""
        return {"name": self.deadline.name, "generation": self.generation, "due_on": self.deadline.due_on}


@dataclass(frozen=True)
class DeadlineMoved(Event):
    """The calendar has changed: a deadline that is not yet due moves, and the open tasks with it."""

    deadline: Deadline
    generation: int
    planned: tuple[Rung, ...]
    from_on: date
    because: str

    def facts(self) -> dict[str, Any]:
        """From which day to which, and why."""
        return {
            "name": self.deadline.name,
            "generation": self.generation,
            "from_on": self.from_on,
            "due_on": self.deadline.due_on,
            "because": self.because,
        }


@dataclass(frozen=True)
class TasksRescheduled(Event):
    """The open tasks that were due at one instant are due at another."""

    from_at: datetime
    due_at: datetime


@dataclass(frozen=True)
class ReminderDue(Event):
    """One or several rungs of a deadline are due: one message, to the highest addressee, the others in copy."""

    deadline: str
    generation: int
    rungs: tuple[str, ...]
    due_at: datetime
    fired_until: datetime
    to: tuple[UUID, ...]
    copies: tuple[UUID, ...]
    leaves_at: datetime
    at_once: bool


@dataclass(frozen=True)
class DeadlineMet(Event):
    """What a deadline asked for has happened."""

    name: str


@dataclass(frozen=True)
class DeadlineCancelled(Event):
    """A deadline has lost its object."""

    name: str


@dataclass(frozen=True)
class LetterRequested(Event):
    """A letter is to be made and to leave by `dispatch`; `version` is the approved answer that it carries."""

    kind: str
    dispatch: str
    version: int | None = None
    reason: str | None = None


@dataclass(frozen=True)
class LetterHandedOver(Event):
    """The mail server has accepted the letter, or it stands on the closed manifest of the day's post."""

    letter_id: UUID
    dispatch: str


@dataclass(frozen=True)
class DeliveryFailed(Event):
    """A letter could not be handed over yet: `reason` is `no_server` or `rejected`."""

    letter_id: UUID
    reason: str


@dataclass(frozen=True)
class LetterSentAgain(Event):
    """A letter that failed takes another way, or goes to a corrected address."""

    letter_id: UUID
    dispatch: str
    email: str | None = private()
    address: tuple[str, ...] = private()
