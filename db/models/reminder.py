"""The ledger of reminders, and the messages to staff that carry them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.models.letter import Attempts


class Reminder(Base):
    """One rung of one deadline has fired: once per generation, by the database's own word.

    Rungs that merged share `message`. It leaves at `leaves_at`: by itself, or in the digest of each person.
    `dropped_at`: what it reminds of was done before it could leave.
    """

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("case_id", "deadline", "generation", "rung"),
        Index("ix_reminders_waiting", "leaves_at", postgresql_where=text("left_at IS NULL AND dropped_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    deadline: Mapped[str]
    generation: Mapped[int]
    rung: Mapped[str]
    message: Mapped[UUID]
    due_at: Mapped[datetime]
    to_ids: Mapped[list[UUID]]
    copy_ids: Mapped[list[UUID]]
    fired_at: Mapped[datetime]
    leaves_at: Mapped[datetime]
    at_once: Mapped[bool]
    left_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]


class StaffMessage(Attempts, Base):
    """A message to staff: one reminder (`case_id` is set), or one person's digest of a morning."""

    __tablename__ = "staff_messages"
    __table_args__ = (
        Index("ix_staff_messages_of_case", "case_id", postgresql_where=text("sent_at IS NULL")),
        Index("ix_staff_messages_doubles", "possible_doubles", postgresql_where=text("possible_doubles > 0")),
        UniqueConstraint("digest_at", "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    digest_at: Mapped[datetime | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    to_ids: Mapped[list[UUID]]
    copy_ids: Mapped[list[UUID]]
    leaves_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class DigestLine(Base):
    """A reminder in one person's digest: once per person."""

    __tablename__ = "digest_lines"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    reminder_id: Mapped[UUID] = mapped_column(ForeignKey("reminders.id"), primary_key=True)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("staff_messages.id"), index=True)


class Canary(Base):
    """Each time the canary's timer fired: when it was due and when it did, in business time."""

    __tablename__ = "canary"

    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    fired_at: Mapped[datetime]
