"""The closing report of an operation is kept when it is closed, sealed, once and for ever."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table; what is in it stays."""
    op.create_table(
        "operation_reports",
        sa.Column("operation_id", sa.UUID(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operations.case_id"], name=op.f("fk_operation_reports_operation_id_operations")
        ),
        sa.PrimaryKeyConstraint("operation_id", name=op.f("pk_operation_reports")),
    )
    op.execute(
        "CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON operation_reports "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
