"""Audits mended: answers that did not come, and a delegate's commands that would be of an earlier instant.

The auditors go on without answers once, after the report is validated, and nothing is answered from then on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0021"
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


def upgrade() -> None:
    """New columns and the rules on them; the delegate reads them."""
    _end_answers()
    _refuse_what_is_backdated()


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
