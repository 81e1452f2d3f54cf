"""What the report of an audit says: the facts of its case, ready for the document and the spreadsheet."""

from collections import defaultdict
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from db.models import (
    AuditFileRow,
    AuditFindingRow,
    AuditGradesRow,
    AuditPieceRow,
    AuditRecommendationRow,
    AuditReportRow,
    AuditRow,
    AuditStrengthRow,
    Case,
    DelegateRow,
    FindingRow,
)
from db.queries.people import names_of
from db.vault import about_audit_report, case_cipher
from domain.audit.report import (
    AuditReport,
    BothLanguages,
    CarriedFinding,
    ReportedFile,
    ReportedPiece,
    ReportedRecommendation,
    ReportedStrength,
)
from domain.audit.words import AuditDomain, Criterion, Grade
from domain.policy import PolicyBook
from domain.risk import RiskLevel
from keys.sealing import unseal


def audit_report(session: Session, case: Case, book: PolicyBook) -> AuditReport:
    """Everything that the report of this audit says, as the register stands."""
    row = session.get_one(AuditRow, case.id, populate_existing=True)
    delegate = session.get_one(DelegateRow, row.delegate)
    strengths, recommendations = _strengths(session, case.id), _recommendations(session, case.id)
    graded = _graded(session, case.id)
    authors = {one.by_id for one in strengths} | {one.by_id for one in recommendations}
    authors |= {one.by_id for one in graded.values()}
    zone = ZoneInfo(book.version(case.policy).office.zone)
    return AuditReport(
        reference=case.reference,
        insurer=book.insurer.letterhead.name,
        delegate_code=row.delegate,
        delegate_name=delegate.name,
        contracts=tuple(row.contracts),
        year=row.year,
        themes=tuple(AuditDomain(theme) for theme in row.themes),
        conflict_of_interest=row.conflict_of_interest,
        auditors=tuple(sorted(names_of(session, authors).values())),
        launched_on=row.launched_on,
        delivery_due_on=row.delivery_due_on,
        delivery_ended_on=row.delivery_ended_on,
        catalogue=row.catalogue,
        strengths=tuple(
            ReportedStrength(one.number, one.words, AuditDomain(one.domain) if one.domain else None)
            for one in strengths
        ),
        recommendations=tuple(_recommendation(one) for one in recommendations),
        pieces=_pieces(session, case.id, graded, zone),
        carried=_carried(session, case.id),
    )


def _graded(session: Session, audit_id: UUID) -> dict[str, AuditGradesRow]:
    """Piece → how it was graded."""
    wanted = select(AuditGradesRow).where(AuditGradesRow.audit_id == audit_id)
    return {row.piece: row for row in session.scalars(wanted.execution_options(populate_existing=True))}


def _strengths(session: Session, audit_id: UUID) -> list[AuditStrengthRow]:
    wanted = select(AuditStrengthRow).where(
        AuditStrengthRow.audit_id == audit_id, AuditStrengthRow.dropped_at.is_(None)
    )
    ordered = wanted.order_by(AuditStrengthRow.number)
    return list(session.scalars(ordered.execution_options(populate_existing=True)))


def _recommendations(session: Session, audit_id: UUID) -> list[AuditRecommendationRow]:
    wanted = select(AuditRecommendationRow).where(
        AuditRecommendationRow.audit_id == audit_id, AuditRecommendationRow.dropped_at.is_(None)
    )
    ordered = wanted.order_by(AuditRecommendationRow.number)
    return list(session.scalars(ordered.execution_options(populate_existing=True)))


def _recommendation(row: AuditRecommendationRow) -> ReportedRecommendation:
    return ReportedRecommendation(
        number=row.number,
        risk=RiskLevel(row.risk),
        words=row.words,
        expected_on=row.expected_on,
        piece=row.piece,
        contract=row.contract,
        comment=row.comment,
    )


