"""The rules that the database itself keeps, whoever writes to it."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UNCHANGEABLE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is written once: nothing in it is changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'write a new line instead';
END $$
"""

ANSWER_NEEDS_APPROVALS = """
CREATE FUNCTION answer_needs_approvals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(DISTINCT a.person_id)
        FROM approvals a JOIN answer_versions v USING (case_id, version)
        WHERE a.case_id = NEW.case_id AND a.version = NEW.version AND a.version_hash = v.hash
          AND a.person_id <> (SELECT d.author_id FROM answer_versions d
                              WHERE d.case_id = NEW.case_id AND d.version <= NEW.version AND NOT d.amends
                              ORDER BY d.version DESC LIMIT 1)) < 2
    THEN
        RAISE EXCEPTION
            'an answer leaves with the approval of two people, neither of whom drafted it, for its very version'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'answer_needs_approvals';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Journal, versions and approvals are written once; no answer becomes a letter without its two approvals."""
    op.execute("CREATE SEQUENCE complaint_references")
    op.execute(UNCHANGEABLE)
    for table in ("journal", "answer_versions", "approvals", "sent_back"):
        op.execute(
            f"CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(ANSWER_NEEDS_APPROVALS)
    op.execute(
        "CREATE TRIGGER answer_needs_approvals BEFORE INSERT OR UPDATE ON letters "
        "FOR EACH ROW WHEN (NEW.kind LIKE 'answer%') EXECUTE FUNCTION answer_needs_approvals()"
    )
