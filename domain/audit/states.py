"""Where an audit can stand, and where it can go from there."""

from enum import StrEnum
from typing import Self


class AuditState(StrEnum):
    """The step that an audit has reached."""

    PLANNED = "planned"
    LAUNCHED = "launched"
    ANALYSING = "analysing"
    REPORTING = "reporting"
    VALIDATING = "validating"
    RESTITUTING = "restituting"
    FOLLOWING_UP = "following_up"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @classmethod
    def ended(cls) -> frozenset[Self]:
        """The states in which nothing more is to come."""
        return frozenset({cls.CLOSED, cls.CANCELLED})

    @classmethod
    def noting(cls) -> frozenset[Self]:
        """While the auditors write down what they see: before the report is with its validators."""
        return frozenset({cls.ANALYSING, cls.REPORTING})

    def has_reached(self, step: "AuditState") -> bool:
        """Whether the step is behind; an audit that has ended has passed them all."""
        return self in self.ended() or _ORDER.index(self) >= _ORDER.index(step)

    @property
    def label(self) -> str:
        """The French word shown on pages."""
        return _LABELS[self]


_ORDER = [
    *(AuditState.PLANNED, AuditState.LAUNCHED, AuditState.ANALYSING, AuditState.REPORTING, AuditState.VALIDATING),
    *(AuditState.RESTITUTING, AuditState.FOLLOWING_UP, AuditState.CLOSED),
]


def steps(state: str) -> tuple[list[str], list[str]]:
    """The steps that are behind a state, and those to come."""
    stands = AuditState(state)
    if stands is AuditState.CANCELLED:
        return [stands], []
    return [s for s in _ORDER if stands.has_reached(s)], [s for s in _ORDER if not stands.has_reached(s)]


_CANCEL = frozenset({AuditState.CANCELLED})

TRANSITIONS: dict[AuditState, frozenset[AuditState]] = {
    AuditState.PLANNED: frozenset({AuditState.LAUNCHED}) | _CANCEL,
    AuditState.LAUNCHED: frozenset({AuditState.ANALYSING}) | _CANCEL,
    AuditState.ANALYSING: frozenset({AuditState.REPORTING}) | _CANCEL,
    AuditState.REPORTING: frozenset({AuditState.VALIDATING}) | _CANCEL,
    AuditState.VALIDATING: frozenset({AuditState.REPORTING, AuditState.RESTITUTING}) | _CANCEL,
    AuditState.RESTITUTING: frozenset({AuditState.FOLLOWING_UP, AuditState.CLOSED}) | _CANCEL,
    AuditState.FOLLOWING_UP: frozenset({AuditState.CLOSED}) | _CANCEL,
    AuditState.CLOSED: frozenset(),
    AuditState.CANCELLED: frozenset(),
}

_LABELS = {
    AuditState.PLANNED: "planifié",
    AuditState.LAUNCHED: "lancé, pièces attendues",
    AuditState.ANALYSING: "pièces en analyse",
    AuditState.REPORTING: "rapport en rédaction",
    AuditState.VALIDATING: "rapport à valider",
    AuditState.RESTITUTING: "en restitution",
    AuditState.FOLLOWING_UP: "constats suivis",
    AuditState.CLOSED: "clos",
    AuditState.CANCELLED: "annulé",
}
