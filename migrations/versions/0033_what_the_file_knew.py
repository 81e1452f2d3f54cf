"""Whoever validates a pay file is judged by what that file knew, not by what was entered after it; and terms are never
deleted, whoever writes to the register."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

# Which terms held in a week: those that begin by its Sunday (or the first of all), and are not replaced by its Monday.
# Attendances entered after the file are none of its weeks: nobody is kept out for them.
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
        JOIN attendances t ON t.session_id = s.id AND t.person_id = ANY (f.paid) AND t.entered_at <= f.made_at
        WHERE f.operation_id = NEW.operation_id AND f.version = NEW.version AND t.entered_by = NEW.person_id
    ) OR EXISTS (
        SELECT FROM pay_files f
        JOIN operation_sessions s ON s.operation_id = f.operation_id
        JOIN attendances t ON t.session_id = s.id AND t.person_id = ANY (f.paid) AND t.entered_at <= f.made_at
        JOIN volunteer_changes c ON c.person_id = t.person_id
        WHERE f.operation_id = NEW.operation_id AND f.version = NEW.version
          AND c.by_id = NEW.person_id AND c.at <= f.made_at
          AND (
            coalesce(c.from_on, '-infinity') <= date_trunc('week', s.day)::date + 6
            OR NOT EXISTS (
                SELECT FROM volunteer_terms e
                WHERE e.person_id = c.person_id AND coalesce(e.from_on, '-infinity') < c.from_on
            )
          )
          AND NOT EXISTS (
            SELECT FROM volunteer_terms n
            WHERE n.person_id = c.person_id AND n.from_on > coalesce(c.from_on, '-infinity')
              AND n.from_on <= date_trunc('week', s.day)::date
          )
    ) THEN
        RAISE EXCEPTION 'the very pay file is validated by somebody who neither made it, nor its parts, nor is paid'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'pay_is_validated_by_another';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Two rules; no row changes."""
    op.execute(PAY_IS_VALIDATED_BY_ANOTHER)
    op.execute(
        "CREATE TRIGGER written_once BEFORE DELETE OR TRUNCATE ON volunteer_terms "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
