"""The piles that claims lie in, as those who answer for them count them. A claim can lie in two, or in none.

Source: policy (our own choice)
"""

from enum import StrEnum

from domain.claim.states import ClaimState


class Pile(StrEnum):
    """What is to be done with them, and what has been done this week."""

    TO_CONTROL = "to_control"
    TO_CONFIRM = "to_confirm"
    AWAITING_DOCUMENTS = "awaiting_documents"
    PAYABLE = "payable"
    IN_BANK_FILE = "in_bank_file"
    PAID_THIS_WEEK = "paid_this_week"
    REJECTED_BY_BANK = "rejected_by_bank"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _LABELS[self]


STATES = {
    Pile.TO_CONTROL: frozenset({ClaimState.REGISTERED, ClaimState.IN_CONTROL}),
    Pile.TO_CONFIRM: frozenset({ClaimState.CONFIRMING}),
    Pile.AWAITING_DOCUMENTS: frozenset({ClaimState.AWAITING_DOCUMENTS}),
    Pile.PAYABLE: frozenset({ClaimState.PAYABLE}),
}
"""The piles that the state alone tells; of the others, their order to the bank does."""

_LABELS = {
    Pile.TO_CONTROL: "à contrôler",
    Pile.TO_CONFIRM: "à confirmer",
    Pile.AWAITING_DOCUMENTS: "en attente de pièces",
    Pile.PAYABLE: "à payer",
    Pile.IN_BANK_FILE: "dans un fichier bancaire",
    Pile.PAID_THIS_WEEK: "payées cette semaine",
    Pile.REJECTED_BY_BANK: "rejetées par la banque, pas encore payées",
}
