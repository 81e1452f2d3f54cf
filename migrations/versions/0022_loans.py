"""Cases lent to the volunteers of a backlog operation, and what was dispatched when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

LOAN_STAYS = """
CREATE FUNCTION loan_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR (OLD.lent_at IS NOT NULL AND NEW.lent_at IS DISTINCT FROM OLD.lent_at) THEN
        RAISE EXCEPTION 'a loan is lent once and ends once'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'loan_ends_once';
    END IF;
    IF ROW (NEW.id, NEW.case_id, NEW.person_id, NEW.operation_id, NEW.session_id, NEW.asked_at)
        IS DISTINCT FROM ROW (OLD.id, OLD.case_id, OLD.person_id, OLD.operation_id, OLD.session_id, OLD.asked_at)
    THEN
        RAISE EXCEPTION 'a loan stays whose it is'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'loan_unchanged';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Two tables, and the rule that a loan ends once."""
    _keep_loans()
    _keep_dispatches()
    op.execute(LOAN_STAYS)
    op.execute("CREATE TRIGGER loan_stays BEFORE UPDATE ON loans FOR EACH ROW EXECUTE FUNCTION loan_stays()")
    op.execute(
        "CREATE TRIGGER written_once BEFORE DELETE OR TRUNCATE ON loans "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON dispatches "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _keep_loans() -> None:
    op.create_table(
        "loans",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("operation_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (why IS NULL)", name=op.f("ck_loans_ended")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_loans_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name=op.f("fk_loans_person_id")),
        sa.ForeignKeyConstraint(["operation_id"], ["operations.case_id"], name=op.f("fk_loans_operation_id")),
        sa.ForeignKeyConstraint(["session_id"], ["operation_sessions.id"], name=op.f("fk_loans_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans")),
    )
    live = sa.text("lent_at IS NOT NULL AND ended_at IS NULL")
    op.create_index("uq_loans_live", "loans", ["case_id"], unique=True, postgresql_where=live)
    not_ended = sa.text("ended_at IS NULL")
    op.create_index("ix_loans_case", "loans", ["case_id"], postgresql_where=not_ended)
    op.create_index("ix_loans_person", "loans", ["person_id"], postgresql_where=not_ended)
    op.create_index("ix_loans_operation", "loans", ["operation_id", "session_id"])


def _keep_dispatches() -> None:
    op.create_table(
        "dispatches",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("operation_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("given", sa.BigInteger(), nullable=False),
        sa.Column("left_over", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("by_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("given >= 0", name=op.f("ck_dispatches_given")),
        sa.ForeignKeyConstraint(["operation_id"], ["operations.case_id"], name=op.f("fk_dispatches_operation_id")),
        sa.ForeignKeyConstraint(["session_id"], ["operation_sessions.id"], name=op.f("fk_dispatches_session_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_dispatches_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatches")),
    )
    op.create_index("ix_dispatches_operation", "dispatches", ["operation_id", "at"])
