"""Audits and payments mended: answers that did not come, commands that would be of an earlier instant, second looks.

The auditors go on without answers once, after the report is validated, and nothing is answered from then on. An order
that the bank may have names the answer on which two people stand.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ROLE = "echeance_delegate"

ANSWERS_END_ONCE = """
CREATE FUNCTION answers_end_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the answers of a delegate end once'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'answers_end_once';
END $$
"""

ANSWERS_HAVE_ENDED = """
CREATE FUNCTION answers_have_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM audits WHERE case_id = NEW.audit_id AND answers_ended_on IS NOT NULL) THEN
        RAISE EXCEPTION 'what was not answered in time is answered no more'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'answers_have_ended';
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
        SELECT FROM second_looks l LEFT JOIN bank_conclusions c ON c.id = l.answer_id
        WHERE l.answer_id = NEW.answer_id AND l.payment_id = NEW.payment_id AND l.at = NEW.decided_at
          AND c.bank_did IS DISTINCT FROM 'executed'
    ) THEN
        RAISE EXCEPTION 'an order that the bank has is rejected or withdrawn on the word of two people'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'instruction_second_look';
    END IF;
    RETURN NEW;
END $$
"""
"""As before, but the second look is named, and does not say that the bank has executed it."""

LAYING_IS_OF_A_RELEASED_BATCH = """
CREATE OR REPLACE FUNCTION laying_is_of_a_released_batch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    p record;
BEGIN
    SELECT released_at, cancelled_at, handed_over_at INTO p FROM payments WHERE case_id = NEW.payment_id FOR UPDATE;
    IF p.released_at IS NULL OR p.cancelled_at IS NOT NULL OR p.handed_over_at IS NOT NULL THEN
        RAISE EXCEPTION 'a bank file is laid while its batch is released, and neither stopped nor handed over'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'laying_is_of_a_released_batch';
    END IF;
    RETURN NEW;
END $$
"""
"""As before, and: of what two people have concluded no attempt lays the file any more."""


def upgrade() -> None:
    """New columns and the rules on them; the delegate reads them."""
    _end_answers()
    _refuse_what_is_backdated()
    _name_the_answer()


def _end_answers() -> None:
    op.add_column("audits", sa.Column("answers_ended_on", sa.Date(), nullable=True))
    op.add_column("audits", sa.Column("answers_ended_because", sa.Text(), nullable=True))
    for name, rule in (
        ("answers_ended", "(answers_ended_on IS NULL) = (answers_ended_because IS NULL)"),
        ("answers_after_the_report", "answers_ended_on IS NULL OR validated_at IS NOT NULL"),
    ):
        op.create_check_constraint(op.f(f"ck_audits_{name}"), "audits", rule)
    for function in (ANSWERS_END_ONCE, ANSWERS_HAVE_ENDED):
        op.execute(function)
    op.execute(
        "CREATE TRIGGER answers_end_once BEFORE UPDATE ON audits FOR EACH ROW WHEN (OLD.answers_ended_on IS NOT NULL "
        "AND (NEW.answers_ended_on, NEW.answers_ended_because) "
        "IS DISTINCT FROM (OLD.answers_ended_on, OLD.answers_ended_because)) EXECUTE FUNCTION answers_end_once()"
    )
    op.execute(
        "CREATE TRIGGER answers_have_ended BEFORE UPDATE ON audit_recommendations FOR EACH ROW "
        "WHEN (NEW.reply IS DISTINCT FROM OLD.reply) EXECUTE FUNCTION answers_have_ended()"
    )
    op.execute(f"GRANT SELECT (answers_ended_on, answers_ended_because) ON audits TO {ROLE}")


def _refuse_what_is_backdated() -> None:
    """Beside the other policies on commands: whatever is late stays late. The house's clock says when a request began;
    five seconds for a clock that was set meanwhile.
    """
    since = "(SELECT nullif(current_setting('echeance.since', true), '')::timestamptz - interval '5 seconds')"
    op.execute(
        f"CREATE POLICY delegate_since ON commands AS RESTRICTIVE FOR INSERT TO {ROLE} WITH CHECK (at >= {since})"
    )


def _name_the_answer() -> None:
    """What was decided before keeps no answer: it stays as it is."""
    op.add_column("instructions", sa.Column("answer_id", sa.UUID(), nullable=True))
    op.create_foreign_key(
        op.f("fk_instructions_answer_id"), "instructions", "second_looks", ["answer_id"], ["answer_id"]
    )
    op.create_check_constraint(
        op.f("ck_instructions_answer"), "instructions", "answer_id IS NULL OR status IN ('rejected', 'withdrawn')"
    )
    for function in (INSTRUCTION_IS_FINAL, LAYING_IS_OF_A_RELEASED_BATCH):
        op.execute(function)
