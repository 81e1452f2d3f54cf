"""The delegate's access by SQL, on cases of two delegates: each sees its own, whole tables long, and nothing else."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.conftest import Ask
from tests.db.test_delegate_access import ALL_OF, NONE_OF, SEEN, as_side, refused, rows
from tests.factories.audits import Auditing, open_auditing
from tests.factories.two_delegates import ARMOR, LEON, Holding, holding
from tests.servers import INSURER, fresh_database


@pytest.fixture(scope="module")
def auditing(postgres: str, ask: Ask) -> Iterator[Auditing]:
    """A register of this file."""
    with fresh_database(ask("insurer").open(), INSURER) as url, open_auditing(url) as desk:
        yield desk


@pytest.fixture(scope="module")
def both(auditing: Auditing) -> dict[str, Holding]:
    """What Armor and Léon have."""
    return {party.code: holding(auditing, party) for party in (ARMOR, LEON)}


def other(code: str) -> str:
    return "LEON" if code == "ARMOR" else "ARMOR"


@pytest.mark.parametrize("code", ["ARMOR", "LEON"])
def test_whole_tables_long_there_is_nothing_of_the_other(
    auditing: Auditing, both: dict[str, Holding], code: str
) -> None:
    own, others = both[code], both[other(code)]
    with as_side(auditing, own.party.side) as connection:
        for table, columns in SEEN.items():
            told = " ".join(str(row) for row in rows(connection, ALL_OF.format(", ".join(sorted(columns)), table)))
            assert [word for word in others.words if word in told] == [], table


def test_what_is_theirs_is_there(auditing: Auditing, both: dict[str, Holding]) -> None:
    own = both["ARMOR"]
    with as_side(auditing, own.party.side) as connection:
        assert {row.id for row in rows(connection, "SELECT id FROM cases")} == set(own.cases)
        for table in ("audits", "audit_pieces", "audit_files", "audit_meetings", "audit_reports", "kept_keys",
                      "findings", "finding_plans", "finding_evidence", "finding_rounds", "finding_requests",
                      "tasks", "deadlines", "commands", "audit_strengths", "audit_recommendations"):  # fmt: skip
            assert rows(connection, ALL_OF.format("1", table)), table


def test_the_insurer_s_own_tasks_dates_and_requests_are_not_theirs(
    auditing: Auditing, both: dict[str, Holding]
) -> None:
    with as_side(auditing, both["ARMOR"].party.side) as connection:
        kinds = {row.kind for row in rows(connection, "SELECT kind FROM tasks")}
        assert kinds == {"propose_plan", "deliver_evidence", "deliver_pieces", "answer_findings"}
        names = {row.name for row in rows(connection, "SELECT name FROM deadlines")}
        assert names.isdisjoint({"verification", "confirmation", "report"})
        assert {row.actor_id for row in rows(connection, "SELECT actor_id FROM commands")} == {
            both["ARMOR"].party.side.person_id
        }


def test_the_report_is_seen_once_two_people_have_validated_it(auditing: Auditing) -> None:
    with auditing.engine.connect() as connection:
        [audit] = rows(connection, "SELECT case_id FROM audits WHERE delegate = 'ARMOR'")
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # triggers aside: it is unwound
        connection.execute(text("UPDATE audits SET validated_at = NULL WHERE case_id = :id"), {"id": audit.case_id})
        connection.execute(text("SET LOCAL session_replication_role = origin"))
        connection.execute(text("SELECT set_config('role', 'echeance_delegate', true),"
                                " set_config('echeance.delegate', 'ARMOR', true)"))  # fmt: skip
        for table in ("audit_reports", "audit_strengths", "audit_recommendations"):
            assert rows(connection, ALL_OF.format("audit_id", table)) == []
        assert rows(connection, "SELECT case_id FROM audits")
        connection.rollback()


CHANGED = "UPDATE {} SET {} = {}"
COMMAND = (
    "INSERT INTO commands (id, case_id, kind, task_id, body, actor_id, rights, idempotency_key, body_hash, at, status,"
    " attempts) VALUES (:id, :case_id, :kind, :task_id, '{}', :actor, cast(:rights AS jsonb), :key, 'x', :at,"
    " :status, 0)"
)


def a_command(own: Holding, **changes: Any) -> dict[str, Any]:
    """A postponement that the delegate's user asks for."""
    side = own.party.side
    rights = f'{{"login": "x", "roles": ["delegate_user"], "hats": ["person:{side.person_id}", "delegate_user@ARMOR"]}}'
    said = {"id": uuid4(), "case_id": own.open_id, "kind": "request_postponement", "task_id": None, "rights": rights}
    return {**said, "actor": side.person_id, "key": f"key {uuid4()}", "status": "received", "at": side.since, **changes}


def task_of(auditing: Auditing, case_id: UUID, kind: str) -> UUID:
    [(task_id,)] = auditing.sql("SELECT id FROM tasks WHERE case_id = :id AND kind = :kind", id=case_id, kind=kind)
    return UUID(str(task_id))


def test_a_command_of_ones_own_on_a_case_of_ones_own_is_kept(auditing: Auditing, both: dict[str, Holding]) -> None:
    own = both["ARMOR"]
    proposing = task_of(auditing, own.open_id, "propose_plan")
    with as_side(auditing, own.party.side) as connection:
        assert not refused(connection, COMMAND, **a_command(own))
        assert not refused(connection, COMMAND, **a_command(own, kind="propose", task_id=proposing))


