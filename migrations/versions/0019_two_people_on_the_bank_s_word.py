"""What the bank has is rejected or withdrawn on the word of two people; what it cannot have yet can be stopped."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SECOND_LOOK_IS_SEPARATE = """
CREATE FUNCTION second_look_is_separate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM bank_reports
        WHERE id = NEW.answer_id AND payment_id = NEW.payment_id AND received_by <> NEW.looked_by
        UNION ALL
        SELECT FROM bank_conclusions
        WHERE id = NEW.answer_id AND payment_id = NEW.payment_id AND given_by = NEW.given_by
    ) THEN
        RAISE EXCEPTION 'what is told of the bank is confirmed by somebody who has not told it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'second_look_is_separate';
    END IF;
    RETURN NEW;
END $$
"""

INSTRUCTION_IS_FINAL = """
CREATE OR REPLACE FUNCTION instruction_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF NEW.status IN ('rejected', 'withdrawn') AND p.handed_over_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM second_looks WHERE payment_id = NEW.payment_id AND at = NEW.decided_at
    ) THEN
        RAISE EXCEPTION 'an order that the bank has is rejected or withdrawn on the word of two people'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'instruction_second_look';
    END IF;
    RETURN NEW;
END $$
"""
"""As before, and: at the very instant of a second look. What was rejected would be paid once more."""


LAYING_IS_OF_A_RELEASED_BATCH = """
CREATE FUNCTION laying_is_of_a_released_batch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    p record;
BEGIN
    SELECT released_at, cancelled_at INTO p FROM payments WHERE case_id = NEW.payment_id FOR UPDATE;
    IF p.released_at IS NULL OR p.cancelled_at IS NOT NULL THEN
        RAISE EXCEPTION 'a bank file is laid while its batch is released, and not stopped'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'laying_is_of_a_released_batch';
    END IF;
    RETURN NEW;
END $$
"""
"""It locks the batch, so that of laying and stopping one is first: the other then sees it."""

LAYING_FAILS_ONCE = """
CREATE FUNCTION laying_fails_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.failed_wall IS NOT NULL OR ROW (NEW.id, NEW.payment_id, NEW.began_wall)
        IS DISTINCT FROM ROW (OLD.id, OLD.payment_id, OLD.began_wall)
    THEN
        RAISE EXCEPTION 'of an attempt to lay a file only that it has failed is written, once'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'laying_fails_once';
    END IF;
    RETURN NEW;
END $$
"""

PAYMENT_IS_STOPPED_IN_TIME = """
CREATE FUNCTION payment_is_stopped_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM layings WHERE payment_id = NEW.case_id AND failed_wall IS NULL) THEN
        RAISE EXCEPTION 'a batch whose file is being laid, or may be with the bank, is not stopped'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payment_is_stopped_in_time';
    END IF;
    RETURN NEW;
END $$
"""


CLAIM_APPROVERS = """
CREATE FUNCTION claim_approvers(c claims, d claim_decisions) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT count(DISTINCT a.person_id)
    FROM claim_approvals a
    WHERE a.case_id = d.case_id AND a.version = d.version AND a.decision_hash = d.hash
      AND a.person_id <> c.entered_by
      AND a.person_id NOT IN (SELECT m.changed_by FROM member_ibans m
                              WHERE m.member_number = c.member_number AND m.iban_hash = d.iban_hash
                                AND m.changed_by IS NOT NULL)
      AND a.person_id NOT IN (SELECT s.staff_id FROM staff_ibans s
                              WHERE s.member_number IN (c.member_number, c.beneficiary_number)
                                 OR s.iban_hash = d.iban_hash)
$$
"""
"""The one place that says which approvals of a claim count: of this very decision, by people who have not entered the
claim, not changed its account, and are not paid by it."""

CLAIM_NEEDS_APPROVALS = """
CREATE OR REPLACE FUNCTION claim_needs_approvals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    taken claim_decisions;
BEGIN
    SELECT * INTO taken FROM claim_decisions WHERE case_id = NEW.case_id ORDER BY version DESC LIMIT 1;
    IF taken.decision IN ('pay', 'pay_corrected') AND taken.amount_cents = NEW.payable_cents
        AND taken.iban_hash = coalesce((SELECT m.iban_hash FROM member_ibans m
                                        WHERE m.member_number = NEW.member_number AND m.until_at IS NULL),
                                       NEW.iban_hash)
        AND claim_approvers(NEW, taken) >= NEW.links
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION
        'a controlled claim is payable with the approvals of its controllers for this very amount and account, none of '
        'whom entered it, changed its account, or is the member'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'claim_needs_approvals';
