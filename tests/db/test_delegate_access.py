"""The delegate's access by SQL: under its role there is nothing of anybody else, in any table, today or tomorrow."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from db.behalf import DELEGATE_ROLE, OtherSideError, Side, one_request, side_of_now, work_for
from db.models import Base
from db.session import own_sessions
from local.demo_staff import person_id
from tests.factories.complaints import NOON
from tests.factories.register import Desk

ARMOR, LEON = Side("ARMOR", person_id("enora.lagadec"), NOON), Side("LEON", person_id("corentin.falhun"), NOON)
COLLEAGUE_OF_ARMOR = person_id("bastien.cloarec")


def every(table: str) -> set[str]:
    """All columns of a table."""
    return {column.name for column in Base.metadata.tables[table].columns}


SEEN: dict[str, set[str]] = {
    "absences": every("absences"),
    "audit_files": every("audit_files") - {"content", "withdrawn_by"},
    "audit_findings": every("audit_findings") - {"carried_from", "carried_to"},
    "audit_meetings": every("audit_meetings") - {"minutes"},
    "audit_pieces": every("audit_pieces"),
    "audit_recommendations": every("audit_recommendations")
    - {"by_id", "at", "dropped_at", "dropped_because", "ruled_by"},
    "audit_reports": every("audit_reports") - {"content", "content_hash", "language", "made_by"},
    "audit_strengths": every("audit_strengths") - {"by_id", "at", "dropped_at"},
    "audits": every("audits") - {"conflict_of_interest", "planned_by", "refused_version", "submitted_by", "agreed_by"},
    "cases": every("cases") - {"lines", "head", "checkpointed"},
    "commands": every("commands") - {"order", "attempts", "lease_until_wall", "leased_by"},
    "deadlines": every("deadlines") - {"planned", "fired_until"},
    "delegates": every("delegates"),
    "drafts": every("drafts"),
    "finding_evidence": every("finding_evidence") - {"content"},
    "finding_plans": every("finding_plans") - {"decided_by"},
    "finding_requests": every("finding_requests") - {"decided_by"},
    "finding_rounds": every("finding_rounds")
    - {"verified_by", "verified_at", "confirmed_by", "refused_by", "refused_in"},
    "findings": every("findings") - {"due_validated_by", "opened_by"},
    "kept_keys": every("kept_keys"),
    "staff": every("staff") - {"password_hash"},
    "tasks": every("tasks") - {"pole", "meant_for", "nobody_left", "claimed_at"},
    "tokens": every("tokens"),
}
"""What a delegate's people read, of their own rows: table and columns. A new column is seen when it is let in here."""
WRITTEN: dict[str, set[str]] = {
    "audit_files": {"INSERT"},
    "commands": {"INSERT"},
    "drafts": {"INSERT", "UPDATE", "DELETE"},
    "finding_evidence": {"INSERT"},
    "tokens": {"DELETE"},
}
"""What they write, of their own rows."""
NEVER_SEEN = {
    *("administration_log", "answer_versions", "approvals", "bank_reports", "beneficiaries", "calendar_days"),
    *("canary", "checkpoint_heads", "checkpoints", "claim_approvals", "claim_decisions", "claim_documents"),
    *("claim_samples", "claim_sent_back", "claims", "complaint_words", "complaints", "contract_rights"),
    *("contracts", "contributions", "digest_lines", "document_requests", "examinations", "guarantee_lines"),
    *("import_refusals", "imports", "instructions", "journal", "left_out", "letters", "member_ibans", "members"),
    *("pauses", "payments", "post_days", "providers", "reference_changes", "releases", "reminders", "searches"),
    *("sent_back", "sign_in_counts", "staff_ibans", "staff_messages"),
    *("second_looks", "layings", "bank_conclusions"),
    *("audit_approvals", "audit_dates", "audit_grades", "audit_writers", "finding_approvals"),
    *(
        "operations",
        "operation_days",
        "operation_approvals",
        "operation_authors",
        "operation_sessions",
        "operation_extensions",
    ),
    *("activities", "daily_figures", "figure_changes", "activity_alerts"),
    *(
        "volunteers",
        "volunteer_changes",
        "volunteer_terms",
        "volunteer_notices",
        "sign_ups",
        "attendances",
        "daily_points",
        "pay_files",
        "pay_validations",
    ),
    *("operation_reports", "delay_messages", "delay_notices", "loans", "dispatches"),
}
"""Tables of which a delegate's people see nothing at all, not even that they are empty."""


