"""Payments: batches, their lines, who released them, what the bank answered; and the rules that the database keeps.

No claim above the threshold is in a batch without its approvals, no claim is paid twice, no file leaves without two
people who had no hand in it: whoever writes, be it the owner of the tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CLAIM_MAY_LEAVE = """
CREATE FUNCTION claim_may_leave(wanted uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    c claims;
    d claim_decisions;
    approvers bigint;
    needed bigint;
    account bytea;
    last_one instructions;
BEGIN
    SELECT * INTO c FROM claims WHERE id = wanted;
    IF NOT FOUND OR coalesce(c.payable_cents, 0) <= 0 THEN
        RETURN 'not_payable';
    END IF;
    IF c.kind = 'commitment' THEN
        RETURN 'commitment';
    END IF;
    IF EXISTS (SELECT FROM instructions WHERE claim_id = wanted AND status IN ('instructed', 'paid')) THEN
        RETURN 'already_instructed';
    END IF;
    IF c.state <> 'payable' OR c.case_id IS NOT NULL
        AND (SELECT state FROM cases WHERE id = c.case_id) IS DISTINCT FROM 'payable'
    THEN
        RETURN 'not_decided';
    END IF;
    needed := greatest(
        c.links,
        CASE WHEN greatest(c.amount_cents, c.payable_cents) > least(c.control_above_cents, 100000) THEN 1 ELSE 0 END,
        CASE WHEN greatest(c.amount_cents, c.payable_cents) > c.second_above_cents THEN 2 ELSE 0 END
    );
    account := coalesce(
        (SELECT iban_hash FROM member_ibans WHERE member_number = c.member_number AND until_at IS NULL), c.iban_hash
    );
    IF c.case_id IS NULL AND needed > 0 THEN
        RETURN 'approvals_missing';
    END IF;
    IF c.case_id IS NOT NULL THEN
        SELECT * INTO d FROM claim_decisions WHERE case_id = c.case_id ORDER BY version DESC LIMIT 1;
        IF NOT FOUND OR d.decision NOT IN ('pay', 'pay_corrected') OR d.amount_cents <> c.payable_cents THEN
            RETURN 'approvals_missing';
        END IF;
        SELECT count(DISTINCT a.person_id) INTO approvers
        FROM claim_approvals a
        WHERE a.case_id = d.case_id AND a.version = d.version AND a.decision_hash = d.hash
          AND a.person_id <> c.entered_by
          AND a.person_id NOT IN (SELECT m.changed_by FROM member_ibans m
                                  WHERE m.member_number = c.member_number AND m.iban_hash = d.iban_hash
                                    AND m.changed_by IS NOT NULL)
          AND a.person_id NOT IN (SELECT s.staff_id FROM staff_ibans s
                                  WHERE s.member_number IN (c.member_number, c.beneficiary_number)
                                     OR s.iban_hash = d.iban_hash);
        IF approvers < needed THEN
            RETURN 'approvals_missing';
        END IF;
    END IF;
    IF account <> coalesce(d.iban_hash, c.iban_hash) THEN
        RETURN 'iban_changed';
    END IF;
    SELECT * INTO last_one FROM instructions WHERE claim_id = wanted ORDER BY instructed_at DESC, id DESC LIMIT 1;
    IF FOUND AND last_one.status = 'rejected' AND last_one.iban_hash = account
        AND (d.at IS NULL OR d.at <= last_one.decided_at)
    THEN
        RETURN 'rejected_before';
    END IF;
    RETURN NULL;
END $$
"""
"""The one place that says whether a claim may be in a batch: nothing when it may, else why not.

Above 1,000 euros somebody has controlled it (Memo): that floor is the database's own, whatever a policy says. How many
controllers it needs beyond, its own row says, laid down at intake. It is paid on its member's account of today; where
none is registered, on the one that it was asked for.
"""

PAYMENT_PARTS = """
CREATE FUNCTION payment_parts(wanted uuid) RETURNS TABLE (person_id uuid, part text) LANGUAGE sql STABLE AS $$
    SELECT p.built_by, 'built' FROM payments p WHERE p.case_id = wanted
    UNION
    SELECT c.entered_by, 'entered' FROM instructions i JOIN claims c ON c.id = i.claim_id WHERE i.payment_id = wanted
    UNION
    SELECT d.author_id, 'controlled'
    FROM instructions i JOIN claims c ON c.id = i.claim_id JOIN claim_decisions d ON d.case_id = c.case_id
    WHERE i.payment_id = wanted
    UNION
    SELECT a.person_id, 'controlled'
    FROM instructions i JOIN claims c ON c.id = i.claim_id JOIN claim_approvals a ON a.case_id = c.case_id
    WHERE i.payment_id = wanted
    UNION
    SELECT m.changed_by, 'changed_iban'
    FROM instructions i JOIN claims c ON c.id = i.claim_id JOIN member_ibans m ON m.member_number = c.member_number
    WHERE i.payment_id = wanted AND m.changed_by IS NOT NULL AND (m.until_at IS NULL OR m.iban_hash = i.iban_hash)
    UNION
    SELECT s.staff_id, 'own_account'
    FROM instructions i JOIN claims c ON c.id = i.claim_id
    JOIN staff_ibans s ON s.iban_hash = i.iban_hash OR s.member_number IN (c.member_number, c.beneficiary_number)
    WHERE i.payment_id = wanted
    UNION
    SELECT im.by_id, 'entered'
    FROM instructions i JOIN claims c ON c.id = i.claim_id JOIN imports im ON im.id = c.import_id
    WHERE i.payment_id = wanted AND im.by_id IS NOT NULL
$$
"""
"""Who had a hand in a batch, and which: they do not release it."""

INSTRUCTION_IS_RIGHT = """
CREATE FUNCTION instruction_is_right() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    why text := claim_may_leave(NEW.claim_id);
BEGIN
    IF why IS NOT NULL THEN
        RAISE EXCEPTION '%', CASE why
            WHEN 'not_payable' THEN 'a claim with nothing to be paid is in no batch'
            WHEN 'not_decided' THEN 'a claim that is still controlled is in no batch'
            WHEN 'approvals_missing' THEN 'a claim above the threshold is in no batch without the approvals of its '
                'controllers, for this very amount, by others than who entered it'
            WHEN 'already_instructed' THEN 'a claim has one order to pay at most that is not rejected or withdrawn'
            WHEN 'iban_changed' THEN 'a claim whose account has changed since its approval is in no batch'
            WHEN 'rejected_before' THEN 'a claim that the bank has rejected is in no batch until it is decided again'
            ELSE why
        END USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'claim_may_leave', DETAIL = why;
    END IF;
    IF NEW.amount_cents <> (SELECT payable_cents FROM claims WHERE id = NEW.claim_id) THEN
        RAISE EXCEPTION 'an order pays what was approved, to the cent'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'instruction_amount';
    END IF;
    IF NOT EXISTS (
        SELECT FROM claims c LEFT JOIN member_ibans m ON m.member_number = c.member_number AND m.until_at IS NULL
        WHERE c.id = NEW.claim_id AND NEW.iban = coalesce(m.iban, c.iban)
          AND NEW.iban_hash = coalesce(m.iban_hash, c.iban_hash)
    ) THEN
        RAISE EXCEPTION 'an order pays the account that was approved, while it is the member''s'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'instruction_iban';
    END IF;
    IF NEW.status <> 'instructed' OR NEW.position < 1
        OR NEW.position > (SELECT count FROM payments WHERE case_id = NEW.payment_id)
    THEN
        RAISE EXCEPTION 'the lines of a batch are those of its file: none is added'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'instruction_in_file';
    END IF;
    RETURN NEW;
END $$
"""

INSTRUCTION_IS_FINAL = """
CREATE FUNCTION instruction_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    p record;
BEGIN
    IF ROW (NEW.id, NEW.payment_id, NEW.position, NEW.claim_id, NEW.end_to_end_id, NEW.amount_cents, NEW.iban,
            NEW.iban_hash, NEW.name, NEW.instructed_at)
        IS DISTINCT FROM
        ROW (OLD.id, OLD.payment_id, OLD.position, OLD.claim_id, OLD.end_to_end_id, OLD.amount_cents, OLD.iban,
            OLD.iban_hash, OLD.name, OLD.instructed_at)
    THEN
        RAISE EXCEPTION 'of an order only its outcome changes'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'instruction_unchanged';
    END IF;
    IF OLD.status <> 'instructed' THEN
        RAISE EXCEPTION 'an order that is paid, rejected or withdrawn stays so'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'instruction_final';
    END IF;
    SELECT handed_over_at, cancelled_at INTO p FROM payments WHERE case_id = NEW.payment_id;
    IF NEW.status IN ('paid', 'rejected') AND p.handed_over_at IS NULL
        OR NEW.status = 'withdrawn' AND p.handed_over_at IS NULL AND p.cancelled_at IS NULL
    THEN
        RAISE EXCEPTION 'the bank answers a file that it has, and an order is withdrawn with its whole batch'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'instruction_outcome';
    END IF;
    RETURN NEW;
END $$
"""

RELEASE_IS_SEPARATE = """
CREATE FUNCTION release_is_separate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    p record;
    had text;
BEGIN
    SELECT file_sha256, released_at, cancelled_at INTO p FROM payments WHERE case_id = NEW.payment_id FOR UPDATE;
    IF p.released_at IS NOT NULL OR p.cancelled_at IS NOT NULL OR NEW.file_sha256 IS DISTINCT FROM p.file_sha256 THEN
        RAISE EXCEPTION 'a release holds for the very file of a batch that is neither released nor cancelled'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'release_of_file';
    END IF;
    SELECT string_agg(part, ', ' ORDER BY part) INTO had
    FROM payment_parts(NEW.payment_id) WHERE person_id = NEW.person_id;
    IF had IS NOT NULL THEN
        RAISE EXCEPTION 'whoever built a batch, entered, controlled or changed the account of one of its lines does '
            'not release it (%)', had
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'release_is_separate';
    END IF;
    RETURN NEW;
END $$
"""

PAYMENT_NEEDS_RELEASES = """
CREATE FUNCTION payment_needs_releases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW (NEW.case_id, NEW.message_id, NEW.executes_on, NEW.count, NEW.total_cents, NEW.built_by, NEW.built_at,
            NEW.file, NEW.file_sha256, coalesce(OLD.released_at, NEW.released_at),
            coalesce(OLD.handed_over_at, NEW.handed_over_at), coalesce(OLD.cancelled_at, NEW.cancelled_at))
        IS DISTINCT FROM
        ROW (OLD.case_id, OLD.message_id, OLD.executes_on, OLD.count, OLD.total_cents, OLD.built_by, OLD.built_at,
            OLD.file, OLD.file_sha256, NEW.released_at, NEW.handed_over_at, NEW.cancelled_at)
    THEN
        RAISE EXCEPTION 'a batch is released, handed over or cancelled once, and nothing else of it changes'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payment_unchanged';
    END IF;
    IF NEW.released_at IS NULL OR OLD.released_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    IF (SELECT count(DISTINCT person_id) FROM releases
        WHERE payment_id = NEW.case_id AND file_sha256 = NEW.file_sha256) < 2
    THEN
        RAISE EXCEPTION 'a bank file leaves when two people have released it, for its very hash'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payment_needs_releases';
    END IF;
    IF EXISTS (
        SELECT FROM instructions i JOIN claims c ON c.id = i.claim_id
        LEFT JOIN member_ibans m ON m.member_number = c.member_number AND m.until_at IS NULL
        WHERE i.payment_id = NEW.case_id AND coalesce(m.iban_hash, c.iban_hash) <> i.iban_hash
    ) THEN
        RAISE EXCEPTION 'a bank file leaves while every account in it is its member''s'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payment_ibans';
    END IF;
    IF EXISTS (
        SELECT FROM instructions i JOIN claims c ON c.id = i.claim_id
        WHERE i.payment_id = NEW.case_id AND (c.state <> 'instructed' OR c.instruction_id IS DISTINCT FROM i.id)
    ) THEN
        RAISE EXCEPTION 'a bank file leaves when each of its claims stands in it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payment_claims';
    END IF;
    RETURN NEW;
END $$
"""

PAYMENT_ADDS_UP = """
CREATE FUNCTION payment_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT ROW (count(*), coalesce(sum(amount_cents), 0)::bigint) FROM instructions WHERE payment_id = NEW.case_id)
        IS DISTINCT FROM ROW (NEW.count, NEW.total_cents)
    THEN
        RAISE EXCEPTION 'count and total of a batch are those of its lines'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payment_adds_up';
    END IF;
    RETURN NULL;
