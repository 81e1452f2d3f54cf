"""What an audit hands over when it is restituted: of each recommendation and each missing piece a finding is made.

A procedure imports no other: this is what the two agree on. Source: procedures, section 3 steps 4 to 6
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.risk import RiskLevel


class FindingOrigin(StrEnum):
    """What a finding comes from: an auditor's recommendation, or a piece that was not delivered. Source: Memo"""

    RECOMMENDATION = "recommendation"
    MISSING_PIECE = "missing_piece"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _ORIGINS[self]


_ORIGINS = {FindingOrigin.RECOMMENDATION: "recommandation", FindingOrigin.MISSING_PIECE: "pièce non remise"}


@dataclass(frozen=True)
class Recommended:
    """One recommendation as it was agreed on, or one piece that never came.

    `number` is unique in its audit. `agreed_on` is the day of the restitution meeting, `agreed_by` who agreed on the
    date there; `due_on` is the agreed day: if it is later than the risk allows, `due_validated_by` has
    approved that. `piece` is what a missing piece is called.
    """

    number: int
    origin: FindingOrigin
    subject: str
    words: str
    risk: RiskLevel
    agreed_on: date
    agreed_by: UUID
    due_on: date
    contract: str
    piece: str | None = None
    due_validated_by: UUID | None = None
