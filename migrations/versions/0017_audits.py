"""Audits of delegates: what is asked for, delivered, seen, validated, agreed on; and the rules that the database keeps.

One audit for each delegate and year; a report goes out when two people who have written none of it stand for its very
file; what a validated report says does not change; nothing of an audit that has ended moves, whoever writes.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

AUDIT_AUTHORS = """
CREATE FUNCTION audit_authors(wanted uuid) RETURNS TABLE (person_id uuid) LANGUAGE sql STABLE AS $$
    SELECT submitted_by FROM audits WHERE case_id = wanted AND report_version IS NOT NULL
    UNION
    SELECT r.made_by FROM audit_reports r JOIN audits a ON a.case_id = r.audit_id AND a.report_version = r.version
    WHERE r.audit_id = wanted
    UNION
    SELECT w.person_id FROM audit_writers w WHERE w.audit_id = wanted
$$
"""
"""Who has written any of the report, whatever another has changed of it since: they do not validate it."""

WRITER_IS_KEPT = """
CREATE FUNCTION writer_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_writers (audit_id, person_id) VALUES (NEW.audit_id, NEW.by_id) ON CONFLICT DO NOTHING;
    RETURN NEW;
END $$
"""

AUDIT_MOVES = """
CREATE FUNCTION audit_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL OR OLD.cancelled_at IS NOT NULL THEN
        RAISE EXCEPTION 'nothing of an audit that has ended changes'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_ended';
    END IF;
    IF ROW (NEW.case_id, NEW.delegate, NEW.year, NEW.contracts, NEW.themes, NEW.conflict_of_interest, NEW.catalogue,
            NEW.planned_by, NEW.planned_at, coalesce(OLD.launched_on, NEW.launched_on),
            coalesce(OLD.delivery_ended_on, NEW.delivery_ended_on), coalesce(OLD.validated_at, NEW.validated_at))
        IS DISTINCT FROM
        ROW (OLD.case_id, OLD.delegate, OLD.year, OLD.contracts, OLD.themes, OLD.conflict_of_interest, OLD.catalogue,
            OLD.planned_by, OLD.planned_at, NEW.launched_on, NEW.delivery_ended_on, NEW.validated_at)
    THEN
        RAISE EXCEPTION 'the scope of an audit stays what was planned, and each of its steps is passed once'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_unchanged';
    END IF;
    IF OLD.validated_at IS NOT NULL
        AND (NEW.report_version, NEW.submitted_by) IS DISTINCT FROM (OLD.report_version, OLD.submitted_by)
    THEN
        RAISE EXCEPTION 'a validated report is not replaced'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_report_final';
    END IF;
    IF NEW.validated_at IS NOT NULL AND OLD.validated_at IS NULL AND (
        SELECT count(DISTINCT a.person_id) FROM audit_approvals a
        JOIN audit_reports r ON r.audit_id = a.audit_id AND r.version = a.version AND r.pdf_sha256 = a.report_sha256
        WHERE a.audit_id = NEW.case_id AND a.version = NEW.report_version
          AND a.person_id NOT IN (SELECT person_id FROM audit_authors(NEW.case_id) WHERE person_id IS NOT NULL)
    ) < 2 THEN
        RAISE EXCEPTION 'a report is validated when two people who have written none of it stand for its very file'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_needs_validators';
    END IF;
    IF NEW.closed_at IS NOT NULL AND (NEW.validated_at IS NULL OR EXISTS (
        SELECT FROM audit_findings WHERE audit_id = NEW.case_id AND ended_at IS NULL AND carried_to IS NULL
    )) THEN
        RAISE EXCEPTION 'an audit is closed when each of its findings has ended or is carried over'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_findings_open';
    END IF;
    RETURN NEW;
END $$
"""

AUDIT_STARTS = """
CREATE FUNCTION audit_starts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.report_version IS NOT NULL OR NEW.validated_at IS NOT NULL OR NEW.closed_at IS NOT NULL
        OR NEW.cancelled_at IS NOT NULL OR NEW.launched_on IS NOT NULL
    THEN
        RAISE EXCEPTION 'an audit is planned before anything else'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_starts';
    END IF;
    IF NOT NEW.contracts <@ (SELECT contracts FROM delegates WHERE code = NEW.delegate) THEN
        RAISE EXCEPTION 'an audit concerns contracts that its delegate manages'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_contracts';
    END IF;
    RETURN NEW;
