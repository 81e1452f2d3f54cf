"""The report of an audit, as data: everything that its document and its spreadsheet show, nothing else.

Source: procedures, section 3 steps 3 and 4
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from json import dumps

from domain.audit.words import AuditDomain, Criterion, Grade
from domain.risk import RiskLevel


@dataclass(frozen=True)
class BothLanguages:
    """Words in the two languages of the pages."""

    fr: str
    en: str


@dataclass(frozen=True)
class ReportedStrength:
    """Something that the delegate does well. Source: Memo"""

    number: int
    words: str
    domain: AuditDomain | None = None


@dataclass(frozen=True)
class ReportedRecommendation:
    """What the delegate should change, how grave it is, and by when. `piece` is the id of the piece it is about.

    `subject` is what it is about in a few words; empty where its piece says so. `contract` is the one that it concerns,
    where the audit is of several.

    Source: Memo
    """

    number: int
    risk: RiskLevel
    words: str
    expected_on: date
    piece: str | None = None
    comment: str | None = None
    subject: str = ""
    contract: str | None = None


@dataclass(frozen=True)
class ReportedFile:
    """A file that came for a piece: its version, from 1, and the SHA-256 of its bytes. Source: procedures, section 3"""

    version: int
    name: str
    sha256: str
    delivered_on: date
    late: bool = False


@dataclass(frozen=True)
class ReportedPiece:
    """A piece that was asked for, whether it came, and the four criteria as they were graded.

    `number` counts through the list as it was asked; `versions` is how many files came, `files` are those files, both
    without those withdrawn.
    `grades` is empty, where the piece was not delivered.
    """

    id: str
    number: int
    domain: AuditDomain
    label: BothLanguages
    checked_for: BothLanguages
    delivered_on: date | None = None
    late: bool = False
    versions: int = 0
    grades: Mapping[Criterion, Grade] | None = None
    comment: str | None = None
    files: tuple[ReportedFile, ...] = ()

    @property
    def delivered(self) -> bool:
        """Whether it came."""
        return self.delivered_on is not None


@dataclass(frozen=True)
class CarriedFinding:
    """An open finding of an earlier audit, carried into this one."""

    reference: str
    subject: str
    risk: RiskLevel
    due_on: date


@dataclass(frozen=True)
class AuditReport:
    """Everything that the report says. Dates are civil days where the insurer is.

    `auditors` are the names of whoever wrote what it says. `conflict_of_interest`: the delegate is also the contract's
    broker. `pieces` are in the order of the list, `recommendations` in that of their numbers.
    """

    reference: str
    insurer: str
    delegate_code: str
    delegate_name: str
    contracts: tuple[str, ...]
    year: int
    themes: tuple[AuditDomain, ...]
    conflict_of_interest: bool
    auditors: tuple[str, ...]
    launched_on: date | None
    delivery_due_on: date | None
    delivery_ended_on: date | None
    catalogue: str
    strengths: tuple[ReportedStrength, ...] = ()
    recommendations: tuple[ReportedRecommendation, ...] = ()
    pieces: tuple[ReportedPiece, ...] = ()
    carried: tuple[CarriedFinding, ...] = ()

    @property
    def missing(self) -> tuple[ReportedPiece, ...]:
        """What was asked for and did not come: each becomes a finding. Source: procedures, section 3 step 4"""
        return tuple(piece for piece in self.pieces if not piece.delivered)

    @property
    def by_risk(self) -> Mapping[RiskLevel, tuple[ReportedRecommendation, ...]]:
        """The recommendations of each level, the gravest level first."""
        return {
            risk: tuple(one for one in self.recommendations if one.risk is risk) for risk in reversed(list(RiskLevel))
        }

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over all that it says: a file that was made of other content is not the report any more."""
        return sha256(dumps(asdict(self), sort_keys=True, default=str).encode()).hexdigest()
