"""Administration: provisional passwords, absences that are cancelled, the ledger of accounts, kept examinations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New columns and tables; what is done to accounts is written once."""
    op.add_column(
        "staff", sa.Column("password_provisional", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("absences", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    _keep_a_ledger()
    _keep_examinations()
    op.create_index(
        "ix_staff_messages_doubles",
        "staff_messages",
        ["possible_doubles"],
        postgresql_where=sa.text("possible_doubles > 0"),
    )


def _keep_a_ledger() -> None:
    op.create_table(
        "administration_log",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("order", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.UUID(), nullable=True),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.Column("consequences", postgresql.JSONB(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["staff.id"], name=op.f("fk_administration_log_actor_id")),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name=op.f("fk_administration_log_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administration_log")),
        sa.UniqueConstraint("order", name=op.f("uq_administration_log_order")),
        sa.UniqueConstraint("actor_id", "idempotency_key", name=op.f("uq_administration_log_actor_id_idempotency_key")),
    )
    op.create_index(op.f("ix_administration_log_person_id_order"), "administration_log", ["person_id", "order"])
    op.execute(
        "CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON administration_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _keep_examinations() -> None:
    op.create_table(
        "examinations",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.UUID(), nullable=True),
        sa.Column("began_wall", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_wall", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_wall", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cases", sa.BigInteger(), nullable=False),
        sa.Column("mending", sa.Boolean(), nullable=False),
        sa.Column("findings", postgresql.JSONB(), nullable=False),
        sa.Column("at_work", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.CheckConstraint("origin IN ('api', 'command_line')", name=op.f("ck_examinations_origin")),
        sa.CheckConstraint("failure IS NULL OR ended_wall IS NOT NULL", name=op.f("ck_examinations_failed_at_its_end")),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_examinations_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_examinations")),
    )
    op.create_index(
        "uq_examinations_running",
        "examinations",
        ["origin"],
        unique=True,
        postgresql_where=sa.text("ended_wall IS NULL"),
    )
    op.create_index(op.f("ix_examinations_ended_wall"), "examinations", ["ended_wall"])
