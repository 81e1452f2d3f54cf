"""Events: what has happened to a batch of payments. Names, IBANs and the bank's own words stay out of the journal."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.events import Event, private
from domain.payment.case import Instruction
from domain.payment.states import TRANSITIONS, PaymentState
from domain.payment.words import BankDid


@dataclass(frozen=True)
class PaymentReached(Event):
    """The batch stands at another step."""

    state: PaymentState


def become(payment_state: PaymentState, to: PaymentState) -> PaymentReached:
    """The batch moves; AssertionError (a programming error) where the transition table has no such way."""
    if to not in TRANSITIONS[payment_state]:
        raise AssertionError(f"no way from {payment_state} to {to}")
    return PaymentReached(to)


@dataclass(frozen=True)
class BatchReleased(Event):
    """One of the two releasers lets the file go, named by its hash."""

    link: int
    person_id: UUID
    file_sha256: str


@dataclass(frozen=True)
class BatchRefused(Event):
    """A releaser cancels the batch."""

    link: int
    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class BatchStopped(Event):
    """A batch that was released does not go to the bank after all."""

    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class FileHandedOver(Event):
    """The bank file lies in the bank's folder."""

    file_sha256: str


@dataclass(frozen=True)
class _Counted(Event):
    """What a report says: how many lines are paid, rejected, still to come. `message_id` is the bank's own."""

    report_id: UUID
    message_id: str
    paid: int
    rejected: int
    pending: int


@dataclass(frozen=True)
class ReportToConfirm(_Counted):
    """Somebody has given a report that rejects lines: nothing of it is carried out before somebody else confirms it."""


@dataclass(frozen=True)
class StatusReportRead(_Counted):
    """The bank has answered, and it is carried out."""


@dataclass(frozen=True)
class HandoverConcluded(Event):
    """Two people have said what became of a file that nobody knows to be laid: it counts as handed over, and nothing
    lays it any more."""

    bank_did: BankDid


@dataclass(frozen=True)
class ConclusionGiven(Event):
    """Somebody says what the bank really did: nothing of it is carried out before somebody else confirms it."""

    conclusion_id: UUID
    bank_did: BankDid
    given_by: UUID
    evidence: str = private()


@dataclass(frozen=True)
class AnswerConfirmed(Event):
    """A second person stands for what the first, `given_by`, has told us of the bank."""

    answer_id: UUID
    given_by: UUID
    person_id: UUID


@dataclass(frozen=True)
class AnswerSetAside(Event):
    """A second person does not: nothing of it is carried out."""

    answer_id: UUID
    person_id: UUID
    reason: str = private()


@dataclass(frozen=True)
class _Lines(Event):
    """Something has happened to several lines alike."""

    lines: tuple[Instruction, ...]

    def facts(self) -> dict[str, Any]:
        """How many, and how much: the lines themselves stand in the register."""
        return {"count": len(self.lines), "cents": sum(line.amount_cents for line in self.lines)}


@dataclass(frozen=True)
class LinesPaid(_Lines):
    """The money of these lines has moved."""


@dataclass(frozen=True)
class LinesWithdrawn(_Lines):
    """These lines are paid by another batch: this one is cancelled, or the bank has refused it whole, or not executed.

    `reason` is `batch_cancelled`, `file_refused` or `not_executed`, `code` the bank's; `answer_id` what two people have
    said of the bank, where it may have the file.
    """

    reason: str
    code: str | None = None
    answer_id: UUID | None = None

    def facts(self) -> dict[str, Any]:
        """How many, how much, and why."""
        return {**super().facts(), "reason": self.reason, "code": self.code}


@dataclass(frozen=True)
class LineRejected(Event):
    """The bank has rejected one line, as two people have said of this answer: its claim is controlled again."""

    instruction_id: UUID
    answer_id: UUID
    end_to_end_id: str
    amount_cents: int
    code: str | None
    told: str | None = private()
