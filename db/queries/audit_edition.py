"""What is known beside the report of an audit: who let it go, what the delegate answers, what was ruled, agreed on."""

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.models import AuditApprovalRow, AuditDateRow, AuditRecommendationRow, AuditRow, Case
from db.queries.people import names_of
from domain.audit.edition import DelegateAnswer, Edition, Validation
from domain.audit.words import Reply, Ruling
from domain.policy import PolicyBook
from domain.risk import RiskLevel


def audit_edition(session: Session, case: Case, book: PolicyBook) -> Edition:
    """The edition as the register stands. Whoever shows findings adds them: their states are not the audit's words."""
    return Edition(
        zone=book.version(case.policy).office.zone,
        validations=_validations(session, case.id),
        answers=_answers(session, case.id),
    )


def _validations(session: Session, audit_id: UUID) -> tuple[Validation, ...]:
    """Those of the version that is with its validators or has passed them; of one that was sent back none is left."""
    row = session.get_one(AuditRow, audit_id, populate_existing=True)
    wanted = select(AuditApprovalRow).where(
        AuditApprovalRow.audit_id == audit_id, AuditApprovalRow.version == row.report_version
    )
    approvals = session.scalars(wanted.order_by(AuditApprovalRow.link)).all()
    names = names_of(session, {one.person_id for one in approvals})
    return tuple(Validation(names[one.person_id], one.at, one.report_sha256) for one in approvals)


def _answers(session: Session, audit_id: UUID) -> tuple[DelegateAnswer, ...]:
    dates = select(AuditDateRow.number, AuditDateRow.due_on).where(AuditDateRow.audit_id == audit_id)
    agreed = {row.number: row.due_on for row in session.execute(dates)}
    with_audit = select(AuditRecommendationRow).join(AuditRow, AuditRow.case_id == AuditRecommendationRow.audit_id)
    wanted = with_audit.where(
        AuditRecommendationRow.audit_id == audit_id,
        AuditRecommendationRow.dropped_at.is_(None),
        or_(AuditRecommendationRow.reply.is_not(None), AuditRow.answers_ended_on.is_not(None)),
    )
    ordered = wanted.order_by(AuditRecommendationRow.number).execution_options(populate_existing=True)
    return tuple(_answer(row, agreed.get(row.number)) for row in session.scalars(ordered))


def _answer(row: AuditRecommendationRow, due_on: date | None) -> DelegateAnswer:
    return DelegateAnswer(
        number=row.number,
        reply=Reply(row.reply) if row.reply else None,
        proposed_on=row.proposed_on,
        argument=row.argument,
        ruling=Ruling(row.ruling) if row.ruling else None,
        ruled_risk=RiskLevel(row.ruled_risk) if row.ruled_risk else None,
        ruled_because=row.ruled_because,
        due_on=due_on,
    )
