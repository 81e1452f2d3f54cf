"""What the deadlines of a claim wait for: a controller, or the member's documents.

Source: procedures, section 2 steps 3 and 6
"""

from collections.abc import Mapping

from domain.claim.words import ClaimDeadline, ClaimTask
from domain.hold import Waits

WAITS: Mapping[str, Waits] = {
    ClaimDeadline.DECISION: Waits((ClaimTask.CONTROL, ClaimTask.CONFIRM)),
    ClaimDeadline.DOCUMENTS: Waits(),
}
"""By deadline."""
