"""What the database itself refuses of audits, whoever writes: the owner of the tables too."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.audit import commands as ask
from domain.audit.words import AuditTask
from tests.factories.audits import (
    AUDITOR,
    DIRECTOR,
    OTHER_AUDITOR,
    Auditing,
    a_note,
    a_recommendation,
    an_audit_at,
    applied,
)


def refused(desk: Auditing, rule: str, statement: str, **values: object) -> None:
    """The statement is refused under the name of this rule."""
    with pytest.raises(DBAPIError) as error:
        desk.sql(statement, **values)
    diagnostic = getattr(error.value.orig, "diag", None)
    assert rule in f"{getattr(diagnostic, 'constraint_name', None)} {error.value.orig}"


def test_a_delegate_has_one_audit_a_year(auditing: Auditing) -> None:
    auditing.plan()
    refused(
        auditing,
        "uq_audits_delegate_year",
        "INSERT INTO audits (case_id, delegate, year, contracts, themes, conflict_of_interest, catalogue, planned_by, "
        "planned_at) SELECT gen_random_uuid(), delegate, year, contracts, themes, conflict_of_interest, catalogue, "
        "planned_by, planned_at FROM audits",
    )


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("audit_unchanged", "delegate = 'LEON'"),
        ("audit_unchanged", "contracts = ARRAY['COL-2021-003']"),
        ("audit_unchanged", "catalogue = 'another'"),
        ("audit_unchanged", "launched_on = launched_on + 1"),
        ("audit_needs_validators", "validated_at = planned_at"),
        ("audit_findings_open", "closed_at = planned_at"),
    ],
)
def test_of_an_audit_only_its_steps_change_once_each(auditing: Auditing, rule: str, change: str) -> None:
    an_audit_at(auditing, "validating")
    refused(auditing, rule, f"UPDATE audits SET {change}")  # noqa: S608


def test_whoever_has_written_any_of_a_report_does_not_validate_it(auditing: Auditing) -> None:
    an_audit_at(auditing, "validating")
    refused(
        auditing,
        "audit_approval_is_separate",
        "INSERT INTO audit_approvals SELECT audit_id, version, :who, 1, pdf_sha256, made_at FROM audit_reports",
        who=auditing.actor(AUDITOR).id,
    )


@pytest.mark.parametrize("dropped", [False, True])
def test_whoever_wrote_what_another_has_changed_or_dropped_since_is_still_an_author(
    auditing: Auditing, dropped: bool
) -> None:
    case_id = an_audit_at(auditing, "reporting")
    applied(auditing.case(case_id, OTHER_AUDITOR, "add_recommendation", a_recommendation()))
    said = a_recommendation(words="Rapprocher le compte.").model_dump(mode="json")
    change = ask.ChangeRecommendation.model_validate({**said, "number": 2})
    applied(auditing.case(case_id, AUDITOR, "change_recommendation", change))
    if dropped:
        applied(auditing.case(case_id, AUDITOR, "drop_recommendation", ask.DropRecommendation(number=2, reason="Non.")))
    authors = auditing.sql("SELECT person_id FROM audit_authors(:id)", id=case_id)
    assert (auditing.actor(OTHER_AUDITOR).id,) in authors
    refused(auditing, "written once", "UPDATE audit_writers SET person_id = :who", who=auditing.actor(AUDITOR).id)


def test_whoever_graded_what_another_has_graded_anew_is_still_an_author(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "reporting")
    for login in (OTHER_AUDITOR, AUDITOR):
        applied(auditing.case(case_id, login, "note_analysis", a_note("tariff-table", "2")))
    submit = ask.Submit(report_sha256=auditing.make_report(case_id))
    applied(auditing.do(case_id, AUDITOR, submit, AuditTask.WRITE_REPORT))
    assert auditing.actor(OTHER_AUDITOR).id in auditing.task(case_id, AuditTask.VALIDATE_REPORT).excluded
    refused(
        auditing,
        "audit_approval_is_separate",
        "INSERT INTO audit_approvals SELECT audit_id, version, :who, 1, pdf_sha256, made_at FROM audit_reports",
        who=auditing.actor(OTHER_AUDITOR).id,
    )


def test_what_is_written_while_an_audit_ends_waits_for_its_end(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "launched")
    with auditing.engine.begin() as ending:
        ending.execute(text("UPDATE audits SET cancelled_at = planned_at"))
        refused(
            auditing,
            "lock timeout",
            f"SET LOCAL lock_timeout = '100ms'; INSERT INTO audit_dates VALUES ('{case_id}', 1, '2027-05-03')",  # noqa: S608
        )
    refused(auditing, "audit_ended", "INSERT INTO audit_dates VALUES (:id, 1, '2027-05-03')", id=case_id)


def test_a_validation_names_the_very_file(auditing: Auditing) -> None:
    an_audit_at(auditing, "validating")
    refused(
        auditing,
        "audit_approval_of_file",
        "INSERT INTO audit_approvals SELECT audit_id, version, :who, 1, xlsx_sha256, made_at FROM audit_reports",
        who=auditing.actor(OTHER_AUDITOR).id,
    )


def test_one_person_is_not_both_validators(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "validating")
    read = ask.Validate(report_sha256=auditing.newest_hash(case_id))
    applied(auditing.do(case_id, OTHER_AUDITOR, read, AuditTask.VALIDATE_REPORT))
    refused(
        auditing,
        "pk_audit_approvals",
        "INSERT INTO audit_approvals SELECT audit_id, version, person_id, 2, report_sha256, at FROM audit_approvals",
    )
    refused(auditing, "audit_needs_validators", "UPDATE audits SET validated_at = planned_at")


@pytest.mark.parametrize(
    ("rule", "statement"),
    [
        ("recommendation_is_final", "UPDATE audit_recommendations SET risk = 'very_low'"),
        ("recommendation_is_final", "UPDATE audit_recommendations SET dropped_at = at"),
        ("audit_is_submitted", "UPDATE audit_grades SET conformity = '0'"),
        ("audit_is_submitted", "UPDATE audit_strengths SET words = 'Rien.'"),
        ("written once", "UPDATE audit_reports SET pdf_sha256 = 'x'"),
        ("written once", "DELETE FROM audit_files"),
        ("written once", "UPDATE audit_pieces SET label_fr = 'x'"),
    ],
)
def test_what_a_report_says_does_not_change_once_it_is_submitted(auditing: Auditing, rule: str, statement: str) -> None:
    an_audit_at(auditing, "validating")
    refused(auditing, rule, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audits SET closed_at = planned_at",
        "UPDATE audits SET cancelled_at = NULL",
        "UPDATE audit_meetings SET place = 'ailleurs'",
        "UPDATE audit_files SET withdrawn_at = delivered_at WHERE version IS NOT NULL",
    ],
)
def test_nothing_of_an_audit_that_has_ended_moves(auditing: Auditing, statement: str) -> None:
    case_id = an_audit_at(auditing, "launched")
    applied(auditing.deliver(case_id, "tariff-table"))
    applied(auditing.case(case_id, DIRECTOR, "cancel", ask.Cancel(reason="Convention résiliée.")))
    refused(auditing, "audit_ended", statement)