ALL_OF, NONE_OF = "SELECT {} FROM {}", "DELETE FROM {}"


@contextmanager
def as_side(desk: Desk, side: Side) -> Iterator[Connection]:
    """A transaction of a request of theirs; nothing that it writes is kept."""
    with one_request():
        work_for(side)
        with desk.sessions() as session:
            yield session.connection()


def refused(connection: Connection, statement: str, **values: Any) -> bool:
    """Whether the database refuses it; what was done before stays possible."""
    with connection.begin_nested() as savepoint:
        try:
            connection.execute(text(statement), values)
        except DBAPIError as error:
            savepoint.rollback()
            return "permission denied" in str(error) or "row-level security" in str(error)
    return False


def rows(connection: Connection, statement: str, **values: Any) -> list[Any]:
    return list(connection.execute(text(statement), values))


def tables(desk: Desk) -> set[str]:
    found = desk.sql("SELECT c.relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
    return {name for (name,) in found}


# Every table is decided on.


def test_every_table_of_the_schema_is_decided_on(desk: Desk) -> None:
    assert tables(desk) - {"alembic_version"} == set(SEEN) | NEVER_SEEN
    assert set(SEEN).isdisjoint(NEVER_SEEN)


def test_the_role_is_granted_what_is_decided_and_nothing_else(desk: Desk) -> None:
    granted: dict[str, set[str]] = {}
    for table, column in desk.sql(
        "SELECT table_name, column_name FROM information_schema.column_privileges"
        " WHERE grantee = :role AND privilege_type = 'SELECT'",
        role=DELEGATE_ROLE,
    ):
        granted.setdefault(table, set()).add(column)
    assert granted == SEEN
    acts: dict[str, set[str]] = {}
    for table, act in desk.sql(
        "SELECT table_name, privilege_type FROM information_schema.column_privileges WHERE grantee = :role"
        " AND privilege_type <> 'SELECT' UNION"
        " SELECT table_name, privilege_type FROM information_schema.table_privileges WHERE grantee = :role",
        role=DELEGATE_ROLE,
    ):
        acts.setdefault(table, set()).add(act)
    assert acts == WRITTEN


def test_nothing_is_granted_to_everybody(desk: Desk) -> None:
    assert desk.sql("SELECT table_name FROM information_schema.table_privileges WHERE grantee = 'PUBLIC'"
                    " AND table_schema = 'public' AND table_name NOT LIKE 'pg_stat%'") == []  # fmt: skip
    assert desk.sql("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef") == []


def test_every_table_that_is_seen_has_its_rows_guarded(desk: Desk) -> None:
    guarded = desk.sql("SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace")
    assert {name for (name,) in guarded} == set(SEEN)


def test_the_owner_does_not_meet_the_policies(desk: Desk) -> None:
    assert desk.sql("SELECT relname FROM pg_class WHERE relforcerowsecurity") == []
    plan = desk.sql("EXPLAIN SELECT name FROM staff WHERE login = 'enora.lagadec'")
    assert not any("current_setting" in line or "Filter" in line for (line,) in plan if "login" not in line)


@pytest.mark.parametrize("statement", ["SELECT 1 FROM {}", "DELETE FROM {}", "TRUNCATE {}", "LOCK TABLE {}"])
def test_of_other_tables_nothing_is_read_or_written(desk: Desk, statement: str) -> None:
    with as_side(desk, ARMOR) as connection:
        others = sorted(NEVER_SEEN | {"alembic_version"})
        assert [table for table in others if not refused(connection, statement.format(table))] == []


# What is seen is one's own.


def test_of_the_staff_ones_own_side_is_seen(desk: Desk) -> None:
    for side in (ARMOR, LEON):
        with as_side(desk, side) as connection:
            seen = rows(connection, "SELECT delegate, count(*) FROM staff GROUP BY 1")
            assert seen == [(side.delegate, 3)]
            assert rows(connection, "SELECT code FROM delegates") == [(side.delegate,)]


def test_nobody_reads_what_a_password_is_checked_against(desk: Desk) -> None:
    with as_side(desk, ARMOR) as connection:
        assert refused(connection, "SELECT password_hash FROM staff WHERE id = :me", me=ARMOR.person_id)
        assert refused(connection, "SELECT * FROM staff")
        assert refused(connection, "SELECT staff::text FROM staff")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE staff SET roles = '{delegate_director}' WHERE id = :me",
        "UPDATE staff SET delegate = 'LEON' WHERE id = :me",
        "UPDATE delegates SET broker = false",
        "INSERT INTO delegates VALUES ('MINE', 'Mine', false, '{}')",
        "INSERT INTO tokens (hash, person_id, use, expires_wall, used_wall) VALUES ('x', :me, 'api', now(), now())",
        "INSERT INTO drafts (person_id, form, typed, saved_wall) VALUES (:other, '/x', '{}', now())",
        "UPDATE tokens SET expires_wall = now() + interval '1 year'",
        "INSERT INTO absences SELECT * FROM absences",
        "CREATE TABLE mine (it text)",
        "ALTER TABLE staff DISABLE ROW LEVEL SECURITY",
        "DROP POLICY delegate_select ON staff",
        "GRANT SELECT ON claims TO echeance_delegate",
        "CREATE FUNCTION public.mine() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT 1::text'",
    ],
)
def test_what_is_not_theirs_to_write_is_refused(desk: Desk, statement: str) -> None:
    with as_side(desk, ARMOR) as connection, connection.begin_nested() as savepoint:
        with pytest.raises(DBAPIError, match=r"permission denied|row-level security|must be owner"):
            connection.execute(text(statement), {"me": ARMOR.person_id, "other": LEON.person_id})
        savepoint.rollback()


