"""Pay mended: a pay file pays what is owed beyond the last version that both have validated, and names that version."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

PAY_FILE_PAYS_THE_REST = """
CREATE FUNCTION pay_file_pays_the_rest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.since_version IS DISTINCT FROM (
        SELECT max(f.version) FROM pay_files f
        WHERE f.operation_id = NEW.operation_id
          AND (SELECT count(DISTINCT v.person_id) FROM pay_validations v
               WHERE v.operation_id = f.operation_id AND v.version = f.version) >= 2
    ) THEN
        RAISE EXCEPTION 'a pay file pays what is owed beyond the last version that two people have validated'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'pay_file_pays_the_rest';
    END IF;
    RETURN NEW;
END $$
"""

PAY_FILE_STAYS = """
CREATE OR REPLACE FUNCTION pay_file_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.void_at IS NOT NULL
        OR ROW (NEW.operation_id, NEW.version, NEW.since_version, NEW.sha256, NEW.file, NEW.slips, NEW.paid,
            NEW.entered_by, NEW.cents, NEW.days, NEW.made_by, NEW.made_at)
        IS DISTINCT FROM ROW (OLD.operation_id, OLD.version, OLD.since_version, OLD.sha256, OLD.file, OLD.slips,
            OLD.paid, OLD.entered_by, OLD.cents, OLD.days, OLD.made_by, OLD.made_at)
        OR (SELECT count(*) FROM pay_validations WHERE operation_id = NEW.operation_id AND version = NEW.version) >= 2
    THEN
        RAISE EXCEPTION 'a pay file stays as it was made, and one that two people have validated for good'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'pay_file_stays';
    END IF;
    RETURN NEW;
END $$
"""

PAY_IS_VALIDATED_BY_ANOTHER = """
CREATE OR REPLACE FUNCTION pay_is_validated_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pay_files f
        WHERE f.operation_id = NEW.operation_id AND f.version = NEW.version AND f.sha256 = NEW.sha256
          AND f.void_at IS NULL AND f.made_by <> NEW.person_id AND NOT NEW.person_id = ANY (f.paid)
          AND NOT NEW.person_id = ANY (f.entered_by)
    ) OR EXISTS (
        SELECT FROM pay_files f
        JOIN operation_sessions s ON s.operation_id = f.operation_id
        JOIN attendances t ON t.session_id = s.id AND t.person_id = ANY (f.paid)
        WHERE f.operation_id = NEW.operation_id AND f.version = NEW.version AND t.entered_by = NEW.person_id
    ) OR EXISTS (
        SELECT FROM pay_files f JOIN volunteers v ON v.person_id = ANY (f.paid)
        WHERE f.operation_id = NEW.operation_id AND f.version = NEW.version AND v.entered_by = NEW.person_id
          AND v.entered_at <= f.made_at
    ) THEN
        RAISE EXCEPTION 'the very pay file is validated by somebody who neither made it, nor its parts, nor is paid'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'pay_is_validated_by_another';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Files of before this paid all from the first day on: they name no earlier version, and stay as they are."""
    op.add_column("pay_files", sa.Column("since_version", sa.BigInteger(), nullable=True))
    nobody = sa.text("'{}'")
    op.add_column(
        "pay_files", sa.Column("entered_by", postgresql.ARRAY(sa.UUID()), server_default=nobody, nullable=False)
    )
    for function in (PAY_FILE_PAYS_THE_REST, PAY_FILE_STAYS, PAY_IS_VALIDATED_BY_ANOTHER):
        op.execute(function)
    op.execute(
        "CREATE TRIGGER pay_file_pays_the_rest BEFORE INSERT ON pay_files "
        "FOR EACH ROW EXECUTE FUNCTION pay_file_pays_the_rest()"
    )
