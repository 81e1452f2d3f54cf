"""Triage: what becomes of a claim when it is taken in. Cleared, it is payable at once; else it is controlled.

Source: procedures, section 2 steps 1 to 3
"""

from dataclasses import dataclass

from domain.claim.checks import CheckFinding, Evidence, check_claim
from domain.claim.reasons import control_reasons, may_be_drawn, number_of_links
from domain.claim.sample import Draw
from domain.claim.words import ControlReason, Sensitive
from domain.policy.claim import ClaimPolicy


@dataclass(frozen=True)
class Triage:
    """What the checks found, the claim's lot where it could be drawn, and why it is controlled, by how many."""

    findings: tuple[CheckFinding, ...]
    lot: Draw | None
    reasons: tuple[ControlReason, ...]
    links: int

    @property
    def is_cleared(self) -> bool:
        """Nobody controls it: it is payable at once."""
        return not self.reasons


def triage(evidence: Evidence, sensitive: Sensitive | None, lot: Draw, policy: ClaimPolicy) -> Triage:
    """Check a claim, and decide once and for all whether it is controlled, why, and by how many.

    Source: procedures, section 2
    """
    amount = evidence.claim.amount_cents
    findings = check_claim(evidence, policy)
    can_be_drawn = may_be_drawn(amount, sensitive, policy)
    reasons = control_reasons(amount, sensitive, drawn=lot.is_drawn, findings=findings, policy=policy)
    return Triage(findings, lot if can_be_drawn else None, reasons, number_of_links(amount, reasons, policy))
