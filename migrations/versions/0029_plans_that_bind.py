"""What was left to the code alone: who has written any plan never approves a later one, and an operation moves by its
steps."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

OPERATION_KEEPS_ITS_AUTHORS = """
CREATE FUNCTION operation_keeps_its_authors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO operation_authors (operation_id, plan_version, person_id)
    VALUES (NEW.case_id, NEW.plan_version, NEW.planned_by) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""

AUTHORS_THERE_ARE = """
INSERT INTO operation_authors (operation_id, plan_version, person_id)
SELECT case_id, 1, proposed_by FROM operations
UNION
SELECT case_id, plan_version, planned_by FROM operations
UNION
SELECT case_id, 1 + row_number() OVER (PARTITION BY case_id ORDER BY "order"), actor_id FROM commands
WHERE kind = 'replan' AND status = 'applied'
"""

OPERATION_IS_RIGHT = """
CREATE OR REPLACE FUNCTION operation_is_right() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('closed', 'refused', 'cancelled') THEN
        RAISE EXCEPTION 'an operation that has ended does not move any more'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'operation_has_ended';
    END IF;
    IF ROW (NEW.case_id, NEW.activity, NEW.objective, NEW.put_aside, NEW.proposed_by, NEW.proposed_at)
        IS DISTINCT FROM ROW (OLD.case_id, OLD.activity, OLD.objective, OLD.put_aside, OLD.proposed_by, OLD.proposed_at)
    THEN
        RAISE EXCEPTION 'an operation stays as it was proposed'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'operation_unchanged';
    END IF;
    IF OLD.state <> 'approving' AND ROW (NEW.plan, NEW.plan_version, NEW.plan_hash, NEW.planned_by, NEW.standard,
            NEW.hours, NEW.starts_on, NEW.budget_cents, NEW.back_under_on)
        IS DISTINCT FROM ROW (OLD.plan, OLD.plan_version, OLD.plan_hash, OLD.planned_by, OLD.standard,
            OLD.hours, OLD.starts_on, OLD.budget_cents, OLD.back_under_on)
    THEN
        RAISE EXCEPTION 'a plan changes while the directors have it, and then no more'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'operation_plan_approved';
    END IF;
    IF ROW (NEW.plan, NEW.plan_hash, NEW.planned_by, NEW.budget_cents)
        IS DISTINCT FROM ROW (OLD.plan, OLD.plan_hash, OLD.planned_by, OLD.budget_cents)
        AND NEW.plan_version <> OLD.plan_version + 1
    THEN
        RAISE EXCEPTION 'another plan is the next version, with whoever has written it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'operation_plan_version';
    END IF;
    IF OLD.state <> 'approving' AND NEW.ends_on <> OLD.ends_on AND NOT EXISTS (
        SELECT FROM operation_extensions e
        WHERE e.operation_id = NEW.case_id AND e.status = 'granted' AND e.until = NEW.ends_on
    ) THEN
        RAISE EXCEPTION 'an operation ends on the day that somebody else has granted'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'operation_extended';
    END IF;
    IF OLD.state IN ('proposed', 'approving') AND NEW.state NOT IN ('proposed', 'approving', 'refused', 'cancelled')
        AND (
        SELECT count(DISTINCT a.person_id) FROM operation_approvals a
        WHERE a.operation_id = NEW.case_id AND a.plan_version = NEW.plan_version AND a.plan_hash = NEW.plan_hash
          AND a.person_id <> NEW.proposed_by
          AND a.person_id NOT IN (SELECT h.person_id FROM operation_authors h WHERE h.operation_id = NEW.case_id)
    ) < 2 THEN
        RAISE EXCEPTION 'an operation is approved by two people, neither of whom has written any plan of it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'operation_needs_two';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('proposed', 'approving'), ('approving', 'planned'), ('approving', 'refused'), ('approving', 'cancelled'),
        ('planned', 'running'), ('planned', 'cancelled'), ('running', 'closing'), ('running', 'closed'),
        ('closing', 'closed')
    ) THEN
        RAISE EXCEPTION 'an operation goes from one step to the next'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'operation_takes_its_steps';
    END IF;
    IF NEW.state = 'closed' AND EXISTS (
        SELECT FROM attendances t JOIN operation_sessions s ON s.id = t.session_id
        WHERE s.operation_id = NEW.case_id AND t.minutes > 0
    ) AND NOT EXISTS (
        SELECT FROM pay_files f
        WHERE f.operation_id = NEW.case_id AND f.void_at IS NULL
          AND f.version = (SELECT max(version) FROM pay_files WHERE operation_id = NEW.case_id)
          AND (SELECT count(DISTINCT v.person_id) FROM pay_validations v
               WHERE v.operation_id = f.operation_id AND v.version = f.version AND v.sha256 = f.sha256) >= 2
    ) THEN
        RAISE EXCEPTION 'an operation is closed once its pay is validated by two people'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'operation_is_paid';
    END IF;
    RETURN NEW;
END $$
"""

