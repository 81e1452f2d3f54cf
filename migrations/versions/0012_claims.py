"""Claims: what is asked to be paid, the decisions on it with their approvals, documents, pauses; what guards them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CATEGORY = "category IN ('optical', 'dental', 'hospital', 'hearing', 'routine', 'pharmacy', 'alternative')"
IMPORTED = "kind IN ('members', 'contracts', 'contributions', 'ibans', 'providers', 'guarantees', 'staff', 'claims')"
CONTROLLED_OR_CLEARED = (
    "(case_id IS NOT NULL AND cardinality(reasons) > 0 AND links IN (1, 2))"
    " OR (case_id IS NULL AND cardinality(reasons) = 0 AND links = 0"
    " AND payable_cents IS NOT DISTINCT FROM amount_cents)"
)

CLAIM_NEEDS_APPROVALS = """
CREATE FUNCTION claim_needs_approvals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    taken record;
    approved_by integer;
BEGIN
    SELECT * INTO taken FROM claim_decisions WHERE case_id = NEW.case_id ORDER BY version DESC LIMIT 1;
    SELECT count(DISTINCT a.person_id) INTO approved_by
    FROM claim_approvals a
    WHERE a.case_id = NEW.case_id AND a.version = taken.version AND a.decision_hash = taken.hash
      AND a.person_id <> NEW.entered_by
      AND a.person_id NOT IN (SELECT m.changed_by FROM member_ibans m
                              WHERE m.member_number = NEW.member_number AND m.iban_hash = taken.iban_hash
                                AND m.changed_by IS NOT NULL)
      AND a.person_id NOT IN (SELECT s.staff_id FROM staff_ibans s
                              WHERE s.member_number IN (NEW.member_number, NEW.beneficiary_number)
                                 OR s.iban_hash = taken.iban_hash);
    IF taken.decision IN ('pay', 'pay_corrected') AND taken.amount_cents = NEW.payable_cents
        AND taken.iban_hash = coalesce((SELECT m.iban_hash FROM member_ibans m
                                        WHERE m.member_number = NEW.member_number AND m.until_at IS NULL),
                                       NEW.iban_hash)
        AND approved_by >= NEW.links
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION
        'a controlled claim is payable with the approvals of its controllers for this very amount and account, none of '
        'whom entered it, changed its account, or is the member'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'claim_needs_approvals';
END $$
"""

CLAIM_IS_FIXED = """
CREATE FUNCTION claim_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW (NEW.id, NEW.reference, NEW.number, NEW.content_hash, NEW.member_number, NEW.beneficiary_number,
            NEW.contract_number, NEW.category, NEW.kind, NEW.act, NEW.care_on, NEW.provider_number, NEW.amount_cents,
            NEW.entered_by, NEW.entered_at, NEW.pole, NEW.received_on, NEW.import_id, NEW.checks, NEW.draw, NEW.policy,
            NEW.control_above_cents, NEW.second_above_cents, NEW.iban, NEW.iban_hash, NEW.idempotency_key)
        IS DISTINCT FROM
        ROW (OLD.id, OLD.reference, OLD.number, OLD.content_hash, OLD.member_number, OLD.beneficiary_number,
            OLD.contract_number, OLD.category, OLD.kind, OLD.act, OLD.care_on, OLD.provider_number, OLD.amount_cents,
            OLD.entered_by, OLD.entered_at, OLD.pole, OLD.received_on, OLD.import_id, OLD.checks, OLD.draw, OLD.policy,
            OLD.control_above_cents, OLD.second_above_cents, OLD.iban, OLD.iban_hash, OLD.idempotency_key)
        OR OLD.case_id IS NOT NULL
        AND ROW (NEW.case_id, NEW.reasons, NEW.links) IS DISTINCT FROM ROW (OLD.case_id, OLD.reasons, OLD.links)
    THEN
        RAISE EXCEPTION 'a claim stays as it was asked for; what is controlled stays controlled, by as many'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'claim_is_fixed';
    END IF;
    RETURN NEW;
END $$
"""

CLAIM_FOLLOWS_CASE = """
CREATE FUNCTION claim_follows_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE claims SET state = NEW.state WHERE case_id = NEW.id AND state <> NEW.state;
    RETURN NULL;
END $$
"""

DOCUMENT_IS_KEPT = """
CREATE FUNCTION document_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.added_at IS NOT NULL
        OR ROW (NEW.id, NEW.case_id, NEW.kind, NEW.name, NEW.media_type, NEW.size, NEW.sha256, NEW.content,
            NEW.added_by)
        IS DISTINCT FROM
        ROW (OLD.id, OLD.case_id, OLD.kind, OLD.name, OLD.media_type, OLD.size, OLD.sha256, OLD.content,
            OLD.added_by)
    THEN
        RAISE EXCEPTION 'a document is kept as it came'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'document_is_kept';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """New tables; what was decided is written once, and nothing becomes payable past its controllers."""
    op.execute("CREATE SEQUENCE claim_references")
    op.drop_constraint(op.f("ck_imports_kind"), "imports", type_="check")
    op.create_check_constraint(op.f("ck_imports_kind"), "imports", IMPORTED)
    _tell_procedures_apart()
    _keep_claims()
    _find_claims()
    _keep_seeds()
    _keep_decisions()
    _keep_documents()
    _guard()


