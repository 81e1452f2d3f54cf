"""The figures of a report: how many pieces came, and how they meet the criteria.

Source: procedures, section 3 steps 2 to 4
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from domain.audit.report import AuditReport, ReportedPiece
from domain.audit.words import AuditDomain, Criterion, Grade


@dataclass(frozen=True)
class PieceFigures:
    """How many pieces were asked for; what came in time, what came late, and what is missing are all of them."""

    asked: int
    in_time: int
    late: int
    missing: int

    @property
    def delivered(self) -> int:
        """How many came, in time or late."""
        return self.in_time + self.late


def piece_figures(pieces: Iterable[ReportedPiece]) -> PieceFigures:
    """A piece that came late counts as delivered, and is told apart. Source: procedures, section 3 step 2"""
    asked = list(pieces)
    late = sum(piece.delivered and piece.late for piece in asked)
    missing = sum(not piece.delivered for piece in asked)
    return PieceFigures(asked=len(asked), in_time=len(asked) - late - missing, late=late, missing=missing)


def average(pieces: Iterable[ReportedPiece], criterion: Criterion) -> Decimal | None:
    """The average grade from 0 to 3, with one decimal, halves rounded up; None where nothing was graded.

    What does not apply, and what did not come, counts for nothing. Source: policy
    """
    grades = [piece.grades.get(criterion, Grade.NOT_APPLICABLE) for piece in pieces if piece.grades]
    counted = [int(grade) for grade in grades if grade is not Grade.NOT_APPLICABLE]
    if not counted:
        return None
    return (Decimal(sum(counted)) / len(counted)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def by_domain(report: AuditReport) -> dict[AuditDomain, tuple[ReportedPiece, ...]]:
    """The pieces of each domain that was asked about, in the order of the list."""
    asked = {domain: tuple(piece for piece in report.pieces if piece.domain is domain) for domain in AuditDomain}
    return {domain: pieces for domain, pieces in asked.items() if pieces}
