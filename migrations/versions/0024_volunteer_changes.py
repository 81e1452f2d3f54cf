"""What was known of volunteers' hours and pay before it was changed, and by whom; files of volunteers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BEFORE = (
    "kind IN ('members', 'contracts', 'contributions', 'ibans', 'providers', 'guarantees', 'staff', 'claims', "
    "'figures')"
)
IMPORTED = BEFORE.replace("'figures'", "'figures', 'volunteers'")
KNOWN_ALREADY = """
INSERT INTO volunteer_changes (person_id, at, by_id, after)
SELECT person_id, entered_at, entered_by, jsonb_build_object(
    'contract_minutes', contract_minutes, 'hourly_cents', hourly_cents, 'timetable', timetable)
FROM volunteers ORDER BY entered_at, person_id
"""


def upgrade() -> None:
    """What is known already is where each history begins; a history is written once."""
    op.create_table(
        "volunteer_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.UUID(), nullable=True),
        sa.Column("import_id", sa.UUID(), nullable=True),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_volunteer_changes_by_id")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_volunteer_changes_import_id")),
        sa.ForeignKeyConstraint(["person_id"], ["volunteers.person_id"], name=op.f("fk_volunteer_changes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_changes")),
    )
    op.create_index(op.f("ix_volunteer_changes_person_id_id"), "volunteer_changes", ["person_id", "id"])
    op.execute(KNOWN_ALREADY)
    op.execute(
        "CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON volunteer_changes "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.drop_constraint(op.f("ck_imports_kind"), "imports", type_="check")
    op.create_check_constraint(op.f("ck_imports_kind"), "imports", IMPORTED)
