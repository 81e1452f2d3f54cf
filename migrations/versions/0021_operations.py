"""Backlog operations: plans, approvals, sessions, sign-ups, attendance, each day's point, pay; and what guards them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

OPERATION_STARTS_PROPOSED = """
CREATE FUNCTION operation_starts_proposed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'proposed' OR NEW.plan_version <> 1 OR NEW.ended_on IS NOT NULL THEN
        RAISE EXCEPTION 'an operation begins with a proposal'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'operation_starts_proposed';
    END IF;
    RETURN NEW;
END $$
"""

OPERATION_IS_RIGHT = """
CREATE FUNCTION operation_is_right() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF OLD.state <> 'approving' AND NEW.ends_on <> OLD.ends_on AND NOT EXISTS (
        SELECT FROM operation_extensions e
        WHERE e.operation_id = NEW.case_id AND e.status = 'granted' AND e.until = NEW.ends_on
    ) THEN
        RAISE EXCEPTION 'an operation ends on the day that somebody else has granted'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'operation_extended';
    END IF;
    IF NEW.state = 'planned' AND OLD.state <> 'planned' AND (
        SELECT count(DISTINCT a.person_id) FROM operation_approvals a
        WHERE a.operation_id = NEW.case_id AND a.plan_version = NEW.plan_version AND a.plan_hash = NEW.plan_hash
          AND a.person_id NOT IN (NEW.proposed_by, NEW.planned_by)
    ) < 2 THEN
        RAISE EXCEPTION 'an operation is approved by two people, neither of whom has planned it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'operation_needs_two';
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

OPERATION_FOLLOWS_CASE = """
CREATE FUNCTION operation_follows_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE operations SET state = NEW.state WHERE case_id = NEW.id AND state <> NEW.state;
    RETURN NULL;
END $$
"""

OPERATION_APPROVAL_IS_ANOTHER_S = """
CREATE FUNCTION operation_approval_is_another_s() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM operations o
        WHERE o.case_id = NEW.operation_id AND o.state = 'approving' AND o.plan_version = NEW.plan_version
          AND o.plan_hash = NEW.plan_hash AND NEW.person_id NOT IN (o.proposed_by, o.planned_by)
    ) THEN
        RAISE EXCEPTION 'a plan is approved as it stands, by somebody who has not planned it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'operation_approval_is_another_s';
    END IF;
    RETURN NEW;
END $$
"""

SESSION_STAYS = """
CREATE FUNCTION session_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW (NEW.id, NEW.operation_id, NEW.number, NEW.day, NEW.spans, NEW.minutes, NEW.places, NEW.no_show, NEW.skill,
            NEW.added_at, coalesce(OLD.dropped_at, NEW.dropped_at), coalesce(OLD.entered_at, NEW.entered_at),
            coalesce(OLD.entered_by, NEW.entered_by))
        IS DISTINCT FROM
        ROW (OLD.id, OLD.operation_id, OLD.number, OLD.day, OLD.spans, OLD.minutes, OLD.places, OLD.no_show, OLD.skill,
            OLD.added_at, NEW.dropped_at, NEW.entered_at, NEW.entered_by)
    THEN
        RAISE EXCEPTION 'a session stays as people have signed up for it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'session_stays';
    END IF;
    RETURN NEW;
END $$
"""

SIGN_UP_HAS_A_PLACE = """
CREATE FUNCTION sign_up_has_a_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held operation_sessions;
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.status = 'given_back'
        OR ROW (NEW.id, NEW.session_id, NEW.person_id, NEW.asked_at, coalesce(OLD.seat, NEW.seat))
        IS DISTINCT FROM ROW (OLD.id, OLD.session_id, OLD.person_id, OLD.asked_at,
            CASE WHEN NEW.status = 'given_back' THEN coalesce(OLD.seat, NEW.seat) ELSE NEW.seat END))
    THEN
        RAISE EXCEPTION 'a place is taken once, and given back once'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sign_up_stays';
    END IF;
    SELECT * INTO held FROM operation_sessions WHERE id = NEW.session_id;
    IF NEW.status = 'seated' AND (NEW.seat NOT BETWEEN 1 AND held.places OR held.dropped_at IS NOT NULL
        OR held.entered_at IS NOT NULL)
    THEN
        RAISE EXCEPTION 'a session has so many places, until it is held or dropped'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sign_up_has_a_place';
    END IF;
    RETURN NEW;
END $$
"""