END $$
"""

STARTS_NEW = """
CREATE FUNCTION payment_starts_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.released_at IS NOT NULL OR NEW.handed_over_at IS NOT NULL OR NEW.cancelled_at IS NOT NULL THEN
        RAISE EXCEPTION 'a batch is built before it is released'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payment_starts_new';
    END IF;
    RETURN NEW;
END $$
"""

TRIGGERS = (
    "payment_starts_new BEFORE INSERT ON payments FOR EACH ROW",
    "payment_needs_releases BEFORE UPDATE ON payments FOR EACH ROW",
    "instruction_is_right BEFORE INSERT ON instructions FOR EACH ROW",
    "instruction_is_final BEFORE UPDATE ON instructions FOR EACH ROW",
    "release_is_separate BEFORE INSERT ON releases FOR EACH ROW",
)
"""Each executes the function of its own name."""


def upgrade() -> None:
    """New tables and the rules on them."""
    _keep_batches()
    _keep_lines()
    _keep_releases()
    _keep_reports()
    _keep_rules()


def _keep_batches() -> None:
    op.execute("CREATE SEQUENCE payment_references")
    op.create_table(
        "payments",
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("executes_on", sa.Date(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("total_cents", sa.BigInteger(), nullable=False),
        sa.Column("built_by", sa.UUID(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "cancelled_at IS NULL OR released_at IS NULL", name=op.f("ck_payments_cancelled_or_released")
        ),
        sa.CheckConstraint("count > 0 AND total_cents > 0", name=op.f("ck_payments_not_empty")),
        sa.CheckConstraint(
            "handed_over_at IS NULL OR released_at IS NOT NULL", name=op.f("ck_payments_released_before_handed_over")
        ),
        sa.ForeignKeyConstraint(["built_by"], ["staff.id"], name=op.f("fk_payments_built_by")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_payments_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_payments")),
        sa.UniqueConstraint("message_id", name=op.f("uq_payments_message_id")),
    )
    op.create_index("ix_payments_list", "payments", ["built_at", "case_id"], unique=False)


def _keep_lines() -> None:
    op.create_table(
        "instructions",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.UUID(), nullable=False),
        sa.Column("end_to_end_id", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("iban", sa.Text(), nullable=False),
        sa.Column("iban_hash", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("instructed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("bank_code", sa.Text(), nullable=True),
        sa.Column("bank_reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'instructed') = (decided_at IS NULL)", name=op.f("ck_instructions_decided")),
        sa.CheckConstraint(
            "status IN ('instructed', 'paid', 'rejected', 'withdrawn')", name=op.f("ck_instructions_status")
        ),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_instructions_amount")),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_instructions_claim_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.case_id"], name=op.f("fk_instructions_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instructions")),
        sa.UniqueConstraint("end_to_end_id", name=op.f("uq_instructions_end_to_end_id")),
        sa.UniqueConstraint("payment_id", "position", name=op.f("uq_instructions_payment_id_position")),
    )
    op.create_index(
        op.f("ix_instructions_claim_id_instructed_at"), "instructions", ["claim_id", "instructed_at"], unique=False
    )
    op.create_index(
        "uq_instructions_living",
        "instructions",
        ["claim_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('instructed', 'paid')"),
    )


def _keep_releases() -> None:
    op.create_table(
        "releases",
        sa.Column("payment_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("link", sa.BigInteger(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.case_id"], name=op.f("fk_releases_payment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name=op.f("fk_releases_person_id")),
        sa.PrimaryKeyConstraint("payment_id", "person_id", name=op.f("pk_releases")),
        sa.UniqueConstraint("payment_id", "link", name=op.f("uq_releases_payment_id_link")),
    )
    op.create_table(
        "left_out",
        sa.Column("payment_id", sa.UUID(), nullable=False),
        sa.Column("claim_id", sa.UUID(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_left_out_claim_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.case_id"], name=op.f("fk_left_out_payment_id")),
        sa.PrimaryKeyConstraint("payment_id", "claim_id", name=op.f("pk_left_out")),
    )


def _keep_reports() -> None:
    op.create_table(
        "bank_reports",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.UUID(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.case_id"], name=op.f("fk_bank_reports_payment_id")),
        sa.ForeignKeyConstraint(["received_by"], ["staff.id"], name=op.f("fk_bank_reports_received_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_reports")),
        sa.UniqueConstraint("payment_id", "sha256", name=op.f("uq_bank_reports_payment_id_sha256")),
    )
    op.create_index(
        "uq_bank_reports_read",
        "bank_reports",
        ["payment_id", "message_id"],
        unique=True,
        postgresql_where=sa.text("read_at IS NOT NULL"),
    )


def _keep_rules() -> None:
    for function in (
        *(CLAIM_MAY_LEAVE, PAYMENT_PARTS, INSTRUCTION_IS_RIGHT, INSTRUCTION_IS_FINAL),
        *(RELEASE_IS_SEPARATE, PAYMENT_NEEDS_RELEASES, PAYMENT_ADDS_UP, STARTS_NEW),
    ):
        op.execute(function)
    for trigger in TRIGGERS:
        op.execute(f"CREATE TRIGGER {trigger} EXECUTE FUNCTION {trigger.split()[0]}()")
    op.execute(
        "CREATE CONSTRAINT TRIGGER payment_adds_up AFTER INSERT ON payments DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION payment_adds_up()"
    )
    for table in ("payments", "instructions", "bank_reports", "releases", "left_out"):
        unchanged = "UPDATE OR " if table in {"releases", "left_out"} else ""
        op.execute(
            f"CREATE TRIGGER written_once BEFORE {unchanged}DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
