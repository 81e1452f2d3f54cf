"""Events: what has happened to an audit. What people write about a delegate stays out of the journal's clear part."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.audit.commands import Answer, NoteAnalysis, Rule
from domain.audit.states import TRANSITIONS, AuditState
from domain.audit.words import AuditDomain, Meeting, OpenFindings
from domain.events import Event, StateReached, private
from domain.recommended import Recommended
from domain.risk import RiskLevel


def become(audit_state: AuditState, to: AuditState) -> StateReached:
    """The audit moves; AssertionError (a programming error) where the transition table has no such way."""
    if to not in TRANSITIONS[audit_state]:
        raise AssertionError(f"no way from {audit_state} to {to}")
    return StateReached(to, ended=to in AuditState.ended())


@dataclass(frozen=True)
class MeetingFixed(Event):
    """A meeting has its day, hour and place, or others than before; `sequence` counts how often it was moved."""

    meeting: Meeting
    at: datetime
    sequence: int
    place: str = private()


@dataclass(frozen=True)
class MeetingHeld(Event):
    """A meeting was held."""

    meeting: Meeting
    held_on: date
    minutes: str | None = private()


@dataclass(frozen=True)
class DeliveryBegun(Event):
    """The delegate has until then to deliver what it is asked for."""

    launched_on: date
    due_on: date


@dataclass(frozen=True)
class PieceDelivered(Event):
    """A file of a piece has come; the file has the id of the command that brought it."""

    piece: str
    version: int
    sha256: str
    late: bool


@dataclass(frozen=True)
class PieceWithdrawn(Event):
    """A file counts for nothing any more."""

    piece: str
    version: int
    reason: str = private()


@dataclass(frozen=True)
class DeliveryEnded(Event):
    """Nothing more is delivered; so many pieces have not come."""

    ended_on: date
    missing: tuple[str, ...]
    reason: str | None = private()


@dataclass(frozen=True)
class AnalysisNoted(Event):
    """A piece is graded on the four criteria."""

    piece: str
    by_id: UUID
    note: NoteAnalysis = private()


@dataclass(frozen=True)
class StrengthAdded(Event):
    """Something that the delegate does well stands in the report."""

    number: int
    by_id: UUID
    domain: AuditDomain | None
    words: str = private()


@dataclass(frozen=True)
class StrengthDropped(Event):
    """A strength stands in the report no longer."""

    number: int


@dataclass(frozen=True)
class RecommendationAdded(Event):
    """A recommendation stands in the report."""

    number: int
    by_id: UUID
    risk: RiskLevel
    expected_on: date
    piece: str | None
    contract: str | None
    words: str = private()
    comment: str | None = private()


@dataclass(frozen=True)
class RecommendationChanged(RecommendationAdded):
    """A recommendation is written anew under its number."""


@dataclass(frozen=True)
class RecommendationDropped(Event):
    """A recommendation stands in the report no longer; its number is not given again."""

    number: int
    reason: str = private()


@dataclass(frozen=True)
class ReportSubmitted(Event):
    """The report is with its two validators: what it says does not change."""

    version: int
    report_sha256: str
    by_id: UUID


@dataclass(frozen=True)
class ReportApproved(Event):
    """One of the two validators stands for the report, named by its hash."""

    version: int
    link: int
    person_id: UUID
    report_sha256: str


@dataclass(frozen=True)
class ReportSentBack(Event):
    """A validator wants another report."""

    version: int
    link: int
    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class ReportValidated(Event):
    """Two people who have written none of it stand for the report."""

    version: int
    report_sha256: str


@dataclass(frozen=True)
class FindingsAnswered(Event):
    """The delegate has answered each recommendation."""

    answers: tuple[Answer, ...] = private()

    def facts(self) -> dict[str, Any]:
        """What was answered to which: the arguments stay sealed."""
        return {"replies": {str(one.number): one.reply for one in self.answers}}


@dataclass(frozen=True)
class AnswersEnded(Event):
    """The auditors go on without what the delegate has not answered in time: neither accepted nor disputed."""

    ended_on: date
    unanswered: tuple[int, ...]
    reason: str = private()


@dataclass(frozen=True)
class FindingsArbitrated(Event):
    """What the delegate disputes is ruled on."""

    person_id: UUID
    rulings: tuple[Rule, ...] = private()

    def facts(self) -> dict[str, Any]:
        """What was ruled on which: the reasons stay sealed."""
        return {"person_id": self.person_id, "rulings": {str(one.number): one.ruling for one in self.rulings}}


@dataclass(frozen=True)
class ScheduleProposed(Event):
    """The dates that were agreed on at the restitution, and who agreed; some may still want a validator."""

    agreed_on: date
    by_id: UUID
    dates: tuple[tuple[int, date], ...]
    late: tuple[int, ...]


@dataclass(frozen=True)
class ScheduleRefused(Event):
    """Dates later than their risk allows are refused."""

    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class FindingsOpened(Event):
    """Each recommendation that stands, and each missing piece, is a finding from now on, with a life of its own."""

    agreed_on: date
    findings: tuple[Recommended, ...] = private()

    def facts(self) -> dict[str, Any]:
        """How many, of which risk, due when: the words stay sealed."""
        told = [{"number": one.number, "risk": one.risk, "due_on": one.due_on} for one in self.findings]
        return {"agreed_on": self.agreed_on, "findings": told}


@dataclass(frozen=True)
class FindingClosed(Event):
    """A finding that the audit follows has ended."""

    finding_id: UUID
    outcome: str


@dataclass(frozen=True)
class FindingEndPassedOn(Event):
    """A finding has ended that a later audit follows by now: that audit is told."""

    finding_id: UUID
    outcome: str
    to_audit: UUID


@dataclass(frozen=True)
class FindingsCarriedOver(Event):
    """The findings that are still open go into the delegate's next audit."""

    to_audit: UUID
    findings: tuple[UUID, ...]


@dataclass(frozen=True)
class FindingsTakenOver(Event):
    """Open findings of an earlier audit are followed by this one."""

    from_audit: UUID
    count: int


@dataclass(frozen=True)
class AuditClosed(Event):
    """Nothing is left to follow: all findings are closed or carried over."""


@dataclass(frozen=True)
class AuditCancelled(Event):
    """The audit is given up; its open findings are kept, or cancelled with it."""

    person_id: UUID
    open_findings: OpenFindings | None
    findings: tuple[UUID, ...]
    reason: str = private()
