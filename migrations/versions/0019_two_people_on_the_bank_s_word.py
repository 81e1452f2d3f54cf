"""What the bank has is rejected or withdrawn on the word of two people, never of one."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0014"
branch_labels = None
depends_on = None

SECOND_LOOK_IS_SEPARATE = """
CREATE FUNCTION second_look_is_separate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM bank_reports
        WHERE id = NEW.answer_id AND payment_id = NEW.payment_id AND received_by <> NEW.looked_by
    ) THEN
        RAISE EXCEPTION 'what is told of the bank is confirmed by somebody who has not told it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'second_look_is_separate';
    END IF;
    RETURN NEW;
END $$
"""

INSTRUCTION_IS_FINAL = """
CREATE OR REPLACE FUNCTION instruction_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    p record;
BEGIN
    IF ROW (NEW.id, NEW.payment_id, NEW.position, NEW.claim_id, NEW.end_to_end_id, NEW.amount_cents, NEW.iban,
            NEW.iban_hash, NEW.name, NEW.instructed_at)
        IS DISTINCT FROM
        ROW (OLD.id, OLD.payment_id, OLD.position, OLD.claim_id, OLD.end_to_end_id, OLD.amount_cents, OLD.iban,
            OLD.iban_hash, OLD.name, OLD.instructed_at)
    THEN
        RAISE EXCEPTION 'of an order only its outcome changes'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'instruction_unchanged';
    END IF;
    IF OLD.status <> 'instructed' THEN
        RAISE EXCEPTION 'an order that is paid, rejected or withdrawn stays so'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'instruction_final';
    END IF;
    SELECT handed_over_at, cancelled_at INTO p FROM payments WHERE case_id = NEW.payment_id;
    IF NEW.status IN ('paid', 'rejected') AND p.handed_over_at IS NULL
        OR NEW.status = 'withdrawn' AND p.handed_over_at IS NULL AND p.cancelled_at IS NULL
    THEN
        RAISE EXCEPTION 'the bank answers a file that it has, and an order is withdrawn with its whole batch'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'instruction_outcome';
    END IF;
    IF NEW.status IN ('rejected', 'withdrawn') AND p.handed_over_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM second_looks WHERE payment_id = NEW.payment_id AND at = NEW.decided_at
    ) THEN
        RAISE EXCEPTION 'an order that the bank has is rejected or withdrawn on the word of two people'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'instruction_second_look';
    END IF;
    RETURN NEW;
END $$
"""
"""As before, and: at the very instant of a second look. What was rejected would be paid once more."""


def upgrade() -> None:
    """New tables, and the rules on them."""
    _keep_second_looks()
    op.execute(INSTRUCTION_IS_FINAL)


def _keep_second_looks() -> None:
    op.create_table(
        "second_looks",
        sa.Column("answer_id", sa.UUID(), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=False),
        sa.Column("given_by", sa.UUID(), nullable=False),
        sa.Column("looked_by", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("looked_by <> given_by", name=op.f("ck_second_looks_two_people")),
        sa.ForeignKeyConstraint(["given_by"], ["staff.id"], name=op.f("fk_second_looks_given_by")),
        sa.ForeignKeyConstraint(["looked_by"], ["staff.id"], name=op.f("fk_second_looks_looked_by")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.case_id"], name=op.f("fk_second_looks_payment_id")),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_second_looks")),
    )
    op.create_index(op.f("ix_second_looks_payment_id_at"), "second_looks", ["payment_id", "at"])
    op.execute(SECOND_LOOK_IS_SEPARATE)
    op.execute(
        "CREATE TRIGGER second_look_is_separate BEFORE INSERT ON second_looks FOR EACH ROW "
        "EXECUTE FUNCTION second_look_is_separate()"
    )
    op.execute(
        "CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON second_looks "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