END $$
"""

AUDIT_HAS_ENDED = """
CREATE FUNCTION audit_has_ended() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ended boolean;
BEGIN
    SELECT closed_at IS NOT NULL OR cancelled_at IS NOT NULL INTO ended
    FROM audits WHERE case_id = NEW.audit_id FOR SHARE;
    IF ended THEN
        RAISE EXCEPTION 'nothing of an audit that has ended changes'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_ended';
    END IF;
    RETURN NEW;
END $$
"""
"""Whoever writes while an audit ends waits for its end: nothing is carried over into one that ends meanwhile."""

AUDIT_IS_SUBMITTED = """
CREATE FUNCTION audit_is_submitted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM audits WHERE case_id = NEW.audit_id AND report_version IS NOT NULL) THEN
        RAISE EXCEPTION 'what a report says does not change while validators have it, nor after'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_is_submitted';
    END IF;
    RETURN NEW;
END $$
"""

AUDIT_FILE_STARTS = """
CREATE FUNCTION audit_file_starts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version IS NOT NULL OR NEW.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'a file is the audit''s once its command is carried out'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_file_starts';
    END IF;
    RETURN NEW;
END $$
"""

AUDIT_FILE_MOVES = """
CREATE FUNCTION audit_file_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW (NEW.id, NEW.audit_id, NEW.piece, NEW.name, NEW.media_type, NEW.size, NEW.sha256, NEW.content,
            NEW.delivered_by, coalesce(OLD.version, NEW.version), coalesce(OLD.withdrawn_at, NEW.withdrawn_at))
        IS DISTINCT FROM
        ROW (OLD.id, OLD.audit_id, OLD.piece, OLD.name, OLD.media_type, OLD.size, OLD.sha256, OLD.content,
            OLD.delivered_by, NEW.version, NEW.withdrawn_at)
    THEN
        RAISE EXCEPTION 'a file is delivered once and withdrawn once, and nothing else of it changes'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_file_unchanged';
    END IF;
    RETURN NEW;
END $$
"""

AUDIT_APPROVAL_IS_SEPARATE = """
CREATE FUNCTION audit_approval_is_separate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM audits a JOIN audit_reports r ON r.audit_id = a.case_id AND r.version = a.report_version
        WHERE a.case_id = NEW.audit_id AND a.report_version = NEW.version AND a.validated_at IS NULL
          AND r.pdf_sha256 = NEW.report_sha256
    ) THEN
        RAISE EXCEPTION 'a validation holds for the very file of the report that is with its validators'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_approval_of_file';
    END IF;
    IF NEW.person_id IN (SELECT person_id FROM audit_authors(NEW.audit_id)) THEN
        RAISE EXCEPTION 'whoever has written any of a report does not validate it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_approval_is_separate';
    END IF;
    RETURN NEW;
END $$
"""

RECOMMENDATION_IS_FINAL = """
CREATE FUNCTION recommendation_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM audits WHERE case_id = NEW.audit_id AND report_version IS NOT NULL)
        AND ROW (NEW.audit_id, NEW.number, NEW.risk, NEW.words, NEW.expected_on, NEW.piece, NEW.contract, NEW.comment,
            NEW.by_id, NEW.dropped_at, coalesce(OLD.reply, NEW.reply), coalesce(OLD.ruling, NEW.ruling))
        IS DISTINCT FROM
        ROW (OLD.audit_id, OLD.number, OLD.risk, OLD.words, OLD.expected_on, OLD.piece, OLD.contract, OLD.comment,
            OLD.by_id, OLD.dropped_at, NEW.reply, NEW.ruling)
    THEN
        RAISE EXCEPTION 'a recommendation says what the report says; it is answered once and ruled on once'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'recommendation_is_final';
    END IF;
    IF NEW.ruling IS NOT NULL AND NEW.ruled_by IN (SELECT person_id FROM audit_authors(NEW.audit_id)) THEN
        RAISE EXCEPTION 'whoever has written any of the report does not rule on what is disputed'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ruling_is_separate';
    END IF;
    RETURN NEW;