def test_a_draft_and_a_token_are_seen_by_their_owner_alone(desk: Desk) -> None:
    for side in (ARMOR, LEON):
        kept = {"hash": side.delegate.encode(), "who": side.person_id}
        desk.sql("INSERT INTO drafts (person_id, form, typed, saved_wall) VALUES (:who, '/x', '{}', now())", **kept)
        desk.sql(
            "INSERT INTO tokens (hash, person_id, expires_wall, used_wall) VALUES (:hash, :who, now(), now())", **kept
        )
    with as_side(desk, ARMOR) as connection:
        for table in ("drafts", "tokens"):
            assert rows(connection, ALL_OF.format("person_id", table)) == [(ARMOR.person_id,)]
            assert connection.execute(text(NONE_OF.format(table))).rowcount == 1


# The request and its transactions.


def role_of(connection: Connection) -> tuple[str, str]:
    [row] = rows(connection, "SELECT current_user, coalesce(current_setting('echeance.delegate', true), '')")
    return row[0], row[1]


def test_a_connection_goes_back_to_the_pool_as_the_owner_s(desk: Desk) -> None:
    with desk.engine.connect() as connection:
        owner = role_of(connection)[0]
    for end in ("commit", "rollback", "close"):
        with one_request():
            work_for(ARMOR)
            session = desk.sessions()
            assert role_of(session.connection()) == (DELEGATE_ROLE, "ARMOR")
            getattr(session, end)()
            session.close()
        with desk.engine.connect() as connection:
            assert role_of(connection) == (owner, "")


def test_every_transaction_of_the_request_is_the_side_s_and_its_savepoints_too(desk: Desk) -> None:
    with one_request():
        work_for(LEON)
        with desk.sessions() as session:
            for _ in range(2):
                assert role_of(session.connection()) == (DELEGATE_ROLE, "LEON")
                with session.begin_nested():
                    assert role_of(session.connection()) == (DELEGATE_ROLE, "LEON")
                session.commit()


def test_what_the_house_does_itself_is_nobody_s_side(desk: Desk) -> None:
    with one_request():
        work_for(ARMOR)
        with own_sessions(desk.sessions)() as session:
            assert role_of(session.connection())[0] != DELEGATE_ROLE


def test_a_request_works_for_one_side_only_and_nobody_s_outlives_it(desk: Desk) -> None:
    with one_request():
        work_for(ARMOR)
        work_for(ARMOR)
        for other in (LEON, Side("ARMOR", COLLEAGUE_OF_ARMOR, NOON)):
            with pytest.raises(OtherSideError):
                work_for(other)
    assert side_of_now() is None
    with pytest.raises(OtherSideError):
        work_for(ARMOR)


def test_a_side_that_nobody_has_named_sees_nothing(desk: Desk) -> None:
    with desk.engine.connect() as connection:
        connection.execute(text(f"SET LOCAL ROLE {DELEGATE_ROLE}"))
        for table, columns in SEEN.items():
            assert rows(connection, ALL_OF.format(", ".join(sorted(columns)), table)) == []


def test_a_role_that_is_not_there_stops_the_request(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.behalf.DELEGATE_ROLE", "echeance_nobody")
    with pytest.raises(DBAPIError, match="does not exist"), as_side(desk, ARMOR):
        pytest.fail("the transaction has begun")
