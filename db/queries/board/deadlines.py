"""The deadlines of every procedure: which there are, and what each waits for. No two procedures share a name."""

from collections.abc import Mapping
from enum import StrEnum

from domain.audit import hold as audit_hold
from domain.audit.words import AuditDeadline
from domain.backlog import hold as backlog_hold
from domain.backlog.words import BacklogDeadline
from domain.claim import hold as claim_hold
from domain.claim.words import ClaimDeadline
from domain.complaint import hold as complaint_hold
from domain.finding import hold as finding_hold
from domain.finding.words import FindingDeadline
from domain.hold import Waits
from domain.payment import hold as payment_hold
from domain.payment.words import PaymentDeadline
from domain.policy import DeadlineName

DEADLINES: Mapping[str, type[StrEnum]] = {
    "complaint": DeadlineName,
    "claim": ClaimDeadline,
    "payment": PaymentDeadline,
    "audit": AuditDeadline,
    "finding": FindingDeadline,
    "backlog": BacklogDeadline,
}
"""By procedure, in the order in which a board tells them."""
WAITS: Mapping[str, Waits] = {
    **complaint_hold.WAITS,
    **claim_hold.WAITS,
    **payment_hold.WAITS,
    **audit_hold.WAITS,
    **finding_hold.WAITS,
    **backlog_hold.WAITS,
}
Deadline = DeadlineName | ClaimDeadline | PaymentDeadline | AuditDeadline | FindingDeadline | BacklogDeadline
PROCEDURE_OF: Mapping[str, str] = {name: procedure for procedure, names in DEADLINES.items() for name in names}


_WORDS: Mapping[str, Deadline] = {
    name.value: name
    for name in (*DeadlineName, *ClaimDeadline, *PaymentDeadline, *AuditDeadline, *FindingDeadline, *BacklogDeadline)
}


def deadline(name: str) -> Deadline:
    """The word of this name, whichever procedure it is of."""
    return _WORDS[name]
