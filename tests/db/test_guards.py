"""The rules that the database keeps by itself, even against whoever owns its tables."""

from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from domain.complaint.commands import Amend, Approve, SendBack
from tests.factories.complaints import MANAGER, OTHER_MANAGER, REFERENT, what_is_said
from tests.factories.register import Desk, a_complaint_at

WRITTEN_ONCE = ("journal", "answer_versions", "approvals", "sent_back")
CHANGES = {
    "an update": "UPDATE {table} SET case_id = case_id",
    "an update of nothing": "UPDATE {table} SET case_id = case_id WHERE false",
    "a deletion": "DELETE FROM {table}",
    "a deletion of nothing": "DELETE FROM {table} WHERE false",
    "a truncation": "TRUNCATE {table} CASCADE",
    "a truncation of the cases": "TRUNCATE cases CASCADE",
    "a merge": "MERGE INTO {table} t USING {table} s ON t.case_id = s.case_id "
    "WHEN MATCHED THEN UPDATE SET case_id = s.case_id",
    "a change with an insertion": "INSERT INTO {table} SELECT * FROM {table} "
    "ON CONFLICT ON CONSTRAINT pk_{table} DO UPDATE SET case_id = EXCLUDED.case_id",
}


def a_full_history(desk: Desk) -> UUID:
    """A complaint with rows in every table that is written once."""
    case_id = a_complaint_at(desk, "drafted")
    desk.do(case_id, REFERENT, Approve(version_hash=desk.version_hash(case_id)), "validate")
    sent_back = SendBack(version_hash=desk.version_hash(case_id), reason="Les motifs manquent.")
    desk.do(case_id, MANAGER, sent_back, "validate")
    return case_id


def test_what_is_written_once_is_never_changed_or_deleted(desk: Desk) -> None:
    a_full_history(desk)
    known = desk.everything()
    assert all(known[table] for table in WRITTEN_ONCE)
    for table in WRITTEN_ONCE:
        for change in CHANGES.values():
            with pytest.raises(IntegrityError, match="is written once"):
                desk.sql(change.format(table=table))
    assert desk.everything() == known


# An answer leaves with the approval of two people for its very version.

APPROVE = (
    "INSERT INTO approvals (case_id, version, person_id, link, version_hash, at) "
    "SELECT v.case_id, v.version, s.id, :link, coalesce(:hash, v.hash), v.written_at "
    "FROM answer_versions v, staff s WHERE v.case_id = :id AND v.version = :version AND s.login = :login"
)
LETTER = (
    "INSERT INTO letters (id, case_id, kind, dispatch, version, recipient, address, requested_at, round, attempts, "
    "possible_doubles) VALUES (gen_random_uuid(), :id, :kind, 'email', :version, 'Mme Vasseur', '{}', :at, 1, 0, 0)"
)
REFUSED = "answer leaves with the approval of two people, neither of whom drafted it"


def approve(desk: Desk, case_id: UUID, login: str, link: int, version: int = 1, told: str | None = None) -> None:
    desk.sql(APPROVE, id=case_id, login=login, link=link, version=version, hash=told)


def write(desk: Desk, case_id: UUID, version: int | None = 1, kind: str = "answer_founded") -> None:
    desk.sql(LETTER, id=case_id, kind=kind, version=version, at=desk.at)


def test_an_answer_without_its_two_approvals_is_no_letter(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "drafted")
    for kind in ("answer_founded", "answer_partly_founded", "answer_unfounded"):
        with pytest.raises(IntegrityError, match=REFUSED):
            write(desk, case_id, kind=kind)
    approve(desk, case_id, REFERENT, 1)
    with pytest.raises(IntegrityError, match=REFUSED):
        write(desk, case_id)
    approve(desk, case_id, MANAGER, 2)
    for version in (None, 2):
        with pytest.raises(IntegrityError, match=REFUSED):
            write(desk, case_id, version)
    write(desk, case_id)


def test_the_same_person_does_not_count_twice(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "drafted")
    approve(desk, case_id, REFERENT, 1)
    with pytest.raises(IntegrityError, match="pk_approvals"):
        approve(desk, case_id, REFERENT, 2)
    with pytest.raises(IntegrityError, match=REFUSED):
        write(desk, case_id)


def test_the_drafter_s_own_approval_does_not_count(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "drafted")
    drafted = "SELECT s.login FROM answer_versions v JOIN staff s ON s.id = v.author_id WHERE v.case_id = :id"
    ((drafter,),) = desk.sql(drafted, id=case_id)
    approve(desk, case_id, str(drafter), 1)
    approve(desk, case_id, MANAGER, 2)
    with pytest.raises(IntegrityError, match=REFUSED):
        write(desk, case_id)


def test_an_approval_of_another_hash_does_not_count(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "drafted")
    approve(desk, case_id, REFERENT, 1)
    approve(desk, case_id, MANAGER, 2, told="0" * 64)
    with pytest.raises(IntegrityError, match=REFUSED):
        write(desk, case_id)


def test_approvals_of_the_version_before_do_not_count(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "drafted")
    amended = Amend.model_validate({"version_hash": desk.version_hash(case_id), **what_is_said(found="Mieux dit.")})
    desk.do(case_id, REFERENT, amended, "validate")
    for login, link in ((MANAGER, 1), (OTHER_MANAGER, 2)):
        approve(desk, case_id, login, link, version=1)
    write(desk, case_id, 1)
    with pytest.raises(IntegrityError, match=REFUSED):
        write(desk, case_id, 2)
    with pytest.raises(IntegrityError, match=REFUSED):
        desk.sql("UPDATE letters SET version = 2 WHERE case_id = :id AND version = 1", id=case_id)


def test_another_letter_does_not_turn_into_an_answer(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "drafted")
    with pytest.raises(IntegrityError, match=REFUSED):
        desk.sql("UPDATE letters SET kind = 'answer_founded' WHERE case_id = :id", id=case_id)


def test_another_cases_approvals_do_not_count(desk: Desk) -> None:
    approved, other = a_complaint_at(desk, "approved"), a_complaint_at(desk, "drafted")
    with pytest.raises(IntegrityError, match=REFUSED):
        desk.sql("UPDATE letters SET case_id = :other WHERE case_id = :id AND version = 1", id=approved, other=other)


def test_a_signature_and_an_approved_version_go_together(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "drafted")
    with pytest.raises(IntegrityError, match="ck_complaints_signed"):
        desk.sql("UPDATE complaints SET approved_version = 1 WHERE case_id = :id", id=case_id)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("status = 'applied'", "ck_commands_decided"),
        ("status = 'refused', decided_wall = now()", "ck_commands_refused_with_reason"),
        ("refusal = '{}'", "ck_commands_refused_with_reason"),
        ("status = 'lost', decided_wall = now()", "ck_commands_status"),
    ],
)
def test_a_command_is_received_or_decided_with_its_instant_and_its_reason(desk: Desk, change: str, rule: str) -> None:
    case_id = a_complaint_at(desk, "assigned")
    command = desk.machine(case_id, "reoffer", change)
    desk.sql(
        "INSERT INTO commands (id, case_id, kind, body, at, status, attempts) "
        "VALUES (:id, :case_id, 'reoffer', '{}', :at, 'received', 0)",
        id=command.id,
        case_id=case_id,
        at=desk.at,
    )
    with pytest.raises(IntegrityError, match=rule):
        desk.sql(f"UPDATE commands SET {change} WHERE id = :id", id=command.id)  # noqa: S608
    desk.settle(command)
