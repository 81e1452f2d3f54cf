"""The journal: one chain of lines per case, the daily checkpoints over all chains, and the register's own keys."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class KeptKey(Base):
    """A key of the register itself, sealed under the key of the ring that `wrapped_by` names: never in clear.

    A case's key seals its letters and the private part of its journal; erased, they can no longer be read. The
    journal's key chains its lines; a retired one still checks what was chained with it. The key of IBANs, one for ever,
    makes the hashes that they are compared by.
    """

    __tablename__ = "kept_keys"
    __table_args__ = (
        CheckConstraint("purpose IN ('case', 'journal', 'iban')", name="purpose"),
        CheckConstraint("(purpose = 'case') = (case_id IS NOT NULL)", name="of_a_case"),
        CheckConstraint("(wrapped IS NULL) = (erased_at IS NOT NULL)", name="kept_or_erased"),
        Index("uq_kept_keys_case_id", "case_id", unique=True, postgresql_where=text("purpose = 'case'")),
        Index(
            "uq_kept_keys_active",
            "purpose",
            unique=True,
            postgresql_where=text("purpose = 'journal' AND retired_wall IS NULL"),
        ),
        Index("uq_kept_keys_iban", "purpose", unique=True, postgresql_where=text("purpose = 'iban'")),
        Index("ix_kept_keys_wrapped_by", "wrapped_by", "id", postgresql_where=text("wrapped IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    wrapped_by: Mapped[str]
    wrapped: Mapped[bytes | None]
    made_at_wall: Mapped[datetime]
    retired_wall: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class JournalLine(Base):
    """What happened, once and for ever: the database refuses to change or delete a line.

    `facts` are clear; `private` holds the words of and about people, sealed under the case's key. `mac` is made with
    the journal key `key_id` over the line and the MAC before; lines older than the chains have none.
    """

    __tablename__ = "journal"
    __table_args__ = (CheckConstraint("(mac IS NULL) = (key_id IS NULL)", name="chained_with_a_key"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str]
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    command_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]]
    private: Mapped[bytes | None]
    mac: Mapped[bytes | None]
    key_id: Mapped[UUID | None] = mapped_column(ForeignKey("kept_keys.id"))


class Checkpoint(Base):
    """A day's MAC over the checkpoint before and the heads of all journals that had grown: `count` of them."""

    __tablename__ = "checkpoints"

    day: Mapped[date] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    previous: Mapped[bytes]
    mac: Mapped[bytes]
    key_id: Mapped[UUID] = mapped_column(ForeignKey("kept_keys.id"))
    count: Mapped[int]


class CheckpointHead(Base):
    """Where one case's journal ended that day. It refers to no other table: it stands even when the case is gone."""

    __tablename__ = "checkpoint_heads"
    __table_args__ = (Index(None, "case_id", "line"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    line: Mapped[int]
    mac: Mapped[bytes]
