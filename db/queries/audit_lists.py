"""Audits and delegates as people list and read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.orm import Session, undefer

from db.models import (
    AuditApprovalRow,
    AuditDateRow,
    AuditFileRow,
    AuditFindingRow,
    AuditGradesRow,
    AuditMeetingRow,
    AuditPieceRow,
    AuditRecommendationRow,
    AuditReportRow,
    AuditRow,
    AuditStrengthRow,
    Case,
    DelegateRow,
)
from db.queries.paging import read_cursor, write_cursor
from db.vault import about_audit_file, case_cipher
from keys.sealing import unseal

Rows = Sequence[Row[*tuple[Any, ...]]]


@dataclass(frozen=True)
class WantedAudits:
    """Which audits."""

    delegate: str | None = None
    year: int | None = None
    state: str | None = None
    cursor: str | None = None
    limit: int = 50


def _with_case() -> Select[AuditRow, Case, str]:
    return (
        select(AuditRow, Case, DelegateRow.name)
        .join(Case, Case.id == AuditRow.case_id)
        .join(DelegateRow, DelegateRow.code == AuditRow.delegate)
    )


def listed(session: Session, wanted: WantedAudits) -> Rows:
    """Audits, the newest year first; one more than the limit where more follow."""
    query = _with_case()
    for column, value in (
        (AuditRow.delegate, wanted.delegate),
        (AuditRow.year, wanted.year),
        (Case.state, wanted.state),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.cursor is not None:
        planned_on, case_id = read_cursor(wanted.cursor, datetime.fromisoformat)
        query = query.where(tuple_(AuditRow.planned_at, AuditRow.case_id) < tuple_(planned_on, case_id))
    newest = (AuditRow.planned_at.desc(), AuditRow.case_id.desc())
    return session.execute(query.order_by(*newest).limit(wanted.limit + 1)).all()


def next_page(rows: Rows, limit: int) -> str | None:
    """The cursor of the following ones; None where there are none."""
    if len(rows) <= limit:
        return None
    return write_cursor(rows[limit - 1][0].planned_at, rows[limit - 1][0].case_id)


def one(session: Session, reference: str) -> Row[*tuple[Any, ...]] | None:
    """An audit with its case and its delegate's name."""
    return session.execute(_with_case().where(Case.reference == reference)).one_or_none()


@dataclass(frozen=True)
class Parts:
    """Everything that belongs to an audit; files without their content."""

    pieces: Sequence[AuditPieceRow]
    files: Sequence[AuditFileRow]
    grades: Sequence[AuditGradesRow]
    strengths: Sequence[AuditStrengthRow]
    recommendations: Sequence[AuditRecommendationRow]
    reports: Sequence[AuditReportRow]
    approvals: Sequence[AuditApprovalRow]
    meetings: Sequence[AuditMeetingRow]
    dates: Sequence[AuditDateRow]
    findings: Rows


def parts(session: Session, audit_id: UUID) -> Parts:
    """All of it, each in its own order."""

    def rows(model: Any, *by: Any) -> Any:
        return session.scalars(select(model).where(model.audit_id == audit_id).order_by(*by)).all()

    return Parts(
        pieces=rows(AuditPieceRow, AuditPieceRow.number),
        files=[file for file in rows(AuditFileRow, AuditFileRow.version) if file.version is not None],
        grades=rows(AuditGradesRow, AuditGradesRow.piece),
        strengths=rows(AuditStrengthRow, AuditStrengthRow.number),
        recommendations=rows(AuditRecommendationRow, AuditRecommendationRow.number),
        reports=rows(AuditReportRow, AuditReportRow.version),
        approvals=rows(AuditApprovalRow, AuditApprovalRow.version, AuditApprovalRow.link),
        meetings=rows(AuditMeetingRow, AuditMeetingRow.at),
        dates=rows(AuditDateRow, AuditDateRow.number),
        findings=followed(session, audit_id),
    )


def followed(session: Session, audit_id: UUID) -> Rows:
    """The findings that an audit has opened or taken over, with where each stands."""
    wanted = select(AuditFindingRow, Case.reference, Case.state).join(Case, Case.id == AuditFindingRow.finding_id)
    return session.execute(wanted.where(AuditFindingRow.audit_id == audit_id).order_by(Case.reference)).all()


def file_of(session: Session, audit_id: UUID, file_id: UUID) -> AuditFileRow | None:
    """A file that was delivered, with its sealed content."""
    wanted = select(AuditFileRow).where(
        AuditFileRow.id == file_id, AuditFileRow.audit_id == audit_id, AuditFileRow.version.is_not(None)
    )
    return session.scalar(wanted.options(undefer(AuditFileRow.content)))


def content_of(session: Session, row: AuditFileRow) -> bytes:
    """The file as it came, byte for byte. Raises Erased."""
    return unseal(case_cipher(session, row.audit_id), row.content, about_audit_file(row.id))


def meeting_of(session: Session, audit_id: UUID, meeting: str) -> AuditMeetingRow | None:
    """A meeting that is fixed, or was held."""
    return session.get(AuditMeetingRow, (audit_id, meeting))


def delegates(session: Session) -> Rows:
    """The delegates with their newest audit that was not cancelled, and how many findings are followed and open."""
    newest = (
        select(Case.reference)
        .join(AuditRow, AuditRow.case_id == Case.id)
        .where(AuditRow.delegate == DelegateRow.code, AuditRow.cancelled_at.is_(None))
        .order_by(AuditRow.year.desc())
        .limit(1)
        .scalar_subquery()
    )
    is_open = AuditFindingRow.ended_at.is_(None) & AuditFindingRow.carried_to.is_(None)
    followed_ones = (
        select(func.count())
        .select_from(AuditFindingRow)
        .join(AuditRow, AuditRow.case_id == AuditFindingRow.audit_id)
        .where(AuditRow.delegate == DelegateRow.code, is_open)
        .scalar_subquery()
    )
    wanted = select(DelegateRow, newest.label("audit"), followed_ones.label("open_findings"))
    return session.execute(wanted.order_by(DelegateRow.name)).all()
