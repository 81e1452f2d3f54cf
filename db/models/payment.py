"""Payments: a batch with its bank file, its lines, who released it, what the bank answered, what was left out."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class PaymentRow(Base):
    """A batch. Its `file` lies sealed under the case's key; `file_sha256` is of what goes to the bank.

    Nothing of it changes once it is written but when it is released, handed over or cancelled, once each: triggers see
    to that, and to its two releases.
    """

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("count > 0 AND total_cents > 0", name="not_empty"),
        CheckConstraint("handed_over_at IS NULL OR released_at IS NOT NULL", name="released_before_handed_over"),
        CheckConstraint("cancelled_at IS NULL OR handed_over_at IS NULL", name="cancelled_or_handed_over"),
        Index("ix_payments_list", "built_at", "case_id"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    executes_on: Mapped[date]
    count: Mapped[int]
    total_cents: Mapped[int]
    built_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    built_at: Mapped[datetime]
    file: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    file_sha256: Mapped[str]
    released_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


class InstructionRow(Base):
    """One line: the order to pay one claim. A claim has one that is instructed or paid at most, ever.

    `position` is its place in the file. What the bank adds in its own words is kept in `bank_reason`; `answer_id` is
    what two people have said of the bank, where it may have the file and has not paid.
    """

    __tablename__ = "instructions"
    __table_args__ = (
        UniqueConstraint("payment_id", "position"),
        CheckConstraint("status IN ('instructed', 'paid', 'rejected', 'withdrawn')", name="status"),
        CheckConstraint("(status = 'instructed') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("amount_cents > 0", name="amount"),
        CheckConstraint("answer_id IS NULL OR status IN ('rejected', 'withdrawn')", name="answer"),
        Index(
            "uq_instructions_living",
            "claim_id",
            unique=True,
            postgresql_where=text("status IN ('instructed', 'paid')"),
        ),
        Index(None, "claim_id", "instructed_at"),
        Index("ix_instructions_status", "status", "decided_at", "claim_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.case_id"))
    position: Mapped[int]
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claims.id"))
    end_to_end_id: Mapped[str] = mapped_column(unique=True)
    amount_cents: Mapped[int]
    iban: Mapped[str]
    iban_hash: Mapped[bytes]
    name: Mapped[str]
    instructed_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="instructed")
    bank_code: Mapped[str | None]
    bank_reason: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    answer_id: Mapped[UUID | None] = mapped_column(ForeignKey("second_looks.answer_id"))


class ReleaseRow(Base):
    """One of two people lets the very file go: never the same person twice, by the database's own word."""

    __tablename__ = "releases"
    __table_args__ = (UniqueConstraint("payment_id", "link"),)

    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.case_id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    link: Mapped[int]
    file_sha256: Mapped[str]
    at: Mapped[datetime]


class LeftOutRow(Base):
    """A claim that was to be paid and is not in the batch, and why."""

    __tablename__ = "left_out"

    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.case_id"), primary_key=True)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claims.id"), primary_key=True)
    reason: Mapped[str]


class BankReportRow(Base):
    """A bank's status report as it came, sealed under the batch's key; `read_at`, once it is carried out.

    `message_id` is the bank's: a report is read once, under whatever bytes.
    """

    __tablename__ = "bank_reports"
    __table_args__ = (
        UniqueConstraint("payment_id", "sha256"),
        Index(
            "uq_bank_reports_read",
            *("payment_id", "message_id"),
            unique=True,
            postgresql_where=text("read_at IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.case_id"))
    message_id: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    received_at: Mapped[datetime]
    received_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    read_at: Mapped[datetime | None]


class SecondLook(Base):
    """A second person stands for what the first has told us of the bank; without it nothing is rejected or withdrawn.

    `answer_id` is the report's, or the conclusion's.
    """

    __tablename__ = "second_looks"
    __table_args__ = (
        CheckConstraint("looked_by <> given_by", name="two_people"),
        Index(None, "payment_id", "at"),
    )

    answer_id: Mapped[UUID] = mapped_column(primary_key=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.case_id"))
    given_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    looked_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class ConclusionRow(Base):
    """What somebody says that the bank really did with the lines that it has not answered for, and how they know."""

    __tablename__ = "bank_conclusions"
    __table_args__ = (
        CheckConstraint("bank_did IN ('executed', 'not_executed')", name="bank_did"),
        Index(None, "payment_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.case_id"))
    bank_did: Mapped[str]
    evidence: Mapped[str]
    given_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    given_at: Mapped[datetime]


class LayingRow(Base):
    """An attempt to lay the bank file. Unless it has failed for certain, the file may be with the bank: it is not
    stopped any more."""

    __tablename__ = "layings"
    __table_args__ = (Index(None, "payment_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.case_id"))
    began_wall: Mapped[datetime]
    failed_wall: Mapped[datetime | None]
