"""Backlog operations: the plan, its approvals, sessions and who signed up, who came, what each day showed, the pay."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class OperationRow(Base):
    """An operation. `plan` is what was asked for, `plan_version` counts the plans, `plan_hash` is what the directors
    name; `standard` (days of work) and `hours` are those of its activity. `state` follows the case.

    Once it is approved its plan stays; its end moves with what was granted; nothing moves once it has ended: triggers
    see to that.
    """

    __tablename__ = "operations"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="begins_before_it_ends"),
        CheckConstraint("standard > 0 AND hours > 0", name="standard"),
        CheckConstraint("budget_cents >= 0", name="budget"),
        CheckConstraint("(ended_on IS NULL) = (end_reason IS NULL)", name="ended"),
        CheckConstraint("end_reason IN ('under_standard', 'time_passed', 'stopped')", name="end_reason"),
        Index("ix_operations_list", "proposed_at", "case_id"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    activity: Mapped[str] = mapped_column(ForeignKey("activities.id"))
    objective: Mapped[str]
    put_aside: Mapped[list[str]]
    standard: Mapped[Decimal]
    hours: Mapped[Decimal]
    plan: Mapped[dict[str, Any]]
    plan_version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    plan_hash: Mapped[str]
    back_under_on: Mapped[date | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    budget_cents: Mapped[int]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    planned_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    proposed_at: Mapped[datetime]
    state: Mapped[str]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    lessons: Mapped[str | None]


class OperationDayRow(Base):
    """What the plan says will wait on the evening of a day."""

    __tablename__ = "operation_days"

    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operations.case_id"), primary_key=True)
    plan_version: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    stock: Mapped[Decimal]


class OperationAuthorRow(Base):
    """Who has written a version of the plan, once and for ever: a trigger writes it with the plan itself."""

    __tablename__ = "operation_authors"

    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operations.case_id"), primary_key=True)
    plan_version: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)


class OperationApprovalRow(Base):
    """One of the two directors approves a plan: never whoever wrote any version of it, never the same person twice."""

    __tablename__ = "operation_approvals"
    __table_args__ = (UniqueConstraint("operation_id", "plan_version", "link"),)

    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operations.case_id"), primary_key=True)
    plan_version: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    link: Mapped[int]
    plan_hash: Mapped[str]
    at: Mapped[datetime]


class SessionRow(Base):
    """A session: a day, its hours as spans of local time, its places, the skill that it asks for.

    One that was dropped, by another plan or with the end of its operation, takes nobody any more.
    """

    __tablename__ = "operation_sessions"
    __table_args__ = (
        UniqueConstraint("operation_id", "number"),
        CheckConstraint("places > 0", name="places"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("no_show >= 0 AND no_show < 1", name="no_show"),
        Index("ix_operation_sessions_day", "day"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operations.case_id"))
    number: Mapped[int]
    day: Mapped[date]
    spans: Mapped[list[dict[str, Any]]]
    minutes: Mapped[int]
    places: Mapped[int]
    no_show: Mapped[Decimal]
    skill: Mapped[str | None]
    added_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]
    entered_at: Mapped[datetime | None]
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))


class SignUpRow(Base):
    """Somebody has a place in a session, waits for one, or has given it back. A place is sold once: its number is
    taken by one person at a time, and is one of those that the session has."""

    __tablename__ = "sign_ups"
    __table_args__ = (
        CheckConstraint("status IN ('seated', 'waiting', 'given_back')", name="status"),
        CheckConstraint("(status = 'seated') = (seat IS NOT NULL)", name="seat"),
        CheckConstraint("(status = 'given_back') = (given_back_at IS NOT NULL)", name="given_back"),
        Index("uq_sign_ups_seat", "session_id", "seat", unique=True, postgresql_where=text("status = 'seated'")),
        Index(
            "uq_sign_ups_person",
            *("session_id", "person_id"),
            unique=True,
            postgresql_where=text("status <> 'given_back'"),
        ),
        Index("ix_sign_ups_person", "person_id", postgresql_where=text("status <> 'given_back'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("operation_sessions.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.person_id"))
    status: Mapped[str]
    seat: Mapped[int | None]
    asked_at: Mapped[datetime]
    seated_at: Mapped[datetime | None]
    given_back_at: Mapped[datetime | None]


class VolunteerRow(Base):
    """Somebody of the staff who may sign up: `volunteer_terms` says on which terms they work."""

    __tablename__ = "volunteers"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)


class TermsRow(Base):
    """On which terms a volunteer works from a day on (null: always), until the next ones' first day: the hours of their
    contract and of their usual week, their pay of an hour. None begin on the same day, so that no two hold on any.

    `timetable` is weekday (0 is Monday) → spans of local time, breaks left out.
    """

    __tablename__ = "volunteer_terms"
    __table_args__ = (
        UniqueConstraint("person_id", "from_on", postgresql_nulls_not_distinct=True),
        CheckConstraint("contract_minutes > 0 AND contract_minutes <= 2880", name="contract_minutes"),
        CheckConstraint("hourly_cents > 0", name="hourly_cents"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.person_id"))
    from_on: Mapped[date | None]
    contract_minutes: Mapped[int]
    hourly_cents: Mapped[int]
    timetable: Mapped[dict[str, Any]]
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]


class VolunteerChange(Base):
    """What was known of somebody's hours and pay from a day on (null: always), before and after, once and for ever;
    `by_id` is null for whoever runs the programs."""

    __tablename__ = "volunteer_changes"
    __table_args__ = (Index(None, "person_id", "id"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.person_id"))
    at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("imports.id"))
    from_on: Mapped[date | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any]]


class AttendanceRow(Base):
    """How long somebody worked in a session, as it was entered or corrected: the highest version counts."""

    __tablename__ = "attendances"
    __table_args__ = (
        CheckConstraint("minutes >= 0 AND minutes <= 1440", name="minutes"),
        CheckConstraint("entered_by <> person_id", name="entered_by_another"),
        CheckConstraint("(version = 1) = (reason IS NULL)", name="corrected_with_reason"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("operation_sessions.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.person_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    minutes: Mapped[int]
    reason: Mapped[str | None]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]


class DailyPointRow(Base):
    """What the point of a day showed: the evening that it judged, its stock (none without figures), the plan's, when it
    would be back."""

    __tablename__ = "daily_points"
    __table_args__ = (CheckConstraint("judged_on <= day", name="judged"),)

    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operations.case_id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    judged_on: Mapped[date]
    stock: Mapped[int | None]
    planned: Mapped[Decimal]
    back_under_on: Mapped[date | None]
    off_track: Mapped[bool]
    under_standard: Mapped[bool]
    at: Mapped[datetime]


class ExtensionRow(Base):
    """A later end that somebody asked for, and what became of it. Its id is the command's; one waits at a time."""

    __tablename__ = "operation_extensions"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (status = 'waiting')", name="decided"),
        CheckConstraint("status IN ('waiting', 'granted', 'refused', 'lapsed')", name="status"),
        CheckConstraint("decided_by <> asked_by OR status = 'lapsed'", name="decided_by_another"),
        CheckConstraint("from_on < until", name="later"),
        Index(
            "uq_operation_extensions_waiting", "operation_id", unique=True, postgresql_where=text("status = 'waiting'")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operations.case_id"))
    from_on: Mapped[date]
    until: Mapped[date]
    reason: Mapped[str]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="waiting")
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    refusal: Mapped[str | None]


