"""Findings: what is to be put right, plans, evidence round by round, requests; and what guards them."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MEDIA_TYPES = (
    "media_type IN ('application/pdf', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', "
    "'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'image/jpeg', 'image/png', 'text/csv')"
)

FINDING_STARTS_OPEN = """
CREATE FUNCTION finding_starts_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'registered' OR NEW.round <> 1 OR NEW.postponements <> 0 OR NEW.plan_accepted_at IS NOT NULL
        OR NEW.carried_to IS NOT NULL
    THEN
        RAISE EXCEPTION 'a finding begins with nothing done'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'finding_starts_open';
    END IF;
    IF NEW.due_on > NEW.latest_on AND NEW.due_validated_by IS NULL THEN
        RAISE EXCEPTION 'a date that is later than the risk allows takes a validator'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'finding_due_validated';
    END IF;
    RETURN NEW;
END $$
"""

FINDING_IS_RIGHT = """
CREATE FUNCTION finding_is_right() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('closed', 'cancelled') THEN
        RAISE EXCEPTION 'a finding that has ended does not move any more'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'finding_has_ended';
    END IF;
    IF ROW (NEW.case_id, NEW.number, NEW.audit_id, NEW.audit_reference, NEW.delegate, NEW.contract, NEW.origin,
            NEW.piece, NEW.subject, NEW.words, NEW.risk, NEW.agreed_on, NEW.latest_on, NEW.due_validated_by,
            NEW.opened_by, NEW.opened_at, coalesce(OLD.plan_accepted_at, NEW.plan_accepted_at))
        IS DISTINCT FROM
        ROW (OLD.case_id, OLD.number, OLD.audit_id, OLD.audit_reference, OLD.delegate, OLD.contract, OLD.origin,
            OLD.piece, OLD.subject, OLD.words, OLD.risk, OLD.agreed_on, OLD.latest_on, OLD.due_validated_by,
            OLD.opened_by, OLD.opened_at, NEW.plan_accepted_at)
        OR NEW.round < OLD.round OR NEW.postponements < OLD.postponements
    THEN
        RAISE EXCEPTION 'a finding stays as it was opened'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'finding_unchanged';
    END IF;
    IF NEW.due_on <> OLD.due_on AND NOT EXISTS (
        SELECT FROM finding_requests r
        WHERE r.finding_id = NEW.case_id AND r.status = 'granted'
          AND (r.kind = 'postponement' AND r.until = NEW.due_on OR r.kind = 'risk_acceptance' AND r.until < NEW.due_on)
    ) THEN
        RAISE EXCEPTION 'the date of a finding moves to the day that somebody else has granted'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'finding_postponed';
    END IF;
    IF NEW.plan_accepted_at IS NOT NULL AND OLD.plan_accepted_at IS NULL AND NOT EXISTS (
        SELECT FROM finding_plans p WHERE p.finding_id = NEW.case_id AND p.accepted
    ) THEN
        RAISE EXCEPTION 'a plan is accepted by an auditor who did not propose it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'finding_plan_accepted';
    END IF;
    IF NEW.state = 'closed' AND NOT EXISTS (
        SELECT FROM finding_rounds r
        WHERE r.finding_id = NEW.case_id AND r.round = NEW.round AND r.refused_by IS NULL
          AND r.verified_by <> r.confirmed_by
          AND NOT EXISTS (
            SELECT FROM finding_evidence e
            WHERE e.finding_id = NEW.case_id AND e.added_at IS NOT NULL
              AND e.delivered_by IN (r.verified_by, r.confirmed_by))
          AND NOT EXISTS (
            SELECT FROM finding_rounds d
            WHERE d.finding_id = NEW.case_id AND d.delivered_by IN (r.verified_by, r.confirmed_by))
    ) THEN
        RAISE EXCEPTION 'a finding is closed by two people, neither of whom had a hand in its evidence'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'finding_needs_two';
    END IF;
    IF NEW.state = 'risk_accepted' AND OLD.state <> 'risk_accepted' AND NOT EXISTS (
        SELECT FROM finding_requests r
        WHERE r.finding_id = NEW.case_id AND r.kind = 'risk_acceptance' AND r.status = 'granted'
          AND r.asked_at = (SELECT max(asked_at) FROM finding_requests WHERE finding_id = NEW.case_id)
    ) THEN
        RAISE EXCEPTION 'a risk is accepted by two people, neither of whom asked for it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'risk_needs_two';
    END IF;
    RETURN NEW;