def forged(auditing: Auditing, both: dict[str, Holding]) -> dict[str, dict[str, Any]]:
    """Commands that somebody with the role, and nothing but SQL, might try to keep."""
    own, others = both["ARMOR"], both["LEON"]
    verifying = task_of(auditing, own.verifying_id, "verify")
    theirs = task_of(auditing, others.open_id, "propose_plan")
    mine = task_of(auditing, own.open_id, "propose_plan")
    director = '{"login": "x", "roles": ["general_director"], "hats": ["general_director"]}'
    hat = '{"login": "x", "roles": ["delegate_user"], "hats": ["delegate_user@LEON"]}'
    return {
        "on another's case": a_command(own, case_id=others.open_id),
        "as a colleague": a_command(own, actor=others.party.side.person_id),
        "as the machine": a_command(own, actor=None),
        "decided already": a_command(own, status="applied"),
        "with a director's rights": a_command(own, rights=director),
        "with another's hat": a_command(own, rights=hat),
        "without rights": a_command(own, rights="null"),
        "one that auditors give": a_command(own, kind="request_risk_acceptance"),
        "one that the direction gives": a_command(own, kind="cancel"),
        "one of the machine": a_command(own, kind="carry_over"),
        "on an auditor's task": a_command(own, case_id=own.verifying_id, kind="verified", task_id=verifying),
        "on another's task": a_command(own, case_id=others.open_id, kind="propose", task_id=theirs),
        "the direction's with a task": a_command(own, kind="cancel", task_id=mine),
        "the machine's with a task": a_command(own, kind="cancel_with_audit", task_id=mine),
        "an auditor's outcome": a_command(own, kind="accept", task_id=mine),
        "of an instant before the request": a_command(own, at=own.party.side.since - timedelta(seconds=6)),
        "on a task of another case": a_command(own, case_id=own.planned_id, kind="propose", task_id=mine),
    }


def test_a_forged_command_is_refused_by_the_database(auditing: Auditing, both: dict[str, Holding]) -> None:
    with as_side(auditing, both["ARMOR"].party.side) as connection:
        kept = [name for name, one in forged(auditing, both).items() if not refused(connection, COMMAND, **one)]
    assert kept == []


EVIDENCE = (
    "INSERT INTO finding_evidence (id, finding_id, name, media_type, size, sha256, content, delivered_by)"
    " VALUES (:id, :case_id, 'x.pdf', 'application/pdf', 1, 'x', 'x', :by)"
)
PIECE = (
    "INSERT INTO audit_files (id, audit_id, piece, name, media_type, size, sha256, content, delivered_by)"
    " VALUES (:id, :case_id, 'tariff-table', 'x.pdf', 'application/pdf', 1, 'x', 'x', :by)"
)


def test_a_file_is_kept_on_ones_own_case_in_ones_own_name(auditing: Auditing, both: dict[str, Holding]) -> None:
    own, others = both["ARMOR"], both["LEON"]
    me, somebody = own.party.side.person_id, others.party.side.person_id
    with as_side(auditing, own.party.side) as connection:
        for statement, mine, theirs in (
            (EVIDENCE, own.planned_id, others.planned_id),
            (PIECE, own.audit_id, others.audit_id),
        ):
            assert refused(connection, statement, id=uuid4(), case_id=theirs, by=me)
            assert refused(connection, statement, id=uuid4(), case_id=mine, by=somebody)
            assert not refused(connection, statement, id=uuid4(), case_id=mine, by=me)


@pytest.mark.parametrize("table", sorted(set(SEEN) - {"drafts", "tokens"}))
def test_nothing_that_is_seen_is_changed_or_deleted(auditing: Auditing, both: dict[str, Holding], table: str) -> None:
    column = sorted(SEEN[table])[0]
    with as_side(auditing, both["ARMOR"].party.side) as connection:
        assert refused(connection, CHANGED.format(table, column, column))
        assert refused(connection, NONE_OF.format(table))


def test_a_sealed_file_and_the_insurer_s_notes_are_in_no_column(auditing: Auditing, both: dict[str, Holding]) -> None:
    with as_side(auditing, both["ARMOR"].party.side) as connection:
        for table, column in (
            *(("audit_files", "content"), ("finding_evidence", "content"), ("audits", "conflict_of_interest")),
            *(("finding_rounds", "verified_by"), ("finding_requests", "decided_by"), ("findings", "opened_by")),
            *(("audit_recommendations", "by_id"), ("audit_meetings", "minutes"), ("cases", "head")),
        ):
            assert refused(connection, ALL_OF.format(column, table)), (table, column)


def test_a_risk_that_the_insurer_thinks_of_accepting_is_not_told(auditing: Auditing) -> None:
    from tests.factories.finding_desk import ask_to_accept, opened

    case_id = opened(auditing, agreed_on=auditing.at.date().isoformat())
    ask_to_accept(auditing, case_id)
    with as_side(auditing, ARMOR.side) as connection:
        assert rows(connection, "SELECT 1 FROM findings WHERE case_id = :id", id=case_id)
        assert not rows(connection, "SELECT 1 FROM finding_requests WHERE finding_id = :id", id=case_id)
