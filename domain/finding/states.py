"""Where a finding can stand, and where it can go from there.

Source: procedures, section 3 step 6
"""

from enum import StrEnum
from typing import Self


class FindingState(StrEnum):
    """The step that a finding has reached. It outlives its audit: carried over, it stands where it stood."""

    REGISTERED = "registered"
    OPEN = "open"
    PLANNED = "planned"
    VERIFYING = "verifying"
    CONFIRMING = "confirming"
    RISK_ACCEPTED = "risk_accepted"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @classmethod
    def ended(cls) -> frozenset[Self]:
        """The states in which nothing more is to come."""
        return frozenset({cls.CLOSED, cls.CANCELLED})

    @classmethod
    def resting(cls) -> frozenset[Self]:
        """The states in which nobody has to act: it has ended, or its risk is accepted until a day."""
        return cls.ended() | {cls.RISK_ACCEPTED}

    @classmethod
    def with_the_delegate(cls) -> frozenset[Self]:
        """The states before remediation: a plan, or evidence, is awaited, or a plan is read; the date can be moved."""
        return frozenset({cls.OPEN, cls.PLANNED})

    @property
    def label(self) -> str:
        """The French word shown on pages."""
        return _LABELS[self]


_LINE = [
    FindingState.REGISTERED,
    FindingState.OPEN,
    FindingState.PLANNED,
    FindingState.VERIFYING,
    FindingState.CONFIRMING,
    FindingState.CLOSED,
]
_ASIDE = frozenset({FindingState.RISK_ACCEPTED, FindingState.CANCELLED})
"""What lies beside the way to a closing."""


def steps(state: str) -> tuple[list[str], list[str]]:
    """The steps that are behind a state, and those to come on the way to a closing."""
    stands = FindingState(state)
    if stands in _ASIDE:
        to_come = [] if stands in FindingState.ended() else _LINE[2:]
        return [FindingState.REGISTERED, stands], [*to_come]
    behind = _LINE.index(stands) + 1
    return [*_LINE[:behind]], [*_LINE[behind:]]


_STOPPABLE = frozenset({FindingState.CANCELLED})
TRANSITIONS: dict[FindingState, frozenset[FindingState]] = {
    FindingState.REGISTERED: _STOPPABLE | {FindingState.OPEN},
    FindingState.OPEN: _STOPPABLE | {FindingState.PLANNED, FindingState.RISK_ACCEPTED},
    FindingState.PLANNED: _STOPPABLE | {FindingState.VERIFYING, FindingState.RISK_ACCEPTED},
    FindingState.VERIFYING: _STOPPABLE | {FindingState.PLANNED, FindingState.CONFIRMING},
    FindingState.CONFIRMING: _STOPPABLE | {FindingState.PLANNED, FindingState.CLOSED},
    FindingState.RISK_ACCEPTED: _STOPPABLE | {FindingState.OPEN, FindingState.PLANNED},
    FindingState.CLOSED: frozenset(),
    FindingState.CANCELLED: frozenset(),
}

_LABELS = {
    FindingState.REGISTERED: "enregistré",
    FindingState.OPEN: "ouvert, plan à convenir",
    FindingState.PLANNED: "plan accepté, preuves attendues",
    FindingState.VERIFYING: "en vérification",
    FindingState.CONFIRMING: "à confirmer",
    FindingState.RISK_ACCEPTED: "risque accepté",
    FindingState.CLOSED: "clos",
    FindingState.CANCELLED: "annulé",
}