END $$
"""

FINDING_FOLLOWS_CASE = """
CREATE FUNCTION finding_follows_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE findings SET state = NEW.state WHERE case_id = NEW.id AND state <> NEW.state;
    RETURN NULL;
END $$
"""

PLAN_IS_DECIDED_ONCE = """
CREATE FUNCTION plan_is_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.decided_at IS NOT NULL
        OR ROW (NEW.finding_id, NEW.version, NEW.plan, NEW.proposed_by, NEW.proposed_at)
        IS DISTINCT FROM ROW (OLD.finding_id, OLD.version, OLD.plan, OLD.proposed_by, OLD.proposed_at)
    THEN
        RAISE EXCEPTION 'a plan stays as it was proposed, and is decided once'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'plan_is_decided_once';
    END IF;
    RETURN NEW;
END $$
"""

EVIDENCE_IS_KEPT = """
CREATE FUNCTION evidence_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.added_at IS NOT NULL
        OR ROW (NEW.id, NEW.finding_id, NEW.name, NEW.media_type, NEW.size, NEW.sha256, NEW.content, NEW.delivered_by)
        IS DISTINCT FROM
        ROW (OLD.id, OLD.finding_id, OLD.name, OLD.media_type, OLD.size, OLD.sha256, OLD.content, OLD.delivered_by)
    THEN
        RAISE EXCEPTION 'evidence is kept as it came'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'evidence_is_kept';
    END IF;
    RETURN NEW;
END $$
"""

EVIDENCE_STARTS = """
CREATE FUNCTION evidence_starts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.added_at IS NOT NULL OR NEW.round IS NOT NULL THEN
        RAISE EXCEPTION 'a file is kept first, and becomes evidence by its command'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'evidence_starts';
    END IF;
    RETURN NEW;
END $$
"""

FINDING_HAS_ENDED = """
CREATE FUNCTION finding_has_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM findings WHERE case_id = NEW.finding_id AND state IN ('closed', 'cancelled')) THEN
        RAISE EXCEPTION 'nothing of a finding that has ended changes'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'finding_has_ended';
    END IF;
    RETURN NEW;
END $$
"""
"""A file that comes too late may be kept beside its refused command: it becomes no evidence."""

ROUND_IS_SEPARATE = """
CREATE FUNCTION round_is_separate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW (NEW.finding_id, NEW.round, NEW.delivered_by, NEW.delivered_at, NEW.comment,
            coalesce(OLD.verified_by, NEW.verified_by), coalesce(OLD.verified_at, NEW.verified_at),
            coalesce(OLD.confirmed_by, NEW.confirmed_by), coalesce(OLD.confirmed_at, NEW.confirmed_at),
            coalesce(OLD.refused_by, NEW.refused_by), coalesce(OLD.refused_at, NEW.refused_at),
            coalesce(OLD.refused_in, NEW.refused_in), coalesce(OLD.reason, NEW.reason))
        IS DISTINCT FROM
        ROW (OLD.finding_id, OLD.round, OLD.delivered_by, OLD.delivered_at, OLD.comment,
            NEW.verified_by, NEW.verified_at, NEW.confirmed_by, NEW.confirmed_at,
            NEW.refused_by, NEW.refused_at, NEW.refused_in, NEW.reason)
    THEN
        RAISE EXCEPTION 'what was said of a round of evidence stays so'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_unchanged';
    END IF;
    IF EXISTS (
        SELECT FROM finding_evidence e
        WHERE e.finding_id = NEW.finding_id AND e.added_at IS NOT NULL
          AND e.delivered_by IN (NEW.verified_by, NEW.confirmed_by, NEW.refused_by)
    ) THEN
        RAISE EXCEPTION 'whoever brought evidence neither verifies nor confirms it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_is_separate';
    END IF;
    RETURN NEW;
