"""Messages of an operation to the members who wait longest, and what became of each case that one concerns."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class DelayMessageRow(Base):
    """A message as it was proposed, and what became of it. Its id is the command's; one waits at a time.

    `sha256` is what its approver names. It stays as it was proposed and is decided once: a trigger sees to that.
    """

    __tablename__ = "delay_messages"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (status = 'waiting')", name="decided"),
        CheckConstraint("status IN ('waiting', 'approved', 'refused', 'lapsed')", name="status"),
        CheckConstraint("decided_by <> proposed_by OR status = 'lapsed'", name="decided_by_another"),
        CheckConstraint("status <> 'approved' OR decided_by IS NOT NULL", name="approved_by_somebody"),
        CheckConstraint("more_than_days > 0 AND quiet_days > 0", name="days"),
        Index("uq_delay_messages_waiting", "operation_id", unique=True, postgresql_where=text("status = 'waiting'")),
        Index("ix_delay_messages_operation", "operation_id", "proposed_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operations.case_id"))
    more_than_days: Mapped[int]
    promised_on: Mapped[date]
    quiet_days: Mapped[int]
    fr: Mapped[str]
    en: Mapped[str]
    sha256: Mapped[str]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    proposed_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="waiting")
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    refusal: Mapped[str | None]


class DelayNoticeRow(Base):
    """A case that an approved message concerns: `waiting` until its turn comes, then `told`, or `not_told` and why.

    Nobody is told twice in one operation: an index sees to that.
    """

    __tablename__ = "delay_notices"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'told', 'not_told')", name="status"),
        CheckConstraint("(reason IS NOT NULL) = (status = 'not_told')", name="reason"),
        CheckConstraint("(at IS NULL) = (status = 'waiting')", name="decided"),
        Index(
            "uq_delay_notices_told", "operation_id", "case_id", unique=True, postgresql_where=text("status = 'told'")
        ),
        Index("ix_delay_notices_case", "case_id"),
    )

    message_id: Mapped[UUID] = mapped_column(ForeignKey("delay_messages.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operations.case_id"))
    status: Mapped[str]
    reason: Mapped[str | None]
    at: Mapped[datetime | None]
