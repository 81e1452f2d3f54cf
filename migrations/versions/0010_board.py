"""The managers' board reads what is open, what ended and what was decided lately, each from an index of its own."""

from alembic import op
from sqlalchemy import text

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OPEN_DEADLINE = "met_at IS NULL AND cancelled_at IS NULL"


def upgrade() -> None:
    """All are partial: they grow with what is open, or hold a few bytes of each row that a date is looked up by."""
    op.create_index(
        "ix_cases_open",
        "cases",
        ["pole", "state", "received_on"],
        postgresql_include=["id", "owner_id"],
        postgresql_where=text("ended_at IS NULL"),
    )
    op.create_index("ix_cases_ended", "cases", ["ended_at"], postgresql_where=text("ended_at IS NOT NULL"))
    op.create_index("ix_complaints_about", "complaints", ["about_id"], postgresql_where=text("about_id IS NOT NULL"))
    op.drop_index("ix_deadlines_open", "deadlines")
    op.create_index(
        "ix_deadlines_open",
        "deadlines",
        ["due_at", "id"],
        postgresql_include=["name", "case_id"],
        postgresql_where=text(OPEN_DEADLINE),
    )
    op.create_index(
        "ix_deadlines_answered",
        "deadlines",
        ["met_at"],
        postgresql_include=["due_at", "case_id"],
        postgresql_where=text("name = 'answer' AND met_at IS NOT NULL"),
    )
    op.create_index(
        "ix_tasks_open_held",
        "tasks",
        ["offered_to", "claimed_by"],
        postgresql_include=["due_at", "case_id"],
        postgresql_where=text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_tasks_unblock", "tasks", ["case_id"], postgresql_where=text("closed_at IS NULL AND kind = 'unblock'")
    )
    op.create_index(
        "ix_tasks_claimed",
        "tasks",
        ["claimed_at"],
        postgresql_where=text("closed_at IS NULL AND claimed_by IS NOT NULL"),
    )
    op.create_index(
        "ix_commands_decided",
        "commands",
        ["decided_wall"],
        postgresql_include=["order"],
        postgresql_where=text("decided_wall IS NOT NULL"),
    )
