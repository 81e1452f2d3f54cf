"""Activities, their daily figures with the history of changes, and what the watch says of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BEFORE = "kind IN ('members', 'contracts', 'contributions', 'ibans', 'providers', 'guarantees', 'staff', 'claims')"
IMPORTED = BEFORE.replace("'claims'", "'claims', 'figures'")
NUMBER = sa.Numeric(18, 9)
ACTIVITY_STAYS = """
CREATE FUNCTION activity_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR ROW (NEW.id, NEW.kind, NEW.procedure) IS DISTINCT FROM ROW (OLD.id, OLD.kind, OLD.procedure)
        OR NOT NEW.former_names @> OLD.former_names
    THEN
        RAISE EXCEPTION 'an activity keeps its id, its kind and the names that it had'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'activity_stays';
    END IF;
    RETURN NEW;
END $$
"""
FIGURES_OF_ACTIVITY = """
CREATE FUNCTION figures_of_activity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.stock IS NULL) <> EXISTS (
        SELECT FROM activities a WHERE a.id = NEW.activity_id AND a.procedure IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'what the register counts is typed by nobody, and what it does not count is'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'figures_of_activity';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """The history is written once; an activity is never deleted."""
    _keep_activities()
    _keep_figures()
    _keep_history()
    _keep_alerts()
    op.drop_constraint(op.f("ck_imports_kind"), "imports", type_="check")
    op.create_check_constraint(op.f("ck_imports_kind"), "imports", IMPORTED)
    op.create_index("ix_cases_procedure_opened", "cases", ["procedure", "opened_at"])
    op.execute(
        "CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON figure_changes "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(ACTIVITY_STAYS)
    op.execute(
        "CREATE TRIGGER activity_stays BEFORE UPDATE OR DELETE ON activities "
        "FOR EACH ROW EXECUTE FUNCTION activity_stays()"
    )
    op.execute(FIGURES_OF_ACTIVITY)
    op.execute(
        "CREATE TRIGGER figures_of_activity BEFORE INSERT OR UPDATE ON daily_figures "
        "FOR EACH ROW EXECUTE FUNCTION figures_of_activity()"
    )


def _keep_activities() -> None:
    op.create_table(
        "activities",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name_fr", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("former_names", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("standard", NUMBER, nullable=False),
        sa.Column("hours", NUMBER, nullable=False),
        sa.Column("minutes", NUMBER, nullable=False),
        sa.Column("staff", NUMBER, nullable=False),
        sa.Column("skill", sa.Text(), nullable=True),
        sa.Column("secondary", sa.Boolean(), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id ~ '^[a-z][a-z0-9-]{1,39}$'", name=op.f("ck_activities_id")),
        sa.CheckConstraint("kind IN ('files', 'calls')", name=op.f("ck_activities_kind")),
        sa.CheckConstraint("procedure IN ('complaint', 'claim')", name=op.f("ck_activities_procedure")),
        sa.CheckConstraint(
            "standard > 0 AND minutes > 0 AND hours > 0 AND hours <= 24 AND staff >= 0",
            name=op.f("ck_activities_numbers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
    )


def _keep_figures() -> None:
    op.create_table(
        "daily_figures",
        sa.Column("activity_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stock", sa.BigInteger(), nullable=True),
        sa.Column("inflow", sa.BigInteger(), nullable=True),
        sa.Column("handled", sa.BigInteger(), nullable=True),
        sa.Column("minutes", NUMBER, nullable=False),
        sa.Column("planned", NUMBER, nullable=False),
        sa.Column("present", NUMBER, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("num_nulls(stock, inflow, handled) IN (0, 3)", name=op.f("ck_daily_figures_counts")),
        sa.CheckConstraint("stock >= 0 AND inflow >= 0 AND handled >= 0", name=op.f("ck_daily_figures_not_below_zero")),
        sa.CheckConstraint("minutes > 0 AND planned >= 0 AND present >= 0", name=op.f("ck_daily_figures_numbers")),
        sa.CheckConstraint("source IN ('typed', 'csv')", name=op.f("ck_daily_figures_source")),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_daily_figures_activity_id")),
        sa.PrimaryKeyConstraint("activity_id", "day", name=op.f("pk_daily_figures")),
    )


def _keep_history() -> None:
    op.create_table(
        "figure_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("activity_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.UUID(), nullable=True),
        sa.Column("import_id", sa.UUID(), nullable=True),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_figure_changes_activity_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_figure_changes_by_id")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_figure_changes_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_changes")),
    )
    op.create_index(op.f("ix_figure_changes_activity_id_day_id"), "figure_changes", ["activity_id", "day", "id"])


def _keep_alerts() -> None:
    op.create_table(
        "activity_alerts",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("activity_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("days", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("told", postgresql.JSONB(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_to", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.UUID(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(seen_at IS NULL) = (seen_by IS NULL)", name=op.f("ck_activity_alerts_seen")),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_activity_alerts_activity_id")),
        sa.ForeignKeyConstraint(["seen_by"], ["staff.id"], name=op.f("fk_activity_alerts_seen_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_alerts")),
    )
    op.create_index(
        "uq_activity_alerts_open",
        "activity_alerts",
        ["activity_id", "kind"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_activity_alerts_raised_at", "activity_alerts", ["raised_at"])
