"""Keep the files of an audit's report, sealed under its key: a version for each time that they are made."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.commands.keys import case_cipher
from db.models import AuditReportRow, AuditRow, Case
from db.vault import about_audit_report
from domain.audit.report import AuditReport
from domain.audit.states import AuditState
from domain.refusals import WrongStep
from keys.sealing import seal


def check_may_make_report(case: Case) -> None:
    """The report is made while the auditors write, before its validators have it. Raises WrongStep."""
    if AuditState(case.state) not in AuditState.noting():
        raise WrongStep(
            f"The report is made between analysis and validation: the audit is {case.state}.",
            "Look at the report that there is.",
        )


def keep_report(
    session: Session, case: Case, report: AuditReport, pdf: bytes, xlsx: bytes, made_by: UUID, at: datetime
) -> AuditReportRow:
    """The next version of the report's files, made of what `report` says; the newest one, where nothing has changed
    since it was made, and it was not sent back. Raises WrongStep, Erased.
    """
    check_may_make_report(case)
    audit = session.get_one(AuditRow, case.id, with_for_update=True)
    newest = _newest(session, case.id)
    digest = sha256(pdf).hexdigest()
    if newest is not None and newest.pdf_sha256 == digest and newest.version > (audit.refused_version or 0):
        return newest
    version = newest.version + 1 if newest else 1
    cipher = case_cipher(session, case.id)
    row = AuditReportRow(
        audit_id=case.id,
        version=version,
        content_hash=report.content_hash,
        pdf=seal(cipher, pdf, about_audit_report(case.id, version, "pdf")),
        pdf_sha256=digest,
        xlsx=seal(cipher, xlsx, about_audit_report(case.id, version, "xlsx")),
        xlsx_sha256=sha256(xlsx).hexdigest(),
        made_by=made_by,
        made_at=at,
    )
    session.add(row)
    session.flush()
    return row


def _newest(session: Session, audit_id: UUID) -> AuditReportRow | None:
    wanted = select(AuditReportRow).where(AuditReportRow.audit_id == audit_id)
    return session.scalar(wanted.order_by(AuditReportRow.version.desc()).limit(1))
