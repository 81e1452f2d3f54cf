"""Members and beneficiaries are found by the words of their names; orders to the bank by what became of them."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("members", "beneficiaries")


def upgrade() -> None:
    """The same words as those of complainants; each index holds what `db.queries.search.named` asks."""
    for table in TABLES:
        op.execute(
            f"CREATE INDEX ix_{table}_names ON {table} "
            "USING gin (to_tsvector('public.names', public.spaced(name || ' ' || number)))"
        )
    op.create_index("ix_instructions_status", "instructions", ["status", "decided_at", "claim_id"])


def downgrade() -> None:
    """Without them every name, and every order, is read."""
    op.drop_index("ix_instructions_status", "instructions")
    for table in TABLES:
        op.drop_index(f"ix_{table}_names", table)