ATTENDANCE_IS_ANOTHER_S_WORD = """
CREATE FUNCTION attendance_is_another_s_word() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM sign_ups u
        WHERE u.session_id = NEW.session_id AND u.person_id = NEW.person_id AND u.status = 'seated'
    ) OR NEW.version <> 1 + (
        SELECT count(*) FROM attendances t WHERE t.session_id = NEW.session_id AND t.person_id = NEW.person_id
    ) OR NOT EXISTS (
        SELECT FROM operation_sessions s JOIN operations o ON o.case_id = s.operation_id
        WHERE s.id = NEW.session_id AND o.state IN ('running', 'closing')
    ) THEN
        RAISE EXCEPTION 'who had a place is attended for, once, and corrected while the operation goes on'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'attendance_is_another_s_word';
    END IF;
    RETURN NEW;
END $$
"""

EXTENSION_IS_DECIDED_ONCE = """
CREATE FUNCTION extension_is_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'waiting'
        OR ROW (NEW.id, NEW.operation_id, NEW.from_on, NEW.until, NEW.reason, NEW.asked_by, NEW.asked_at)
        IS DISTINCT FROM ROW (OLD.id, OLD.operation_id, OLD.from_on, OLD.until, OLD.reason, OLD.asked_by, OLD.asked_at)
    THEN
        RAISE EXCEPTION 'an extension stays as it was asked for, and is decided once'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'extension_is_decided_once';
    END IF;
    RETURN NEW;
END $$
"""

PAY_FILE_STAYS = """
CREATE FUNCTION pay_file_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.void_at IS NOT NULL
        OR ROW (NEW.operation_id, NEW.version, NEW.sha256, NEW.file, NEW.slips, NEW.paid, NEW.cents, NEW.days,
            NEW.made_by, NEW.made_at)
        IS DISTINCT FROM ROW (OLD.operation_id, OLD.version, OLD.sha256, OLD.file, OLD.slips, OLD.paid, OLD.cents,
            OLD.days, OLD.made_by, OLD.made_at)
        OR (SELECT count(*) FROM pay_validations WHERE operation_id = NEW.operation_id AND version = NEW.version) >= 2
    THEN
        RAISE EXCEPTION 'a pay file stays as it was made, and one that two people have validated for good'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'pay_file_stays';
    END IF;
    RETURN NEW;
END $$
"""

PAY_IS_VALIDATED_BY_ANOTHER = """
CREATE FUNCTION pay_is_validated_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pay_files f
        WHERE f.operation_id = NEW.operation_id AND f.version = NEW.version AND f.sha256 = NEW.sha256
          AND f.void_at IS NULL AND f.made_by <> NEW.person_id AND NOT NEW.person_id = ANY (f.paid)
    ) THEN
        RAISE EXCEPTION 'the very pay file is validated by somebody who neither made it nor is paid by it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'pay_is_validated_by_another';
    END IF;
    RETURN NEW;
END $$
"""

TRIGGERS = (
    "operation_starts_proposed BEFORE INSERT ON operations FOR EACH ROW",
    "operation_is_right BEFORE UPDATE ON operations FOR EACH ROW",
    "operation_approval_is_another_s BEFORE INSERT ON operation_approvals FOR EACH ROW",
    "session_stays BEFORE UPDATE ON operation_sessions FOR EACH ROW",
    "sign_up_has_a_place BEFORE INSERT OR UPDATE ON sign_ups FOR EACH ROW",
    "attendance_is_another_s_word BEFORE INSERT ON attendances FOR EACH ROW",
    "extension_is_decided_once BEFORE UPDATE ON operation_extensions FOR EACH ROW",
    "pay_file_stays BEFORE UPDATE ON pay_files FOR EACH ROW",
    "pay_is_validated_by_another BEFORE INSERT ON pay_validations FOR EACH ROW",
)
"""Each executes the function of its own name."""
FUNCTIONS = (
    *(OPERATION_STARTS_PROPOSED, OPERATION_IS_RIGHT, OPERATION_FOLLOWS_CASE, OPERATION_APPROVAL_IS_ANOTHER_S),
    *(SESSION_STAYS, SIGN_UP_HAS_A_PLACE, ATTENDANCE_IS_ANOTHER_S_WORD, EXTENSION_IS_DECIDED_ONCE),
    *(PAY_FILE_STAYS, PAY_IS_VALIDATED_BY_ANOTHER),
)
UNDELETED = ("operations", "operation_sessions", "sign_ups", "operation_extensions", "pay_files")
WRITTEN_ONCE = ("operation_days", "operation_approvals", "attendances", "daily_points", "pay_validations")


def upgrade() -> None:
    """New tables and the rules on them."""
    op.execute("CREATE SEQUENCE operation_references")
    _keep_operations()
    _keep_operation_days()
    _keep_operation_approvals()
    _keep_operation_sessions()
    _keep_volunteers()
    _keep_sign_ups()
    _keep_attendances()
    _keep_daily_points()
    _keep_operation_extensions()
    _keep_pay_files()
    _keep_pay_validations()
    _guard()


