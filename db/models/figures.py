"""Activities and their daily figures: what waits, what came, what was handled; who changed it; what the watch said."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, Numeric, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base

NUMBER = Numeric(18, 9)


class ActivityRow(Base):
    """An activity, under an id for life: renamed, it keeps its figures, and is found by its former names as well.

    `standard` is the days of work that may wait, `hours` those of a day's work, `minutes` those of a usual file,
    `staff` the usual full-time people. `procedure` names the one whose cases give its figures, live: nobody types
    them. `since` is the first day of which figures are wanted. A `secondary` activity is one that may be put aside, as
    was said in advance.
    """

    __tablename__ = "activities"
    __table_args__ = (
        CheckConstraint("id ~ '^[a-z][a-z0-9-]{1,39}$'", name="id"),
        CheckConstraint("kind IN ('files', 'calls')", name="kind"),
        CheckConstraint("procedure IN ('complaint', 'claim')", name="procedure"),
        CheckConstraint("standard > 0 AND minutes > 0 AND hours > 0 AND hours <= 24 AND staff >= 0", name="numbers"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    name_fr: Mapped[str]
    name_en: Mapped[str]
    former_names: Mapped[list[str]]
    kind: Mapped[str]
    standard: Mapped[Decimal] = mapped_column(NUMBER)
    hours: Mapped[Decimal] = mapped_column(NUMBER)
    minutes: Mapped[Decimal] = mapped_column(NUMBER)
    staff: Mapped[Decimal] = mapped_column(NUMBER)
    skill: Mapped[str | None]
    secondary: Mapped[bool]
    procedure: Mapped[str | None]
    since: Mapped[date]
    active: Mapped[bool]


class DailyFiguresRow(Base):
    """One activity on one day: what waits in the evening, what came in, what was handled, in how many minutes each.

    `planned` are the full-time people who should have been there, `present` those who were. Of an activity of the
    register's, stock, inflow and handled are not kept here: its cases say them.
    """

    __tablename__ = "daily_figures"
    __table_args__ = (
        CheckConstraint("num_nulls(stock, inflow, handled) IN (0, 3)", name="counts"),
        CheckConstraint("stock >= 0 AND inflow >= 0 AND handled >= 0", name="not_below_zero"),
        CheckConstraint("minutes > 0 AND planned >= 0 AND present >= 0", name="numbers"),
        CheckConstraint("source IN ('typed', 'csv')", name="source"),
    )

    activity_id: Mapped[str] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    stock: Mapped[int | None]
    inflow: Mapped[int | None]
    handled: Mapped[int | None]
    minutes: Mapped[Decimal] = mapped_column(NUMBER)
    planned: Mapped[Decimal] = mapped_column(NUMBER)
    present: Mapped[Decimal] = mapped_column(NUMBER)
    source: Mapped[str]
    at: Mapped[datetime]


class FigureChange(Base):
    """What was there before and after, once and for ever: of one day's figures, or of the activity where `day` is null.

    `by_id` is null for whoever runs the programs.
    """

    __tablename__ = "figure_changes"
    __table_args__ = (Index(None, "activity_id", "day", "id"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    activity_id: Mapped[str] = mapped_column(ForeignKey("activities.id"))
    day: Mapped[date | None]
    at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("imports.id"))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any]]


class ActivityAlert(Base):
    """What the watch said of an activity: told once, until it is over. Of each kind one is open at a time.

    `days` are those that it is about, as they are now; `told_to`, who read of it in that morning's digest; `seen_by`,
    whoever of the direction has taken note of it.
    """

    __tablename__ = "activity_alerts"
    __table_args__ = (
        CheckConstraint("(seen_at IS NULL) = (seen_by IS NULL)", name="seen"),
        Index(None, "raised_at"),
        Index("uq_activity_alerts_open", "activity_id", "kind", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    activity_id: Mapped[str] = mapped_column(ForeignKey("activities.id"))
    kind: Mapped[str]
    days: Mapped[list[str]]
    told: Mapped[dict[str, Any]]
    raised_on: Mapped[date]
    raised_at: Mapped[datetime]
    told_to: Mapped[list[UUID]]
    ended_at: Mapped[datetime | None]
    seen_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    seen_at: Mapped[datetime | None]
