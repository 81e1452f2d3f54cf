"""The point of a day says which evening it judged: of what our register counts, that of the working day before."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Points that were taken before had judged the evening of their own day."""
    op.add_column("daily_points", sa.Column("judged_on", sa.Date(), nullable=True))
    op.execute("ALTER TABLE daily_points DISABLE TRIGGER written_once")
    op.execute("UPDATE daily_points SET judged_on = day")
    op.execute("ALTER TABLE daily_points ENABLE TRIGGER written_once")
    op.alter_column("daily_points", "judged_on", nullable=False)
    op.create_check_constraint(op.f("ck_daily_points_judged"), "daily_points", "judged_on <= day")