END $$
"""

CLAIM_MAY_LEAVE = """
CREATE OR REPLACE FUNCTION claim_may_leave(wanted uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    c claims;
    d claim_decisions;
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
        IF claim_approvers(c, d) < needed THEN
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


def upgrade() -> None:
    """New tables, and the rules on them."""
    _keep_conclusions()
    _keep_second_looks()
    op.execute(INSTRUCTION_IS_FINAL)
    _keep_layings()
    for function in (CLAIM_APPROVERS, CLAIM_NEEDS_APPROVALS, CLAIM_MAY_LEAVE):
        op.execute(function)
    _find_by_index()


def _find_by_index() -> None:
    """What is asked of each claim of a batch is planned once for a connection, maybe while the table was small: reading
    all of it ten thousand times took a minute, so that these two go by index whatever is known of the tables.
    """
    for function in ("claim_may_leave(uuid)", "instruction_is_right()"):
        op.execute(f"ALTER FUNCTION {function} SET enable_seqscan = off")
    op.create_index("ix_claims_entered_by", "claims", ["entered_by", "received_on", "id"])
    op.create_index(
        "ix_claims_state", "claims", ["state", "received_on", "id"], postgresql_where=sa.text("state <> 'paid'")
    )
    op.create_index(
        "ix_claims_queue",
        "claims",
        ["received_on", "id"],
        postgresql_where=sa.text("case_id IS NOT NULL AND state NOT IN ('abandoned', 'paid', 'refused')"),
    )


def _keep_layings() -> None:
    op.create_table(
        "layings",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=False),
        sa.Column("began_wall", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failed_wall", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.case_id"], name=op.f("fk_layings_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layings")),
    )
    op.create_index(op.f("ix_layings_payment_id"), "layings", ["payment_id"])
    op.drop_constraint(op.f("ck_payments_cancelled_or_released"), "payments", type_="check")
    op.create_check_constraint(
        op.f("ck_payments_cancelled_or_handed_over"), "payments", "cancelled_at IS NULL OR handed_over_at IS NULL"
    )
    for function in (LAYING_IS_OF_A_RELEASED_BATCH, LAYING_FAILS_ONCE, PAYMENT_IS_STOPPED_IN_TIME):
        op.execute(function)
    for trigger in (
        "laying_is_of_a_released_batch BEFORE INSERT ON layings FOR EACH ROW",
        "laying_fails_once BEFORE UPDATE ON layings FOR EACH ROW",
        "payment_is_stopped_in_time BEFORE UPDATE ON payments FOR EACH ROW "
        "WHEN (NEW.cancelled_at IS NOT NULL AND OLD.cancelled_at IS NULL)",
    ):
        op.execute(f"CREATE TRIGGER {trigger} EXECUTE FUNCTION {trigger.split()[0]}()")
    op.execute(
        "CREATE TRIGGER written_once BEFORE DELETE OR TRUNCATE ON layings "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _keep_conclusions() -> None:
    op.create_table(
        "bank_conclusions",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=False),
        sa.Column("bank_did", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("given_by", sa.UUID(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("bank_did IN ('executed', 'not_executed')", name=op.f("ck_bank_conclusions_bank_did")),
        sa.ForeignKeyConstraint(["given_by"], ["staff.id"], name=op.f("fk_bank_conclusions_given_by")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.case_id"], name=op.f("fk_bank_conclusions_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_conclusions")),
    )
    op.create_index(op.f("ix_bank_conclusions_payment_id"), "bank_conclusions", ["payment_id"])
    op.execute(
        "CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON bank_conclusions "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _keep_second_looks() -> None:
    op.create_table(
        "second_looks",
        sa.Column("answer_id", sa.UUID(), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=False),
        sa.Column("given_by", sa.UUID(), nullable=False),
        sa.Column("looked_by", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("looked_by <> given_by", name=op.f("ck_second_looks_two_people")),
        sa.ForeignKeyConstraint(["given_by"], ["staff.id"], name=op.f("fk_second_looks_given_by")),
        sa.ForeignKeyConstraint(["looked_by"], ["staff.id"], name=op.f("fk_second_looks_looked_by")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.case_id"], name=op.f("fk_second_looks_payment_id")),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_second_looks")),
    )
    op.create_index(op.f("ix_second_looks_payment_id_at"), "second_looks", ["payment_id", "at"])
    op.execute(SECOND_LOOK_IS_SEPARATE)
    op.execute(
        "CREATE TRIGGER second_look_is_separate BEFORE INSERT ON second_looks FOR EACH ROW "
        "EXECUTE FUNCTION second_look_is_separate()"
    )
    op.execute(
        "CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON second_looks "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
