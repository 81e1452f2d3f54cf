"""Administration: the ledger of what was done to accounts, and the doctor's examinations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class AdministrationLine(Base):
    """What was done to an account or an absence, once and for ever: the database refuses to change or delete a line.

    `changes` says field by field what was `from` and is now `to`, never a password. `consequences` names the cases that
    were offered again or are left without their owner, and who has no deputy any more.
    """

    __tablename__ = "administration_log"
    __table_args__ = (
        UniqueConstraint("actor_id", "idempotency_key"),
        Index(None, "person_id", "order"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order: Mapped[int] = mapped_column(Identity(always=True), unique=True)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    event: Mapped[str]
    changes: Mapped[dict[str, Any]]
    consequences: Mapped[dict[str, Any]]
    idempotency_key: Mapped[str | None]
    body_hash: Mapped[bytes | None]


class ExaminationRow(Base):
    """One examination of the doctor's, in wall time: what it found, or the name of what kept it from ending.

    `seen_wall` moves while it goes on: one that has stood still for long has died with its process.
    """

    __tablename__ = "examinations"
    __table_args__ = (
        CheckConstraint("origin IN ('api', 'command_line')", name="origin"),
        CheckConstraint("failure IS NULL OR ended_wall IS NOT NULL", name="failed_at_its_end"),
        Index("uq_examinations_running", "origin", unique=True, postgresql_where=text("ended_wall IS NULL")),
        Index(None, "ended_wall"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    origin: Mapped[str]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    began_wall: Mapped[datetime]
    seen_wall: Mapped[datetime]
    ended_wall: Mapped[datetime | None]
    cases: Mapped[int] = mapped_column(default=0)
    mending: Mapped[bool] = mapped_column(default=False)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    at_work: Mapped[list[str]] = mapped_column(default=list)
    failure: Mapped[str | None]
