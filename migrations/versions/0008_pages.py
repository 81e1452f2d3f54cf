"""Pages: sessions of browsers beside the tokens of programs, and what people are in the middle of writing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tokens that are out are those of programs; drafts begin empty."""
    op.add_column("tokens", sa.Column("use", sa.Text(), nullable=False, server_default=sa.text("'api'")))
    op.create_check_constraint("use", "tokens", "use IN ('api', 'pages')")
    op.create_table(
        "drafts",
        sa.Column("person_id", sa.UUID(), sa.ForeignKey("staff.id", name="fk_drafts_person_id"), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("typed", postgresql.JSONB(), nullable=False),
        sa.Column("saved_wall", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "form", name="pk_drafts"),
    )
    op.create_index("ix_drafts_saved_wall", "drafts", ["saved_wall"])
