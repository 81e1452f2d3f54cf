"""How one procedure opens a case of another without knowing it: the register of procedures says how each is opened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from domain.policy import PolicyBook
from domain.recommended import Recommended


@dataclass(frozen=True)
class FromAudit:
    """The audit that opens a finding: its case, its reference, its delegate."""

    case_id: UUID
    reference: str
    delegate: str


Opener = Callable[[Session, Recommended, FromAudit, datetime, PolicyBook], UUID]
"""Opens a case in the running transaction: row, reference, deadlines, journal and its own `register`; gives its id."""

OPENERS: dict[str, Opener] = {}
"""Procedure → how a case of it is opened."""
