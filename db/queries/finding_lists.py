"""Findings as people list and read them: by delegate, risk, state; the earliest due first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, exists, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from db.models import (
    Case,
    DeadlineRow,
    FindingApproval,
    FindingEvidence,
    FindingPlan,
    FindingRequest,
    FindingRound,
    FindingRow,
)
from db.queries.paging import read_cursor, write_cursor
from domain.finding.states import FindingState
from domain.finding.words import FindingDeadline
from domain.people import Actor
from domain.permissions import procedures_read_by

Rows = Sequence[Row[*tuple[Any, ...]]]
FOLLOWING = aliased(Case)
"""The audit to which a finding was carried over."""


@dataclass(frozen=True)
class WantedFindings:
    """Which findings: `audit` is the reference of the audit that made them or follows them now; `ended` are only those
    that have ended, or only the others.
    """

    delegate: str | None = None
    risk: str | None = None
    state: str | None = None
    audit: str | None = None
    overdue: bool | None = None
    cursor: str | None = None
    limit: int = 50
    ended: bool | None = None


@dataclass(frozen=True)
class Told:
    """Everything that was said on a finding, in its order."""

    plans: Sequence[FindingPlan]
    evidence: Sequence[FindingEvidence]
    rounds: Sequence[FindingRound]
    requests: Sequence[FindingRequest]
    approvals: Sequence[FindingApproval]


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Whether what it asks for has not been delivered, and its day is past."""
    return exists().where(
        DeadlineRow.case_id == FindingRow.case_id,
        DeadlineRow.name == FindingDeadline.REMEDIATION,
        DeadlineRow.met_at.is_(None),
        DeadlineRow.cancelled_at.is_(None),
        DeadlineRow.due_at < now,
    )


def accepted_until() -> ScalarSelect[date]:
    """Until when its risk is accepted: until then no other date of it counts. None where it is not.

    Source: procedures, section 3 step 6
    """
    return (
        select(DeadlineRow.due_on)
        .where(
            DeadlineRow.case_id == FindingRow.case_id,
            DeadlineRow.name == FindingDeadline.RISK_ACCEPTANCE,
            DeadlineRow.met_at.is_(None),
            DeadlineRow.cancelled_at.is_(None),
        )
        .correlate(FindingRow)
        .scalar_subquery()
    )


def listed(session: Session, wanted: WantedFindings, now: datetime) -> Rows:
    """Findings with their reference, the earliest due first; one more than the limit where more follow."""
    query = narrowed(_with_case(now), wanted, now)
    if wanted.cursor is not None:
        after = tuple_(*read_cursor(wanted.cursor, date.fromisoformat))
        query = query.where(tuple_(FindingRow.due_on, FindingRow.case_id) > after)
    return session.execute(query.order_by(FindingRow.due_on, FindingRow.case_id).limit(wanted.limit + 1)).all()


def narrowed(query: Select[*tuple[Any, ...]], wanted: WantedFindings, now: datetime) -> Select[*tuple[Any, ...]]:
    """Only those that are wanted; the query knows findings, and the audit that follows each."""
    for column, value in ((FindingRow.delegate, wanted.delegate), (FindingRow.risk, wanted.risk)):
        query = query.where(column == value) if value is not None else query
    if wanted.state is not None:
        query = query.where(FindingRow.state == wanted.state)
    if wanted.audit is not None:
        query = query.where(or_(FindingRow.audit_reference == wanted.audit, FOLLOWING.reference == wanted.audit))
    if wanted.overdue is not None:
        query = query.where(is_overdue(now) == wanted.overdue)
    if wanted.ended is not None:
        query = query.where(FindingRow.state.in_(FindingState.ended()) == wanted.ended)
    return query


def only_overdue(wanted: WantedFindings) -> WantedFindings:
    """Those of them that are late."""
    return replace(wanted, overdue=True)


def without_overdue(wanted: WantedFindings) -> WantedFindings:
    """The others, unless the late ones alone are wanted."""
    return wanted if wanted.overdue is not None else replace(wanted, overdue=False)


def next_page(rows: Rows, limit: int) -> str | None:
    """Where the next page goes on, if more follow than these."""
    last = rows[limit - 1].FindingRow if len(rows) > limit else None
    return write_cursor(last.due_on, last.case_id) if last is not None else None


def visible_finding(session: Session, reference: str, actor: Actor, now: datetime) -> Row[*tuple[Any, ...]] | None:
    """The finding with this reference, if the actor may see it: whoever reads findings, and its own delegate."""
    row = session.execute(_with_case(now).where(Case.reference == reference)).one_or_none()
    if row is None or not ("finding" in procedures_read_by(actor) or row.FindingRow.delegate == actor.delegate):
        return None
    return row


def _with_case(now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            FindingRow,
            Case.reference.label("reference"),
            FOLLOWING.reference.label("carried_to"),
            is_overdue(now).label("overdue"),
            accepted_until().label("accepted_until"),
        )
        .join(Case, Case.id == FindingRow.case_id)
        .join(FOLLOWING, FOLLOWING.id == FindingRow.carried_to, isouter=True)
    )


def told(session: Session, finding_id: UUID) -> Told:
    """Everything that was said on it."""
    plans = select(FindingPlan).where(FindingPlan.finding_id == finding_id).order_by(FindingPlan.version)
    evidence = select(FindingEvidence).where(
        FindingEvidence.finding_id == finding_id, FindingEvidence.added_at.is_not(None)
    )
    rounds = select(FindingRound).where(FindingRound.finding_id == finding_id).order_by(FindingRound.round)
    requests = select(FindingRequest).where(FindingRequest.finding_id == finding_id)
    asked = session.scalars(requests.order_by(FindingRequest.asked_at, FindingRequest.id)).all()
    agreed = select(FindingApproval).where(FindingApproval.request_id.in_([one.id for one in asked]))
    return Told(
        session.scalars(plans).all(),
        session.scalars(evidence.order_by(FindingEvidence.added_at, FindingEvidence.id)).all(),
        session.scalars(rounds).all(),
        asked,
        session.scalars(agreed.order_by(FindingApproval.link)).all(),
    )
