"""Commands: what a person or the system itself asks of a case, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid5

Position = TypeVar("Position")


class CommandStatus(StrEnum):
    """A command is received, then decided once and for all."""

    RECEIVED = "received"
    APPLIED = "applied"
    REFUSED = "refused"


@dataclass(frozen=True)
class CommandRef:
    """A person's command as the engine sees it: its id. What it says stays in the register.

    `turn_at` is the business instant at which its turn has come, told by the run that decides it.
    """

    id: UUID
    case_id: UUID
    kind: str
    turn_at: datetime | None = None


@dataclass(frozen=True)
class MachineCommand:
    """What the system itself does to a case at `at` (a timer, a letter handed over).

    Its id is made from what it is about, so that it happens once however often it is tried. `body` holds ids, dates
    and enums only: it passes through the engine.
    """

    case_id: UUID
    kind: str
    at: datetime
    about: str = ""
    body: dict[str, Any] | None = None

    @property
    def id(self) -> UUID:
        """The same for the same case, kind and subject."""
        return uuid5(self.case_id, f"{self.kind}:{self.about}")


DECIDED_IN_TURN = frozenset({"inform_of_delay"})
"""What many cases are asked at once, and each judges by the day on which its turn comes, not on which it was asked."""


def decided_at(command: CommandRef | MachineCommand, given_at: datetime) -> datetime:
    """The instant by which a command is judged: that at which it was given. Where the turn counts, that of its turn.

    Source: policy
    """
    turn_at = command.turn_at if isinstance(command, CommandRef) else None
    return max(given_at, turn_at) if turn_at and command.kind in DECIDED_IN_TURN else given_at


def again(command_id: UUID) -> UUID:
    """The id under which a refused command is given once more: the same, whoever gives it."""
    return uuid5(command_id, "again")


@dataclass(frozen=True)
class Outcome(Generic[Position]):
    """What became of a command, and where the case stands after it. A refusal's reason stays in the register.

    `lines` and `head` say where its journal ended then: what is told to the engine is kept by a second witness.
    """

    status: CommandStatus
    position: Position
    code: str | None = None
    lines: int = 0
    head: str | None = None
