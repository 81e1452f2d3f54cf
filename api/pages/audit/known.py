"""All that is known of an audit, as its page and its tasks show it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from api.audit_views import AuditView, PieceView, RecommendationView, audit_view
from api.audits import seen_audit
from api.cases import journal_page
from api.house import House
from api.pages.acts import acts
from api.pages.choices import options
from api.pages.standing import standing_of
from api.pages.visit import Visit
from db.models import Case
from db.queries.audit_followed import FollowedFinding, followed_by, open_beside
from domain.audit.states import AuditState
from domain.audit.words import AuditDomain, Criterion, Grade
from domain.risk import RiskLevel

_LINES = 100
"""So many lines of the journal are shown on one page."""


@dataclass(frozen=True)
class Asked:
    """The pieces of one domain: how many came, late or not, and how many are graded."""

    domain: AuditDomain
    pieces: Sequence[PieceView]

    @property
    def delivered(self) -> int:
        """How many have come."""
        return sum(piece.delivered for piece in self.pieces)

    @property
    def late(self) -> int:
        """How many have come late, and no file of them in time."""
        return sum(is_late(piece) for piece in self.pieces)

    @property
    def missing(self) -> int:
        """How many have not come."""
        return len(self.pieces) - self.delivered

    @property
    def graded(self) -> int:
        """How many of those that came are graded."""
        return sum(piece.delivered and piece.grades is not None for piece in self.pieces)


def is_late(piece: PieceView) -> bool:
    """Whether something came of it, and nothing that counts in time."""
    counting = [file for file in piece.files if file.withdrawn_at is None]
    return bool(counting) and all(file.late for file in counting)


def known_of(session: Session, reference: str, visit: Visit, house: House, until: int | None = None) -> dict[str, Any]:
    """What stands on the page of an audit. Raises HTTPException 404."""
    found = seen_audit(session, reference, visit.actor)
    case: Case = found[1]
    audit = audit_view(session, house, found, visit.actor)
    version = house.book.version(case.policy)
    last = min(until or case.lines, case.lines)
    earlier = max(0, last - _LINES)
    lines = journal_page(session, case, earlier, last - earlier).lines if visit.may("read_journal") else []
    return {
        "audit": audit,
        "case": audit,
        "policy": version,
        "asked": asked_of(audit),
        "by_risk": by_risk(audit.recommendations),
        "possible": {
            action: one.rule and visit.words.told(one.rule, "AuditState") for action, one in audit.possible.items()
        },
        "writable": audit.possible["write_audit"].may,
        "labels": {piece.id: piece.label[visit.words.language] for piece in audit.pieces},
        "is_late": is_late,
        "findings": followed_by(session, case.id),
        "beside": beside_of(session, case, audit.delegate),
        "most_days": {risk.value: rule.days for risk, rule in version.finding.remediation.items()},
        "ended_at": case.ended_at,
        "criteria": list(Criterion),
        "grades": options(visit.words, Grade),
        "risks": options(visit.words, RiskLevel)[::-1],
        "acts": acts(lines),
        "earlier": earlier,
        **standing_of(session, case, visit, house),
    }


def beside_of(session: Session, case: Case, delegate: str) -> list[FollowedFinding]:
    """What else is open of the delegate, while the audit follows its findings."""
    return open_beside(session, case.id, delegate) if case.state == AuditState.FOLLOWING_UP else []


def asked_of(audit: AuditView) -> list[Asked]:
    """The pieces by domain, in the order of the list."""
    by_domain = {domain: [piece for piece in audit.pieces if piece.domain == domain] for domain in AuditDomain}
    return [Asked(domain, pieces) for domain, pieces in by_domain.items() if pieces]


def by_risk(recommendations: Sequence[RecommendationView]) -> list[tuple[RiskLevel, int]]:
    """How many recommendations of each risk, the gravest first; risks without any are left out."""
    counted = Counter(one.ruled_risk or one.risk for one in recommendations if one.ruling != "drop")
    return [(risk, counted[risk]) for risk in reversed(RiskLevel) if counted[risk]]


def has_reached(audit: AuditView, step: str) -> bool:
    """Whether the step is behind."""
    return AuditState(audit.state).has_reached(AuditState(step))
