"""Names are found by a part of them, whatever the accents and capitals; lists by state and by owner stay short."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PLAIN = """
CREATE FUNCTION plain(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT lower(public.unaccent('public.unaccent', words)) $$
"""


def upgrade() -> None:
    """Words without accents and capitals, the trigrams of a complainant's name, and the order of two lists."""
    op.execute("CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public")
    op.execute(PLAIN)
    op.execute(
        "CREATE INDEX ix_complaints_complainant ON complaints USING gin (plain(complainant_name) public.gin_trgm_ops)"
    )
    op.create_index("ix_cases_list_state", "cases", ["procedure", "state", "received_on", "id"])
    op.create_index("ix_cases_list_owner", "cases", ["owner_id", "received_on", "id"])
