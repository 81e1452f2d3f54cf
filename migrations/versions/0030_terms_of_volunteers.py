"""What is entered about a volunteer holds from a day on: weeks of the past are paid and judged by what held then."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ALWAYS_HELD = """
INSERT INTO volunteer_terms (person_id, contract_minutes, hourly_cents, timetable, entered_by, entered_at)
SELECT person_id, contract_minutes, hourly_cents, timetable, entered_by, entered_at FROM volunteers ORDER BY person_id
"""

VOLUNTEER_HAS_TERMS = """
CREATE FUNCTION volunteer_has_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM volunteer_terms t WHERE t.person_id = NEW.person_id) THEN
        RAISE EXCEPTION 'a volunteer is somebody of whose work something is known'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'volunteer_has_terms';
    END IF;
    RETURN NEW;
END $$
"""

TERMS_STAY_SOMEBODY_S = """
CREATE FUNCTION terms_stay_somebody_s() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW (NEW.person_id, NEW.from_on) IS DISTINCT FROM ROW (OLD.person_id, OLD.from_on) THEN
        RAISE EXCEPTION 'terms are corrected, their person and their first day stay'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'terms_stay_somebody_s';
    END IF;
    RETURN NEW;
END $$
"""

# Which terms held in a week: those that begin by its Sunday (or the first of all), and are not replaced by its Monday.
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
        SELECT FROM pay_files f
        JOIN operation_sessions s ON s.operation_id = f.operation_id
        JOIN attendances t ON t.session_id = s.id AND t.person_id = ANY (f.paid)
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
    """What is known has always held: that is how it was paid and judged so far."""
    _keep_terms()
    op.execute(ALWAYS_HELD)
    for name in ("contract_minutes", "hourly_cents", "timetable", "entered_by", "entered_at"):
        op.drop_column("volunteers", name)
    op.add_column("volunteer_changes", sa.Column("from_on", sa.Date(), nullable=True))
    for function in (VOLUNTEER_HAS_TERMS, TERMS_STAY_SOMEBODY_S, PAY_IS_VALIDATED_BY_ANOTHER):
        op.execute(function)
    op.execute(
        "CREATE CONSTRAINT TRIGGER volunteer_has_terms AFTER INSERT ON volunteers DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION volunteer_has_terms()"
    )
    op.execute(
        "CREATE TRIGGER terms_stay_somebody_s BEFORE UPDATE ON volunteer_terms "
        "FOR EACH ROW EXECUTE FUNCTION terms_stay_somebody_s()"
    )


def _keep_terms() -> None:
    op.create_table(
        "volunteer_terms",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("contract_minutes", sa.BigInteger(), nullable=False),
        sa.Column("hourly_cents", sa.BigInteger(), nullable=False),
        sa.Column("timetable", postgresql.JSONB(), nullable=False),
        sa.Column("entered_by", sa.UUID(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "contract_minutes > 0 AND contract_minutes <= 2880", name=op.f("ck_volunteer_terms_contract_minutes")
        ),
        sa.CheckConstraint("hourly_cents > 0", name=op.f("ck_volunteer_terms_hourly_cents")),
        sa.ForeignKeyConstraint(["entered_by"], ["staff.id"], name=op.f("fk_volunteer_terms_entered_by")),
        sa.ForeignKeyConstraint(["person_id"], ["volunteers.person_id"], name=op.f("fk_volunteer_terms_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_terms")),
        sa.UniqueConstraint(
            "person_id",
            "from_on",
            name=op.f("uq_volunteer_terms_person_id_from_on"),
            postgresql_nulls_not_distinct=True,
        ),
    )
