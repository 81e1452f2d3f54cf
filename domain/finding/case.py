"""What is known of a finding when a command on it is decided.

Source: procedures, section 3 step 6
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from domain.finding.states import FindingState
from domain.finding.words import FindingDeadline, RequestKind, RiskLevel
from domain.position import LetterInHand, OpenDeadline, Watched
from domain.tasks import Task


@dataclass(frozen=True)
class Evidence:
    """A file that was brought to show that the finding is put right, in one of its rounds."""

    sha256: str
    round: int
    delivered_by: UUID


@dataclass(frozen=True)
class OpenRequest:
    """A request that nobody has decided yet. `approvals` are link → person."""

    id: UUID
    kind: RequestKind
    until: date
    asked_by: UUID
    approvals: Mapping[int, UUID] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """The facts under the case's lock. `delegate` is the code of whoever has to put it right.

    `plans` counts the plans that were proposed, `planned_by` says who proposed the last. A round goes from one delivery
    of evidence to what is said of it: `round` counts them, `hands` are those who had theirs in the evidence, of this
    round or of one before, `verified_by` is who verified this round. `generations` tells how many deadlines of each
    name there have been. `in_hand`: the file that the command brings is kept beside it.
    """

    id: UUID
    state: FindingState
    pole: str
    risk: RiskLevel
    delegate: str
    agreed_on: date
    due_on: date
    plans: int = 0
    planned_by: UUID | None = None
    plan_accepted: bool = False
    round: int = 1
    evidence: tuple[Evidence, ...] = ()
    hands: frozenset[UUID] = frozenset()
    verified_by: UUID | None = None
    request: OpenRequest | None = None
    carried_to: UUID | None = None
    in_hand: bool = True
    generations: Mapping[str, int] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    deadlines: tuple[OpenDeadline, ...] = ()

    @property
    def kept_out(self) -> frozenset[UUID]:
        """Nobody, from the finding itself: from its verification and its confirmation alone."""
        return frozenset()

    @property
    def authors(self) -> frozenset[UUID]:
        """Whoever had a hand in the evidence: they neither verify nor confirm it."""
        return self.hands.union(one.delivered_by for one in self.evidence)

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
        """By when it wants to be put right; None while nobody waits for that."""
        return self.open_deadlines.get(FindingDeadline.REMEDIATION)

    def deadline(self, name: str) -> OpenDeadline | None:
        """The open deadline of this name."""
        return next((deadline for deadline in self.deadlines if deadline.name == name), None)

    def next_generation(self, name: str) -> int:
        """The number of the next deadline of this name, 1 for the first."""
        return self.generations.get(name, 0) + 1


@dataclass(frozen=True)
class FindingPosition:
    """Where the workflow stands: ids and enums only. It can start from here at any step.

    Reminders of one instant fire over some minutes: this case's `spread` after it. A finding has no letters.
    """

    case_id: UUID
    state: FindingState
    spread: timedelta = timedelta(0)
    watched: tuple[Watched, ...] = ()
    messages: tuple[UUID, ...] = ()
    mail_patience: timedelta = timedelta(0)
    letters: tuple[LetterInHand, ...] = ()
