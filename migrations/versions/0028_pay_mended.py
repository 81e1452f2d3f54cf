"""Pay mended: a pay file pays what is owed beyond the last version that both have validated, and names that version."""

import sqlalchemy as sa
from alembic import op

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
        OR ROW (NEW.operation_id, NEW.version, NEW.since_version, NEW.sha256, NEW.file, NEW.slips, NEW.paid, NEW.cents,
            NEW.days, NEW.made_by, NEW.made_at)
        IS DISTINCT FROM ROW (OLD.operation_id, OLD.version, OLD.since_version, OLD.sha256, OLD.file, OLD.slips,
            OLD.paid, OLD.cents, OLD.days, OLD.made_by, OLD.made_at)
        OR (SELECT count(*) FROM pay_validations WHERE operation_id = NEW.operation_id AND version = NEW.version) >= 2
    THEN
        RAISE EXCEPTION 'a pay file stays as it was made, and one that two people have validated for good'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'pay_file_stays';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Files of before this paid all from the first day on: they name no earlier version, and stay as they are."""
    op.add_column("pay_files", sa.Column("since_version", sa.BigInteger(), nullable=True))
    op.execute(PAY_FILE_PAYS_THE_REST)
    op.execute(PAY_FILE_STAYS)
    op.execute(
        "CREATE TRIGGER pay_file_pays_the_rest BEFORE INSERT ON pay_files "
        "FOR EACH ROW EXECUTE FUNCTION pay_file_pays_the_rest()"
    )
