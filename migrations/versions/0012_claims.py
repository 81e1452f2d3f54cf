"""Claims: what is asked to be paid, the decisions on it, who approved them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables; decisions and approvals are written once."""
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
        sa.Column("provider_number", sa.Text(), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("iban", sa.Text(), nullable=False),
        sa.Column("iban_hash", sa.LargeBinary(), nullable=False),
        sa.Column("entered_by", sa.UUID(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pole", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("import_id", sa.UUID(), nullable=True),
        sa.Column("case_id", sa.UUID(), nullable=True),
        sa.Column("reasons", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("links", sa.BigInteger(), nullable=False),
        sa.Column("checks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("draw", sa.BigInteger(), nullable=True),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("payable_cents", sa.BigInteger(), nullable=True),
        sa.Column("payable_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["beneficiary_number"], ["beneficiaries.number"], name=op.f("fk_claims_beneficiary_number")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_claims_case_id")),
        sa.ForeignKeyConstraint(["contract_number"], ["contracts.number"], name=op.f("fk_claims_contract_number")),
        sa.ForeignKeyConstraint(["entered_by"], ["staff.id"], name=op.f("fk_claims_entered_by")),
        sa.ForeignKeyConstraint(["member_number"], ["members.number"], name=op.f("fk_claims_member_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("case_id", name=op.f("uq_claims_case_id")),
        sa.UniqueConstraint("number", name=op.f("uq_claims_number")),
        sa.UniqueConstraint("reference", name=op.f("uq_claims_reference")),
    )
    op.create_index(op.f("ix_claims_member_number"), "claims", ["member_number"], unique=False)
    op.create_index(
        "ix_claims_payable",
        "claims",
        ["payable_at", "id"],
        unique=False,
        postgresql_where=sa.text("payable_cents IS NOT NULL"),
    )
    op.create_table(
        "claim_decisions",
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("checklist", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("checklist_version", sa.Text(), nullable=True),
        sa.Column("iban_hash", sa.LargeBinary(), nullable=False),
        sa.Column("author_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
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
    )
    for table in ("claim_decisions", "claim_approvals"):
        op.execute(
            f"CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
