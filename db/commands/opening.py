"""How one procedure opens a case of another without knowing it: the other says here how its cases are opened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from domain.recommended import Recommended


@dataclass(frozen=True)
class FromAudit:
    """The audit that opens a finding: its case, its reference, its delegate and pole, the policy version that it keeps.

    `command_id` and `actor_id` are those of the command that is carried out.
    """

    case_id: UUID
    reference: str
    delegate: str
    pole: str
    policy: str
    command_id: UUID | None
    actor_id: UUID | None


Opener = Callable[[Session, Recommended, FromAudit, datetime], UUID]
"""Opens a case in the running transaction: row, reference, deadlines, journal and its own `register`; gives its id."""

OPENERS: dict[str, Opener] = {}
"""Procedure → how a case of it is opened."""