OPERATION_APPROVAL_IS_ANOTHER_S = """
CREATE OR REPLACE FUNCTION operation_approval_is_another_s() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM operations o
        WHERE o.case_id = NEW.operation_id AND o.state = 'approving' AND o.plan_version = NEW.plan_version
          AND o.plan_hash = NEW.plan_hash AND NEW.person_id NOT IN (o.proposed_by, o.planned_by)
    ) OR EXISTS (
        SELECT FROM operation_authors h WHERE h.operation_id = NEW.operation_id AND h.person_id = NEW.person_id
    ) THEN
        RAISE EXCEPTION 'a plan is approved as it stands, by somebody who has written no plan of the operation'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'operation_approval_is_another_s';
    END IF;
    RETURN NEW;
END $$
"""

SIGN_UP_IS_OPEN = """
CREATE FUNCTION sign_up_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'given_back' AND NOT EXISTS (
        SELECT FROM operation_sessions s JOIN operations o ON o.case_id = s.operation_id
        WHERE s.id = NEW.session_id AND o.state IN ('planned', 'running')
    ) THEN
        RAISE EXCEPTION 'people sign up for an operation that is approved and has not ended'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sign_up_is_open';
    END IF;
    RETURN NEW;
END $$
"""

ATTENDANCE_FITS_ITS_SESSION = """
CREATE FUNCTION attendance_fits_its_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.minutes > (SELECT s.minutes FROM operation_sessions s WHERE s.id = NEW.session_id) THEN
        RAISE EXCEPTION 'nobody works longer in a session than it lasts'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'attendance_fits_its_session';
    END IF;
    RETURN NEW;
END $$
"""

TRIGGERS = (
    "operation_keeps_its_authors AFTER INSERT OR UPDATE OF plan_version, planned_by ON operations FOR EACH ROW",
    "sign_up_is_open BEFORE INSERT OR UPDATE ON sign_ups FOR EACH ROW",
    "attendance_fits_its_session BEFORE INSERT ON attendances FOR EACH ROW",
)
"""Each executes the function of its own name."""


def upgrade() -> None:
    """A table of authors, written by the register itself; the rules that read it."""
    _keep_operation_authors()
    op.execute(AUTHORS_THERE_ARE)
    for function in (
        *(OPERATION_KEEPS_ITS_AUTHORS, OPERATION_IS_RIGHT, OPERATION_APPROVAL_IS_ANOTHER_S),
        *(SIGN_UP_IS_OPEN, ATTENDANCE_FITS_ITS_SESSION),
    ):
        op.execute(function)
    for trigger in TRIGGERS:
        op.execute(f"CREATE TRIGGER {trigger} EXECUTE FUNCTION {trigger.partition(' ')[0]}()")
    op.execute(
        "CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON operation_authors "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _keep_operation_authors() -> None:
    op.create_table(
        "operation_authors",
        sa.Column("operation_id", sa.UUID(), nullable=False),
        sa.Column("plan_version", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operations.case_id"], name=op.f("fk_operation_authors_operation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name=op.f("fk_operation_authors_person_id")),
        sa.PrimaryKeyConstraint("operation_id", "plan_version", "person_id", name=op.f("pk_operation_authors")),
    )
