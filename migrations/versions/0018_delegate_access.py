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

OWN_CASES = "SELECT case_id FROM audits UNION ALL SELECT case_id FROM findings"
HATS_OF_PEOPLE = "(SELECT array_agg('person:' || id) FROM staff)"
OWN_HATS = f"{HATS_OF_PEOPLE} || ARRAY['delegate_user@' || {DELEGATE}, 'delegate_director@' || {DELEGATE}]"
OF_OWN_CASE = "case_id IN (SELECT id FROM cases)"
OF_OWN_AUDIT = "audit_id IN (SELECT case_id FROM audits)"
OF_OWN_FINDING = "finding_id IN (SELECT case_id FROM findings)"
OF_VALIDATED_REPORT = "audit_id IN (SELECT case_id FROM audits WHERE validated_at IS NOT NULL) AND dropped_at IS NULL"
DATES = "'launch', 'delivery', 'restitution', 'follow_up', 'plan', 'remediation', 'risk_acceptance'"
GIVEN = "'deliver_piece', 'withdraw_piece', 'add_evidence', 'request_postponement', 'withdraw_request'"
OUTCOMES = "'propose', 'deliver', 'answer'"

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
    "audits": (
        "case_id, delegate, year, contracts, themes, catalogue, planned_at, launched_on, delivery_due_on,"
        " delivery_ended_on, report_version, validated_at, agreed_on, closed_at, cancelled_at",
        OWN_SIDE,
    ),
    "findings": (
        "case_id, number, audit_id, audit_reference, delegate, contract, origin, piece, subject, words, risk,"
        " agreed_on, latest_on, due_on, opened_at, state, plan_accepted_at, round, postponements, carried_to",
        OWN_SIDE,
    ),
    "cases": (
        "id, reference, procedure, state, policy, pole, owner_id, received_on, opened_at, ended_at",
        f"id IN ({OWN_CASES})",
    ),
    "commands": (
        "id, case_id, kind, task_id, body, actor_id, rights, idempotency_key, body_hash, at, status, refusal,"
        " decided_wall",
        f"actor_id = {PERSON} AND {OF_OWN_CASE}",
    ),
    "tasks": (
        "id, case_id, kind, offered_to, excluded, due_at, opened_at, detail, claimed_by, closed_at, closed_by, outcome",
        f"{OF_OWN_CASE} AND offered_to && ({OWN_HATS})",
    ),
    "deadlines": (
        "id, case_id, name, generation, due_on, due_at, zone, unit, count, starts_on, source, explanation, met_at,"
        " cancelled_at",
        f"{OF_OWN_CASE} AND name IN ({DATES})",
    ),
    "kept_keys": (
        "id, purpose, case_id, wrapped_by, wrapped, made_at_wall, retired_wall, erased_at",
        f"purpose = 'case' AND {OF_OWN_CASE}",
    ),
    "audit_pieces": (
        "audit_id, piece, number, domain, label_fr, label_en, checked_for_fr, checked_for_en, lists_people",
        OF_OWN_AUDIT,
    ),
    "audit_files": (
        "id, audit_id, piece, name, media_type, size, sha256, delivered_by, version, late, delivered_at, withdrawn_at,"
        " withdrawn_because",
        OF_OWN_AUDIT,
    ),
    "audit_meetings": ("audit_id, meeting, at, place, sequence, fixed_at, held_on", OF_OWN_AUDIT),
    "audit_strengths": ("audit_id, number, words, domain", OF_VALIDATED_REPORT),
    "audit_recommendations": (
        "audit_id, number, risk, words, expected_on, piece, contract, comment, reply, proposed_on, argument, ruling,"
        " ruled_risk, ruled_because",
        OF_VALIDATED_REPORT,
    ),
    "audit_reports": (
        "audit_id, version, pdf, pdf_sha256, xlsx, xlsx_sha256, made_at",
        "(audit_id, version) IN (SELECT case_id, report_version FROM audits WHERE validated_at IS NOT NULL)",
    ),
    "audit_findings": ("audit_id, finding_id, number, ended_at, outcome", OF_OWN_AUDIT),
    "finding_plans": (
        "finding_id, version, plan, proposed_by, proposed_at, decided_at, accepted, reason",
        OF_OWN_FINDING,
    ),
    "finding_evidence": (
        "id, finding_id, round, name, media_type, size, sha256, delivered_by, added_at",
        OF_OWN_FINDING,
    ),
    "finding_rounds": (
        "finding_id, round, delivered_by, delivered_at, comment, confirmed_at, refused_at, reason",
        OF_OWN_FINDING,
    ),
    "finding_requests": (
        "id, finding_id, kind, until, reason, asked_by, asked_at, status, decided_at, refusal",
        f"{OF_OWN_FINDING} AND kind = 'postponement'",
    ),
}
"""Which columns of which rows are read: who decided, noted or verified is in none of them, nor what was noted."""

GIVES_OWN_COMMANDS = f"""
actor_id = {PERSON} AND {OF_OWN_CASE} AND status = 'received' AND refusal IS NULL AND decided_wall IS NULL
AND idempotency_key IS NOT NULL AND attempts = 0
AND CASE WHEN task_id IS NULL THEN kind IN ({GIVEN})
    ELSE kind IN ({OUTCOMES})
        AND EXISTS (SELECT FROM tasks t WHERE t.id = task_id AND t.case_id = commands.case_id) END
AND rights -> 'roles' <@ '["delegate_user", "delegate_director"]'::jsonb
AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(rights -> 'hats') hat WHERE hat <> ALL ({OWN_HATS}))
"""  # noqa: S608  (made of constants)
"""A command of one's own, on a case or a task of one's own, with no rights but those of a delegate's people."""

WRITTEN: tuple[tuple[str, str, str | None, str | None, str | None], ...] = (
    ("tokens", "DELETE", None, f"person_id = {PERSON}", None),
    ("drafts", "INSERT", "person_id, form, typed, saved_wall", None, f"person_id = {PERSON}"),
    ("drafts", "UPDATE", "typed, saved_wall", f"person_id = {PERSON}", f"person_id = {PERSON}"),
    ("drafts", "DELETE", None, f"person_id = {PERSON}", None),
    (
        *("commands", "INSERT"),
        "id, case_id, kind, task_id, body, actor_id, rights, idempotency_key, body_hash, at, status, attempts",
        *(None, GIVES_OWN_COMMANDS),
    ),
    (
        *("audit_files", "INSERT"),
        "id, audit_id, piece, name, media_type, size, sha256, content, delivered_by",
        *(None, f"delivered_by = {PERSON} AND {OF_OWN_AUDIT}"),
    ),
    (
        *("finding_evidence", "INSERT"),
        "id, finding_id, name, media_type, size, sha256, content, delivered_by",
        *(None, f"delivered_by = {PERSON} AND {OF_OWN_FINDING}"),
    ),
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
