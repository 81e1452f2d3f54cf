"""The deadlines of every procedure: which there are, and what each waits for. No two procedures share a name."""

from collections.abc import Mapping
from enum import StrEnum
from typing import cast

from domain.audit import hold as audit_hold
from domain.audit.words import AuditDeadline
from domain.claim import hold as claim_hold
from domain.claim.words import ClaimDeadline
from domain.complaint import hold as complaint_hold
from domain.hold import Waits
from domain.policy import DeadlineName

DEADLINES: Mapping[str, type[StrEnum]] = {
    "complaint": DeadlineName,
    "claim": ClaimDeadline,
    "audit": AuditDeadline,
}
"""By procedure, in the order in which a board tells them. A batch has none."""
WAITS: Mapping[str, Waits] = {**complaint_hold.WAITS, **claim_hold.WAITS, **audit_hold.WAITS}
Deadline = DeadlineName | ClaimDeadline | AuditDeadline
PROCEDURE_OF: Mapping[str, str] = {name: procedure for procedure, names in DEADLINES.items() for name in names}


def deadline(name: str) -> Deadline:
    """The word of this name, whichever procedure it is of."""
    return cast("Deadline", DEADLINES[PROCEDURE_OF[name]](name))
