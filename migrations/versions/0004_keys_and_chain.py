"""Keys of the register's own, a chained journal with its checkpoints, and sealed letters.

A migration has no keys: what is there already is chained and sealed afterwards, by `echeance keys seal`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEPT_KEYS_STAY = """
CREATE FUNCTION refuse_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a key is written once and never deleted: without it, what it sealed or chained says nothing'
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'a case is erased by emptying its key';
END $$
"""


def upgrade() -> None:
    """New tables, new columns, and the guards of what is written once."""
    _keep_keys()
    _chain_the_journal()
    _keep_checkpoints()
    op.add_column("letters", sa.Column("sealed", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index("ix_letters_clear", "letters", ["id"], postgresql_where=sa.text("pdf IS NOT NULL AND NOT sealed"))


def _keep_keys() -> None:
    op.create_table(
        "kept_keys",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=True),
        sa.Column("wrapped_by", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("made_at_wall", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_wall", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('case', 'journal')", name=op.f("ck_kept_keys_purpose")),
        sa.CheckConstraint("(purpose = 'case') = (case_id IS NOT NULL)", name=op.f("ck_kept_keys_of_a_case")),
        sa.CheckConstraint("(wrapped IS NULL) = (erased_at IS NOT NULL)", name=op.f("ck_kept_keys_kept_or_erased")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_kept_keys_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_keys")),
    )
    op.create_index(
        "uq_kept_keys_case_id", "kept_keys", ["case_id"], unique=True, postgresql_where=sa.text("purpose = 'case'")
    )
    op.create_index(
        "uq_kept_keys_active",
        "kept_keys",
        ["purpose"],
        unique=True,
        postgresql_where=sa.text("purpose = 'journal' AND retired_wall IS NULL"),
    )
    op.create_index(
        "ix_kept_keys_wrapped_by",
        "kept_keys",
        ["wrapped_by", "id"],
        postgresql_where=sa.text("wrapped IS NOT NULL"),
    )
    op.execute(KEPT_KEYS_STAY)
    op.execute(
        "CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON kept_keys "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion()"
    )


def _chain_the_journal() -> None:
    op.add_column("cases", sa.Column("head", sa.LargeBinary(), nullable=True))
    op.add_column("cases", sa.Column("checkpointed", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.create_index("ix_cases_grown", "cases", ["id"], postgresql_where=sa.text("lines <> checkpointed"))
    op.add_column("journal", sa.Column("private", sa.LargeBinary(), nullable=True))
    op.add_column("journal", sa.Column("mac", sa.LargeBinary(), nullable=True))
    op.add_column("journal", sa.Column("key_id", sa.UUID(), nullable=True))
    op.create_foreign_key(op.f("fk_journal_key_id"), "journal", "kept_keys", ["key_id"], ["id"])
    op.create_check_constraint(op.f("ck_journal_chained_with_a_key"), "journal", "(mac IS NULL) = (key_id IS NULL)")


def _keep_checkpoints() -> None:
    op.create_table(
        "checkpoints",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.UUID(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["kept_keys.id"], name=op.f("fk_checkpoints_key_id")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_checkpoints")),
    )
    op.create_table(
        "checkpoint_heads",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", "case_id", name=op.f("pk_checkpoint_heads")),
    )
    op.create_index(op.f("ix_checkpoint_heads_case_id_line"), "checkpoint_heads", ["case_id", "line"])
    for table in ("checkpoints", "checkpoint_heads"):
        op.execute(
            f"CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