def _tell_procedures_apart() -> None:
    """The board counts open complaints from an index alone, however many claims are under control."""
    op.drop_index("ix_cases_open", "cases")
    op.create_index(
        "ix_cases_open",
        "cases",
        ["pole", "state", "received_on"],
        postgresql_include=["id", "owner_id", "procedure"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _guard() -> None:
    for function in (CLAIM_NEEDS_APPROVALS, CLAIM_IS_FIXED, CLAIM_FOLLOWS_CASE, DOCUMENT_IS_KEPT):
        op.execute(function)
    op.execute(
        "CREATE TRIGGER claim_starts_unapproved BEFORE INSERT ON claims FOR EACH ROW "
        "WHEN (NEW.payable_cents IS NOT NULL AND NEW.case_id IS NOT NULL) EXECUTE FUNCTION claim_needs_approvals()"
    )
    op.execute(
        "CREATE TRIGGER claim_needs_approvals BEFORE UPDATE ON claims FOR EACH ROW "
        "WHEN (NEW.case_id IS NOT NULL AND NEW.payable_cents IS NOT NULL"
        " AND NEW.payable_cents IS DISTINCT FROM OLD.payable_cents) EXECUTE FUNCTION claim_needs_approvals()"
    )
    op.execute(
        "CREATE TRIGGER document_is_kept BEFORE UPDATE ON claim_documents FOR EACH ROW "
        "EXECUTE FUNCTION document_is_kept()"
    )
    op.execute("CREATE TRIGGER claim_is_fixed BEFORE UPDATE ON claims FOR EACH ROW EXECUTE FUNCTION claim_is_fixed()")
    op.execute(
        "CREATE TRIGGER claim_follows_case AFTER UPDATE OF state ON cases FOR EACH ROW "
        "WHEN (NEW.procedure = 'claim') EXECUTE FUNCTION claim_follows_case()"
    )
    for table in ("claims", "claim_documents", "document_requests", "pauses"):
        op.execute(
            f"CREATE TRIGGER written_once BEFORE DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    for table in ("claim_samples", "claim_decisions", "claim_approvals", "claim_sent_back"):
        op.execute(
            f"CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _keep_claims() -> None:
    op.create_table(
        "claims",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("member_number", sa.Text(), nullable=False),
        sa.Column("beneficiary_number", sa.Text(), nullable=False),
        sa.Column("contract_number", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("care_on", sa.Date(), nullable=False),
        sa.Column("provider_number", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("iban", sa.Text(), nullable=False),
        sa.Column("iban_hash", sa.LargeBinary(), nullable=False),
        sa.Column("entered_by", sa.UUID(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pole", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("import_id", sa.UUID(), nullable=True),
        sa.Column("case_id", sa.UUID(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reasons", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("links", sa.BigInteger(), nullable=False),
        sa.Column("checks", postgresql.JSONB(), nullable=False),
        sa.Column("draw", sa.BigInteger(), nullable=True),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("control_above_cents", sa.BigInteger(), nullable=False),
        sa.Column("second_above_cents", sa.BigInteger(), nullable=False),
        sa.Column("payable_cents", sa.BigInteger(), nullable=True),
        sa.Column("payable_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("instruction_id", sa.UUID(), nullable=True),
        sa.Column("reopened_on", sa.Date(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.CheckConstraint("'sensitive' <> ALL (reasons) OR links = 2", name=op.f("ck_claims_reinforced")),
        sa.CheckConstraint(
            "state NOT IN ('payable', 'instructed', 'paid') OR payable_cents IS NOT NULL", name=op.f("ck_claims_to_pay")
        ),
        sa.CheckConstraint(CONTROLLED_OR_CLEARED, name=op.f("ck_claims_controlled_or_cleared")),
        sa.CheckConstraint("(payable_cents IS NULL) = (payable_at IS NULL)", name=op.f("ck_claims_payable")),
        sa.CheckConstraint(
            "amount_cents <= control_above_cents OR case_id IS NOT NULL", name=op.f("ck_claims_controlled_above")
        ),
        sa.CheckConstraint("amount_cents <= second_above_cents OR links = 2", name=op.f("ck_claims_two_above")),
        sa.CheckConstraint("amount_cents > 0 AND payable_cents > 0", name=op.f("ck_claims_amounts")),
        sa.CheckConstraint(CATEGORY, name=op.f("ck_claims_category")),
        sa.CheckConstraint("kind IN ('reimbursement', 'commitment')", name=op.f("ck_claims_kind")),
        *_what_claims_refer_to(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("number", name=op.f("uq_claims_number")),
        sa.UniqueConstraint("reference", name=op.f("uq_claims_reference")),
    )


def _what_claims_refer_to() -> tuple[sa.ForeignKeyConstraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["beneficiary_number"], ["beneficiaries.number"], name=op.f("fk_claims_beneficiary_number")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_claims_case_id")),
        sa.ForeignKeyConstraint(["contract_number"], ["contracts.number"], name=op.f("fk_claims_contract_number")),
        sa.ForeignKeyConstraint(["entered_by"], ["staff.id"], name=op.f("fk_claims_entered_by")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_claims_import_id")),
        sa.ForeignKeyConstraint(["member_number"], ["members.number"], name=op.f("fk_claims_member_number")),
        sa.ForeignKeyConstraint(["provider_number"], ["providers.number"], name=op.f("fk_claims_provider_number")),
    )


def _find_claims() -> None:
    op.create_index("ix_claims_account", "claims", ["iban_hash", "member_number"])
    op.create_index("ix_claims_alike", "claims", ["beneficiary_number", "act", "care_on"])
    op.create_index(
        "ix_claims_controlled", "claims", ["received_on", "id"], postgresql_where=sa.text("case_id IS NOT NULL")
    )
    op.create_index("ix_claims_list", "claims", ["received_on", "id"])
    op.create_index("ix_claims_member", "claims", ["member_number", "care_on"])
    op.create_index("ix_claims_payable", "claims", ["payable_at", "id"], postgresql_where=sa.text("state = 'payable'"))
    op.create_index(
        "uq_claims_entered_by_idempotency_key",
        "claims",
        ["entered_by", "idempotency_key"],
        unique=True,
        postgresql_where=sa.text("idempotency_key IS NOT NULL"),
    )
    op.create_index(
        "uq_claims_case_id", "claims", ["case_id"], unique=True, postgresql_where=sa.text("case_id IS NOT NULL")
    )


def _keep_decisions() -> None:
    op.create_table(
        "claim_decisions",
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("checklist", postgresql.JSONB(), nullable=False),
        sa.Column("checklist_version", sa.Text(), nullable=False),
        sa.Column("iban_hash", sa.LargeBinary(), nullable=False),
        sa.Column("author_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(decision = 'refuse') = (amount_cents = 0) AND amount_cents >= 0", name=op.f("ck_claim_decisions_amount")
        ),
        sa.CheckConstraint("decision = 'pay' OR reason IS NOT NULL", name=op.f("ck_claim_decisions_with_reason")),
        sa.CheckConstraint("decision IN ('pay', 'pay_corrected', 'refuse')", name=op.f("ck_claim_decisions_decision")),
        sa.ForeignKeyConstraint(["author_id"], ["staff.id"], name=op.f("fk_claim_decisions_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_claim_decisions_case_id")),
        sa.PrimaryKeyConstraint("case_id", "version", name=op.f("pk_claim_decisions")),
    )
    op.create_table(
        "claim_approvals",
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("link", sa.BigInteger(), nullable=False),
        sa.Column("decision_hash", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id", "version"],
            ["claim_decisions.case_id", "claim_decisions.version"],
            name=op.f("fk_claim_approvals_case_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name=op.f("fk_claim_approvals_person_id")),
        sa.PrimaryKeyConstraint("case_id", "version", "person_id", name=op.f("pk_claim_approvals")),
        sa.UniqueConstraint("case_id", "version", "link", name=op.f("uq_claim_approvals_case_id_version_link")),
    )
    op.create_table(
        "claim_sent_back",
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id", "version"],
            ["claim_decisions.case_id", "claim_decisions.version"],
            name=op.f("fk_claim_sent_back_case_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name=op.f("fk_claim_sent_back_person_id")),
        sa.PrimaryKeyConstraint("case_id", "version", name=op.f("pk_claim_sent_back")),
    )


def _keep_seeds() -> None:
    op.create_table(
        "claim_samples",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_claim_samples")),
    )


def _keep_documents() -> None:
    op.create_table(
        "claim_documents",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.UUID(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "media_type IN ('application/pdf', 'image/jpeg', 'image/png')", name=op.f("ck_claim_documents_media_type")
        ),
        sa.CheckConstraint("(version IS NULL) = (added_at IS NULL)", name=op.f("ck_claim_documents_added")),
        sa.CheckConstraint("size > 0", name=op.f("ck_claim_documents_size")),
        sa.ForeignKeyConstraint(["added_by"], ["staff.id"], name=op.f("fk_claim_documents_added_by")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_claim_documents_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_documents")),
        sa.UniqueConstraint(
            "case_id", "kind", "name", "version", name=op.f("uq_claim_documents_case_id_kind_name_version")
        ),
    )
    op.create_table(
        "document_requests",
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.UUID(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cardinality(kinds) > 0", name=op.f("ck_document_requests_not_empty")),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_document_requests_asked_by")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_document_requests_case_id")),
        sa.PrimaryKeyConstraint("case_id", "asked_at", name=op.f("pk_document_requests")),
    )
    op.create_index(
        "uq_document_requests_open",
        "document_requests",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "pauses",
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("from_at <= until_at", name=op.f("ck_pauses_forwards")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_pauses_case_id")),
        sa.PrimaryKeyConstraint("case_id", "from_at", name=op.f("pk_pauses")),
    )
    op.create_index("uq_pauses_open", "pauses", ["case_id"], unique=True, postgresql_where=sa.text("until_at IS NULL"))
