"""The delegate's access: a role that sees one delegate's rows, in the tables that its people need, and nothing else.

Whoever owns the tables is not held up by the policies: they are for the role alone. Each transaction of a delegate's
request takes the role and names delegate and person (`db.behalf`). A policy that asks another table asks it as the
same role: what is somebody's case is said once, on `cases`.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ROLE = "echeance_delegate"
DELEGATE = "(SELECT current_setting('echeance.delegate', true))"
PERSON = "(SELECT nullif(current_setting('echeance.person', true), '')::uuid)"
OWN_SIDE = f"delegate = {DELEGATE}"

ROLE_IS_THERE = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        CREATE ROLE {ROLE} NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role {ROLE} is missing, and % may not create roles', current_user
            USING HINT = 'whoever administers the server does once: '
                || format('CREATE ROLE {ROLE} NOLOGIN; GRANT {ROLE} TO %I', current_user);
END $$
"""
ROLE_IS_POWERLESS = """
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_roles r
        WHERE rolname = 'echeance_delegate'
          AND (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb
               OR EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid))
    ) THEN
        RAISE EXCEPTION 'the role echeance_delegate can do more than it may: it is to be NOLOGIN, and in no other role'
            USING HINT = 'whoever administers the server takes that from it first';
    END IF;
END $$
"""
ROLE_CAN_BE_TAKEN = f"""
DO $$
DECLARE
    before text := current_setting('role');
BEGIN
    BEGIN
        PERFORM set_config('role', '{ROLE}', true);
        PERFORM set_config('role', before, true);
    EXCEPTION WHEN insufficient_privilege THEN
        EXECUTE format('GRANT {ROLE} TO %I', current_user);
    END;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION '% may not take the role {ROLE}, nor grant it to itself', current_user
        USING HINT = 'whoever administers the server does once: ' || format('GRANT {ROLE} TO %I', current_user);
END $$
"""

READ: dict[str, tuple[str, str]] = {
    "delegates": ("code, name, broker, contracts", f"code = {DELEGATE}"),
    "staff": (
        "id, login, password_provisional, name, title, email, phone, roles, pole, skills, deputy_id, delegate, active",
        OWN_SIDE,
    ),
    "absences": (
        "id, person_id, from_on, back_on, deputy_id, recorded_by, recorded_at, idempotency_key, body_hash,"
        " cancelled_at",
        "person_id IN (SELECT id FROM staff)",
    ),
    "tokens": ("hash, person_id, use, expires_wall, used_wall", f"person_id = {PERSON}"),
    "drafts": ("person_id, form, typed, saved_wall", f"person_id = {PERSON}"),
}
"""Which columns of which rows are read."""

WRITTEN: tuple[tuple[str, str, str | None, str | None, str | None], ...] = (
    ("tokens", "DELETE", None, f"person_id = {PERSON}", None),
    ("drafts", "INSERT", "person_id, form, typed, saved_wall", None, f"person_id = {PERSON}"),
    ("drafts", "UPDATE", "typed, saved_wall", f"person_id = {PERSON}", f"person_id = {PERSON}"),
    ("drafts", "DELETE", None, f"person_id = {PERSON}", None),
)
"""What is written: table, act, columns, on which rows, and what the row then has to be."""


def upgrade() -> None:
    """Only the role is held by the policies; the owner's requests do not meet them."""
    for statement in (ROLE_IS_THERE, ROLE_IS_POWERLESS, ROLE_CAN_BE_TAKEN):
        op.execute(statement)
    for table, (columns, rows) in READ.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO {ROLE}")
        op.execute(f"CREATE POLICY delegate_select ON {table} FOR SELECT TO {ROLE} USING ({rows})")
    for table, act, written, those, becomes in WRITTEN:
        of_columns = f" ({written})" if written else ""
        using = f" USING ({those})" if those else ""
        check = f" WITH CHECK ({becomes})" if becomes else ""
        op.execute(f"GRANT {act}{of_columns} ON {table} TO {ROLE}")
        op.execute(f"CREATE POLICY delegate_{act.lower()} ON {table} FOR {act} TO {ROLE}{using}{check}")


def downgrade() -> None:
    """The role stays: other registers of the same server may use it."""
    for table, act, *_ in WRITTEN:
        op.execute(f"DROP POLICY delegate_{act.lower()} ON {table}")
    for table in READ:
        op.execute(f"DROP POLICY delegate_select ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        op.execute(f"REVOKE ALL ON {table} FROM {ROLE}")
