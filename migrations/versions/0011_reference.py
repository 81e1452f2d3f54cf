"""Reference data of claims: who is covered, contracts, contributions, accounts, providers, guarantees; its history.

Staff's accounts are kept as keyed hashes only; the key that makes them is one of the register's own.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OWN_ACCOUNTS_KEY = "purpose IN ('case', 'journal', 'iban')"
MEMBERS_ARE_BENEFICIARIES = (
    "INSERT INTO beneficiaries (number, member_number, name) SELECT number, number, name FROM members "
    "ON CONFLICT (number) DO NOTHING"
)
KEEP_MEMBER_COVERED = """
CREATE FUNCTION keep_member_covered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO beneficiaries (number, member_number, name) VALUES (NEW.number, NEW.number, NEW.name)
    ON CONFLICT (number) DO UPDATE SET name = excluded.name, member_number = excluded.member_number;
    RETURN NULL;
END $$
"""
"""A member is a beneficiary under their own number, whoever writes the member."""
CATEGORY = "category IN ('optical', 'dental', 'hospital', 'hearing', 'routine', 'pharmacy', 'alternative')"
KINDS = "kind IN ('members', 'contracts', 'contributions', 'ibans', 'providers', 'guarantees', 'staff')"


def upgrade() -> None:
    """New tables; imports and the history of what they changed are written once."""
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public")
    _allow_a_key_for_accounts()
    _keep_who_is_covered()
    _keep_contracts()
    _keep_accounts()
    _keep_care()
    _keep_imports()
    _keep_history()
    for table in ("imports", "import_refusals", "reference_changes"):
        op.execute(
            f"CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _allow_a_key_for_accounts() -> None:
    op.drop_constraint(op.f("ck_kept_keys_purpose"), "kept_keys", type_="check")
    op.create_check_constraint(op.f("ck_kept_keys_purpose"), "kept_keys", OWN_ACCOUNTS_KEY)
    op.create_index(
        "uq_kept_keys_iban", "kept_keys", ["purpose"], unique=True, postgresql_where=sa.text("purpose = 'iban'")
    )


def _keep_who_is_covered() -> None:
    """First the trigger, then those who were members before: nobody becomes one in between."""
    op.create_table(
        "beneficiaries",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("member_number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sensitive", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "sensitive IN ('administrator', 'client_decision_maker')", name=op.f("ck_beneficiaries_sensitive")
        ),
        sa.ForeignKeyConstraint(["member_number"], ["members.number"], name=op.f("fk_beneficiaries_member_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_beneficiaries")),
    )
    op.create_index(op.f("ix_beneficiaries_member_number"), "beneficiaries", ["member_number"])
    op.execute(KEEP_MEMBER_COVERED)
    op.execute(
        "CREATE TRIGGER keep_member_covered AFTER INSERT OR UPDATE OF name ON members "
        "FOR EACH ROW EXECUTE FUNCTION keep_member_covered()"
    )
    op.execute(MEMBERS_ARE_BENEFICIARIES)


def _keep_contracts() -> None:
    op.create_table(
        "contracts",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("member_number", sa.Text(), nullable=False),
        sa.Column("guarantee", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_number"], ["members.number"], name=op.f("fk_contracts_member_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_contracts")),
    )
    op.create_index(op.f("ix_contracts_member_number"), "contracts", ["member_number"])
    op.create_table(
        "contract_rights",
        sa.Column("contract_number", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint("from_on < until_on", name=op.f("ck_contract_rights_not_empty")),
        postgresql.ExcludeConstraint(
            ("contract_number", "="),
            (sa.text("daterange(from_on, until_on)"), "&&"),
            using="gist",
            name="ex_contract_rights_one_at_a_time",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["contract_number"], ["contracts.number"], name=op.f("fk_contract_rights_contract_number")
        ),
        sa.PrimaryKeyConstraint("contract_number", "from_on", name=op.f("pk_contract_rights")),
    )
    op.create_table(
        "contributions",
        sa.Column("contract_number", sa.Text(), nullable=False),
        sa.Column("period_on", sa.Date(), nullable=False),
        sa.Column("due_cents", sa.BigInteger(), nullable=False),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "date_trunc('month', period_on::timestamp) = period_on", name=op.f("ck_contributions_month")
        ),
        sa.CheckConstraint("due_cents >= 0 AND paid_cents >= 0", name=op.f("ck_contributions_amounts")),
        sa.ForeignKeyConstraint(
            ["contract_number"], ["contracts.number"], name=op.f("fk_contributions_contract_number")
        ),
        sa.PrimaryKeyConstraint("contract_number", "period_on", name=op.f("pk_contributions")),
    )


def _keep_accounts() -> None:
    op.create_table(
        "member_ibans",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("member_number", sa.Text(), nullable=False),
        sa.Column("iban", sa.Text(), nullable=False),
        sa.Column("iban_hash", sa.LargeBinary(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.UUID(), nullable=True),
        sa.Column("changed_through", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "changed_through IN ('member', 'staff', 'delegate')", name=op.f("ck_member_ibans_changed_through")
        ),
        sa.CheckConstraint("from_at < until_at", name=op.f("ck_member_ibans_not_empty")),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_member_ibans_changed_by")),
        sa.ForeignKeyConstraint(["member_number"], ["members.number"], name=op.f("fk_member_ibans_member_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_ibans")),
        sa.UniqueConstraint("member_number", "from_at", name=op.f("uq_member_ibans_member_number_from_at")),
    )
    op.create_index(
        "uq_member_ibans_current",
        "member_ibans",
        ["member_number"],
        unique=True,
        postgresql_where=sa.text("until_at IS NULL"),
    )
    op.create_index(op.f("ix_member_ibans_iban_hash"), "member_ibans", ["iban_hash"])
    op.create_table(
        "staff_ibans",
        sa.Column("staff_id", sa.UUID(), nullable=False),
        sa.Column("iban_hash", sa.LargeBinary(), nullable=False),
        sa.Column("member_number", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["member_number"], ["members.number"], name=op.f("fk_staff_ibans_member_number")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_ibans_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "iban_hash", name=op.f("pk_staff_ibans")),
    )
    op.create_index(op.f("ix_staff_ibans_iban_hash"), "staff_ibans", ["iban_hash"])


def _keep_care() -> None:
    op.create_table(
        "providers",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.CheckConstraint(CATEGORY, name=op.f("ck_providers_category")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_providers")),
    )
    op.create_table(
        "guarantee_lines",
        sa.Column("guarantee", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("ceiling_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(CATEGORY, name=op.f("ck_guarantee_lines_category")),
        sa.CheckConstraint("ceiling_cents >= 0", name=op.f("ck_guarantee_lines_ceiling")),
        sa.PrimaryKeyConstraint("guarantee", "category", "act", name=op.f("pk_guarantee_lines")),
    )


def _keep_imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("unchanged", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.UUID(), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_imports_kind")),
        sa.CheckConstraint("lines = accepted + unchanged + refused", name=op.f("ck_imports_every_line")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_imports_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index(op.f("ix_imports_at_id"), "imports", ["at", "id"])
    op.create_table(
        "import_refusals",
        sa.Column("import_id", sa.UUID(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_refusals_import_id")),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_import_refusals")),
    )


def _keep_history() -> None:
    op.create_table(
        "reference_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("member_number", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("import_id", sa.UUID(), nullable=True),
        sa.Column("by_id", sa.UUID(), nullable=True),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_reference_changes_kind")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_reference_changes_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_changes")),
    )
    op.create_index(
        "uq_reference_changes_asked",
        "reference_changes",
        ["by_id", "idempotency_key"],
        unique=True,
        postgresql_where=sa.text("idempotency_key IS NOT NULL"),
    )
    op.create_index(
        "ix_reference_changes_of_no_member",
        "reference_changes",
        ["kind", "key"],
        postgresql_where=sa.text("member_number IS NULL"),
    )
    op.create_index(
        "ix_reference_changes_member",
        "reference_changes",
        ["member_number", "id"],
        postgresql_where=sa.text("member_number IS NOT NULL"),
    )
