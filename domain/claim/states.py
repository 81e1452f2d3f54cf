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


_LINE = [ClaimState.REGISTERED, ClaimState.IN_CONTROL, ClaimState.PAYABLE, ClaimState.INSTRUCTED, ClaimState.PAID]
_BEFORE_AN_ASIDE = {
    ClaimState.AWAITING_DOCUMENTS: ClaimState.IN_CONTROL,
    ClaimState.CONFIRMING: ClaimState.IN_CONTROL,
    ClaimState.REFUSED: ClaimState.IN_CONTROL,
    ClaimState.ABANDONED: ClaimState.IN_CONTROL,
}
"""What lies beside the way to a payment, and the last step of that way which is behind it."""


def steps(state: str) -> tuple[list[str], list[str]]:
    """The steps that are behind a state, and those to come on the way to a payment."""
    stands = ClaimState(state)
    behind = _LINE.index(_BEFORE_AN_ASIDE.get(stands, stands)) + 1
    aside = [stands] if stands in _BEFORE_AN_ASIDE else []
    to_come = [] if stands in ClaimState.ended() else _LINE[behind:]
    return [*_LINE[:behind], *aside], [*to_come]


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
