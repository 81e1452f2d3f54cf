"""An edition of a report: what is known beside what it says, so that the validators' hash of its content stays true.

Nothing of it is validated: it comes after. The report's `content_hash` is the same in every edition.

Source: procedures, section 3 steps 4 to 6
"""

from dataclasses import dataclass
from datetime import date, datetime

from domain.audit.report import AuditReport, BothLanguages, ReportedRecommendation
from domain.audit.words import Reply, Ruling
from domain.risk import RiskLevel

VALIDATORS = 2


@dataclass(frozen=True)
class Validation:
    """Who let the report go, when, and the SHA-256 of the document that they had before them."""

    name: str
    at: datetime
    sha256: str


@dataclass(frozen=True)
class DelegateAnswer:
    """What the delegate answers to the recommendation of this number, and what is ruled where they dispute it.

    `reply` is None where they have let their date pass, and the auditors went on: neither accepted nor disputed.
    `proposed_on` is the day that they propose, `due_on` the day that was agreed on.
    """

    number: int
    reply: Reply | None
    proposed_on: date | None = None
    argument: str | None = None
    ruling: Ruling | None = None
    ruled_risk: RiskLevel | None = None
    ruled_because: str | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class FollowedFinding:
    """What has become of the recommendation of this number: its finding, whoever owns it, where it stands."""

    number: int
    reference: str
    owner: str
    state: BothLanguages


@dataclass(frozen=True)
class Edition:
    """What is known by now. `zone` is where the insurer is: instants are told in its time."""

    zone: str
    validations: tuple[Validation, ...] = ()
    answers: tuple[DelegateAnswer, ...] = ()
    followed: tuple[FollowedFinding, ...] = ()

    @property
    def validated(self) -> bool:
        """Whether both validators have let it go; until then every page says that it is a draft."""
        return len(self.validations) >= VALIDATORS

    def answer_to(self, number: int) -> DelegateAnswer | None:
        """What the delegate answers to this recommendation, once they have."""
        return next((one for one in self.answers if one.number == number), None)

    def finding_of(self, number: int) -> FollowedFinding | None:
        """The finding that this recommendation has become, once it has."""
        return next((one for one in self.followed if one.number == number), None)


def ordered(report: AuditReport) -> tuple[ReportedRecommendation, ...]:
    """The recommendations, the gravest first; of one level, in the order of their numbers. Source: Memo"""
    return tuple(one for level in report.by_risk.values() for one in level)
