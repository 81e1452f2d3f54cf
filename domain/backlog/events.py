"""Events: what has happened to an operation. What people wrote stays out of the journal, but sealed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.backlog.commands import PlanAsked
from domain.backlog.dispatch import Given, LeftGroup
from domain.backlog.payfile import PayFile
from domain.backlog.plan import CheckedPlan, CheckedSession
from domain.backlog.report import OperationReport
from domain.backlog.states import TRANSITIONS, BacklogState
from domain.backlog.words import EndReason
from domain.events import Event, StateReached, private


def become(case_state: BacklogState, to: BacklogState) -> StateReached:
    """The operation moves; AssertionError (a programming error) where the transition table has no such way."""
    if to not in TRANSITIONS[case_state]:
        raise AssertionError(f"no way from {case_state} to {to}")
    return StateReached(to, ended=to in BacklogState.ended())


@dataclass(frozen=True)
class PlanChanged(Event):
    """Another plan is before the directors."""

    version: int
    person_id: UUID
    asked: PlanAsked
    plan: CheckedPlan

    def facts(self) -> dict[str, Any]:
        """Which plan, from which day to which."""
        return {
            "version": self.version,
            "plan_hash": self.plan.hash,
            "person_id": self.person_id,
            "starts_on": self.plan.starts_on,
            "ends_on": self.plan.ends_on,
            "sessions": len(self.plan.sessions),
        }


@dataclass(frozen=True)
class OperationApproved(Event):
    """One of the directors approves the plan."""

    version: int
    link: int
    plan_hash: str
    person_id: UUID


@dataclass(frozen=True)
class OperationRefused(Event):
    """One of the directors refuses it."""

    version: int
    link: int
    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class OperationCancelled(Event):
    """It is given up before anybody has worked for it."""

    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class SessionsAdded(Event):
    """More sessions are open to volunteers."""

    person_id: UUID
    sessions: tuple[CheckedSession, ...]

    def facts(self) -> dict[str, Any]:
        """How many, and on which days."""
        return {"person_id": self.person_id, "days": [one.session.day for one in self.sessions]}


@dataclass(frozen=True)
class AttendanceEntered(Event):
    """It is known who was there in a session: person → minutes."""

    session_id: UUID
    number: int
    person_id: UUID
    minutes: tuple[tuple[UUID, int], ...]

    def facts(self) -> dict[str, Any]:
        """How many came, and how long they worked together."""
        worked = [minutes for _, minutes in self.minutes if minutes]
        return {
            "session": self.number,
            "person_id": self.person_id,
            "places": len(self.minutes),
            "came": len(worked),
            "minutes": sum(worked),
        }


@dataclass(frozen=True)
class AttendanceCorrected(Event):
    """Somebody worked longer or shorter than it was entered."""

    session_id: UUID
    number: int
    volunteer_id: UUID
    version: int
    from_minutes: int
    minutes: int
    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class DailyPointTaken(Event):
    """The stock of a day against its plan, and when it would be back under the standard.

    `judged_on` is the evening whose stock it is, `stock` is None where that day has no figures.
    """

    on: date
    judged_on: date
    planned: Decimal
    stock: int | None
    back_under_on: date | None
    off_track: bool
    under_standard: bool


@dataclass(frozen=True)
class WentOn(Event):
    """The stock is off its plan, and the operation goes on as it is."""

    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class ExtensionRequested(Event):
    """Somebody asks for a later end."""

    from_on: date
    until: date
    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class Extended(Event):
    """The general director has granted a later end."""

    request_id: UUID
    from_on: date
    ends_on: date
    person_id: UUID
    planned: tuple[tuple[date, Decimal], ...]

    def facts(self) -> dict[str, Any]:
        """From which end to which."""
        return {
            "request_id": self.request_id,
            "from_on": self.from_on,
            "ends_on": self.ends_on,
            "person_id": self.person_id,
        }


@dataclass(frozen=True)
class ExtensionRefused(Event):
    """The general director has refused a later end."""

    request_id: UUID
    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class ExtensionLapsed(Event):
    """The operation has ended before anybody decided."""

    request_id: UUID


@dataclass(frozen=True)
class CasesDispatched(Event):
    """The oldest cases are given to the volunteers of a session; each case says so itself."""

    session_id: UUID
    number: int
    person_id: UUID
    given: tuple[Given, ...]
    left: tuple[LeftGroup, ...]
    until: date

    def facts(self) -> dict[str, Any]:
        """How many are given to how many people, and how many are left, and why."""
        return {
            "session": self.number,
            "person_id": self.person_id,
            "given": len(self.given),
            "volunteers": len({one.volunteer_id for one in self.given}),
            "left": [one.as_json() for one in self.left],
            "until": self.until,
        }


@dataclass(frozen=True)
class OperationEnded(Event):
    """Nobody works for it any more; what was worked is to be paid."""

    why: EndReason
    on: date
    person_id: UUID
    words: str | None = private()


@dataclass(frozen=True)
class PayPrepared(Event):
    """A pay file is made of what was worked up to now, and lies before its validators."""

    version: int
    person_id: UUID
    made: PayFile
    entered_by: frozenset[UUID]

    def facts(self) -> dict[str, Any]:
        """Which file, for how many people. How much it pays is read by those who may read pay: two sums beside each
        other tell what one person earns."""
        return {
            "version": self.version,
            "person_id": self.person_id,
            "sha256": self.made.sha256,
            "people": self.made.payroll.people,
        }


@dataclass(frozen=True)
class PayVoided(Event):
    """Attendance was corrected: the file is no longer right."""

    version: int


@dataclass(frozen=True)
class PaySentBack(Event):
    """A validator finds that the file will not do."""

    version: int
    link: int
    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class PayValidated(Event):
    """One of the two validators lets the very file go to payroll."""

    version: int
    link: int
    sha256: str
    person_id: UUID


@dataclass(frozen=True)
class VolunteersTold(Event):
    """Messages about places leave at once, as their sessions are near: to so many people."""

    messages: int


@dataclass(frozen=True)
class ReportKept(Event):
    """The operation is closed: its report is kept, as the register stands."""

    report: OperationReport

    def facts(self) -> dict[str, Any]:
        """The SHA-256 of all but its cost, to know it again by. Older lines, without `covers`, have that of all."""
        told = {"content_hash": self.report.hash_without_cost, "covers": "all_but_cost"}
        return told | {"until": self.report.until}


@dataclass(frozen=True)
class MessageProposed(Event):
    """A message to the members who wait longest is before its approver."""

    sha256: str
    more_than_days: int
    promised_on: date
    quiet_days: int
    person_id: UUID
    fr: str = private()
    en: str = private()


@dataclass(frozen=True)
class MessageApproved(Event):
    """Somebody else has let the very message leave: each case that it concerns on this day is told."""

    message_id: UUID
    sha256: str
    procedure: str
    more_than_days: int
    promised_on: date
    quiet_days: int
    on: date
    person_id: UUID


@dataclass(frozen=True)
class MessageRefused(Event):
    """Somebody else finds that the message will not do: nobody is told."""

    message_id: UUID
    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class MessageLapsed(Event):
    """The operation has ended before anybody decided on the message."""

    message_id: UUID
