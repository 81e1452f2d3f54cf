"""Why a claim is controlled, and by how many: decided once, at its intake.

Source: procedures, section 2 and its step 3
"""

from collections.abc import Collection

from domain.claim.checks import CheckFinding, stops
from domain.claim.words import ControlReason, Sensitive
from domain.policy.claim import ClaimPolicy

ONE, TWO = 1, 2


def may_be_drawn(amount_cents: int, sensitive: Sensitive | None, policy: ClaimPolicy) -> bool:
    """The sample is taken of what would not be controlled for its amount or its beneficiary. Amount in euro cents."""
    return sensitive is None and amount_cents <= policy.thresholds.control.above_cents


def control_reasons(
    amount_cents: int,
    sensitive: Sensitive | None,
    *,
    drawn: bool,
    findings: tuple[CheckFinding, ...],
    policy: ClaimPolicy,
) -> tuple[ControlReason, ...]:
    """All the reasons, in the order of `ControlReason`; none: the claim is payable at once.

    Above the threshold is strict: 1,000.00 € is not controlled for its amount, 1,000.01 € is. Amount in euro cents.
    Source: Memo (threshold, reinforced control); policy (sample, checks)
    """
    holds = {
        ControlReason.THRESHOLD: amount_cents > policy.thresholds.control.above_cents,
        ControlReason.SENSITIVE: sensitive is not None,
        ControlReason.SAMPLE: drawn and may_be_drawn(amount_cents, sensitive, policy),
        ControlReason.CHECK: bool(stops(findings)),
    }
    return tuple(reason for reason in ControlReason if holds[reason])


def number_of_links(amount_cents: int, reasons: Collection[ControlReason], policy: ClaimPolicy) -> int:
    """How many controllers: none without a reason, two above 5,000 € (strictly) or reinforced, else one.

    Source: policy
    """
    if not reasons:
        return 0
    above = amount_cents > policy.thresholds.second_controller.above_cents
    return TWO if above or ControlReason.SENSITIVE in reasons else ONE
