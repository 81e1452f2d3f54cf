"""Messages to the members who wait longest: proposed, approved by somebody else, and each case told once."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

DELAY_MESSAGE_STAYS = """
CREATE FUNCTION delay_message_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'waiting'
        OR ROW (NEW.id, NEW.operation_id, NEW.more_than_days, NEW.promised_on, NEW.quiet_days, NEW.fr, NEW.en,
            NEW.sha256, NEW.proposed_by, NEW.proposed_at)
        IS DISTINCT FROM ROW (OLD.id, OLD.operation_id, OLD.more_than_days, OLD.promised_on, OLD.quiet_days, OLD.fr,
            OLD.en, OLD.sha256, OLD.proposed_by, OLD.proposed_at)
    THEN
        RAISE EXCEPTION 'a message stays as it was proposed, and is decided once'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'delay_message_stays';
    END IF;
    RETURN NEW;
END $$
"""

DELAY_MESSAGE_STARTS_WAITING = """
CREATE FUNCTION delay_message_starts_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'waiting' THEN
        RAISE EXCEPTION 'a message begins as a proposal'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'delay_message_starts_waiting';
    END IF;
    RETURN NEW;
END $$
"""

DELAY_NOTICE_IS_APPROVED = """
CREATE FUNCTION delay_notice_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM delay_messages m
        WHERE m.id = NEW.message_id AND m.operation_id = NEW.operation_id AND m.status = 'approved'
    ) THEN
        RAISE EXCEPTION 'nobody is told what nobody else has approved'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'delay_notice_is_approved';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.status <> 'waiting'
        OR ROW (NEW.message_id, NEW.case_id, NEW.operation_id)
        IS DISTINCT FROM ROW (OLD.message_id, OLD.case_id, OLD.operation_id))
    THEN
        RAISE EXCEPTION 'a case has its turn once'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'delay_notice_once';
    END IF;
    RETURN NEW;
END $$
"""

DELAY_LETTER_IS_APPROVED = """
CREATE FUNCTION delay_letter_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM delay_notices n JOIN delay_messages m ON m.id = n.message_id
        WHERE n.case_id = NEW.case_id AND n.message_id::text = NEW.reason AND n.status <> 'not_told'
          AND m.status = 'approved' AND m.decided_by <> m.proposed_by
    ) THEN
        RAISE EXCEPTION 'a letter about a delay is of a message that somebody else has approved'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'delay_letter_is_approved';
    END IF;
    RETURN NEW;
END $$
"""

FUNCTIONS = (
    DELAY_MESSAGE_STAYS,
    DELAY_MESSAGE_STARTS_WAITING,
    DELAY_NOTICE_IS_APPROVED,
    DELAY_LETTER_IS_APPROVED,
)
TRIGGERS = (
    "delay_message_stays BEFORE UPDATE ON delay_messages FOR EACH ROW",
    "delay_message_starts_waiting BEFORE INSERT ON delay_messages FOR EACH ROW",
    "delay_notice_is_approved BEFORE INSERT OR UPDATE ON delay_notices FOR EACH ROW",
    "delay_letter_is_approved BEFORE INSERT ON letters FOR EACH ROW WHEN (NEW.kind = 'delay_notice')",
)
"""Each executes the function of its own name."""


def upgrade() -> None:
    """New tables, one letter about a delay for each case and message, and the rules on them."""
    _keep_delay_messages()
    _keep_delay_notices()
    op.create_index(
        "uq_letters_delay_notice",
        "letters",
        ["case_id", "reason"],
        unique=True,
        postgresql_where=sa.text("kind = 'delay_notice'"),
    )
    for function in FUNCTIONS:
        op.execute(function)
    for trigger in TRIGGERS:
        op.execute(f"CREATE TRIGGER {trigger} EXECUTE FUNCTION {trigger.partition(' ')[0]}()")
    for table in ("delay_messages", "delay_notices"):
        op.execute(
            f"CREATE TRIGGER written_once BEFORE DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _keep_delay_messages() -> None:
    op.create_table(
        "delay_messages",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("operation_id", sa.UUID(), nullable=False),
        sa.Column("more_than_days", sa.BigInteger(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("quiet_days", sa.BigInteger(), nullable=False),
        sa.Column("fr", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.UUID(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.UUID(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.CheckConstraint("(decided_at IS NULL) = (status = 'waiting')", name=op.f("ck_delay_messages_decided")),
        sa.CheckConstraint(
            "decided_by <> proposed_by OR status = 'lapsed'", name=op.f("ck_delay_messages_decided_by_another")
        ),
        sa.CheckConstraint("more_than_days > 0 AND quiet_days > 0", name=op.f("ck_delay_messages_days")),
        sa.CheckConstraint(
            "status <> 'approved' OR decided_by IS NOT NULL", name=op.f("ck_delay_messages_approved_by_somebody")
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'approved', 'refused', 'lapsed')", name=op.f("ck_delay_messages_status")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_delay_messages_decided_by")),
        sa.ForeignKeyConstraint(["operation_id"], ["operations.case_id"], name=op.f("fk_delay_messages_operation_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["staff.id"], name=op.f("fk_delay_messages_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delay_messages")),
    )
    op.create_index("ix_delay_messages_operation", "delay_messages", ["operation_id", "proposed_at"], unique=False)
    op.create_index(
        "uq_delay_messages_waiting",
        "delay_messages",
        ["operation_id"],
        unique=True,
        postgresql_where=sa.text("status = 'waiting'"),
    )


def _keep_delay_notices() -> None:
    op.create_table(
        "delay_notices",
        sa.Column("message_id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("operation_id", sa.UUID(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(at IS NULL) = (status = 'waiting')", name=op.f("ck_delay_notices_decided")),
        sa.CheckConstraint("(reason IS NOT NULL) = (status = 'not_told')", name=op.f("ck_delay_notices_reason")),
        sa.CheckConstraint("status IN ('waiting', 'told', 'not_told')", name=op.f("ck_delay_notices_status")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_delay_notices_case_id")),
        sa.ForeignKeyConstraint(["message_id"], ["delay_messages.id"], name=op.f("fk_delay_notices_message_id")),
        sa.ForeignKeyConstraint(["operation_id"], ["operations.case_id"], name=op.f("fk_delay_notices_operation_id")),
        sa.PrimaryKeyConstraint("message_id", "case_id", name=op.f("pk_delay_notices")),
    )
    op.create_index("ix_delay_notices_case", "delay_notices", ["case_id"], unique=False)
    op.create_index(
        "uq_delay_notices_told",
        "delay_notices",
        ["operation_id", "case_id"],
        unique=True,
        postgresql_where=sa.text("status = 'told'"),
    )
