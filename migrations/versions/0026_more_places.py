"""A session that is to come can be given more places, never fewer."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

SESSION_STAYS = """
CREATE OR REPLACE FUNCTION session_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW (NEW.id, NEW.operation_id, NEW.number, NEW.day, NEW.spans, NEW.minutes, NEW.no_show, NEW.skill,
            NEW.added_at, coalesce(OLD.dropped_at, NEW.dropped_at), coalesce(OLD.entered_at, NEW.entered_at),
            coalesce(OLD.entered_by, NEW.entered_by))
        IS DISTINCT FROM
        ROW (OLD.id, OLD.operation_id, OLD.number, OLD.day, OLD.spans, OLD.minutes, OLD.no_show, OLD.skill,
            OLD.added_at, NEW.dropped_at, NEW.entered_at, NEW.entered_by)
        OR NEW.places < OLD.places
        OR (NEW.places > OLD.places AND (OLD.dropped_at IS NOT NULL OR OLD.entered_at IS NOT NULL))
    THEN
        RAISE EXCEPTION 'a session stays as people have signed up for it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'session_stays';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """More places of a session that is neither held nor dropped."""
    op.execute(SESSION_STAYS)
