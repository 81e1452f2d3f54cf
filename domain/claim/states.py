"""Where a controlled claim can stand, and where it can go from there."""

from enum import StrEnum
from typing import Self


class ClaimState(StrEnum):
    """The step that a controlled claim has reached."""

    REGISTERED = "registered"
    IN_CONTROL = "in_control"
    AWAITING_DOCUMENTS = "awaiting_documents"
    CONFIRMING = "confirming"
    PAYABLE = "payable"
    INSTRUCTED = "instructed"
    PAID = "paid"
    REFUSED = "refused"
    ABANDONED = "abandoned"

    @classmethod
    def ended(cls) -> frozenset[Self]:
        """The states in which nothing more is to come, once the letters have left."""
        return frozenset({cls.PAID, cls.REFUSED, cls.ABANDONED})

    @classmethod
    def undecided(cls) -> frozenset[Self]:
        """The states in which the decision is still to be taken or confirmed: its clock runs or is stopped."""
        return frozenset({cls.REGISTERED, cls.IN_CONTROL, cls.AWAITING_DOCUMENTS, cls.CONFIRMING})

    @property
    def label(self) -> str:
        """The French word shown on pages."""
        return _LABELS[self]


TRANSITIONS: dict[ClaimState, frozenset[ClaimState]] = {
    ClaimState.REGISTERED: frozenset({ClaimState.IN_CONTROL}),
    ClaimState.IN_CONTROL: frozenset(
        {ClaimState.AWAITING_DOCUMENTS, ClaimState.CONFIRMING, ClaimState.PAYABLE, ClaimState.REFUSED}
    ),
    ClaimState.AWAITING_DOCUMENTS: frozenset({ClaimState.IN_CONTROL, ClaimState.ABANDONED}),
    ClaimState.CONFIRMING: frozenset({ClaimState.IN_CONTROL, ClaimState.PAYABLE, ClaimState.REFUSED}),
    ClaimState.PAYABLE: frozenset({ClaimState.INSTRUCTED, ClaimState.IN_CONTROL}),
    ClaimState.INSTRUCTED: frozenset({ClaimState.PAID, ClaimState.PAYABLE, ClaimState.IN_CONTROL}),
    ClaimState.PAID: frozenset(),
    ClaimState.REFUSED: frozenset(),
    ClaimState.ABANDONED: frozenset(),
}

_LABELS = {
    ClaimState.REGISTERED: "enregistrée",
    ClaimState.IN_CONTROL: "en contrôle",
    ClaimState.AWAITING_DOCUMENTS: "en attente de pièces",
    ClaimState.CONFIRMING: "en confirmation",
    ClaimState.PAYABLE: "à payer",
    ClaimState.INSTRUCTED: "virement préparé",
    ClaimState.PAID: "payée",
    ClaimState.REFUSED: "refusée",
    ClaimState.ABANDONED: "classée sans pièces",
}
