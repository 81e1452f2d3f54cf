"""One part of a trace: what a program does, how long it takes, how it ends. Free of charge while traces are off.

A command's trace bears the command's own id. So whoever works on a command later, the relay among others, works in
its trace, and nothing has to be kept for that.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Protocol
from uuid import UUID

Fact = str | int | float
Facts = Mapping[str, Fact]


class Part(Protocol):
    """A part that is going on."""

    def says(self, name: str, value: Fact) -> None:
        """Note something about it; what `tracing.allowed` does not list never leaves the program."""

    def named(self, name: str) -> None:
        """Give it the name that was not known when it began."""

    def failed(self, kind: str) -> None:
        """Note that it failed, and with what kind of failure: never with which words."""

    @property
    def carried(self) -> str | None:
        """What another program needs to go on here: the trace's id and the part's, in W3C's form."""


class Nothing:
    """What stands for a part while traces are off."""

    carried = None

    def says(self, name: str, value: Fact) -> None:
        """Nobody listens."""

    def named(self, name: str) -> None:
        """Nobody listens."""

    def failed(self, kind: str) -> None:
        """Nobody listens."""


class Parts(Protocol):
    """Where parts are made while traces are on: `tracing.spans`."""

    def part(
        self, name: str, facts: Facts, *, role: str, of: UUID | None, after: str | None
    ) -> AbstractContextManager[Part]:
        """See the function `part`."""

    def current(self) -> Part:
        """The part that goes on here."""


_NOTHING = Nothing()
_parts: Parts | None = None
_chosen: ContextVar[list[UUID] | None] = ContextVar("chosen", default=None)


def use(parts: Parts | None) -> None:
    """From now on parts are made there; None: nowhere."""
    global _parts
    _parts = parts


def are_on() -> bool:
    """Whether this program tells traces."""
    return _parts is not None


def part(
    name: str, facts: Facts | None = None, *, role: str = "internal", of: UUID | None = None, after: str | None = None
) -> AbstractContextManager[Part]:
    """Tell of what is done inside as one part of a trace.

    `of` is the command that it belongs to: in the trace of another it begins the command's own, with a link. `after` is
    what was `carried` here from another program: the part goes on there. With neither it belongs to the part around it.
    `role` is `server`, `client` or `internal`.
    """
    if _parts is None:
        return nullcontext(_NOTHING)
    return _parts.part(name, facts or {}, role=role, of=of, after=after)


def current() -> Part:
    """The part that goes on here."""
    return _NOTHING if _parts is None else _parts.current()


def say_command(told: Part, case_id: UUID, command_id: UUID) -> None:
    """Note which command a part is about."""
    told.says("echeance.command.id", str(command_id))
    told.says("echeance.case.id", str(case_id))


@contextmanager
def choosing(command_id: UUID) -> Iterator[None]:
    """The first command that is kept inside bears this id: that of the request's trace."""
    token = _chosen.set([command_id])
    try:
        yield
    finally:
        _chosen.reset(token)


def chosen_id() -> UUID | None:
    """The id that the next command is to bear, once; None when it is free."""
    ids = _chosen.get()
    return ids.pop() if ids else None
