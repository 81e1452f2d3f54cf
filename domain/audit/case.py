"""What is known of an audit when a command on it is decided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from domain.audit.states import AuditState
from domain.audit.words import AuditDeadline, Meeting, Reply, Ruling
from domain.people import Hat, delegate_hat, role_hat
from domain.position import LetterInHand, OpenDeadline, Watched
from domain.risk import RiskLevel
from domain.roles import OF_A_DELEGATE, Role
from domain.tasks import Task


@dataclass(frozen=True)
class PieceFile:
    """A file that came: a version of its piece; `withdrawn` ones stay, and count for nothing."""

    version: int
    sha256: str
    withdrawn: bool = False


@dataclass(frozen=True)
class Piece:
    """A piece that is asked for, with what has come of it. `graded`: an auditor has noted what it is worth."""

    id: str
    number: int
    label: str
    files: tuple[PieceFile, ...] = ()
    graded: bool = False

    @property
    def named(self) -> str:
        """As people know it: "3. Barème des cotisations"."""
        return f"{self.number}. {self.label}"

    @property
    def delivered(self) -> bool:
        """Whether something has come of it that counts."""
        return any(not file.withdrawn for file in self.files)

    @property
    def next_version(self) -> int:
        """The number of the next file, 1 for the first."""
        return max((file.version for file in self.files), default=0) + 1


@dataclass(frozen=True)
class Recommendation:
    """A recommendation, what was answered to it, and what was ruled where it is disputed."""

    number: int
    risk: RiskLevel
    words: str
    expected_on: date
    by_id: UUID
    piece: str | None = None
    contract: str | None = None
    dropped: bool = False
    reply: Reply | None = None
    proposed_on: date | None = None
    ruling: Ruling | None = None
    ruled_risk: RiskLevel | None = None

    @property
    def stands(self) -> bool:
        """Whether it has been neither dropped by the auditors nor given up by the arbitration."""
        return not self.dropped and self.ruling is not Ruling.DROP

    @property
    def agreed_risk(self) -> RiskLevel:
        """How grave it is by now."""
        return self.ruled_risk or self.risk


@dataclass(frozen=True)
class ReportVersion:
    """A version of the report's files. `hash` is that of its document, `content_hash` of what it was made of."""

    version: int
    hash: str
    content_hash: str
    made_by: UUID


@dataclass(frozen=True)
class Followed:
    """A finding that the audit follows; it follows it no longer once it has ended or is carried over."""

    finding_id: UUID
    open: bool
    carried_to: UUID | None = None


@dataclass(frozen=True)
class Audit:
    """The facts under the case's lock.

    `report` is the newest version of the files, `submitted` the number of the one that is with its validators or
    validated, `refused` that of the last one sent back. `authors` are those who have written any of what it says.
    `agreed_on` is the day of the restitution meeting, `proposed` the days agreed on there, by number, `agreed_by` who
    agreed on them. `generations` tells how many deadlines of each name there have been. `next_audit` is a later one of
    the same delegate that has not ended. `in_hand`: the file that the command brings is kept beside it.
    """

    id: UUID
    state: AuditState
    delegate: str
    year: int
    pole: str
    contracts: tuple[str, ...]
    pieces: tuple[Piece, ...]
    recommendations: tuple[Recommendation, ...] = ()
    strengths: Mapping[int, bool] = field(default_factory=dict)
    report: ReportVersion | None = None
    submitted: int | None = None
    refused: int | None = None
    approvals: Mapping[int, UUID] = field(default_factory=dict)
    authors: frozenset[UUID] = frozenset()
    look_up_content: Callable[[], str] = str
    agreed_on: date | None = None
    agreed_by: UUID | None = None
    proposed: Mapping[int, date] = field(default_factory=dict)
    findings: tuple[Followed, ...] = ()
    next_audit: UUID | None = None
    in_hand: bool = True
    meetings: Mapping[Meeting, int] = field(default_factory=dict)
    generations: Mapping[str, int] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    deadlines: tuple[OpenDeadline, ...] = ()

    @property
    def kept_out(self) -> frozenset[UUID]:
        """Nobody, from the audit itself: from its validation alone."""
        return frozenset()

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """The tasks that somebody still has to do."""
        return tuple(task for task in self.tasks if task.closed_at is None)

    @property
    def open_deadlines(self) -> Mapping[str, datetime]:
        """Name → due instant of what is neither met nor cancelled."""
        return {deadline.name: deadline.due_at for deadline in self.deadlines}

    @property
    def due_at(self) -> datetime | None:
        """The earliest of what is due."""
        return min(self.open_deadlines.values(), default=None)

    def due(self, name: AuditDeadline) -> datetime | None:
        """When this is due; None where nothing of the name is open."""
        return self.open_deadlines.get(name)

    def deadline(self, name: str) -> OpenDeadline | None:
        """The open deadline of this name."""
        return next((deadline for deadline in self.deadlines if deadline.name == name), None)

    def next_generation(self, name: str) -> int:
        """The number of the next deadline of this name, 1 for the first."""
        return self.generations.get(name, 0) + 1

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over what the report would say now."""
        return self.look_up_content()

    def piece(self, piece_id: str) -> Piece | None:
        """The piece of this name, if it was asked for."""
        return next((piece for piece in self.pieces if piece.id == piece_id), None)

    @property
    def missing(self) -> tuple[Piece, ...]:
        """What was asked for and has not come."""
        return tuple(piece for piece in self.pieces if not piece.delivered)

    @property
    def standing(self) -> tuple[Recommendation, ...]:
        """The recommendations that stand, in the order of their numbers."""
        return tuple(one for one in self.recommendations if one.stands)

    def carried_to(self, finding_id: UUID) -> UUID | None:
        """The later audit into which a finding was carried."""
        return next((one.carried_to for one in self.findings if one.finding_id == finding_id), None)

    @property
    def open_findings(self) -> tuple[UUID, ...]:
        """The findings that it still follows."""
        return tuple(one.finding_id for one in self.findings if one.open)

    @property
    def delegate_hats(self) -> frozenset[Hat]:
        """The hats of the delegate's people."""
        return frozenset(delegate_hat(role, self.delegate) for role in OF_A_DELEGATE)


AUDITORS = frozenset({role_hat(Role.AUDITOR)})
"""The hat of those who audit."""


@dataclass(frozen=True)
class AuditPosition:
    """Where the workflow stands: ids and enums only. It can start from here at any step.

    An audit has no letters. Reminders of one instant fire over some minutes: this case's `spread` after it.
    """

    case_id: UUID
    state: AuditState
    mail_patience: timedelta = timedelta(0)
    spread: timedelta = timedelta(0)
    watched: tuple[Watched, ...] = ()
    messages: tuple[UUID, ...] = ()
    letters: tuple[LetterInHand, ...] = ()
