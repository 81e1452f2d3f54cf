"""The five risk levels of what an audit of a delegate has found, from the smallest to the gravest.

Shared by the audit that recommends and by the finding that follows. Source: Memo
"""

from enum import StrEnum
from typing import Self


class RiskLevel(StrEnum):
    """How grave it is for the insurer, who stays fully responsible for what it delegates."""

    VERY_LOW = "very_low"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    MAJOR = "major"

    @property
    def height(self) -> int:
        """0 for the smallest, then one more per level."""
        return list(RiskLevel).index(self)

    @classmethod
    def grave(cls) -> frozenset[Self]:
        """Those that the direction decides on."""
        return frozenset({cls.HIGH, cls.MAJOR})

    @property
    def label(self) -> str:
        """The French word shown on pages and in reports."""
        return _LABELS[self]


_LABELS = {
    RiskLevel.VERY_LOW: "très faible",
    RiskLevel.LOW: "faible",
    RiskLevel.MEDIUM: "moyen",
    RiskLevel.HIGH: "élevé",
    RiskLevel.MAJOR: "majeur",
}