def _guard() -> None:
    for function in FUNCTIONS:
        op.execute(function)
    for trigger in TRIGGERS:
        op.execute(f"CREATE TRIGGER {trigger} EXECUTE FUNCTION {trigger.partition(' ')[0]}()")
    op.execute(
        "CREATE TRIGGER operation_follows_case AFTER UPDATE OF state ON cases FOR EACH ROW "
        "WHEN (NEW.procedure = 'backlog') EXECUTE FUNCTION operation_follows_case()"
    )
    for table in UNDELETED:
        op.execute(
            f"CREATE TRIGGER written_once BEFORE DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    for table in WRITTEN_ONCE:
        op.execute(
            f"CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _keep_operations() -> None:
    op.create_table(
        "operations",
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("put_aside", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("standard", sa.Numeric(), nullable=False),
        sa.Column("hours", sa.Numeric(), nullable=False),
        sa.Column("plan", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("plan_version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("plan_hash", sa.Text(), nullable=False),
        sa.Column("back_under_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("budget_cents", sa.BigInteger(), nullable=False),
        sa.Column("proposed_by", sa.UUID(), nullable=False),
        sa.Column("planned_by", sa.UUID(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("ended_by", sa.UUID(), nullable=True),
        sa.Column("lessons", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "end_reason IN ('under_standard', 'time_passed', 'stopped')", name=op.f("ck_operations_end_reason")
        ),
        sa.CheckConstraint("(ended_on IS NULL) = (end_reason IS NULL)", name=op.f("ck_operations_ended")),
        sa.CheckConstraint("budget_cents >= 0", name=op.f("ck_operations_budget")),
        sa.CheckConstraint("standard > 0 AND hours > 0", name=op.f("ck_operations_standard")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_operations_begins_before_it_ends")),
        sa.ForeignKeyConstraint(["activity"], ["activities.id"], name=op.f("fk_operations_activity")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_operations_case_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"], name=op.f("fk_operations_ended_by")),
        sa.ForeignKeyConstraint(["planned_by"], ["staff.id"], name=op.f("fk_operations_planned_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["staff.id"], name=op.f("fk_operations_proposed_by")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_operations")),
    )
    op.create_index("ix_operations_list", "operations", ["proposed_at", "case_id"], unique=False)


def _keep_operation_days() -> None:
    op.create_table(
        "operation_days",
        sa.Column("operation_id", sa.UUID(), nullable=False),
        sa.Column("plan_version", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stock", sa.Numeric(), nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operations.case_id"], name=op.f("fk_operation_days_operation_id")),
        sa.PrimaryKeyConstraint("operation_id", "plan_version", "day", name=op.f("pk_operation_days")),
    )


def _keep_operation_approvals() -> None:
    op.create_table(
        "operation_approvals",
        sa.Column("operation_id", sa.UUID(), nullable=False),
        sa.Column("plan_version", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("link", sa.BigInteger(), nullable=False),
        sa.Column("plan_hash", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operations.case_id"], name=op.f("fk_operation_approvals_operation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name=op.f("fk_operation_approvals_person_id")),
        sa.PrimaryKeyConstraint("operation_id", "plan_version", "person_id", name=op.f("pk_operation_approvals")),
        sa.UniqueConstraint(
            "operation_id", "plan_version", "link", name=op.f("uq_operation_approvals_operation_id_plan_version_link")
        ),
    )


def _keep_operation_sessions() -> None:
    op.create_table(
        "operation_sessions",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("operation_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("spans", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("places", sa.BigInteger(), nullable=False),
        sa.Column("no_show", sa.Numeric(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_by", sa.UUID(), nullable=True),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_operation_sessions_minutes")),
        sa.CheckConstraint("no_show >= 0 AND no_show < 1", name=op.f("ck_operation_sessions_no_show")),
        sa.CheckConstraint("places > 0", name=op.f("ck_operation_sessions_places")),
        sa.ForeignKeyConstraint(["entered_by"], ["staff.id"], name=op.f("fk_operation_sessions_entered_by")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operations.case_id"], name=op.f("fk_operation_sessions_operation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation_sessions")),
        sa.UniqueConstraint("operation_id", "number", name=op.f("uq_operation_sessions_operation_id_number")),
    )
    op.create_index("ix_operation_sessions_day", "operation_sessions", ["day"], unique=False)


def _keep_volunteers() -> None:
    op.create_table(
        "volunteers",
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("contract_minutes", sa.BigInteger(), nullable=False),
        sa.Column("hourly_cents", sa.BigInteger(), nullable=False),
        sa.Column("timetable", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("entered_by", sa.UUID(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "contract_minutes > 0 AND contract_minutes <= 2880", name=op.f("ck_volunteers_contract_minutes")
        ),
        sa.CheckConstraint("hourly_cents > 0", name=op.f("ck_volunteers_hourly_cents")),
        sa.ForeignKeyConstraint(["entered_by"], ["staff.id"], name=op.f("fk_volunteers_entered_by")),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name=op.f("fk_volunteers_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_volunteers")),
    )


def _keep_sign_ups() -> None:
    op.create_table(
        "sign_ups",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("seat", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'given_back') = (given_back_at IS NOT NULL)", name=op.f("ck_sign_ups_given_back")
        ),
        sa.CheckConstraint("(status = 'seated') = (seat IS NOT NULL)", name=op.f("ck_sign_ups_seat")),
        sa.CheckConstraint("status IN ('seated', 'waiting', 'given_back')", name=op.f("ck_sign_ups_status")),
        sa.ForeignKeyConstraint(["person_id"], ["volunteers.person_id"], name=op.f("fk_sign_ups_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["operation_sessions.id"], name=op.f("fk_sign_ups_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
    )
    op.create_index(
        "ix_sign_ups_person",
        "sign_ups",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("status <> 'given_back'"),
    )
    op.create_index(
        "uq_sign_ups_person",
        "sign_ups",
        ["session_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'given_back'"),
    )
    op.create_index(
        "uq_sign_ups_seat",
        "sign_ups",
        ["session_id", "seat"],
        unique=True,
        postgresql_where=sa.text("status = 'seated'"),
    )


def _keep_attendances() -> None:
    op.create_table(
        "attendances",
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("entered_by", sa.UUID(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(version = 1) = (reason IS NULL)", name=op.f("ck_attendances_corrected_with_reason")),
        sa.CheckConstraint("entered_by <> person_id", name=op.f("ck_attendances_entered_by_another")),
        sa.CheckConstraint("minutes >= 0 AND minutes <= 1440", name=op.f("ck_attendances_minutes")),
        sa.ForeignKeyConstraint(["entered_by"], ["staff.id"], name=op.f("fk_attendances_entered_by")),
        sa.ForeignKeyConstraint(["person_id"], ["volunteers.person_id"], name=op.f("fk_attendances_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["operation_sessions.id"], name=op.f("fk_attendances_session_id")),
        sa.PrimaryKeyConstraint("session_id", "person_id", "version", name=op.f("pk_attendances")),
    )


def _keep_daily_points() -> None:
    op.create_table(
        "daily_points",
        sa.Column("operation_id", sa.UUID(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stock", sa.BigInteger(), nullable=True),
        sa.Column("planned", sa.Numeric(), nullable=False),
        sa.Column("back_under_on", sa.Date(), nullable=True),
        sa.Column("off_track", sa.Boolean(), nullable=False),
        sa.Column("under_standard", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operations.case_id"], name=op.f("fk_daily_points_operation_id")),
        sa.PrimaryKeyConstraint("operation_id", "day", name=op.f("pk_daily_points")),
    )


def _keep_operation_extensions() -> None:
    op.create_table(
        "operation_extensions",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("operation_id", sa.UUID(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.UUID(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.UUID(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.CheckConstraint("(decided_at IS NULL) = (status = 'waiting')", name=op.f("ck_operation_extensions_decided")),
        sa.CheckConstraint(
            "decided_by <> asked_by OR status = 'lapsed'", name=op.f("ck_operation_extensions_decided_by_another")
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'granted', 'refused', 'lapsed')", name=op.f("ck_operation_extensions_status")
        ),
        sa.CheckConstraint("from_on < until", name=op.f("ck_operation_extensions_later")),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_operation_extensions_asked_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_operation_extensions_decided_by")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operations.case_id"], name=op.f("fk_operation_extensions_operation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation_extensions")),
    )
    op.create_index(
        "uq_operation_extensions_waiting",
        "operation_extensions",
        ["operation_id"],
        unique=True,
        postgresql_where=sa.text("status = 'waiting'"),
    )


def _keep_pay_files() -> None:
    op.create_table(
        "pay_files",
        sa.Column("operation_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("slips", sa.LargeBinary(), nullable=False),
        sa.Column("paid", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.UUID(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("void_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_because", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_pay_files_made_by")),
        sa.ForeignKeyConstraint(["operation_id"], ["operations.case_id"], name=op.f("fk_pay_files_operation_id")),
        sa.PrimaryKeyConstraint("operation_id", "version", name=op.f("pk_pay_files")),
    )


def _keep_pay_validations() -> None:
    op.create_table(
        "pay_validations",
        sa.Column("operation_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("link", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id", "version"], ["pay_files.operation_id", "pay_files.version"], name="fk_pay_validations_file"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name=op.f("fk_pay_validations_person_id")),
        sa.PrimaryKeyConstraint("operation_id", "version", "person_id", name=op.f("pk_pay_validations")),
        sa.UniqueConstraint(
            "operation_id", "version", "link", name=op.f("uq_pay_validations_operation_id_version_link")
        ),
    )
