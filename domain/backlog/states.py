"""Where an operation can stand, and where it can go from there."""

from enum import StrEnum
from typing import Self


class BacklogState(StrEnum):
    """The step that an operation has reached."""

    PROPOSED = "proposed"
    APPROVING = "approving"
    PLANNED = "planned"
    RUNNING = "running"
    CLOSING = "closing"
    CLOSED = "closed"
    REFUSED = "refused"
    CANCELLED = "cancelled"

    @classmethod
    def ended(cls) -> frozenset[Self]:
        """The states in which nothing more is to come."""
        return frozenset({cls.CLOSED, cls.REFUSED, cls.CANCELLED})

    @classmethod
    def taking_sign_ups(cls) -> frozenset[Self]:
        """The states in which sessions are open to volunteers."""
        return frozenset({cls.PLANNED, cls.RUNNING})

    def has_reached(self, step: "BacklogState") -> bool:
        """Whether this step is behind, or nothing more is to come."""
        return self in BacklogState.ended() or _LINE.index(self) >= _LINE.index(step)

    @property
    def label(self) -> str:
        """The French word shown on pages."""
        return _LABELS[self]


_LINE = [
    *(BacklogState.PROPOSED, BacklogState.APPROVING, BacklogState.PLANNED),
    *(BacklogState.RUNNING, BacklogState.CLOSING, BacklogState.CLOSED),
]


def steps(state: str) -> tuple[list[str], list[str]]:
    """The steps that are behind a state, and those to come on the way to a closing."""
    stands = BacklogState(state)
    if stands not in _LINE:
        return [BacklogState.PROPOSED, stands], []
    behind = _LINE.index(stands) + 1
    return [*_LINE[:behind]], [*_LINE[behind:]]


TRANSITIONS: dict[BacklogState, frozenset[BacklogState]] = {
    BacklogState.PROPOSED: frozenset({BacklogState.APPROVING}),
    BacklogState.APPROVING: frozenset({BacklogState.PLANNED, BacklogState.REFUSED, BacklogState.CANCELLED}),
    BacklogState.PLANNED: frozenset({BacklogState.RUNNING, BacklogState.CANCELLED}),
    BacklogState.RUNNING: frozenset({BacklogState.CLOSING}),
    BacklogState.CLOSING: frozenset({BacklogState.CLOSED}),
    BacklogState.CLOSED: frozenset(),
    BacklogState.REFUSED: frozenset(),
    BacklogState.CANCELLED: frozenset(),
}

_LABELS = {
    BacklogState.PROPOSED: "proposée",
    BacklogState.APPROVING: "en approbation",
    BacklogState.PLANNED: "planifiée, inscriptions ouvertes",
    BacklogState.RUNNING: "en cours",
    BacklogState.CLOSING: "en clôture, paie à valider",
    BacklogState.CLOSED: "close",
    BacklogState.REFUSED: "refusée",
    BacklogState.CANCELLED: "annulée",
}