class PayFileRow(Base):
    """A version of the pay file, sealed under the case's key; `slips` are the lines that it was made of, sealed too.

    `sha256` is that of the file as payroll gets it, which the validators name. `slips`, `cents` and `days` are all that
    is owed; the file says what of it is to be paid beyond `since_version`, the last that both had validated.
    `entered_by` have entered rates and minutes that it is made of, and do not validate it.
    """

    __tablename__ = "pay_files"

    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operations.case_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    since_version: Mapped[int | None]
    sha256: Mapped[str]
    file: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    slips: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    paid: Mapped[list[UUID]]
    entered_by: Mapped[list[UUID]] = mapped_column(server_default=text("'{}'"))
    cents: Mapped[int]
    days: Mapped[int]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    void_at: Mapped[datetime | None]
    void_because: Mapped[str | None]


class PayValidationRow(Base):
    """One of the two validators lets the very file go: neither whoever made it, nor anybody whom it pays."""

    __tablename__ = "pay_validations"
    __table_args__ = (
        ForeignKeyConstraint(
            ["operation_id", "version"], ["pay_files.operation_id", "pay_files.version"], name="fk_pay_validations_file"
        ),
        UniqueConstraint("operation_id", "version", "link"),
    )

    operation_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    link: Mapped[int]
    sha256: Mapped[str]
    at: Mapped[datetime]


class OperationReportRow(Base):
    """The closing report as it was when the operation was closed, sealed under its key; the journal has its hash."""

    __tablename__ = "operation_reports"

    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operations.case_id"), primary_key=True)
    content_hash: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime]
