"""What the deadlines of a finding wait for: the delegate, the auditor, the second validator.

Source: procedures, section 3 step 6
"""

from collections.abc import Mapping

from domain.finding.words import FindingDeadline, FindingTask
from domain.hold import Waits

WAITS: Mapping[str, Waits] = {
    FindingDeadline.PLAN: Waits((FindingTask.PROPOSE_PLAN,)),
    FindingDeadline.REMEDIATION: Waits(
        (FindingTask.DELIVER_EVIDENCE, FindingTask.ACCEPT_PLAN, FindingTask.PROPOSE_PLAN)
    ),
    FindingDeadline.VERIFICATION: Waits((FindingTask.VERIFY, FindingTask.ACCEPT_PLAN)),
    FindingDeadline.CONFIRMATION: Waits((FindingTask.CONFIRM_REMEDIATION,)),
    FindingDeadline.RISK_ACCEPTANCE: Waits(),
}
"""By deadline."""