END $$
"""

FUNCTIONS = (
    WRITER_IS_KEPT,
    *(AUDIT_AUTHORS, AUDIT_MOVES, AUDIT_STARTS, AUDIT_HAS_ENDED, AUDIT_IS_SUBMITTED, AUDIT_FILE_STARTS),
    *(AUDIT_FILE_MOVES, AUDIT_APPROVAL_IS_SEPARATE, RECOMMENDATION_IS_FINAL),
)
TRIGGERS = (
    "audit_starts BEFORE INSERT ON audits FOR EACH ROW",
    "audit_moves BEFORE UPDATE ON audits FOR EACH ROW",
    "audit_file_starts BEFORE INSERT ON audit_files FOR EACH ROW",
    "audit_file_moves BEFORE UPDATE ON audit_files FOR EACH ROW",
    "audit_approval_is_separate BEFORE INSERT ON audit_approvals FOR EACH ROW",
    "recommendation_is_final BEFORE UPDATE ON audit_recommendations FOR EACH ROW",
    "audit_is_submitted BEFORE INSERT OR UPDATE ON audit_strengths FOR EACH ROW",
    "audit_is_submitted BEFORE INSERT OR UPDATE ON audit_grades FOR EACH ROW",
    "audit_is_submitted BEFORE INSERT ON audit_recommendations FOR EACH ROW",
    "audit_has_ended BEFORE UPDATE ON audit_files FOR EACH ROW",
    *(
        f"writer_is_kept AFTER INSERT OR UPDATE ON {table} FOR EACH ROW"
        for table in ("audit_strengths", "audit_grades", "audit_recommendations")
    ),
    *(
        f"audit_has_ended BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW"
        for table in (
            *("audit_strengths", "audit_grades", "audit_recommendations", "audit_reports", "audit_approvals"),
            *("audit_meetings", "audit_dates", "audit_findings"),
        )
    ),
)
"""Each executes the function of its own name."""
WRITTEN_ONCE = ("audit_pieces", "audit_writers", "audit_reports", "audit_approvals")
NEVER_DELETED = (
    *("audits", "audit_files", "audit_strengths", "audit_grades", "audit_recommendations", "audit_meetings"),
    *("audit_dates", "audit_findings"),
)


def upgrade() -> None:
    """New tables and the rules on them."""
    op.execute("CREATE SEQUENCE audit_references")
    _keep_audits()
    _keep_pieces()
    _keep_notes()
    _keep_writers()
    _keep_reports()
    _keep_what_follows()
    for function in FUNCTIONS:
        op.execute(function)
    for trigger in TRIGGERS:
        op.execute(f"CREATE TRIGGER {trigger} EXECUTE FUNCTION {trigger.split()[0]}()")
    for table in (*WRITTEN_ONCE, *NEVER_DELETED):
        unchanged = "UPDATE OR " if table in WRITTEN_ONCE else ""
        op.execute(
            f"CREATE TRIGGER written_once BEFORE {unchanged}DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _keep_audits() -> None:
    op.create_table(
        "audits",
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("delegate", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("contracts", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("themes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("conflict_of_interest", sa.Boolean(), nullable=False),
        sa.Column("catalogue", sa.Text(), nullable=False),
        sa.Column("planned_by", sa.UUID(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("launched_on", sa.Date(), nullable=True),
        sa.Column("delivery_due_on", sa.Date(), nullable=True),
        sa.Column("delivery_ended_on", sa.Date(), nullable=True),
        sa.Column("report_version", sa.BigInteger(), nullable=True),
        sa.Column("refused_version", sa.BigInteger(), nullable=True),
        sa.Column("submitted_by", sa.UUID(), nullable=True),
        sa.Column("validated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("agreed_by", sa.UUID(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(agreed_on IS NULL) = (agreed_by IS NULL)", name=op.f("ck_audits_agreed_by_somebody")),
        sa.CheckConstraint("cardinality(contracts) > 0 AND cardinality(themes) > 0", name=op.f("ck_audits_scope")),
        sa.CheckConstraint("closed_at IS NULL OR cancelled_at IS NULL", name=op.f("ck_audits_closed_or_cancelled")),
        sa.CheckConstraint(
            "validated_at IS NULL OR report_version IS NOT NULL", name=op.f("ck_audits_validated_report")
        ),
        sa.ForeignKeyConstraint(["agreed_by"], ["staff.id"], name=op.f("fk_audits_agreed_by")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_audits_case_id")),
        sa.ForeignKeyConstraint(["delegate"], ["delegates.code"], name=op.f("fk_audits_delegate")),
        sa.ForeignKeyConstraint(["planned_by"], ["staff.id"], name=op.f("fk_audits_planned_by")),
        sa.ForeignKeyConstraint(["submitted_by"], ["staff.id"], name=op.f("fk_audits_submitted_by")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_audits")),
    )
    op.create_index("ix_audits_list", "audits", ["year", "case_id"], unique=False)
    op.create_index(
        "uq_audits_delegate_year",
        "audits",
        ["delegate", "year"],
        unique=True,
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )


def _keep_pieces() -> None:
    op.create_table(
        "audit_pieces",
        sa.Column("audit_id", sa.UUID(), nullable=False),
        sa.Column("piece", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("label_fr", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("checked_for_fr", sa.Text(), nullable=False),
        sa.Column("checked_for_en", sa.Text(), nullable=False),
        sa.Column("lists_people", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.case_id"], name=op.f("fk_audit_pieces_audit_id")),
        sa.PrimaryKeyConstraint("audit_id", "piece", name=op.f("pk_audit_pieces")),
        sa.UniqueConstraint("audit_id", "number", name=op.f("uq_audit_pieces_audit_id_number")),
    )
    op.create_table(
        "audit_files",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("audit_id", sa.UUID(), nullable=False),
        sa.Column("piece", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("delivered_by", sa.UUID(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.UUID(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=True),
        sa.CheckConstraint("(version IS NULL) = (delivered_at IS NULL)", name=op.f("ck_audit_files_delivered")),
        sa.CheckConstraint("(version IS NULL) = (late IS NULL)", name=op.f("ck_audit_files_late")),
        sa.ForeignKeyConstraint(
            ["audit_id", "piece"], ["audit_pieces.audit_id", "audit_pieces.piece"], name="fk_audit_files_piece"
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.case_id"], name=op.f("fk_audit_files_audit_id")),
        sa.ForeignKeyConstraint(["delivered_by"], ["staff.id"], name=op.f("fk_audit_files_delivered_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["staff.id"], name=op.f("fk_audit_files_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_files")),
        sa.UniqueConstraint("audit_id", "piece", "version", name=op.f("uq_audit_files_audit_id_piece_version")),
    )
    op.create_index(
        "uq_audit_files_same",
        "audit_files",
        ["audit_id", "piece", "sha256"],
        unique=True,
        postgresql_where=sa.text("version IS NOT NULL AND withdrawn_at IS NULL"),
    )


def _keep_notes() -> None:
    op.create_table(
        "audit_grades",
        sa.Column("audit_id", sa.UUID(), nullable=False),
        sa.Column("piece", sa.Text(), nullable=False),
        sa.Column("conformity", sa.Text(), nullable=False),
        sa.Column("up_to_date", sa.Text(), nullable=False),
        sa.Column("relevance", sa.Text(), nullable=False),
        sa.Column("presentation", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("by_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "conformity IN ('0', '1', '2', '3', 'not_applicable')", name=op.f("ck_audit_grades_conformity")
        ),
        sa.CheckConstraint(
            "presentation IN ('0', '1', '2', '3', 'not_applicable')", name=op.f("ck_audit_grades_presentation")
        ),
        sa.CheckConstraint(
            "relevance IN ('0', '1', '2', '3', 'not_applicable')", name=op.f("ck_audit_grades_relevance")
        ),
        sa.CheckConstraint(
            "up_to_date IN ('0', '1', '2', '3', 'not_applicable')", name=op.f("ck_audit_grades_up_to_date")
        ),
        sa.ForeignKeyConstraint(
            ["audit_id", "piece"], ["audit_pieces.audit_id", "audit_pieces.piece"], name="fk_audit_grades_piece"
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.case_id"], name=op.f("fk_audit_grades_audit_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_audit_grades_by_id")),
        sa.PrimaryKeyConstraint("audit_id", "piece", name=op.f("pk_audit_grades")),
    )
    op.create_table(
        "audit_strengths",
        sa.Column("audit_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=True),
        sa.Column("by_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.case_id"], name=op.f("fk_audit_strengths_audit_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_audit_strengths_by_id")),
        sa.PrimaryKeyConstraint("audit_id", "number", name=op.f("pk_audit_strengths")),
    )
    op.create_table(
        "audit_recommendations",
        sa.Column("audit_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=False),
        sa.Column("piece", sa.Text(), nullable=True),
        sa.Column("contract", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("by_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_because", sa.Text(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("proposed_on", sa.Date(), nullable=True),
        sa.Column("argument", sa.Text(), nullable=True),
        sa.Column("ruling", sa.Text(), nullable=True),
        sa.Column("ruled_risk", sa.Text(), nullable=True),
        sa.Column("ruled_because", sa.Text(), nullable=True),
        sa.Column("ruled_by", sa.UUID(), nullable=True),
        sa.CheckConstraint("reply IN ('accept', 'dispute')", name=op.f("ck_audit_recommendations_reply")),
        sa.CheckConstraint(
            "risk IN ('very_low', 'low', 'medium', 'high', 'major')", name=op.f("ck_audit_recommendations_risk")
        ),
        sa.CheckConstraint(
            "ruled_risk IN ('very_low', 'low', 'medium', 'high', 'major')",
            name=op.f("ck_audit_recommendations_ruled_risk"),
        ),
        sa.CheckConstraint("ruling IN ('maintain', 'lower', 'drop')", name=op.f("ck_audit_recommendations_ruling")),
        sa.CheckConstraint(
            "ruling IS NULL OR reply = 'dispute'", name=op.f("ck_audit_recommendations_ruling_of_dispute")
        ),
        sa.ForeignKeyConstraint(
            ["audit_id", "piece"],
            ["audit_pieces.audit_id", "audit_pieces.piece"],
            name="fk_audit_recommendations_piece",
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.case_id"], name=op.f("fk_audit_recommendations_audit_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_audit_recommendations_by_id")),
        sa.ForeignKeyConstraint(["ruled_by"], ["staff.id"], name=op.f("fk_audit_recommendations_ruled_by")),
        sa.PrimaryKeyConstraint("audit_id", "number", name=op.f("pk_audit_recommendations")),
    )


def _keep_writers() -> None:
    op.create_table(
        "audit_writers",
        sa.Column("audit_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.case_id"], name=op.f("fk_audit_writers_audit_id")),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name=op.f("fk_audit_writers_person_id")),
        sa.PrimaryKeyConstraint("audit_id", "person_id", name=op.f("pk_audit_writers")),
    )


def _keep_reports() -> None:
    op.create_table(
        "audit_reports",
        sa.Column("audit_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_sha256", sa.Text(), nullable=False),
        sa.Column("xlsx", sa.LargeBinary(), nullable=False),
        sa.Column("xlsx_sha256", sa.Text(), nullable=False),
        sa.Column("made_by", sa.UUID(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.case_id"], name=op.f("fk_audit_reports_audit_id")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_audit_reports_made_by")),
        sa.PrimaryKeyConstraint("audit_id", "version", name=op.f("pk_audit_reports")),
    )
    op.create_table(
        "audit_approvals",
        sa.Column("audit_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("link", sa.BigInteger(), nullable=False),
        sa.Column("report_sha256", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id", "version"],
            ["audit_reports.audit_id", "audit_reports.version"],
            name="fk_audit_approvals_version",
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.case_id"], name=op.f("fk_audit_approvals_audit_id")),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name=op.f("fk_audit_approvals_person_id")),
        sa.PrimaryKeyConstraint("audit_id", "version", "person_id", name=op.f("pk_audit_approvals")),
        sa.UniqueConstraint("audit_id", "version", "link", name=op.f("uq_audit_approvals_audit_id_version_link")),
    )


def _keep_what_follows() -> None:
    op.create_table(
        "audit_meetings",
        sa.Column("audit_id", sa.UUID(), nullable=False),
        sa.Column("meeting", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.case_id"], name=op.f("fk_audit_meetings_audit_id")),
        sa.PrimaryKeyConstraint("audit_id", "meeting", name=op.f("pk_audit_meetings")),
    )
    op.create_table(
        "audit_dates",
        sa.Column("audit_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.case_id"], name=op.f("fk_audit_dates_audit_id")),
        sa.PrimaryKeyConstraint("audit_id", "number", name=op.f("pk_audit_dates")),
    )
    op.create_table(
        "audit_findings",
        sa.Column("audit_id", sa.UUID(), nullable=False),
        sa.Column("finding_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("carried_from", sa.UUID(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("carried_to", sa.UUID(), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name=op.f("ck_audit_findings_ended")),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.case_id"], name=op.f("fk_audit_findings_audit_id")),
        sa.ForeignKeyConstraint(["carried_from"], ["audits.case_id"], name=op.f("fk_audit_findings_carried_from")),
        sa.ForeignKeyConstraint(["carried_to"], ["audits.case_id"], name=op.f("fk_audit_findings_carried_to")),
        sa.ForeignKeyConstraint(["finding_id"], ["cases.id"], name=op.f("fk_audit_findings_finding_id")),
        sa.PrimaryKeyConstraint("audit_id", "finding_id", name=op.f("pk_audit_findings")),
    )
    op.create_index(op.f("ix_audit_findings_finding_id"), "audit_findings", ["finding_id"], unique=False)
