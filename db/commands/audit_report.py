"""Keep the files of an audit's report, sealed under its key: a version for each time that they are made."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.commands.keys import case_cipher
from db.models import AuditReportRow, AuditRow, Case
from db.vault import about_audit_report
from domain.audit.report import AuditReport
from domain.audit.states import AuditState
from domain.refusals import WrongStep
from keys.sealing import Cipher, seal


@dataclass(frozen=True)
class MadeReport:
    """Both files of a report, what they were made of, and in which language."""

    said: AuditReport
    language: str
    pdf: bytes
    xlsx: bytes


def check_may_make_report(case: Case) -> None:
    """The report is made while the auditors write, before its validators have it. Raises WrongStep."""
    if AuditState(case.state) not in AuditState.noting():
        raise WrongStep(
            f"The report is made between analysis and validation: the audit is {case.state}.",
            "Look at the report that there is.",
        )


def keep_report(session: Session, case: Case, made: MadeReport, made_by: UUID, at: datetime) -> AuditReportRow:
    """The next version of the report's files, with what they say; the newest one, where nothing has changed since it
    was made, and it was not sent back. Raises WrongStep, Erased.
    """
    check_may_make_report(case)
    audit = session.get_one(AuditRow, case.id, with_for_update=True)
    newest = _newest(session, case.id)
    digest = sha256(made.pdf).hexdigest()
    if newest is not None and newest.pdf_sha256 == digest and newest.version > (audit.refused_version or 0):
        return newest
    version = newest.version + 1 if newest else 1
    row = AuditReportRow(
        audit_id=case.id,
        version=version,
        content_hash=made.said.content_hash,
        language=made.language,
        pdf_sha256=digest,
        xlsx_sha256=sha256(made.xlsx).hexdigest(),
        made_by=made_by,
        made_at=at,
    )
    _seal(row, made, case_cipher(session, case.id))
    session.add(row)
    session.flush()
    return row


def _seal(row: AuditReportRow, made: MadeReport, cipher: Cipher) -> None:
    content = TypeAdapter(AuditReport).dump_json(made.said)
    row.content = seal(cipher, content, about_audit_report(row.audit_id, row.version, "content"))
    row.pdf = seal(cipher, made.pdf, about_audit_report(row.audit_id, row.version, "pdf"))
    row.xlsx = seal(cipher, made.xlsx, about_audit_report(row.audit_id, row.version, "xlsx"))


def _newest(session: Session, audit_id: UUID) -> AuditReportRow | None:
    wanted = select(AuditReportRow).where(AuditReportRow.audit_id == audit_id)
    return session.scalar(wanted.order_by(AuditReportRow.version.desc()).limit(1))
