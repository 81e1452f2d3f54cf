"""Lending: which case a backlog operation lends to which volunteer, from when until when; what was dispatched when."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class LoanRow(Base):
    """A case that an operation gives to one of its volunteers: asked for by the operation, lent once the case has
    agreed, until it has ended. It says why it has, or why it was never lent.

    It gives a right while it is lent and the operation is running: nobody has to do anything for that to end.
    """

    __tablename__ = "loans"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (why IS NULL)", name="ended"),
        Index(
            "uq_loans_live",
            "case_id",
            unique=True,
            postgresql_where=text("lent_at IS NOT NULL AND ended_at IS NULL"),
        ),
        Index("ix_loans_case", "case_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_loans_person", "person_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_loans_operation", "operation_id", "session_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operations.case_id"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("operation_sessions.id"))
    asked_at: Mapped[datetime]
    lent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    why: Mapped[str | None]


class DispatchRow(Base):
    """Cases were given out for a session: how many, and which were left, as groups of equal reason and skills. Its id
    is the command's."""

    __tablename__ = "dispatches"
    __table_args__ = (
        CheckConstraint("given >= 0", name="given"),
        Index("ix_dispatches_operation", "operation_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operations.case_id"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("operation_sessions.id"))
    given: Mapped[int]
    left_over: Mapped[list[dict[str, Any]]] = mapped_column(JSONB())
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
