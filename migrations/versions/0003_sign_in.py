"""Signing in: attempts are counted, tokens go idle and end with the account's rights, absences are recorded once."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

END_TOKENS = """
CREATE FUNCTION end_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM tokens WHERE person_id = NEW.id;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    """Count attempts in buckets; end the tokens of whoever leaves, or has another password or other roles."""
    op.create_table(
        "sign_in_counts",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("bucket", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("last_wall", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until_wall", sa.DateTime(timezone=True), nullable=True),
        sa.Column("known_until_wall", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_sign_in_counts_not_negative")),
        sa.CheckConstraint("kind IN ('login', 'address', 'both')", name=op.f("ck_sign_in_counts_kind")),
        sa.PrimaryKeyConstraint("kind", "bucket", name=op.f("pk_sign_in_counts")),
    )
    op.create_index(op.f("ix_sign_in_counts_last_wall"), "sign_in_counts", ["last_wall"], unique=False)
    op.execute("DELETE FROM tokens")  # whoever was signed in signs in again
    op.add_column("tokens", sa.Column("used_wall", sa.DateTime(timezone=True), nullable=False))
    op.execute(END_TOKENS)
    op.execute(
        "CREATE TRIGGER end_tokens AFTER UPDATE ON staff FOR EACH ROW "
        "WHEN ((OLD.password_hash, OLD.active, OLD.roles) IS DISTINCT FROM (NEW.password_hash, NEW.active, NEW.roles)) "
        "EXECUTE FUNCTION end_tokens()"
    )
    op.add_column("absences", sa.Column("idempotency_key", sa.Text(), nullable=True))
    op.add_column("absences", sa.Column("body_hash", sa.LargeBinary(), nullable=True))
    op.create_unique_constraint(
        op.f("uq_absences_recorded_by_idempotency_key"), "absences", ["recorded_by", "idempotency_key"]
    )
