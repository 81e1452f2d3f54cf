"""Letters that may have left twice are counted without reading all the others."""

from alembic import op
from sqlalchemy import text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """They are few: an index of them alone."""
    op.create_index(
        "ix_letters_doubles", "letters", ["possible_doubles"], postgresql_where=text("possible_doubles > 0")
    )
