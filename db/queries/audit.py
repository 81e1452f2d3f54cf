"""What is known of an audit: for a decision, and for the workflow's position."""

from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

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
    DeadlineRow,
)
from db.queries.audit_report import audit_report
from db.queries.standing import (
    deadlines_open,
    open_deadlines,
    read_deadlines,
    read_task,
    spread,
    tasks_of_case,
    unsent_messages,
    watched,
)
from domain.audit.case import Audit, AuditPosition, Followed, Piece, PieceFile, Recommendation, ReportVersion
from domain.audit.states import AuditState
from domain.audit.words import Meeting, Reply, Ruling
from domain.policy import PolicyBook
from domain.risk import RiskLevel


def audit(
    session: Session, case: Case, book: PolicyBook, task_id: UUID | None = None, command_id: UUID | None = None
) -> Audit:
    """Everything that a decision can depend on: its open tasks, and the one the command is about even if closed."""
    row = session.get_one(AuditRow, case.id, populate_existing=True)
    tasks = session.execute(select(tasks_of_case()), {"case_id": case.id, "task_id": task_id}).scalar_one()
    return Audit(
        id=case.id,
        state=AuditState(case.state),
        delegate=row.delegate,
        year=row.year,
        pole=case.pole,
        contracts=tuple(row.contracts),
        pieces=pieces(session, case.id),
        recommendations=recommendations(session, case.id),
        strengths=_strengths(session, case.id),
        report=_newest_report(session, case.id),
        submitted=row.report_version,
        refused=row.refused_version,
        approvals=_approvals(session, case.id, row.report_version),
        authors=_authors(session, case.id),
        look_up_content=partial(_content_hash, session, case, book),
        agreed_on=row.agreed_on,
        agreed_by=row.agreed_by,
        proposed=_dates(session, case.id),
        findings=_followed(session, case.id),
        next_audit=_next_audit(session, case, row, deciding=command_id is not None),
        in_hand=command_id is not None and _is_in_hand(session, command_id),
        meetings=_meetings(session, case.id),
        generations=_generations(session, case.id),
        tasks=tuple(read_task(told) for told in tasks),
        deadlines=open_deadlines(session, case.id),
    )


def position(session: Session, case: Case, book: PolicyBook) -> AuditPosition:
    """Where the workflow of this audit stands; it can start from here at any step."""
    row = session.execute(select(deadlines_open(), unsent_messages()), {"case_id": case.id}).one()
    return AuditPosition(
        case_id=case.id,
        state=AuditState(case.state),
        spread=spread(case.reference, book.version(case.policy).office),
        watched=watched(read_deadlines(row.deadlines)),
        messages=tuple(row.messages),
    )


def pieces(session: Session, audit_id: UUID) -> tuple[Piece, ...]:
    """What is asked for, in the order of the list, with what has come of it."""
    wanted = select(AuditPieceRow).where(AuditPieceRow.audit_id == audit_id).order_by(AuditPieceRow.number)
    files: defaultdict[str, list[PieceFile]] = defaultdict(list)
    for row in delivered_files(session, audit_id):
        files[row.piece].append(PieceFile(row.version or 0, row.sha256, row.withdrawn_at is not None))
    graded = set(session.scalars(select(AuditGradesRow.piece).where(AuditGradesRow.audit_id == audit_id)))
    return tuple(
        Piece(row.piece, row.number, row.label_fr, tuple(files[row.piece]), row.piece in graded)
        for row in session.scalars(wanted)
    )


def delivered_files(session: Session, audit_id: UUID) -> list[AuditFileRow]:
    """The files that are the audit's, the withdrawn ones too, by piece and version; without their content."""
    wanted = select(AuditFileRow).where(AuditFileRow.audit_id == audit_id, AuditFileRow.version.is_not(None))
    ordered = wanted.order_by(AuditFileRow.piece, AuditFileRow.version)
    return list(session.scalars(ordered.execution_options(populate_existing=True)))


def recommendations(session: Session, audit_id: UUID) -> tuple[Recommendation, ...]:
    """All of them, those dropped too, by number."""
    wanted = select(AuditRecommendationRow).where(AuditRecommendationRow.audit_id == audit_id)
    rows = session.scalars(wanted.order_by(AuditRecommendationRow.number).execution_options(populate_existing=True))
    return tuple(_recommendation(row) for row in rows)


