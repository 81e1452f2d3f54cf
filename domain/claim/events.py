"""Events: what has happened to a claim."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.claim.commands import Decide
from domain.claim.states import TRANSITIONS, ClaimState
from domain.claim.words import DocumentKind, ReopeningReason, Verdict, WithdrawalReason
from domain.events import Event, StateReached, private


def become(case_state: ClaimState, to: ClaimState) -> StateReached:
    """The claim moves; AssertionError (a programming error) where the transition table has no such way."""
    if to not in TRANSITIONS[case_state]:
        raise AssertionError(f"no way from {case_state} to {to}")
    return StateReached(to, ended=to in ClaimState.ended())


@dataclass(frozen=True)
class DecisionTaken(Event):
    """The first controller has decided: a version of the decision. Earlier versions and their approvals are void."""

    version: int
    decision_hash: str
    author_id: UUID
    verdict: Verdict
    amount_cents: int
    checklist_version: str
    iban_hash: str
    content: Decide = private()

    def facts(self) -> dict[str, Any]:
        """What was decided; the hash of an IBAN is nobody's business but the bank batch's."""
        return {name: value for name, value in super().facts().items() if name != "iban_hash"}


@dataclass(frozen=True)
class DecisionApproved(Event):
    """One link of the chain stands for one version, named by its hash: the first by taking it, the second by
    confirming."""

    version: int
    decision_hash: str
    link: int
    person_id: UUID


@dataclass(frozen=True)
class DecisionSentBack(Event):
    """The second controller wants another version."""

    version: int
    decision_hash: str
    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class ClaimDecided(Event):
    """All the controllers that the claim needs stand for the version: it is paid, or refused."""

    version: int
    decision_hash: str
    verdict: Verdict
    amount_cents: int


@dataclass(frozen=True)
class DocumentsAsked(Event):
    """The member is asked for documents. `generation` is that of the deadline by which they are awaited."""

    documents: tuple[DocumentKind, ...]
    generation: int
    note: str | None = private()


@dataclass(frozen=True)
class DocumentAdded(Event):
    """A document has come; `awaited` when it had been asked for."""

    kind: DocumentKind
    sha256: str
    awaited: bool
    person_id: UUID
    name: str = private()


@dataclass(frozen=True)
class WaitingStopped(Event):
    """The controller decides on what is there: these documents have not come."""

    missing: tuple[DocumentKind, ...]
    person_id: UUID


@dataclass(frozen=True)
class ClockStopped(Event):
    """The decision's clock stands still: a line of the ledger of pauses begins."""

    from_at: datetime
    from_on: date


@dataclass(frozen=True)
class ClockResumed(Event):
    """The decision's clock goes on, or has lost its object: the open line of the ledger ends."""

    until_at: datetime
    until_on: date


@dataclass(frozen=True)
class MemberReminded(Event):
    """Rungs of the documents' deadline have fired: a letter says so."""

    deadline: str
    generation: int
    rungs: tuple[str, ...]
    fired_until: datetime


@dataclass(frozen=True)
class ClaimAbandoned(Event):
    """The documents have not come in sixty days: the claim is closed without payment."""

    missing: tuple[DocumentKind, ...]


@dataclass(frozen=True)
class Instructed(Event):
    """The claim is a line of a bank batch."""

    payment_id: UUID
    instruction_id: UUID
    amount_cents: int


@dataclass(frozen=True)
class InstructionWithdrawn(Event):
    """The line has left its batch: the claim is payable as before."""

    instruction_id: UUID
    reason: WithdrawalReason
    bank_code: str | None = None


@dataclass(frozen=True)
class ClaimPaid(Event):
    """The bank has paid."""

    instruction_id: UUID
    amount_cents: int


@dataclass(frozen=True)
class ClaimReopened(Event):
    """The claim is controlled again; what was decided is decided anew. `counts_from` restarts the decision's clock,
    where it had been met."""

    reason: ReopeningReason
    counts_from: date | None
    instruction_id: UUID | None = None
    bank_code: str | None = None
