"""What is known beside a report: who let it go, what was answered and ruled; what it says stays the same."""

from uuid import UUID

from db.models import Case
from db.queries.audit_edition import audit_edition
from db.queries.audit_report import audit_report
from domain.audit import commands as ask
from domain.audit.edition import Edition
from domain.audit.report import AuditReport
from domain.audit.words import AuditTask, Reply, Ruling
from domain.risk import RiskLevel
from reports.audit import audit_files
from tests.factories.audits import (
    CONTROL,
    OTHER_AUDITOR,
    USER,
    Auditing,
    an_audit_at,
    applied,
)
from tests.letters.pdf import text_of


def known(auditing: Auditing, case_id: UUID) -> tuple[AuditReport, Edition]:
    """What the report says, and what is known beside it."""
    with auditing.sessions() as session:
        case = session.get_one(Case, case_id)
        return audit_report(session, case, auditing.book), audit_edition(session, case, auditing.book)


def test_the_report_of_an_audit_lists_its_files_with_their_hashes(auditing: Auditing) -> None:
    report, _ = known(auditing, an_audit_at(auditing, "analysing"))
    kept = {digest for (digest,) in auditing.sql("SELECT sha256 FROM audit_files WHERE version IS NOT NULL")}
    assert {file.sha256 for piece in report.pieces for file in piece.files} == kept
    assert all(len(piece.files) == piece.versions for piece in report.pieces)
    assert len(kept) == len(report.pieces) - len(report.missing)


def test_a_report_that_nobody_has_validated_is_a_draft(auditing: Auditing) -> None:
    report, edition = known(auditing, an_audit_at(auditing, "validating"))
    assert (edition.validated, edition.validations, edition.answers) == (False, (), ())
    assert "PROJET – non validé" in text_of(audit_files(report, "fr", edition).pdf)


def test_a_report_that_was_sent_back_has_no_validation_left(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "validating")
    read = auditing.newest_hash(case_id)
    applied(auditing.do(case_id, OTHER_AUDITOR, ask.Validate(report_sha256=read), AuditTask.VALIDATE_REPORT))
    assert len(known(auditing, case_id)[1].validations) == 1
    back = ask.SendBack(report_sha256=read, reason="Le risque est sous-estimé.")
    applied(auditing.do(case_id, CONTROL, back, AuditTask.VALIDATE_REPORT))
    assert known(auditing, case_id)[1].validations == ()


def test_once_answered_and_ruled_it_says_so_and_its_content_is_still_the_validated_one(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "restituting", (RiskLevel.HIGH, RiskLevel.LOW))
    answers = [
        ask.Answer(number=1, reply=Reply.DISPUTE, argument="Fait depuis mars."),
        ask.Answer(number=2, reply=Reply.ACCEPT, proposed_on="2027-05-31"),
    ]
    applied(auditing.do(case_id, USER, ask.AnswerFindings(answers=answers), AuditTask.ANSWER_FINDINGS))
    rule = ask.Rule(number=1, ruling=Ruling.LOWER, risk=RiskLevel.LOW, reason="En partie fait.")
    applied(auditing.do(case_id, CONTROL, ask.Arbitrate(rulings=[rule]), AuditTask.ARBITRATE))
    auditing.sql("INSERT INTO audit_dates VALUES (:id, 1, '2027-05-03'), (:id, 2, '2027-05-17')", id=case_id)

    report, edition = known(auditing, case_id)
    assert auditing.sql("SELECT content_hash FROM audit_reports") == [(report.content_hash,)]
    assert [one.sha256 for one in edition.validations] == [auditing.newest_hash(case_id)] * 2
    words = text_of(audit_files(report, "fr", edition).pdf)
    assert "PROJET" not in words
    for said in (
        *(one.name for one in edition.validations),
        "Fait depuis mars.",
        "En partie fait.",
        "31 mai 2027",
        "3 mai 2027",
        "17 mai 2027",
    ):
        assert said in words
    assert report.content_hash in words
