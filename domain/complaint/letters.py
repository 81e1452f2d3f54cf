"""The letters of a complaint: their kinds, what they speak of, and the names of their paragraphs.

Source: procedures, section 1, steps 4, 6, 7 and 9
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar

from domain.letters import DelayFacts, Facts, Kind, Typed

PARAGRAPHS: Mapping[str, str] = MappingProxyType(
    {
        "salutation": "Formule d’appel",
        "reception": "Réception de la réclamation",
        "handler": "Gestionnaire du dossier",
        "delay": "Raison du délai",
        "answer_due": "Date limite de la réponse",
        "promise": "Date promise de la réponse",
        "opening": "Introduction",
        "apology": "Excuses",
        "asked": "Votre demande",
        "found": "Nos constatations",
        "decision": "Notre décision",
        "compensation": "Dédommagement",
        "reasons": "Les raisons de cette décision",
        "next_steps": "La suite donnée",
        "appeal": "Demander un réexamen",
        "mediator": "Le médiateur",
        "closing": "Formule de politesse",
        "privacy": "Données personnelles",
    }
)
"""Name → the French title under which a handler knows that paragraph."""


class LetterKind(Kind):
    """The letters of a complaint; the words of each are in the template of that name in `letters/complaint`.

    Source: procedures, section 1, steps 4 and 6.
    """

    ACKNOWLEDGEMENT = "acknowledgement"
    HOLDING_LETTER = "holding_letter"
    DELAY_NOTICE = "delay_notice"
    ANSWER_FOUNDED = "answer_founded"
    ANSWER_PARTLY_FOUNDED = "answer_partly_founded"
    ANSWER_UNFOUNDED = "answer_unfounded"

    @property
    def label(self) -> str:
        """The French name shown on pages and in the day's post."""
        return _LABELS[self]

    @property
    def automatic(self) -> bool:
        """Nobody reads each acknowledgement, nor each letter of a message to many: an answer was approved by people."""
        return self in {LetterKind.ACKNOWLEDGEMENT, LetterKind.DELAY_NOTICE}

    @classmethod
    def answers(cls) -> frozenset["LetterKind"]:
        """The letters that carry a decision, and so need `AnswerFacts`."""
        return frozenset({cls.ANSWER_FOUNDED, cls.ANSWER_PARTLY_FOUNDED, cls.ANSWER_UNFOUNDED})


class Apology(StrEnum):
    """The form of apology, decided by the last validator.

    Source: procedures, section 1, step 7.
    """

    NONE = "none"
    REGRETS = "regrets"
    APOLOGIES = "apologies"

    @property
    def label(self) -> str:
        """The French name shown on the validator's form."""
        return _APOLOGIES[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFacts(Typed):
    """What an answer says, typed by the handler: plain text, line ends kept, never read as template or markup.

    `compensation_cents` is in euro cents, 0 for none; a negative amount raises ValueError.

    Source: procedures, section 1, step 9.
    """

    asked: str
    found: str
    decision: str
    reasons: str
    next_steps: str
    compensation_cents: int = 0
    apology: Apology = Apology.NONE

    def __post_init__(self) -> None:
        """Refuse an amount that no accountant could pay."""
        if self.compensation_cents < 0:
            raise ValueError(f"a compensation is never negative: {self.compensation_cents} cents")


class HoldingReason(StrEnum):
    """Why the answer takes longer: a template's choice, because no validator reads a holding letter.

    Source: policy.
    """

    DOCUMENT_AWAITED = "document_awaited"
    EXPERT_OPINION = "expert_opinion"
    THIRD_PARTY = "third_party"
    COMPLEX_FILE = "complex_file"

    @property
    def label(self) -> str:
        """The French name shown on the form."""
        return _HOLDING_REASONS[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts(Facts):
    """All that a letter of a complaint may speak of.

    `sent_on` is the date on the member's own letter, where it is known, `received_on` its reception; `answer` is
    needed by `LetterKind.answers()` and by no other, `delay` by the letter about one and by no other.
    """

    procedure: ClassVar[str] = "complaint"
    titles: ClassVar[Mapping[str, str]] = PARAGRAPHS

    sent_on: date | None
    received_on: date
    answer_due_on: date
    answer: AnswerFacts | None = None
    holding_reason: HoldingReason | None = None
    delay: DelayFacts | None = None

    def check(self, kind: Kind) -> None:
        """Answer facts belong to every answer, those of a delay to its letter, and to no other. Raises ValueError."""
        if (self.delay is not None) != (kind is LetterKind.DELAY_NOTICE):
            raise ValueError(f"{kind.value}: facts of a delay belong to the letter about it, and to no other")
        if (self.answer is not None) != (kind in LetterKind.answers()):
            raise ValueError(f"{kind.value}: answer facts belong to every answer, and to no other letter")


_LABELS = {
    LetterKind.ACKNOWLEDGEMENT: "Accusé de réception",
    LetterKind.HOLDING_LETTER: "Lettre d’attente",
    LetterKind.DELAY_NOTICE: "Message aux adhérents qui attendent",
    LetterKind.ANSWER_FOUNDED: "Réponse favorable",
    LetterKind.ANSWER_PARTLY_FOUNDED: "Réponse partiellement favorable",
    LetterKind.ANSWER_UNFOUNDED: "Réponse défavorable",
}

_HOLDING_REASONS = {
    HoldingReason.DOCUMENT_AWAITED: "pièce attendue",
    HoldingReason.EXPERT_OPINION: "avis d’expert attendu",
    HoldingReason.THIRD_PARTY: "réponse d’un tiers attendue",
    HoldingReason.COMPLEX_FILE: "dossier complexe",
}

_APOLOGIES = {
    Apology.NONE: "aucune excuse",
    Apology.REGRETS: "regrets",
    Apology.APOLOGIES: "excuses",
}