END $$
"""

ROUND_STARTS_UNVERIFIED = """
CREATE FUNCTION round_starts_unverified() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.verified_by IS NOT NULL OR NEW.confirmed_by IS NOT NULL OR NEW.refused_by IS NOT NULL THEN
        RAISE EXCEPTION 'evidence is delivered before it is verified'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_starts_unverified';
    END IF;
    RETURN NEW;
END $$
"""

REQUEST_IS_DECIDED_ONCE = """
CREATE FUNCTION request_is_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    agreed bigint;
BEGIN
    IF OLD.status <> 'waiting'
        OR ROW (NEW.id, NEW.finding_id, NEW.kind, NEW.until, NEW.reason, NEW.asked_by, NEW.asked_at)
        IS DISTINCT FROM ROW (OLD.id, OLD.finding_id, OLD.kind, OLD.until, OLD.reason, OLD.asked_by, OLD.asked_at)
    THEN
        RAISE EXCEPTION 'a request stays as it was made, and is decided once'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'request_is_decided_once';
    END IF;
    SELECT count(DISTINCT person_id) INTO agreed FROM finding_approvals WHERE request_id = NEW.id;
    IF NEW.status = 'granted' AND agreed < (CASE NEW.kind WHEN 'risk_acceptance' THEN 2 ELSE 1 END) THEN
        RAISE EXCEPTION 'a date is moved by one person, and a risk accepted by two, none of whom asked'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'request_needs_approvals';
    END IF;
    RETURN NEW;
END $$
"""

REQUEST_STARTS_WAITING = """
CREATE FUNCTION request_starts_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'waiting' THEN
        RAISE EXCEPTION 'a request is made before it is decided'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'request_starts_waiting';
    END IF;
    RETURN NEW;
END $$
"""

APPROVAL_IS_ANOTHER_S = """
CREATE FUNCTION approval_is_another_s() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM finding_requests WHERE id = NEW.request_id AND status = 'waiting' AND asked_by <> NEW.person_id
    ) THEN
        RAISE EXCEPTION 'whoever asked for it does not approve it, and nobody once it is decided'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'approval_is_another_s';
    END IF;
    RETURN NEW;
