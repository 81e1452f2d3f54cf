"""the register."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('public_holiday', 'closing_day')", name=op.f("ck_calendar_days_kind")),
        sa.PrimaryKeyConstraint("day", "kind", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "canary",
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("due_at", name=op.f("pk_canary")),
    )
    op.create_table(
        "members",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("address", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("vip", sa.Boolean(), nullable=False),
        sa.Column("company_contact", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_members")),
    )
    op.create_table(
        "post_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("manifest_sha256", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_post_days")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("pole", sa.Text(), nullable=True),
        sa.Column("skills", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("deputy_id", sa.UUID(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["deputy_id"], ["staff.id"], name=op.f("fk_staff_deputy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "absences",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("back_on", sa.Date(), nullable=False),
        sa.Column("deputy_id", sa.UUID(), nullable=True),
        sa.Column("recorded_by", sa.UUID(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_on < back_on", name=op.f("ck_absences_not_empty")),
        sa.ForeignKeyConstraint(["deputy_id"], ["staff.id"], name=op.f("fk_absences_deputy_id")),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name=op.f("fk_absences_person_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["staff.id"], name=op.f("fk_absences_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_from_on_back_on"), "absences", ["from_on", "back_on"], unique=False)
    op.create_table(
        "cases",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("pole", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.UUID(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_cases_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("reference", name=op.f("uq_cases_reference")),
    )
    op.create_index("ix_cases_list", "cases", ["procedure", "received_on", "id"], unique=False)
    op.create_index(
        "ix_cases_open_owner", "cases", ["owner_id"], unique=False, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "tokens",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("expires_wall", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name=op.f("fk_tokens_person_id")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_tokens")),
    )
    op.create_index(op.f("ix_tokens_person_id"), "tokens", ["person_id"], unique=False)
    op.create_table(
        "commands",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("order", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("task_id", sa.UUID(), nullable=True),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("actor_id", sa.UUID(), nullable=True),
        sa.Column("rights", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("refusal", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("decided_wall", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("lease_until_wall", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_by", sa.Text(), nullable=True),
        sa.CheckConstraint("(status = 'received') = (decided_wall IS NULL)", name=op.f("ck_commands_decided")),
        sa.CheckConstraint(
            "(status = 'refused') = (refusal IS NOT NULL)", name=op.f("ck_commands_refused_with_reason")
        ),
        sa.CheckConstraint("status IN ('received', 'applied', 'refused')", name=op.f("ck_commands_status")),
        sa.ForeignKeyConstraint(["actor_id"], ["staff.id"], name=op.f("fk_commands_actor_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_commands_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commands")),
        sa.UniqueConstraint("actor_id", "idempotency_key", name=op.f("uq_commands_actor_id_idempotency_key")),
        sa.UniqueConstraint("order", name=op.f("uq_commands_order")),
    )
    op.create_index(op.f("ix_commands_case_id"), "commands", ["case_id"], unique=False)
    op.create_index(
        "ix_commands_undecided",
        "commands",
        ["case_id", "order"],
        unique=False,
        postgresql_where=sa.text("status = 'received'"),
    )
    op.create_table(
        "complaints",
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("complainant_kind", sa.Text(), nullable=False),
        sa.Column("member_number", sa.Text(), nullable=True),
        sa.Column("complainant_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("address", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("skills", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("about_id", sa.UUID(), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("category_reason", sa.Text(), nullable=True),
        sa.Column("category_confirmed", sa.Boolean(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.Column("theme", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("answer_version", sa.BigInteger(), nullable=True),
        sa.Column("approved_version", sa.BigInteger(), nullable=True),
        sa.Column("signatory_id", sa.UUID(), nullable=True),
        sa.Column("compensation_paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payment_reference", sa.Text(), nullable=True),
        sa.Column("requalified_as", sa.Text(), nullable=True),
        sa.Column("requalified_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(approved_version IS NULL) = (signatory_id IS NULL)", name=op.f("ck_complaints_signed")),
        sa.CheckConstraint(
            "sent_on IS NULL OR sent_on <= received_on", name=op.f("ck_complaints_sent_before_received")
        ),
        sa.ForeignKeyConstraint(["about_id"], ["staff.id"], name=op.f("fk_complaints_about_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_complaints_case_id")),
        sa.ForeignKeyConstraint(["member_number"], ["members.number"], name=op.f("fk_complaints_member_number")),
        sa.ForeignKeyConstraint(["signatory_id"], ["staff.id"], name=op.f("fk_complaints_signatory_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_complaints")),
    )
    op.create_index(op.f("ix_complaints_member_number"), "complaints", ["member_number"], unique=False)
    op.create_table(
        "deadlines",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("explanation", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("planned", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fired_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_deadlines_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
        sa.UniqueConstraint("case_id", "name", "generation", name=op.f("uq_deadlines_case_id_name_generation")),
    )
    op.create_index(op.f("ix_deadlines_case_id"), "deadlines", ["case_id"], unique=False)
    op.create_index(
        "ix_deadlines_open",
        "deadlines",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("met_at IS NULL AND cancelled_at IS NULL"),
    )
    op.create_table(
        "journal",
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.UUID(), nullable=True),
        sa.Column("command_id", sa.UUID(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["staff.id"], name=op.f("fk_journal_actor_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_journal_case_id")),
        sa.PrimaryKeyConstraint("case_id", "line", name=op.f("pk_journal")),
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("dispatch", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("address", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("produced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("pdf_sha256", sa.Text(), nullable=True),
        sa.Column("message", sa.LargeBinary(), nullable=True),
        sa.Column("message_sha256", sa.Text(), nullable=True),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("possible_doubles", sa.BigInteger(), nullable=False),
        sa.Column("sending_wall", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_wall", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint("(message IS NULL) = (message_sha256 IS NULL)", name=op.f("ck_letters_message_hashed")),
        sa.CheckConstraint("(pdf IS NULL) = (pdf_sha256 IS NULL)", name=op.f("ck_letters_pdf_hashed")),
        sa.CheckConstraint(
            "handed_over_at IS NULL OR pdf IS NOT NULL", name=op.f("ck_letters_produced_before_handed_over")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_letters_case_id")),
        sa.ForeignKeyConstraint(["posted_on"], ["post_days.day"], name=op.f("fk_letters_posted_on")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    op.create_index(op.f("ix_letters_case_id"), "letters", ["case_id"], unique=False)
    op.create_index(
        "ix_letters_open", "letters", ["case_id"], unique=False, postgresql_where=sa.text("handed_over_at IS NULL")
    )
    op.create_index(
        "ix_letters_post", "letters", ["posted_on"], unique=False, postgresql_where=sa.text("posted_on IS NOT NULL")
    )
    op.create_table(
        "reminders",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("deadline", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("message", sa.UUID(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_ids", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("copy_ids", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reminders_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint(
            "case_id", "deadline", "generation", "rung", name=op.f("uq_reminders_case_id_deadline_generation_rung")
        ),
    )
    op.create_index(
        "ix_reminders_waiting",
        "reminders",
        ["leaves_at"],
        unique=False,
        postgresql_where=sa.text("left_at IS NULL AND dropped_at IS NULL"),
    )
    op.create_table(
        "staff_messages",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=True),
        sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("to_ids", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("copy_ids", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("possible_doubles", sa.BigInteger(), nullable=False),
        sa.Column("sending_wall", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_wall", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_staff_messages_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name=op.f("fk_staff_messages_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_messages")),
        sa.UniqueConstraint("digest_at", "person_id", name=op.f("uq_staff_messages_digest_at_person_id")),
    )
    op.create_index(
        "ix_staff_messages_of_case",
        "staff_messages",
        ["case_id"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("pole", sa.Text(), nullable=False),
        sa.Column("offered_to", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("meant_for", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("excluded", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("nobody_left", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.UUID(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.UUID(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_tasks_case_id")),
        sa.ForeignKeyConstraint(["claimed_by"], ["staff.id"], name=op.f("fk_tasks_claimed_by")),
        sa.ForeignKeyConstraint(["closed_by"], ["staff.id"], name=op.f("fk_tasks_closed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(op.f("ix_tasks_case_id"), "tasks", ["case_id"], unique=False)
    op.create_index(
        "ix_tasks_open_due", "tasks", ["due_at", "id"], unique=False, postgresql_where=sa.text("closed_at IS NULL")
    )
    op.create_index(
        "ix_tasks_open_offered_to",
        "tasks",
        ["offered_to"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_tasks_raised",
        "tasks",
        ["case_id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL AND (offered_to <> meant_for OR nobody_left)"),
    )
    op.create_table(
        "answer_versions",
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("author_id", sa.UUID(), nullable=False),
        sa.Column("authors", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("amends", sa.Boolean(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("compensation_cents", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["staff.id"], name=op.f("fk_answer_versions_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["complaints.case_id"], name=op.f("fk_answer_versions_case_id")),
        sa.PrimaryKeyConstraint("case_id", "version", name=op.f("pk_answer_versions")),
    )
    op.create_table(
        "digest_lines",
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("reminder_id", sa.UUID(), nullable=False),
        sa.Column("message_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["staff_messages.id"], name=op.f("fk_digest_lines_message_id")),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name=op.f("fk_digest_lines_person_id")),
        sa.ForeignKeyConstraint(["reminder_id"], ["reminders.id"], name=op.f("fk_digest_lines_reminder_id")),
        sa.PrimaryKeyConstraint("person_id", "reminder_id", name=op.f("pk_digest_lines")),
    )
    op.create_index(op.f("ix_digest_lines_message_id"), "digest_lines", ["message_id"], unique=False)
    op.create_table(
        "approvals",
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("link", sa.BigInteger(), nullable=False),
        sa.Column("version_hash", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id", "version"],
            ["answer_versions.case_id", "answer_versions.version"],
            name=op.f("fk_approvals_case_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name=op.f("fk_approvals_person_id")),
        sa.PrimaryKeyConstraint("case_id", "version", "person_id", name=op.f("pk_approvals")),
    )
    op.create_table(
        "sent_back",
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("link", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id", "version"],
            ["answer_versions.case_id", "answer_versions.version"],
            name=op.f("fk_sent_back_case_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name=op.f("fk_sent_back_person_id")),
        sa.PrimaryKeyConstraint("case_id", "version", name=op.f("pk_sent_back")),
    )
