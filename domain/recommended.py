"""What an audit hands over when it is restituted: of each recommendation and each missing piece a finding is made.

A procedure imports no other: this is what the two agree on. Source: procedures, section 3 steps 4 to 6
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.risk import RiskLevel


class Origin(StrEnum):
    """Where a finding comes from."""

    RECOMMENDATION = "recommendation"
    MISSING_PIECE = "missing_piece"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _ORIGINS[self]


_ORIGINS = {Origin.RECOMMENDATION: "recommandation", Origin.MISSING_PIECE: "pièce non remise"}


@dataclass(frozen=True)
class Recommended:
    """One recommendation as it was agreed on, or one piece that never came.

    `number` is unique in its audit. `agreed_on` is the day of the restitution meeting, `agreed_by` who agreed on the
    date there; `due_on` is the agreed day: if it is later than the risk allows, `extended_by` is who has approved that.
    """

    number: int
    origin: Origin
    subject: str
    words: str
    risk: RiskLevel
    agreed_on: date
    agreed_by: UUID
    due_on: date
    contract: str
    piece: str | None = None
    extended_by: UUID | None = None
