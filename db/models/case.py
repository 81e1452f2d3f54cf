"""Cases of every procedure: the case itself, the commands on it, its tasks and deadlines."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class Case(Base):
    """One case of one procedure. `policy` is the version that it keeps for life.

    `lines` counts its journal and `head` is the last line's MAC; `checkpointed` lines are under a checkpoint.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_open_owner", "owner_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_cases_list", "procedure", "received_on", "id"),
        Index("ix_cases_list_state", "procedure", "state", "received_on", "id"),
        Index("ix_cases_list_owner", "owner_id", "received_on", "id"),
        Index(
            "ix_cases_open",
            *("pole", "state", "received_on"),
            postgresql_include=["id", "owner_id", "procedure"],
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_cases_ended", "ended_at", postgresql_where=text("ended_at IS NOT NULL")),
        Index("ix_cases_procedure_opened", "procedure", "opened_at"),
        Index("ix_cases_grown", "id", postgresql_where=text("lines <> checkpointed")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    procedure: Mapped[str]
    state: Mapped[str]
    policy: Mapped[str]
    pole: Mapped[str]
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    received_on: Mapped[date]
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    lines: Mapped[int] = mapped_column(default=0)
    head: Mapped[bytes | None]
    checkpointed: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class CommandRow(Base):
    """What somebody asked of a case, from the instant it was committed: from here nothing can be lost.

    `actor_id` is null for what the system itself does; `rights` are the actor's at that instant. `order` is the
    order of arrival. The lease is held by whoever is delivering it to the engine.
    """

    __tablename__ = "commands"
    __table_args__ = (
        UniqueConstraint("actor_id", "idempotency_key"),
        Index("ix_commands_undecided", "case_id", "order", postgresql_where=text("status = 'received'")),
        Index(
            "ix_commands_decided",
            "decided_wall",
            postgresql_include=["order"],
            postgresql_where=text("decided_wall IS NOT NULL"),
        ),
        CheckConstraint("status IN ('received', 'applied', 'refused')", name="status"),
        CheckConstraint("(status = 'received') = (decided_wall IS NULL)", name="decided"),
        CheckConstraint("(status = 'refused') = (refusal IS NOT NULL)", name="refused_with_reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order: Mapped[int] = mapped_column(Identity(always=True), unique=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str]
    task_id: Mapped[UUID | None]
    body: Mapped[dict[str, Any]]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    rights: Mapped[dict[str, Any] | None]
    idempotency_key: Mapped[str | None]
    body_hash: Mapped[bytes | None]
    at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="received")
    refusal: Mapped[dict[str, Any] | None]
    decided_wall: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until_wall: Mapped[datetime | None]
    leased_by: Mapped[str | None]


class TaskRow(Base):
    """Something that a person is asked to do. The inbox is `offered_to && my hats`, without those excluded."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index(
            "ix_tasks_open_offered_to", "offered_to", postgresql_using="gin", postgresql_where=text("closed_at IS NULL")
        ),
        Index("ix_tasks_open_due", "due_at", "id", postgresql_where=text("closed_at IS NULL")),
        Index(
            "ix_tasks_open_held",
            *("offered_to", "claimed_by"),
            postgresql_include=["due_at", "case_id"],
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_tasks_unblock", "case_id", postgresql_where=text("closed_at IS NULL AND kind = 'unblock'")),
        Index("ix_tasks_claimed", "claimed_at", postgresql_where=text("closed_at IS NULL AND claimed_by IS NOT NULL")),
        Index(
            "ix_tasks_raised",
            "case_id",
            postgresql_where=text("closed_at IS NULL AND (offered_to <> meant_for OR nobody_left)"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str]
    pole: Mapped[str]
    offered_to: Mapped[list[str]]
    meant_for: Mapped[list[str]]
    excluded: Mapped[list[UUID]]
    nobody_left: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime | None]
    detail: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime]
    claimed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    claimed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[str | None]


class DeadlineRow(Base):
    """A date that must not be missed, with its rule, source and day-by-day explanation.

    `planned` are the rungs of its ladder; those up to `fired_until` have fired.
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        UniqueConstraint("case_id", "name", "generation"),
        Index(
            "ix_deadlines_open",
            *("due_at", "id"),
            postgresql_include=["name", "case_id"],
            postgresql_where=text("met_at IS NULL AND cancelled_at IS NULL"),
        ),
        Index(
            "ix_deadlines_answered",
            "met_at",
            postgresql_include=["due_at", "case_id"],
            postgresql_where=text("name = 'answer' AND met_at IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    name: Mapped[str]
    generation: Mapped[int] = mapped_column(default=1)
    due_on: Mapped[date]
    due_at: Mapped[datetime]
    zone: Mapped[str]
    unit: Mapped[str]
    count: Mapped[int]
    starts_on: Mapped[date]
    source: Mapped[str]
    explanation: Mapped[list[dict[str, Any]]]
    planned: Mapped[list[dict[str, Any]]]
    fired_until: Mapped[datetime | None]
    met_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


class CalendarDay(Base):
    """A public holiday, or a day on which the insurer itself is closed."""

    __tablename__ = "calendar_days"
    __table_args__ = (CheckConstraint("kind IN ('public_holiday', 'closing_day')", name="kind"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