END $$
"""

TRIGGERS = (
    "finding_starts_open BEFORE INSERT ON findings FOR EACH ROW",
    "finding_is_right BEFORE UPDATE ON findings FOR EACH ROW",
    "plan_is_decided_once BEFORE UPDATE ON finding_plans FOR EACH ROW",
    "evidence_starts BEFORE INSERT ON finding_evidence FOR EACH ROW",
    "finding_has_ended BEFORE UPDATE ON finding_evidence FOR EACH ROW",
    *(
        f"finding_has_ended BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW"
        for table in ("finding_plans", "finding_rounds", "finding_requests")
    ),
    "evidence_is_kept BEFORE UPDATE ON finding_evidence FOR EACH ROW",
    "round_starts_unverified BEFORE INSERT ON finding_rounds FOR EACH ROW",
    "round_is_separate BEFORE UPDATE ON finding_rounds FOR EACH ROW",
    "request_starts_waiting BEFORE INSERT ON finding_requests FOR EACH ROW",
    "request_is_decided_once BEFORE UPDATE ON finding_requests FOR EACH ROW",
    "approval_is_another_s BEFORE INSERT ON finding_approvals FOR EACH ROW",
)
"""Each executes the function of its own name."""
FUNCTIONS = (
    *(FINDING_STARTS_OPEN, FINDING_IS_RIGHT, FINDING_FOLLOWS_CASE, PLAN_IS_DECIDED_ONCE, EVIDENCE_IS_KEPT),
    *(ROUND_STARTS_UNVERIFIED, ROUND_IS_SEPARATE, REQUEST_STARTS_WAITING, REQUEST_IS_DECIDED_ONCE),
    *(APPROVAL_IS_ANOTHER_S, EVIDENCE_STARTS, FINDING_HAS_ENDED),
)
UNDELETED = ("findings", "finding_plans", "finding_evidence", "finding_rounds", "finding_requests")


def upgrade() -> None:
    """New tables and the rules on them."""
    op.execute("CREATE SEQUENCE finding_references")
    _keep_findings()
    _keep_plans()
    _keep_evidence()
    _keep_rounds()
    _keep_requests()
    _guard()


def _guard() -> None:
    for function in FUNCTIONS:
        op.execute(function)
    for trigger in TRIGGERS:
        op.execute(f"CREATE TRIGGER {trigger} EXECUTE FUNCTION {trigger.partition(' ')[0]}()")
    op.execute(
        "CREATE TRIGGER finding_follows_case AFTER UPDATE OF state ON cases FOR EACH ROW "
        "WHEN (NEW.procedure = 'finding') EXECUTE FUNCTION finding_follows_case()"
    )
    for table in UNDELETED:
        op.execute(
            f"CREATE TRIGGER written_once BEFORE DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON finding_approvals "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _refers(table: str, people: Iterable[str], **others: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    """What a table refers to: people of the staff, and the columns that are named."""
    wanted = {**others, **dict.fromkeys(people, "staff.id")}
    return tuple(
        sa.ForeignKeyConstraint([column], [of], name=op.f(f"fk_{table}_{column}")) for column, of in wanted.items()
    )


def _keep_findings() -> None:
    op.create_table(
        "findings",
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("audit_id", sa.UUID(), nullable=True),
        sa.Column("audit_reference", sa.Text(), nullable=True),
        sa.Column("delegate", sa.Text(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("piece", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("latest_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_validated_by", sa.UUID(), nullable=True),
        sa.Column("opened_by", sa.UUID(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("plan_accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("round", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("postponements", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("carried_to", sa.UUID(), nullable=True),
        sa.CheckConstraint("origin IN ('recommendation', 'missing_piece')", name=op.f("ck_findings_origin")),
        sa.CheckConstraint("(origin = 'missing_piece') = (piece IS NOT NULL)", name=op.f("ck_findings_piece")),
        sa.CheckConstraint("risk IN ('very_low', 'low', 'medium', 'high', 'major')", name=op.f("ck_findings_risk")),
        sa.CheckConstraint("agreed_on < due_on", name=op.f("ck_findings_due_after_agreed")),
        sa.CheckConstraint("due_validated_by <> opened_by", name=op.f("ck_findings_validated_by_another")),
        sa.CheckConstraint("(audit_id IS NULL) = (audit_reference IS NULL)", name=op.f("ck_findings_of_an_audit")),
        *_refers(
            "findings",
            ("due_validated_by", "opened_by"),
            case_id="cases.id",
            audit_id="cases.id",
            carried_to="cases.id",
            delegate="delegates.code",
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_findings")),
        sa.UniqueConstraint("audit_id", "number", name=op.f("uq_findings_audit_id_number")),
    )
    op.create_index("ix_findings_delegate", "findings", ["delegate", "due_on", "case_id"])
    op.create_index("ix_findings_due", "findings", ["due_on", "case_id"])
    op.create_index(
        "ix_findings_carried_to", "findings", ["carried_to"], postgresql_where=sa.text("carried_to IS NOT NULL")
    )


def _keep_plans() -> None:
    op.create_table(
        "finding_plans",
        sa.Column("finding_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.UUID(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.UUID(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(decided_at IS NULL) = (accepted IS NULL)", name=op.f("ck_finding_plans_decided")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_finding_plans_decided_by_somebody")
        ),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("ck_finding_plans_decided_by_another")),
        sa.CheckConstraint(
            "accepted IS NOT FALSE OR reason IS NOT NULL", name=op.f("ck_finding_plans_sent_back_with_reason")
        ),
        *_refers("finding_plans", ("proposed_by", "decided_by"), finding_id="findings.case_id"),
        sa.PrimaryKeyConstraint("finding_id", "version", name=op.f("pk_finding_plans")),
    )


def _keep_evidence() -> None:
    op.create_table(
        "finding_evidence",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("finding_id", sa.UUID(), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("delivered_by", sa.UUID(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(MEDIA_TYPES, name=op.f("ck_finding_evidence_media_type")),
        sa.CheckConstraint("size > 0", name=op.f("ck_finding_evidence_size")),
        sa.CheckConstraint("(round IS NULL) = (added_at IS NULL)", name=op.f("ck_finding_evidence_added")),
        *_refers("finding_evidence", ("delivered_by",), finding_id="findings.case_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_evidence")),
    )
    op.create_index(
        "uq_finding_evidence_file",
        "finding_evidence",
        ["finding_id", "sha256"],
        unique=True,
        postgresql_where=sa.text("added_at IS NOT NULL"),
    )


def _keep_rounds() -> None:
    op.create_table(
        "finding_rounds",
        sa.Column("finding_id", sa.UUID(), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column("delivered_by", sa.UUID(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("verified_by", sa.UUID(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.UUID(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_by", sa.UUID(), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_in", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("verified_by <> confirmed_by", name=op.f("ck_finding_rounds_two_people")),
        sa.CheckConstraint(
            "delivered_by <> verified_by AND delivered_by <> confirmed_by", name=op.f("ck_finding_rounds_no_hand_in_it")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR verified_by IS NOT NULL", name=op.f("ck_finding_rounds_verified_before_confirmed")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR refused_by IS NULL", name=op.f("ck_finding_rounds_confirmed_or_refused")
        ),
        sa.CheckConstraint(
            "(refused_by IS NULL) = (reason IS NULL)", name=op.f("ck_finding_rounds_refused_with_reason")
        ),
        *_refers(
            "finding_rounds",
            ("delivered_by", "verified_by", "confirmed_by", "refused_by"),
            finding_id="findings.case_id",
        ),
        sa.PrimaryKeyConstraint("finding_id", "round", name=op.f("pk_finding_rounds")),
    )


def _keep_requests() -> None:
    op.create_table(
        "finding_requests",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("finding_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.UUID(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.UUID(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('postponement', 'risk_acceptance')", name=op.f("ck_finding_requests_kind")),
        sa.CheckConstraint(
            "status IN ('waiting', 'granted', 'refused', 'withdrawn', 'lapsed')",
            name=op.f("ck_finding_requests_status"),
        ),
        sa.CheckConstraint("(status = 'waiting') = (decided_at IS NULL)", name=op.f("ck_finding_requests_decided")),
        sa.CheckConstraint(
            "(status = 'refused') = (refusal IS NOT NULL)", name=op.f("ck_finding_requests_refused_with_reason")
        ),
        *_refers("finding_requests", ("asked_by", "decided_by"), finding_id="findings.case_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_requests")),
    )
    op.create_index(
        "uq_finding_requests_waiting",
        "finding_requests",
        ["finding_id"],
        unique=True,
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_index("ix_finding_requests_finding_id_asked_at", "finding_requests", ["finding_id", "asked_at"])
    op.create_table(
        "finding_approvals",
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("link", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_refers("finding_approvals", ("person_id",), request_id="finding_requests.id"),
        sa.PrimaryKeyConstraint("request_id", "person_id", name=op.f("pk_finding_approvals")),
        sa.UniqueConstraint("request_id", "link", name=op.f("uq_finding_approvals_request_id_link")),
    )
