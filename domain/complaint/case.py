"""What is known of a complaint when a command on it is decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from json import dumps
from uuid import UUID

from domain.complaint.commands import AnswerContent
from domain.complaint.states import ComplaintState
from domain.complaint.words import Category, Dispatch, Finding
from domain.people import Staff
from domain.policy import ComplaintPolicy, PolicyBook
from domain.roles import Role
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
class LetterInHand:
    """A letter of the case that has not been handed over yet. `round` counts the ways it was sent; `posted`: it lies
    in the day's post, and waits for the manifest."""

    id: UUID
    kind: str
    dispatch: str
    round: int = 1
    posted: bool = False


@dataclass(frozen=True)
class Complaint:
    """The facts under the case's lock. `approvals` are those of the current version: link → person."""

    id: UUID
    state: ComplaintState
    category: Category
    pole: str
    skills: frozenset[str]
    received_on: date
    has_email: bool
    has_address: bool
    owner_id: UUID | None = None
    about_id: UUID | None = None
    finding: Finding | None = None
    answer: AnswerVersion | None = None
    approvals: Mapping[int, UUID] = field(default_factory=dict)
    signatory_id: UUID | None = None
    compensation_paid: bool = False
    acknowledged_by_call: bool = False
    letters: tuple[LetterInHand, ...] = ()
    tasks: tuple[Task, ...] = ()
    open_deadlines: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def compensation_due(self) -> bool:
        """Whether an approved answer grants money that accounting has not paid yet."""
        granted = self.signatory_id is not None and self.answer is not None and self.answer.compensation_cents > 0
        return granted and not self.compensation_paid

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """The tasks that somebody still has to do."""
        return tuple(task for task in self.tasks if task.closed_at is None)


@dataclass(frozen=True)
class House:
    """What the insurer has laid down, and who is at work, on the day of the command."""

    book: PolicyBook
    policy: ComplaintPolicy
    staff: Staff
    today: date

    @property
    def up(self) -> Mapping[Role, Role]:
        """Who stands one level above whom."""
        return self.book.insurer.one_level_up

    @property
    def expert_skills(self) -> frozenset[str]:
        """The skills that only expert handlers have."""
        return frozenset(skill.id for skill in self.book.insurer.skills if skill.expert)


@dataclass(frozen=True)
class ComplaintPosition:
    """Where the workflow stands: ids, enums and flags only. It can start from here at any step.

    A letter that has not left after `mail_patience` is told to the owner.
    """

    case_id: UUID
    state: ComplaintState
    mail_patience: timedelta
    letters: tuple[LetterInHand, ...] = ()
    compensation_due: bool = False


def version_hash(content: AnswerContent) -> str:
    """SHA-256 over the answer's words, way of sending and compensation: what an approval names."""
    told = {name: getattr(content, name) for name in AnswerContent.model_fields}
    return sha256(dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
