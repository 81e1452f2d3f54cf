"""Events: what has happened to a finding. What people wrote stays out of the journal, but sealed.

Source: procedures, section 3 step 6
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.events import Event, StateReached, private
from domain.finding.states import TRANSITIONS, FindingState
from domain.finding.words import FindingTask, RequestKind


def become(case_state: FindingState, to: FindingState) -> StateReached:
    """The finding moves; AssertionError (a programming error) where the transition table has no such way."""
    if to not in TRANSITIONS[case_state]:
        raise AssertionError(f"no way from {case_state} to {to}")
    return StateReached(to, ended=to in FindingState.ended())


@dataclass(frozen=True)
class PlanProposed(Event):
    """The delegate says what it will do."""

    version: int
    person_id: UUID
    plan: str = private()


@dataclass(frozen=True)
class PlanAccepted(Event):
    """The auditor takes the plan."""

    version: int
    person_id: UUID


@dataclass(frozen=True)
class PlanSentBack(Event):
    """The auditor wants another plan."""

    version: int
    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class EvidenceAdded(Event):
    """A file has come, for this round."""

    round: int
    sha256: str
    person_id: UUID
    name: str = private()


@dataclass(frozen=True)
class EvidenceDelivered(Event):
    """The round's evidence is all there."""

    round: int
    files: int
    person_id: UUID
    comment: str | None = private()


@dataclass(frozen=True)
class EvidenceVerified(Event):
    """The auditor finds that the evidence shows it."""

    round: int
    person_id: UUID


@dataclass(frozen=True)
class EvidenceRefused(Event):
    """The auditor, or the second validator, finds that the evidence does not show it: another round begins."""

    round: int
    task: FindingTask
    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class RemediationConfirmed(Event):
    """A second person, who neither verified it nor had a hand in it, agrees."""

    round: int
    person_id: UUID


@dataclass(frozen=True)
class RequestMade(Event):
    """Somebody asks for another date, or that the risk be accepted."""

    kind: RequestKind
    until: date
    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class RequestApproved(Event):
    """One link of those who decide says yes; the next one is asked."""

    request_id: UUID
    kind: RequestKind
    link: int
    person_id: UUID


@dataclass(frozen=True)
class RequestRefused(Event):
    """Somebody who decides says no."""

    request_id: UUID
    kind: RequestKind
    link: int
    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class RequestWithdrawn(Event):
    """Whoever asked, or somebody beside them, asks no longer."""

    request_id: UUID
    kind: RequestKind
    person_id: UUID


@dataclass(frozen=True)
class RequestLapsed(Event):
    """The finding has moved on before anybody decided."""

    request_id: UUID
    kind: RequestKind


@dataclass(frozen=True)
class Postponed(Event):
    """The remediation is due on another day. `validated_by` says who decided so."""

    request_id: UUID
    from_on: date
    due_on: date
    asked_by: UUID
    validated_by: UUID


@dataclass(frozen=True)
class RiskAccepted(Event):
    """The risk is accepted until a day, by two people."""

    request_id: UUID
    until: date


@dataclass(frozen=True)
class Reopened(Event):
    """The end of the acceptance has come: it is to be put right, by this day."""

    due_on: date


@dataclass(frozen=True)
class CarriedOver(Event):
    """Another audit of the delegate follows it from now on."""

    audit_id: UUID


@dataclass(frozen=True)
class FindingCancelled(Event):
    """It has lost its object: somebody says so, or its audit was cancelled."""

    person_id: UUID | None
    audit_id: UUID | None
    reason: str | None = private()


@dataclass(frozen=True)
class FindingEnded(Event):
    """Nothing more is to come: whichever audit follows it is told."""

    state: FindingState
