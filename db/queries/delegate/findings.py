"""A delegate's findings as its people read them: words, risk, dates, plans, evidence, the reasons given back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, aliased

from db.models import Case, FindingEvidence, FindingPlan, FindingRequest, FindingRound, FindingRow
from db.queries.delegate.desk import is_asked
from db.queries.finding_lists import accepted_until

_Carried = aliased(Case)
_FINDING = (
    FindingRow.case_id,
    FindingRow.number,
    FindingRow.audit_reference,
    FindingRow.contract,
    FindingRow.origin,
    FindingRow.piece,
    FindingRow.subject,
    FindingRow.words,
    FindingRow.risk,
    FindingRow.agreed_on,
    FindingRow.latest_on,
    FindingRow.due_on,
    FindingRow.round,
    FindingRow.postponements,
    Case.reference,
    Case.state,
    Case.ended_at,
    accepted_until().label("accepted_until"),
    is_asked(FindingRow.case_id).label("asked"),
)
_PLAN = (
    FindingPlan.version,
    FindingPlan.plan,
    FindingPlan.proposed_by,
    FindingPlan.proposed_at,
    FindingPlan.decided_at,
    FindingPlan.accepted,
    FindingPlan.reason,
)
_EVIDENCE = (
    FindingEvidence.id,
    FindingEvidence.round,
    FindingEvidence.name,
    FindingEvidence.media_type,
    FindingEvidence.size,
    FindingEvidence.sha256,
    FindingEvidence.delivered_by,
    FindingEvidence.added_at,
)
_ROUND = (
    FindingRound.round,
    FindingRound.delivered_by,
    FindingRound.delivered_at,
    FindingRound.comment,
    FindingRound.confirmed_at,
    FindingRound.refused_at,
    FindingRound.reason,
)
_REQUEST = (
    FindingRequest.until,
    FindingRequest.reason,
    FindingRequest.asked_by,
    FindingRequest.asked_at,
    FindingRequest.status,
    FindingRequest.decided_at,
    FindingRequest.refusal,
)
Rows = Sequence[Row[*tuple[Any, ...]]]


def listed(session: Session, *, ended: bool) -> Rows:
    """The delegate's findings, those due first first; with `ended` those that have ended too."""
    wanted = _findings() if ended else _findings().where(Case.ended_at.is_(None))
    return session.execute(wanted.order_by(Case.ended_at.is_not(None), FindingRow.due_on, Case.reference)).all()


def one(session: Session, reference: str) -> Row[*tuple[Any, ...]] | None:
    """The delegate's finding with this reference."""
    return session.execute(_findings().where(Case.reference == reference)).one_or_none()


def plans(session: Session, finding_id: UUID) -> Rows:
    """What was proposed, and what was said of it."""
    wanted = select(*_PLAN).where(FindingPlan.finding_id == finding_id)
    return session.execute(wanted.order_by(FindingPlan.version)).all()


def was_there(session: Session, file_id: UUID) -> bool:
    """Whether what was added under this id is no file of its own: the same bytes were there already."""
    came = select(FindingEvidence.id).where(FindingEvidence.id == file_id, FindingEvidence.added_at.is_not(None))
    return session.execute(came).first() is None


def evidence(session: Session, finding_id: UUID) -> Rows:
    """The files that have come, by round."""
    wanted = select(*_EVIDENCE).where(FindingEvidence.finding_id == finding_id, FindingEvidence.added_at.is_not(None))
    return session.execute(wanted.order_by(FindingEvidence.round, FindingEvidence.added_at)).all()


def rounds(session: Session, finding_id: UUID) -> Rows:
    """Each delivery of evidence, and what was said of it."""
    wanted = select(*_ROUND).where(FindingRound.finding_id == finding_id)
    return session.execute(wanted.order_by(FindingRound.round)).all()


def postponements(session: Session, finding_id: UUID) -> Rows:
    """The later dates that were asked for, and what became of each."""
    wanted = select(*_REQUEST).where(FindingRequest.finding_id == finding_id, FindingRequest.kind == "postponement")
    return session.execute(wanted.order_by(FindingRequest.asked_at)).all()


def _findings() -> Select[*tuple[Any, ...]]:
    """With the audit that a finding was carried over to, if it was."""
    return (
        select(*_FINDING, _Carried.reference.label("carried_to"))
        .join(Case, Case.id == FindingRow.case_id)
        .join(_Carried, _Carried.id == FindingRow.carried_to, isouter=True)
    )
