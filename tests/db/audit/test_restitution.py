"""The restitution in the register: whoever agrees on a date later than its risk allows does not approve it as well."""

from datetime import timedelta
from uuid import UUID

from domain.audit import commands as ask
from domain.audit.words import AuditTask
from domain.commands import CommandStatus
from domain.risk import RiskLevel
from local.demo_staff import person_id
from tests.factories.audits import (
    AUDITOR,
    CONTROL,
    DIRECTOR,
    OTHER_AUDITOR,
    USER,
    Auditing,
    all_accepted,
    an_audit_at,
    applied,
)


def no_auditor_at_work(desk: Auditing) -> None:
    """What is for auditors goes one level up, to internal control."""
    for login in (AUDITOR, OTHER_AUDITOR):
        desk.sql(
            "INSERT INTO absences (id, person_id, from_on, back_on, recorded_at) "
            "VALUES (gen_random_uuid(), :who, :on, :back, :at)",
            who=person_id(login),
            on=desk.at.date(),
            back=desk.at.date() + timedelta(days=5),
            at=desk.at,
        )


def answered(desk: Auditing, risk: RiskLevel = RiskLevel.MEDIUM) -> UUID:
    """An audit whose delegate has accepted its one recommendation."""
    case_id = an_audit_at(desk, "restituting", (risk,))
    no_auditor_at_work(desk)
    applied(desk.do(case_id, USER, all_accepted(desk, case_id), AuditTask.ANSWER_FINDINGS))
    return case_id


def agreed(desk: Auditing, case_id: UUID, login: str, days: int) -> None:
    """The recommendation is to be put right so many days from today."""
    today = desk.at.date()
    dates = [ask.AgreedDate(number=1, due_on=str(today + timedelta(days=days)))]
    asked = ask.AgreeSchedule(held_on=str(today), schedule=dates)
    applied(desk.do(case_id, login, asked, AuditTask.AGREE_SCHEDULE))


def test_whoever_agreed_on_a_late_date_is_not_asked_to_approve_it(auditing: Auditing) -> None:
    case_id = answered(auditing)
    agreed(auditing, case_id, CONTROL, days=91)
    task = auditing.task(case_id, AuditTask.APPROVE_SCHEDULE)
    assert person_id(CONTROL) in task.excluded
    assert task.offered_to == ["operations_director"]
    assert auditing.do(case_id, CONTROL, ask.ApproveSchedule(), AuditTask.APPROVE_SCHEDULE).code == "four_eyes"


def test_whoever_agreed_on_a_late_date_does_not_approve_it_when_the_task_lets_them(auditing: Auditing) -> None:
    case_id = answered(auditing)
    agreed(auditing, case_id, CONTROL, days=91)
    auditing.sql(
        "UPDATE tasks SET excluded = '{}', offered_to = '{internal_control}' WHERE kind = :kind",
        kind=AuditTask.APPROVE_SCHEDULE,
    )
    assert auditing.do(case_id, CONTROL, ask.ApproveSchedule(), AuditTask.APPROVE_SCHEDULE).code == "four_eyes"
    assert auditing.sql("SELECT count(*) FROM findings") == [(0,)]


def test_a_finding_names_both_who_agreed_on_its_late_date_and_who_approved_it(auditing: Auditing) -> None:
    case_id = answered(auditing)
    agreed(auditing, case_id, CONTROL, days=91)
    outcome = auditing.do(case_id, DIRECTOR, ask.ApproveSchedule(), AuditTask.APPROVE_SCHEDULE)
    assert outcome.status is CommandStatus.APPLIED
    people = auditing.sql("SELECT opened_by, due_validated_by FROM findings WHERE origin = 'recommendation'")
    assert people == [(person_id(CONTROL), person_id(DIRECTOR))]


def test_a_date_within_what_the_risk_allows_is_whoever_agreed_on_it_s_alone(auditing: Auditing) -> None:
    case_id = answered(auditing)
    agreed(auditing, case_id, CONTROL, days=90)
    people = auditing.sql("SELECT DISTINCT opened_by, due_validated_by FROM findings")
    assert people == [(person_id(CONTROL), None)]
