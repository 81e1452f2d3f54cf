"""Events: what has happened to a complaint."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.complaint.commands import AnswerContent
from domain.complaint.letters import HoldingReason
from domain.complaint.states import TRANSITIONS, ComplaintState
from domain.complaint.words import Category, Finding, RequalifiedAs, Theme
from domain.events import Event, StateReached, private
from domain.outgoing import Dispatch


def become(case_state: ComplaintState, to: ComplaintState) -> StateReached:
    """The complaint moves; AssertionError (a programming error) where the transition table has no such way."""
    if to not in TRANSITIONS[case_state]:
        raise AssertionError(f"no way from {case_state} to {to}")
    return StateReached(to, ended=to in ComplaintState.ended())


@dataclass(frozen=True)
class Acknowledged(Event):
    """The handler tells the complainant that the complaint has arrived."""

    dispatch: Dispatch


@dataclass(frozen=True)
class Qualified(Event):
    """The handler has confirmed or corrected the proposed category."""

    category: Category
    proposed: Category
    reason: str | None = private()


@dataclass(frozen=True)
class Analysed(Event):
    """What was found on the merits."""

    finding: Finding
    theme: Theme
    cause: str = private()
    noted: str = private()


@dataclass(frozen=True)
class AnswerDrafted(Event):
    """A version of the answer is written. One that amends keeps the authors of the version it replaces."""

    version: int
    version_hash: str
    author_id: UUID
    amends: bool
    compensation_cents: int
    content: AnswerContent = private()


@dataclass(frozen=True)
class VersionApproved(Event):
    """One link of the chain approves one version, named by its hash."""

    version: int
    version_hash: str
    link: int
    person_id: UUID


@dataclass(frozen=True)
class VersionSentBack(Event):
    """A validator wants another version."""

    version: int
    version_hash: str
    link: int
    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class AnswerApproved(Event):
    """The whole chain has approved the version; the last link signs it."""

    version: int
    version_hash: str
    signatory_id: UUID
    compensation_cents: int


@dataclass(frozen=True)
class CompensationPaid(Event):
    """Accounting has paid what the answer granted."""

    compensation_cents: int
    payment_reference: str = private()


@dataclass(frozen=True)
class AnswerExtended(Event):
    """A holding letter gives the member a new date for the answer."""

    from_on: date
    due_on: date
    reason: HoldingReason


@dataclass(frozen=True)
class ProgressCallMade(Event):
    """The owner has called the member to say how far the file is."""

    reached: bool


@dataclass(frozen=True)
class Requalified(Event):
    """It was a request, not a complaint."""

    requalified_as: RequalifiedAs
    reason: str = private()


@dataclass(frozen=True)
class Reassigned(Event):
    """Another owner, for an absence or a conflict of interest."""

    from_id: UUID | None
    owner_id: UUID
    reason: str
