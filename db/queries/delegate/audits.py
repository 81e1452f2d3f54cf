"""A delegate's audits as its people read them: dates, pieces, files; of the report what two people have validated."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, or_, select
from sqlalchemy.orm import Session

from db.models import (
    AuditFileRow,
    AuditFindingRow,
    AuditMeetingRow,
    AuditPieceRow,
    AuditRecommendationRow,
    AuditReportRow,
    AuditRow,
    AuditStrengthRow,
    Case,
)
from db.queries.delegate.desk import is_asked
from db.vault import about_audit_report, case_cipher
from keys.sealing import unseal

_AUDIT = (
    AuditRow.case_id,
    AuditRow.year,
    AuditRow.contracts,
    AuditRow.themes,
    AuditRow.launched_on,
    AuditRow.delivery_due_on,
    AuditRow.delivery_ended_on,
    AuditRow.answers_ended_on,
    AuditRow.answers_ended_because,
    AuditRow.agreed_on,
    Case.reference,
    Case.state,
    or_(
        is_asked(AuditRow.case_id),
        exists(AuditFindingRow.finding_id).where(
            AuditFindingRow.audit_id == AuditRow.case_id, is_asked(AuditFindingRow.finding_id)
        ),
    ).label("asked"),
)
_PIECE = (
    AuditPieceRow.piece,
    AuditPieceRow.number,
    AuditPieceRow.domain,
    AuditPieceRow.label_fr,
    AuditPieceRow.label_en,
    AuditPieceRow.checked_for_fr,
    AuditPieceRow.checked_for_en,
    AuditPieceRow.lists_people,
)
_FILE = (
    AuditFileRow.id,
    AuditFileRow.piece,
    AuditFileRow.version,
    AuditFileRow.name,
    AuditFileRow.size,
    AuditFileRow.sha256,
    AuditFileRow.late,
    AuditFileRow.delivered_at,
    AuditFileRow.delivered_by,
    AuditFileRow.withdrawn_at,
    AuditFileRow.withdrawn_because,
)
_RECOMMENDATION = (
    AuditRecommendationRow.number,
    AuditRecommendationRow.risk,
    AuditRecommendationRow.words,
    AuditRecommendationRow.expected_on,
    AuditRecommendationRow.piece,
    AuditRecommendationRow.contract,
    AuditRecommendationRow.comment,
    AuditRecommendationRow.reply,
    AuditRecommendationRow.proposed_on,
    AuditRecommendationRow.argument,
    AuditRecommendationRow.ruling,
    AuditRecommendationRow.ruled_risk,
    AuditRecommendationRow.ruled_because,
)
Rows = Sequence[Row[*tuple[Any, ...]]]


def listed(session: Session) -> Rows:
    """All audits of the delegate, the newest first."""
    wanted = select(*_AUDIT).join(Case, Case.id == AuditRow.case_id)
    return session.execute(wanted.order_by(AuditRow.year.desc(), Case.reference.desc())).all()


def one(session: Session, reference: str) -> Row[*tuple[Any, ...]] | None:
    """The delegate's audit with this reference."""
    wanted = select(*_AUDIT).join(Case, Case.id == AuditRow.case_id).where(Case.reference == reference)
    return session.execute(wanted).one_or_none()


def pieces(session: Session, audit_id: UUID) -> Rows:
    """What is asked for, in the order of the list."""
    wanted = select(*_PIECE).where(AuditPieceRow.audit_id == audit_id)
    return session.execute(wanted.order_by(AuditPieceRow.number)).all()


def was_there(session: Session, file_id: UUID) -> bool:
    """Whether what was delivered under this id is no file of its own: the same bytes were there already."""
    came = select(AuditFileRow.piece).where(AuditFileRow.id == file_id, AuditFileRow.version.is_not(None))
    return session.execute(came).first() is None


def files(session: Session, audit_id: UUID) -> Rows:
    """The files that have come, the withdrawn ones too, by piece and version."""
    wanted = select(*_FILE).where(AuditFileRow.audit_id == audit_id, AuditFileRow.version.is_not(None))
    return session.execute(wanted.order_by(AuditFileRow.piece, AuditFileRow.version)).all()


def meetings(session: Session, audit_id: UUID) -> Rows:
    """When and where one meets."""
    told = (AuditMeetingRow.meeting, AuditMeetingRow.at, AuditMeetingRow.place, AuditMeetingRow.held_on)
    wanted = select(*told).where(AuditMeetingRow.audit_id == audit_id)
    return session.execute(wanted.order_by(AuditMeetingRow.at)).all()


def report(session: Session, audit_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """The report, once it is validated: its version, the hashes of its files."""
    told = (AuditReportRow.version, AuditReportRow.pdf_sha256, AuditReportRow.xlsx_sha256, AuditReportRow.made_at)
    return session.execute(select(*told).where(AuditReportRow.audit_id == audit_id)).one_or_none()


def report_content(session: Session, audit_id: UUID, kind: str) -> bytes | None:
    """A file of the validated report, `pdf` or `xlsx`; None before. Raises Erased, KeysError, BrokenSealError."""
    column = AuditReportRow.pdf if kind == "pdf" else AuditReportRow.xlsx
    wanted = select(AuditReportRow.version, column).where(AuditReportRow.audit_id == audit_id)
    row = session.execute(wanted).one_or_none()
    if row is None:
        return None
    return unseal(case_cipher(session, audit_id), row[1], about_audit_report(audit_id, row.version, kind))


def recommendations(session: Session, audit_id: UUID) -> Rows:
    """What the validated report recommends, and what was said of it since."""
    wanted = select(*_RECOMMENDATION).where(AuditRecommendationRow.audit_id == audit_id)
    return session.execute(wanted.order_by(AuditRecommendationRow.number)).all()


def strengths(session: Session, audit_id: UUID) -> Sequence[str]:
    """What the validated report says that the delegate does well."""
    wanted = select(AuditStrengthRow.words).where(AuditStrengthRow.audit_id == audit_id)
    return session.scalars(wanted.order_by(AuditStrengthRow.number)).all()


def followed(session: Session, audit_id: UUID) -> Rows:
    """The findings that the audit follows: reference, state, number in the report."""
    wanted = select(Case.reference, Case.state, AuditFindingRow.number)
    joined = wanted.join(Case, Case.id == AuditFindingRow.finding_id).where(AuditFindingRow.audit_id == audit_id)
    return session.execute(joined.order_by(AuditFindingRow.number, Case.reference)).all()
