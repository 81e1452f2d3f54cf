"""Where a complaint can stand, and where it can go from there."""

from enum import StrEnum
from typing import Self


class ComplaintState(StrEnum):
    """The step that a complaint has reached."""

    REGISTERED = "registered"
    ASSIGNED = "assigned"
    ACKNOWLEDGED = "acknowledged"
    ANALYSED = "analysed"
    DRAFTED = "drafted"
    APPROVED = "approved"
    ANSWERED = "answered"
    CLOSED = "closed"
    REQUALIFIED = "requalified"

    @classmethod
    def ended(cls) -> frozenset[Self]:
        """The states in which nothing more is to come."""
        return frozenset({cls.CLOSED, cls.REQUALIFIED})

    @classmethod
    def unanswered(cls) -> frozenset[Self]:
        """The states before the last approval: the complaint can still be requalified or reassigned."""
        return frozenset({cls.REGISTERED, cls.ASSIGNED, cls.ACKNOWLEDGED, cls.ANALYSED, cls.DRAFTED})

    def has_reached(self, step: "ComplaintState") -> bool:
        """Whether the step is behind; a case that has ended has passed them all."""
        return self in self.ended() or _ORDER.index(self) >= _ORDER.index(step)

    @property
    def label(self) -> str:
        """The French word shown on pages."""
        return _LABELS[self]


_ORDER: list[ComplaintState] = [state for state in ComplaintState if state is not ComplaintState.REQUALIFIED]


def steps(state: str) -> tuple[list[str], list[str]]:
    """The steps that are behind a state, and those to come."""
    stands = ComplaintState(state)
    if stands is ComplaintState.REQUALIFIED:
        return [stands], []
    return [s for s in _ORDER if stands.has_reached(s)], [s for s in _ORDER if not stands.has_reached(s)]


TRANSITIONS: dict[ComplaintState, frozenset[ComplaintState]] = {
    ComplaintState.REGISTERED: frozenset({ComplaintState.ASSIGNED, ComplaintState.REQUALIFIED}),
    ComplaintState.ASSIGNED: frozenset({ComplaintState.ACKNOWLEDGED, ComplaintState.REQUALIFIED}),
    ComplaintState.ACKNOWLEDGED: frozenset({ComplaintState.ANALYSED, ComplaintState.REQUALIFIED}),
    ComplaintState.ANALYSED: frozenset({ComplaintState.DRAFTED, ComplaintState.REQUALIFIED}),
    ComplaintState.DRAFTED: frozenset({ComplaintState.ANALYSED, ComplaintState.APPROVED, ComplaintState.REQUALIFIED}),
    ComplaintState.APPROVED: frozenset({ComplaintState.ANSWERED}),
    ComplaintState.ANSWERED: frozenset({ComplaintState.CLOSED}),
    ComplaintState.CLOSED: frozenset(),
    ComplaintState.REQUALIFIED: frozenset(),
}

_LABELS = {
    ComplaintState.REGISTERED: "enregistrée",
    ComplaintState.ASSIGNED: "attribuée",
    ComplaintState.ACKNOWLEDGED: "réception accusée",
    ComplaintState.ANALYSED: "analysée",
    ComplaintState.DRAFTED: "en validation",
    ComplaintState.APPROVED: "réponse approuvée",
    ComplaintState.ANSWERED: "répondue",
    ComplaintState.CLOSED: "close",
    ComplaintState.REQUALIFIED: "requalifiée",
}