def _pieces(
    session: Session, audit_id: UUID, graded: dict[str, AuditGradesRow], zone: ZoneInfo
) -> tuple[ReportedPiece, ...]:
    files = _files(session, audit_id)
    wanted = select(AuditPieceRow).where(AuditPieceRow.audit_id == audit_id).order_by(AuditPieceRow.number)
    return tuple(_piece(row, files[row.piece], graded.get(row.piece), zone) for row in session.scalars(wanted))


def _files(session: Session, audit_id: UUID) -> defaultdict[str, list[AuditFileRow]]:
    """What came of each piece and counts, in its order."""
    wanted = select(AuditFileRow).where(
        AuditFileRow.audit_id == audit_id, AuditFileRow.version.is_not(None), AuditFileRow.withdrawn_at.is_(None)
    )
    files: defaultdict[str, list[AuditFileRow]] = defaultdict(list)
    ordered = wanted.order_by(AuditFileRow.version).execution_options(populate_existing=True)
    for row in session.scalars(ordered):
        files[row.piece].append(row)
    return files


def _piece(
    row: AuditPieceRow, files: list[AuditFileRow], graded: AuditGradesRow | None, zone: ZoneInfo
) -> ReportedPiece:
    """`late`: nothing of it that counts came in time."""
    delivered = [file.delivered_at for file in files if file.delivered_at is not None]
    return ReportedPiece(
        id=row.piece,
        number=row.number,
        domain=AuditDomain(row.domain),
        label=BothLanguages(row.label_fr, row.label_en),
        checked_for=BothLanguages(row.checked_for_fr, row.checked_for_en),
        delivered_on=min(delivered).astimezone(zone).date() if delivered else None,
        late=bool(files) and all(file.late for file in files),
        versions=len(files),
        grades=_grades(graded) if graded and files else None,
        comment=graded.comment if graded and files else None,
        files=tuple(_file(file, zone) for file in files),
    )


def _file(row: AuditFileRow, zone: ZoneInfo) -> ReportedFile:
    assert row.version is not None
    assert row.delivered_at is not None
    return ReportedFile(
        version=row.version,
        name=row.name,
        sha256=row.sha256,
        delivered_on=row.delivered_at.astimezone(zone).date(),
        late=bool(row.late),
    )


def _grades(row: AuditGradesRow) -> dict[Criterion, Grade]:
    return {criterion: Grade(getattr(row, criterion.value)) for criterion in Criterion}


def _carried(session: Session, audit_id: UUID) -> tuple[CarriedFinding, ...]:
    """The findings of earlier audits that this one follows, and that are open."""
    wanted = (
        select(Case.reference, FindingRow.subject, FindingRow.risk, FindingRow.due_on)
        .join(AuditFindingRow, AuditFindingRow.finding_id == Case.id)
        .join(FindingRow, FindingRow.case_id == Case.id)
        .where(AuditFindingRow.audit_id == audit_id, AuditFindingRow.carried_from.is_not(None))
        .where(AuditFindingRow.ended_at.is_(None), AuditFindingRow.carried_to.is_(None))
    )
    return tuple(
        CarriedFinding(reference, subject, RiskLevel(risk), due_on)
        for reference, subject, risk, due_on in session.execute(wanted.order_by(Case.reference))
    )


def report_file(session: Session, audit_id: UUID, version: int, kind: str) -> bytes:
    """A file of the report, `pdf` or `xlsx`, byte for byte. Raises Erased, KeysError, BrokenSealError."""
    column = AuditReportRow.pdf if kind == "pdf" else AuditReportRow.xlsx
    row = session.get_one(AuditReportRow, (audit_id, version), options=[undefer(column)])
    sealed = row.pdf if kind == "pdf" else row.xlsx
    return unseal(case_cipher(session, audit_id), sealed, about_audit_report(audit_id, version, kind))


def kept_content(session: Session, audit_id: UUID, version: int) -> tuple[AuditReport, str]:
    """What a version of the report says, whatever has been written since, and its language. Raises as report_file."""
    row = session.get_one(AuditReportRow, (audit_id, version), options=[undefer(AuditReportRow.content)])
    about = about_audit_report(audit_id, version, "content")
    content = unseal(case_cipher(session, audit_id), row.content, about)
    return TypeAdapter(AuditReport).validate_json(content), row.language
