"""What is known of a controlled claim when a command on it is decided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from domain.claim.checks import CheckFinding
from domain.claim.deadlines import DecisionDates, Pause
from domain.claim.states import ClaimState
from domain.claim.words import CareCategory, ClaimDeadline, ClaimKind, ClaimTask, DocumentKind, Verdict
from domain.delay import LongWait
from domain.lending import Loan
from domain.outgoing import Dispatch
from domain.position import LetterInHand, OpenDeadline, Watched
from domain.tasks import Task


@dataclass(frozen=True)
class DecisionVersion:
    """A version of the decision, as the first controller took it. `amount_cents` is what is to be paid: 0 if refused.

    `iban_hash` is the keyed hash of the IBAN that it was taken for.
    """

    version: int
    hash: str
    verdict: Verdict
    amount_cents: int
    author_id: UUID
    iban_hash: str


@dataclass(frozen=True)
class Claim:
    """The facts under the case's lock. Amounts in euro cents.

    `findings` are those of the checks as they stand, `iban_hash` is that of the IBAN to which it would be paid now,
    `iban_changed_by` whoever of the staff made it the one in force. `about` are the members of staff who are its
    member or beneficiary. `awaited` are the documents asked for that have not come. From `reopened_on`, the day of the
    last reopening, the decision's clock counts anew. `generations` tells how many deadlines of each name there have
    been, `instruction_id` is the line that is at the bank.
    """

    id: UUID
    state: ClaimState
    category: CareCategory
    kind: ClaimKind
    pole: str
    amount_cents: int
    links: int
    received_on: date
    entered_by: UUID
    iban_hash: str
    has_email: bool
    has_address: bool
    iban_changed_by: UUID | None = None
    about: frozenset[UUID] = frozenset()
    findings: tuple[CheckFinding, ...] = ()
    decision: DecisionVersion | None = None
    awaited: frozenset[DocumentKind] = frozenset()
    reopened_on: date | None = None
    pauses: tuple[Pause, ...] = ()
    generations: Mapping[str, int] = field(default_factory=dict)
    instruction_id: UUID | None = None
    letters: tuple[LetterInHand, ...] = ()
    tasks: tuple[Task, ...] = ()
    deadlines: tuple[OpenDeadline, ...] = ()
    is_sensitive: bool = False
    loan: Loan | None = None
    look_up_wait: Callable[[UUID], LongWait] | None = None
    """By operation: what decides whether its member is told that it takes longer."""

    @property
    def kept_out(self) -> frozenset[UUID]:
        """Who has no part in its control: who entered it, who changed its IBAN, and whose own claim it is."""
        return self.about | {self.entered_by} | ({self.iban_changed_by} if self.iban_changed_by else set())

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """The tasks that somebody still has to do."""
        return tuple(task for task in self.tasks if task.closed_at is None)

    @property
    def lendable_tasks(self) -> tuple[Task, ...]:
        """Those that a volunteer may do."""
        return tuple(task for task in self.open_tasks if task.kind in ClaimTask.lendable())

    @property
    def is_ordinary(self) -> bool:
        """Whether it may be lent: a claim of an administrator or of a client's decision maker is not."""
        return not self.is_sensitive

    @property
    def open_deadlines(self) -> Mapping[str, datetime]:
        """Name → due instant of what is neither met nor cancelled."""
        return {deadline.name: deadline.due_at for deadline in self.deadlines}

    @property
    def due_at(self) -> datetime | None:
        """By when it wants to be decided; None while its clock stands still."""
        return self.open_deadlines.get(ClaimDeadline.DECISION)

    @property
    def dates(self) -> DecisionDates:
        """What the decision's deadline is counted from."""
        return DecisionDates(self.category, self.kind, self.received_on, self.pauses, self.reopened_on)

    @property
    def way(self) -> Dispatch:
        """How its letters leave: by e-mail where one is known, else by post."""
        return Dispatch.EMAIL if self.has_email else Dispatch.POST

    def deadline(self, name: str) -> OpenDeadline | None:
        """The open deadline of this name."""
        return next((deadline for deadline in self.deadlines if deadline.name == name), None)

    def next_generation(self, name: str) -> int:
        """The number of the next deadline of this name, 1 for the first."""
        return self.generations.get(name, 0) + 1


@dataclass(frozen=True)
class ClaimPosition:
    """Where the workflow stands: ids, enums and flags only. It can start from here at any step.

    A letter that has not left after `mail_patience` is told to somebody. Reminders of one instant fire over some
    minutes: this case's `spread` after it. `messages` to staff leave at once.
    """

    case_id: UUID
    state: ClaimState
    mail_patience: timedelta
    spread: timedelta = timedelta(0)
    watched: tuple[Watched, ...] = ()
    messages: tuple[UUID, ...] = ()
    letters: tuple[LetterInHand, ...] = ()
