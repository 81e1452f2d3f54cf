"""The policy: every number of the procedures, with its source, in dated versions that a case keeps for life.

`PolicyBook` holds the insurer's own facts and the versions; `ComplaintPolicy` is what one version says of
complaints. The file that fills them is `policy.yaml`.
Source: procedures, section 0.
"""

from domain.policy.book import InsurerFacts, Named, PolicyBook, PolicyVersion, Skill
from domain.policy.complaint import (
    Alternative,
    Chain,
    ComplaintPolicy,
    Definition,
    Link,
    SameDayCircuit,
    Threshold,
)
from domain.policy.office import Office
from domain.policy.timing import (
    DeadlineName,
    DeadlineRule,
    Ladder,
    RungAddressee,
    RungMoment,
    RungRule,
    StartingEvent,
    TargetRule,
    Unit,
)

__all__ = [
    "Alternative",
    "Chain",
    "ComplaintPolicy",
    "DeadlineName",
    "DeadlineRule",
    "Definition",
    "InsurerFacts",
    "Ladder",
    "Link",
    "Named",
    "Office",
    "PolicyBook",
    "PolicyVersion",
    "RungAddressee",
    "RungMoment",
    "RungRule",
    "SameDayCircuit",
    "Skill",
    "StartingEvent",
    "TargetRule",
    "Threshold",
    "Unit",
]
