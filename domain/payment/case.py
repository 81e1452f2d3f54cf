"""What is known of a batch of payments when a command on it is decided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from domain.payment.report import StatusReport
from domain.payment.states import PaymentState
from domain.payment.words import BankDid, InstructionStatus, PartTaken
from domain.position import LetterInHand, OpenDeadline, Watched
from domain.tasks import Task


@dataclass(frozen=True)
class Instruction:
    """One line: the order to pay one claim. Amounts in euro cents."""

    id: UUID
    end_to_end_id: str
    amount_cents: int
    status: InstructionStatus


@dataclass(frozen=True)
class ReportInHand:
    """A bank's report that was sent to us, and by whom; `read_before` says under which id, if the same one was read
    already."""

    id: UUID
    report: StatusReport
    received_by: UUID
    read_before: str | None = None


@dataclass(frozen=True)
class Conclusion:
    """What somebody of us says that the bank really did."""

    id: UUID
    bank_did: BankDid
    given_by: UUID


@dataclass(frozen=True)
class Payment:
    """The facts under the batch's lock. `releases` are link → person; `parts` says who had a hand in it, and which.

    `changed` are the claims whose member has another IBAN by now; `elsewhere` those that do not stand in the batch, not
    yet or no longer. They, the lines, the bank's reports, what was concluded, and whether the file is being laid (it
    may be with the bank then) are looked up when a command needs them.
    """

    id: UUID
    state: PaymentState
    pole: str
    message_id: str
    executes_on: date
    due_at: datetime | None
    file_sha256: str
    parts: Mapping[UUID, frozenset[PartTaken]]
    look_up_lines: Callable[[], tuple[Instruction, ...]]
    look_up_changed: Callable[[], tuple[str, ...]]
    look_up_elsewhere: Callable[[], tuple[str, ...]]
    look_up_report: Callable[[UUID], ReportInHand]
    look_up_conclusions: Callable[[], tuple[Conclusion, ...]]
    look_up_being_laid: Callable[[], bool]
    releases: Mapping[int, UUID] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    deadlines: tuple[OpenDeadline, ...] = ()

    @cached_property
    def lines(self) -> tuple[Instruction, ...]:
        """Its orders, in the order of the file."""
        return self.look_up_lines()

    @property
    def waiting(self) -> tuple[Instruction, ...]:
        """The lines that the bank has not answered for."""
        return tuple(line for line in self.lines if line.status is InstructionStatus.INSTRUCTED)

    @property
    def involved(self) -> frozenset[UUID]:
        """Who does not release it: whoever had a hand in it already."""
        return frozenset(self.parts)

    @property
    def paid_by_it(self) -> frozenset[UUID]:
        """The members of staff whose own account is in it."""
        return frozenset(person for person, parts in self.parts.items() if PartTaken.OWN_ACCOUNT in parts)

    @property
    def kept_out(self) -> frozenset[UUID]:
        """Nobody, from the batch itself: from its release alone."""
        return frozenset()

    @property
    def open_deadlines(self) -> Mapping[str, datetime]:
        """Name → due instant of what is neither met nor cancelled: the bank's answer, once it has the file."""
        return {deadline.name: deadline.due_at for deadline in self.deadlines}

    def deadline(self, name: str) -> OpenDeadline | None:
        """The open deadline of this name."""
        return next((deadline for deadline in self.deadlines if deadline.name == name), None)

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """The tasks that somebody still has to do."""
        return tuple(task for task in self.tasks if task.closed_at is None)


@dataclass(frozen=True)
class PaymentPosition:
    """Where the workflow stands: ids and enums only. It can start from here at any step.

    A batch has no letters. Reminders of one instant fire over some minutes: this one's `spread` after it.
    """

    case_id: UUID
    state: PaymentState
    mail_patience: timedelta = timedelta(0)
    spread: timedelta = timedelta(0)
    watched: tuple[Watched, ...] = ()
    messages: tuple[UUID, ...] = ()
    letters: tuple[LetterInHand, ...] = ()