def _recommendation(row: AuditRecommendationRow) -> Recommendation:
    return Recommendation(
        number=row.number,
        risk=RiskLevel(row.risk),
        words=row.words,
        expected_on=row.expected_on,
        by_id=row.by_id,
        piece=row.piece,
        contract=row.contract,
        dropped=row.dropped_at is not None,
        reply=Reply(row.reply) if row.reply else None,
        proposed_on=row.proposed_on,
        ruling=Ruling(row.ruling) if row.ruling else None,
        ruled_risk=RiskLevel(row.ruled_risk) if row.ruled_risk else None,
    )


def _strengths(session: Session, audit_id: UUID) -> dict[int, bool]:
    """Number → whether it stands."""
    wanted = select(AuditStrengthRow.number, AuditStrengthRow.dropped_at.is_(None))
    return _pairs(session, wanted.where(AuditStrengthRow.audit_id == audit_id))


def _newest_report(session: Session, audit_id: UUID) -> ReportVersion | None:
    columns = (AuditReportRow.version, AuditReportRow.pdf_sha256, AuditReportRow.content_hash, AuditReportRow.made_by)
    wanted = select(*columns).where(AuditReportRow.audit_id == audit_id).order_by(AuditReportRow.version.desc())
    row = session.execute(wanted.limit(1)).one_or_none()
    return ReportVersion(*row) if row else None


def _approvals(session: Session, audit_id: UUID, version: int | None) -> dict[int, UUID]:
    """Link → who has validated the version that is with the validators."""
    wanted = select(AuditApprovalRow.link, AuditApprovalRow.person_id)
    return _pairs(session, wanted.where(AuditApprovalRow.audit_id == audit_id, AuditApprovalRow.version == version))


def _authors(session: Session, audit_id: UUID) -> frozenset[UUID]:
    """Who has written any of the report: the register's own `audit_authors`, which its triggers ask as well."""
    written = func.audit_authors(audit_id).table_valued("person_id")
    found: Iterable[UUID | None] = session.scalars(select(written.c.person_id))
    return frozenset(person for person in found if person is not None)


def _content_hash(session: Session, case: Case, book: PolicyBook) -> str:
    return audit_report(session, case, book).content_hash


def _dates(session: Session, audit_id: UUID) -> dict[int, Any]:
    return _pairs(session, select(AuditDateRow.number, AuditDateRow.due_on).where(AuditDateRow.audit_id == audit_id))


def _followed(session: Session, audit_id: UUID) -> tuple[Followed, ...]:
    is_open = AuditFindingRow.ended_at.is_(None) & AuditFindingRow.carried_to.is_(None)
    wanted = select(AuditFindingRow.finding_id, is_open, AuditFindingRow.carried_to).where(
        AuditFindingRow.audit_id == audit_id
    )
    return tuple(Followed(*row) for row in session.execute(wanted.order_by(AuditFindingRow.finding_id)))


def _next_audit(session: Session, case: Case, row: AuditRow, *, deciding: bool) -> UUID | None:
    """The delegate's next audit that goes on. While it is decided whether findings are carried into it, it neither ends
    nor is anything else decided of it: audits lock the later ones only, so that none waits in a circle.
    """
    wanted = (
        select(AuditRow.case_id)
        .join(Case, Case.id == AuditRow.case_id)
        .where(AuditRow.delegate == row.delegate, AuditRow.year > row.year)
        .where(AuditRow.closed_at.is_(None), AuditRow.cancelled_at.is_(None))
        .order_by(AuditRow.year)
    )
    if deciding and case.state == AuditState.FOLLOWING_UP:
        wanted = wanted.with_for_update(read=True, of=[Case, AuditRow])
    return session.scalars(wanted).first()


def _is_in_hand(session: Session, command_id: UUID) -> bool:
    """Whether a file came with this command."""
    return session.scalar(select(AuditFileRow.id).where(AuditFileRow.id == command_id)) is not None


def _meetings(session: Session, audit_id: UUID) -> dict[Meeting, int]:
    wanted = select(AuditMeetingRow.meeting, AuditMeetingRow.sequence).where(AuditMeetingRow.audit_id == audit_id)
    return {Meeting(meeting): sequence for meeting, sequence in session.execute(wanted)}


def _generations(session: Session, case_id: UUID) -> dict[str, int]:
    wanted = select(DeadlineRow.name, func.max(DeadlineRow.generation)).where(DeadlineRow.case_id == case_id)
    return _pairs(session, wanted.group_by(DeadlineRow.name))


def _pairs(session: Session, wanted: Any) -> dict[Any, Any]:
    return {row[0]: row[1] for row in session.execute(wanted)}
