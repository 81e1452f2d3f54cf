"""Volunteers are told of their places; and what only code guarded, the register holds: nobody gets a place in a session
that has begun, and a case is lent by an operation that runs, to somebody who may have it, once it has agreed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

NOTICE_STAYS = """
CREATE FUNCTION notice_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW (NEW.id, NEW.person_id, NEW.session_id, NEW.kind, NEW.why, NEW.broken, NEW.told_at, NEW.leaves_at,
            coalesce(OLD.message_id, NEW.message_id), coalesce(OLD.noted_at, NEW.noted_at))
        IS DISTINCT FROM
        ROW (OLD.id, OLD.person_id, OLD.session_id, OLD.kind, OLD.why, OLD.broken, OLD.told_at, OLD.leaves_at,
            NEW.message_id, NEW.noted_at)
    THEN
        RAISE EXCEPTION 'what somebody was told stays; it leaves once, and is noted once'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'notice_stays';
    END IF;
    RETURN NEW;
END $$
"""

SIGN_UP_BEFORE_IT_BEGINS = """
CREATE FUNCTION sign_up_before_it_begins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    begins timestamptz;
BEGIN
    SELECT (s.day + (SELECT min((one ->> 'starts_at')::time) FROM jsonb_array_elements(s.spans) one))
        AT TIME ZONE (SELECT d.zone FROM deadlines d WHERE d.case_id = s.operation_id LIMIT 1)
        INTO begins FROM operation_sessions s WHERE s.id = NEW.session_id;
    IF NEW.asked_at >= begins OR NEW.seated_at >= begins OR NEW.given_back_at >= begins THEN
        RAISE EXCEPTION 'places are taken and given back until the session begins'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sign_up_before_it_begins';
    END IF;
    IF NEW.status = 'seated' AND NEW.seated_at IS NULL THEN
        RAISE EXCEPTION 'whoever has a place has had it since some instant'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sign_up_since';
    END IF;
    RETURN NEW;
END $$
"""

LOAN_IS_RIGHT = """
CREATE FUNCTION loan_is_right() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND (NEW.lent_at IS NOT NULL OR NEW.ended_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a loan is asked for; the case itself agrees to it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'loan_is_asked_for';
    END IF;
    IF TG_OP = 'INSERT' AND NOT EXISTS (
        SELECT FROM operations o JOIN operation_sessions s ON s.operation_id = o.case_id
        WHERE o.case_id = NEW.operation_id AND o.state = 'running' AND s.id = NEW.session_id AND s.dropped_at IS NULL
    ) THEN
        RAISE EXCEPTION 'an operation lends while it is running, for a session of its own'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'loan_of_a_running_operation';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.lent_at IS NULL OR OLD.lent_at IS NOT NULL) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT FROM staff p WHERE p.id = NEW.person_id
        AND (p.delegate IS NOT NULL OR p.roles && ARRAY['administrator', 'internal_control'])
    ) THEN
        RAISE EXCEPTION 'administrators, internal control and delegates borrow nothing'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'loan_to_who_may_borrow';
    END IF;
    IF NOT EXISTS (
        SELECT FROM complaints c WHERE c.case_id = NEW.case_id AND c.category = 'business'
        UNION ALL
        SELECT FROM claims c WHERE c.case_id = NEW.case_id AND 'sensitive' <> ALL (c.reasons)
    ) THEN
        RAISE EXCEPTION 'complaints and claims are lent, and none that is sensitive'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'loan_of_an_ordinary_case';
    END IF;
    RETURN NEW;
END $$
"""

TRIGGERS = (
    "notice_stays BEFORE UPDATE ON volunteer_notices FOR EACH ROW",
    "sign_up_before_it_begins BEFORE INSERT OR UPDATE ON sign_ups FOR EACH ROW",
    "loan_is_right BEFORE INSERT OR UPDATE OF lent_at ON loans FOR EACH ROW",
)
"""Each executes the function of its own name."""


def upgrade() -> None:
    """A table of notices, and the rules."""
    _keep_volunteer_notices()
    for function in (NOTICE_STAYS, SIGN_UP_BEFORE_IT_BEGINS, LOAN_IS_RIGHT):
        op.execute(function)
    for trigger in TRIGGERS:
        op.execute(f"CREATE TRIGGER {trigger} EXECUTE FUNCTION {trigger.partition(' ')[0]}()")
    op.execute(
        "CREATE TRIGGER written_once BEFORE DELETE OR TRUNCATE ON volunteer_notices "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _keep_volunteer_notices() -> None:
    op.create_table(
        "volunteer_notices",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("broken", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.UUID(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('place_given', 'place_taken_back', 'session_dropped')", name=op.f("ck_volunteer_notices_kind")
        ),
        sa.CheckConstraint("(kind = 'place_given') = (why IS NULL)", name=op.f("ck_volunteer_notices_why")),
        sa.CheckConstraint("kind = 'place_taken_back' OR broken IS NULL", name=op.f("ck_volunteer_notices_broken")),
        sa.ForeignKeyConstraint(["person_id"], ["volunteers.person_id"], name=op.f("fk_volunteer_notices_person_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["operation_sessions.id"], name=op.f("fk_volunteer_notices_session_id")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["staff_messages.id"], name=op.f("fk_volunteer_notices_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_notices")),
    )
    waiting = sa.text("message_id IS NULL AND noted_at IS NULL")
    op.create_index(
        "ix_volunteer_notices_person", "volunteer_notices", ["person_id"], postgresql_where=sa.text("noted_at IS NULL")
    )
    op.create_index("ix_volunteer_notices_waiting", "volunteer_notices", ["leaves_at"], postgresql_where=waiting)
    op.create_index(
        "ix_volunteer_notices_message",
        "volunteer_notices",
        ["message_id"],
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
