"""Delegates, and their people: nobody is on both sides."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ROLES = "ARRAY['delegate_user', 'delegate_director']"


def upgrade() -> None:
    """Whoever had a delegate's role without a delegate could do nothing, and keeps none."""
    op.create_table(
        "delegates",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("broker", sa.Boolean(), nullable=False),
        sa.Column("contracts", ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_delegates"),
        sa.CheckConstraint("code ~ '^[A-Z][A-Z0-9]{1,19}$'", name="ck_delegates_code"),
    )
    op.add_column("staff", sa.Column("delegate", sa.Text(), nullable=True))
    op.create_foreign_key("fk_staff_delegate_delegates", "staff", "delegates", ["delegate"], ["code"])
    op.create_index("ix_staff_delegate", "staff", ["delegate"], postgresql_where=sa.text("delegate IS NOT NULL"))
    op.execute("UPDATE staff SET roles = array_remove(roles, 'delegate_user') WHERE 'delegate_user' = ANY (roles)")
    op.create_check_constraint("of_a_delegate", "staff", f"delegate IS NULL OR (pole IS NULL AND roles <@ {ROLES})")
    op.create_check_constraint("of_the_insurer", "staff", f"delegate IS NOT NULL OR NOT roles && {ROLES}")


def downgrade() -> None:
    """Their people stay, without roles of a delegate's."""
    op.drop_constraint("ck_staff_of_the_insurer", "staff", type_="check")
    op.drop_constraint("ck_staff_of_a_delegate", "staff", type_="check")
    op.execute("UPDATE staff SET roles = '{}' WHERE delegate IS NOT NULL")
    op.drop_column("staff", "delegate")
    op.drop_table("delegates")
