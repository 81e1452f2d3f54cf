"""A delegate that never answers the report, in the register: its audit goes on, and it answers no more."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from db.models import Case
from db.queries.audit_edition import audit_edition
from domain.audit import commands as ask
from domain.audit.words import AuditTask
from domain.risk import RiskLevel
from tests.db.audit.test_guards import refused
from tests.factories.audits import AUDITOR, USER, Auditing, all_accepted, an_audit_at, applied

SILENT = ask.EndAnswers(reason="Relancé trois fois, sans réponse.")


def silent(desk: Auditing) -> UUID:
    """An audit of two recommendations, whose delegate has let its date pass."""
    case_id = an_audit_at(desk, "restituting", (RiskLevel.MEDIUM, RiskLevel.LOW))
    desk.at += timedelta(days=16)
    return case_id


def gone_on(desk: Auditing) -> UUID:
    """The auditor goes on without the answers."""
    case_id = silent(desk)
    applied(desk.case(case_id, AUDITOR, "end_answers", SILENT))
    return case_id


def test_on_the_day_of_the_date_the_auditor_still_waits(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "restituting")
    auditing.at = auditing.task(case_id, AuditTask.ANSWER_FINDINGS).due_at or auditing.at
    assert auditing.case(case_id, AUDITOR, "end_answers", SILENT).code == "wrong_step"
    auditing.at += timedelta(days=1)
    applied(auditing.case(case_id, AUDITOR, "end_answers", SILENT))


def test_what_was_not_answered_is_neither_accepted_nor_disputed_and_becomes_a_finding(auditing: Auditing) -> None:
    case_id = gone_on(auditing)
    agree = ask.AgreeSchedule(held_on=str(auditing.at.date()), schedule=[])
    applied(auditing.do(case_id, AUDITOR, agree, AuditTask.AGREE_SCHEDULE))
    assert auditing.state(case_id) == "following_up"
    assert auditing.sql("SELECT DISTINCT reply, ruling FROM audit_recommendations") == [(None, None)]
    assert auditing.sql("SELECT count(*) FROM findings WHERE origin = 'recommendation'") == [(2,)]


def test_the_delegate_answers_no_more_once_the_auditor_has_gone_on(auditing: Auditing) -> None:
    case_id = silent(auditing)
    late = auditing.give(case_id, USER, all_accepted(auditing, case_id), AuditTask.ANSWER_FINDINGS)
    applied(auditing.case(case_id, AUDITOR, "end_answers", SILENT))
    assert auditing.settle(late).code == "task_done"


def test_an_answer_that_comes_before_the_auditor_goes_on_counts_however_late(auditing: Auditing) -> None:
    case_id = silent(auditing)
    applied(auditing.do(case_id, USER, all_accepted(auditing, case_id), AuditTask.ANSWER_FINDINGS))
    assert auditing.case(case_id, AUDITOR, "end_answers", SILENT).code == "wrong_step"


def test_the_edition_of_the_report_says_that_the_answers_did_not_come(auditing: Auditing) -> None:
    case_id = gone_on(auditing)
    with auditing.sessions() as session:
        case = session.scalars(select(Case).where(Case.id == case_id)).one()
        edition = audit_edition(session, case, auditing.book)
    assert [(one.number, one.reply) for one in edition.answers] == [(1, None), (2, None)]


def test_the_register_keeps_the_end_of_the_answers_once_and_takes_no_answer_after_it(auditing: Auditing) -> None:
    gone_on(auditing)
    refused(auditing, "answers_end_once", "UPDATE audits SET answers_ended_on = answers_ended_on + 1")
    refused(auditing, "answers_end_once", "UPDATE audits SET answers_ended_on = NULL, answers_ended_because = NULL")
    refused(auditing, "answers_have_ended", "UPDATE audit_recommendations SET reply = 'accept' WHERE number = 1")


def test_the_register_ends_no_answers_before_the_report_is_validated(auditing: Auditing) -> None:
    an_audit_at(auditing, "validating")
    ends = "UPDATE audits SET answers_ended_on = '2027-04-30', answers_ended_because = 'Silence.'"
    refused(auditing, "answers_after_the_report", ends)
