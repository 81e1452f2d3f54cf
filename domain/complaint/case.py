"""What is known of a complaint when a command on it is decided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from json import dumps
from uuid import UUID

from domain.complaint.commands import AnswerContent
from domain.complaint.states import ComplaintState
from domain.complaint.words import Category, Channel, Finding, TaskKind
from domain.delay import LongWait
from domain.lending import Loan
from domain.outgoing import Dispatch
from domain.position import LetterInHand, OpenDeadline, Watched
from domain.tasks import Task


@dataclass(frozen=True)
class AnswerVersion:
    """A version of the answer. `authors` wrote it, or the version that it amends."""

    version: int
    hash: str
    authors: frozenset[UUID]
    compensation_cents: int
    dispatch: Dispatch


@dataclass(frozen=True)
class Complaint:
    """The facts under the case's lock. `approvals` are those of the current version: link → person."""

    id: UUID
    state: ComplaintState
    category: Category
    pole: str
    skills: frozenset[str]
    received_on: date
    sent_on: date | None
    channel: Channel
    known_on: date
    has_email: bool
    has_address: bool
    owner_id: UUID | None = None
    about_id: UUID | None = None
    finding: Finding | None = None
    answer: AnswerVersion | None = None
    approvals: Mapping[int, UUID] = field(default_factory=dict)
    signatory_id: UUID | None = None
    compensation_paid: bool = False
    letters: tuple[LetterInHand, ...] = ()
    tasks: tuple[Task, ...] = ()
    deadlines: tuple[OpenDeadline, ...] = ()
    loan: Loan | None = None
    look_up_wait: Callable[[UUID], LongWait] | None = None
    """By operation: what decides whether its member is told that it takes longer."""

    @property
    def open_deadlines(self) -> Mapping[str, datetime]:
        """Name → due instant of what is neither met nor cancelled."""
        return {deadline.name: deadline.due_at for deadline in self.deadlines}

    @property
    def holding_letters(self) -> int:
        """How many times the answer's date has been moved by a letter."""
        answer = self.deadline("answer")
        return answer.generation - 1 if answer else 0

    def deadline(self, name: str) -> OpenDeadline | None:
        """The open deadline of this name."""
        return next((deadline for deadline in self.deadlines if deadline.name == name), None)

    @property
    def compensation_due(self) -> bool:
        """Whether an approved answer grants money that accounting has not paid yet."""
        granted = self.signatory_id is not None and self.answer is not None and self.answer.compensation_cents > 0
        return granted and not self.compensation_paid

    @property
    def kept_out(self) -> frozenset[UUID]:
        """Who has no part in this complaint: whoever it is about."""
        return frozenset({self.about_id} if self.about_id else ())

    @property
    def due_at(self) -> datetime | None:
        """By when it wants to be answered."""
        return self.open_deadlines.get("answer")

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """The tasks that somebody still has to do."""
        return tuple(task for task in self.tasks if task.closed_at is None)

    @property
    def lendable_tasks(self) -> tuple[Task, ...]:
        """Those that a volunteer may do."""
        return tuple(task for task in self.open_tasks if task.kind in TaskKind.lendable())

    @property
    def is_ordinary(self) -> bool:
        """Whether it may be lent: a sensitive complaint stays in its department."""
        return self.category is Category.BUSINESS


@dataclass(frozen=True)
class ComplaintPosition:
    """Where the workflow stands: ids, enums and flags only. It can start from here at any step.

    A letter that has not left after `mail_patience` is told to the owner. Reminders of one instant fire over some
    minutes: this case's `spread` after it. `messages` to staff leave at once.
    """

    case_id: UUID
    state: ComplaintState
    mail_patience: timedelta
    spread: timedelta = timedelta(0)
    watched: tuple[Watched, ...] = ()
    messages: tuple[UUID, ...] = ()
    letters: tuple[LetterInHand, ...] = ()
    compensation_due: bool = False


def version_hash(content: AnswerContent) -> str:
    """SHA-256 over the answer's words, way of sending and compensation: what an approval names."""
    told = {name: getattr(content, name) for name in AnswerContent.model_fields}
    return sha256(dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
