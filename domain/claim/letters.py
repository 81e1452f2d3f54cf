"""The letters of a claim: what they speak of, and the names of their paragraphs; `words.ClaimLetter` are their kinds.

A letter says of somebody's health no more than the category, the date and the amount of care: neither act nor provider.
Source: procedures, section 2 steps 3 and 4
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from domain.claim.words import CareCategory, ClaimKind, ClaimLetter, DocumentKind, DocumentsRung, Verdict
from domain.letters import DelayFacts, Facts, Kind, Typed

PARAGRAPHS: Mapping[str, str] = MappingProxyType(
    {
        "salutation": "Formule d’appel",
        "request": "Votre demande de prestation",
        "documents": "Les pièces demandées",
        "answer_by": "La date limite d’envoi des pièces",
        "reminder": "Rappel de la demande",
        "closing_notice": "La clôture du dossier sans paiement",
        "reopening": "Comment faire rouvrir le dossier",
        "decision": "Notre décision",
        "amount": "Le montant versé",
        "correction": "Le montant demandé et le montant retenu",
        "reasons": "Les raisons de cette décision",
        "delay": "La raison du délai",
        "promise": "La date promise de la décision",
        "contact": "Nous joindre",
        "recourse": "Contester cette décision",
        "mediator": "Le médiateur",
        "closing": "Formule de politesse",
        "privacy": "Données personnelles",
    }
)
"""Name → the French title under which a controller knows that paragraph."""

BY_VERDICT: Mapping[Verdict, ClaimLetter] = MappingProxyType(
    {
        Verdict.PAY: ClaimLetter.CLAIM_PAID,
        Verdict.PAY_CORRECTED: ClaimLetter.CLAIM_CORRECTED,
        Verdict.REFUSE: ClaimLetter.CLAIM_REFUSED,
    }
)
"""Which letter carries a decision. Source: procedures, section 2 step 4"""

SHOWN_OF_AN_IBAN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFacts(Typed):
    """What was decided; `reasons` are the controller's own words. Amounts in euro cents: 0 is paid of what is refused.

    Source: procedures, section 2 step 4
    """

    decided_cents: int
    reasons: str = ""

    def __post_init__(self) -> None:
        """Refuse an amount that no bank could pay."""
        if self.decided_cents < 0:
            raise ValueError(f"a payment is never negative: {self.decided_cents} cents")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsFacts(Typed):
    """What the member was asked for on `asked_on`, and has until `answer_by` to send; `note` is the controller's words.

    `kinds` are those that have not come. `reminder` is None in the request itself.
    Source: procedures, section 2 step 3
    """

    kinds: tuple[DocumentKind, ...]
    asked_on: date
    answer_by: date
    note: str = ""
    reminder: DocumentsRung | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLetterFacts(Facts):
    """All that a letter of a claim may speak of. `asked_cents` is what was claimed, in euro cents.

    `account_end` are the last characters of the IBAN that is paid, None where that is not said. A claim lapses
    `lapses_after_months` after the care. Who decided on it is not who hears a complaint about it: that has a
    `complaints_email` of its own.
    """

    procedure: ClassVar[str] = "claim"
    titles: ClassVar[Mapping[str, str]] = PARAGRAPHS

    category: CareCategory
    claim_kind: ClaimKind
    care_on: date
    received_on: date
    asked_cents: int
    complaints_email: str
    lapses_after_months: int
    account_end: str | None = None
    decision: DecisionFacts | None = None
    documents: DocumentsFacts | None = None
    delay: DelayFacts | None = None

    def __post_init__(self) -> None:
        """Refuse more of an IBAN than a letter may show."""
        if self.account_end is not None and len(self.account_end) > SHOWN_OF_AN_IBAN:
            raise ValueError(f"a letter shows at most {SHOWN_OF_AN_IBAN} characters of an IBAN: cut it before")

    def check(self, kind: Kind) -> None:
        """A decision belongs to the letters that carry one, a delay to the letter about it, documents to the others.
        Raises ValueError."""
        decides, delays = kind in BY_VERDICT.values(), kind is ClaimLetter.DELAY_NOTICE
        said = (self.decision is not None, self.delay is not None, self.documents is not None)
        if said != (decides, delays, not decides and not delays):
            raise ValueError(
                f"{kind.value}: a decision, a delay or documents, whichever this letter speaks of, and no other"
            )
        reminds = kind is ClaimLetter.DOCUMENTS_REMINDER
        if self.documents is not None and (self.documents.reminder is not None) != reminds:
            raise ValueError(
                f"{kind.value}: the first or second reminder belongs to a reminder, and to no other letter"
            )
