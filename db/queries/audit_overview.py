"""Audits as they are followed: what is due next on each, how much of it has come, what is open; the late ones first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select, true
from sqlalchemy.orm import Session

from db.models import AuditFileRow, AuditFindingRow, AuditPieceRow, AuditRow, Case, DeadlineRow, DelegateRow

MOST_OPEN = 200
"""One audit for each delegate and year: more than these are not open at once."""


_NEXT = (
    select(DeadlineRow.name, DeadlineRow.due_at)
    .where(DeadlineRow.case_id == Case.id, DeadlineRow.met_at.is_(None), DeadlineRow.cancelled_at.is_(None))
    .order_by(DeadlineRow.due_at)
    .limit(1)
    .correlate(Case)
    .lateral("next_due")
)


@dataclass(frozen=True)
class Wanted:
    """Which audits; all of them where nothing is said."""

    delegate: str | None = None
    year: int | None = None
    state: str | None = None


@dataclass(frozen=True)
class Overview:
    """One audit at a glance. `deadline` is what is due next."""

    audit: AuditRow
    reference: str
    state: str
    delegate_name: str
    deadline: str | None
    due_at: datetime | None
    asked: int
    delivered: int
    open_findings: int


def going_on(session: Session, wanted: Wanted) -> list[Overview]:
    """The audits that have not ended, whatever is due first before the others: so the late ones come first."""
    query = _looked_at(wanted).where(Case.ended_at.is_(None))
    return _read(session, query.order_by(_NEXT.c.due_at.nulls_last(), AuditRow.case_id).limit(MOST_OPEN))


def ended(session: Session, wanted: Wanted, limit: int, offset: int = 0) -> list[Overview]:
    """Those that have ended, the newest first; one more than the limit where more follow."""
    query = _looked_at(wanted).where(Case.ended_at.is_not(None))
    newest = (AuditRow.planned_at.desc(), AuditRow.case_id.desc())
    return _read(session, query.order_by(*newest).limit(limit + 1).offset(offset))


def _looked_at(wanted: Wanted) -> Select[Any]:
    columns = (AuditRow, Case.reference, Case.state, DelegateRow.name, _NEXT.c.name, _NEXT.c.due_at)
    query = (
        select(*columns, _asked(), _delivered(), open_findings())
        .select_from(AuditRow)
        .join(Case, Case.id == AuditRow.case_id)
        .join(DelegateRow, DelegateRow.code == AuditRow.delegate)
        .join(_NEXT, true(), isouter=True)
    )
    return query.where(*_narrowed(wanted))


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked = ((AuditRow.delegate, wanted.delegate), (AuditRow.year, wanted.year), (Case.state, wanted.state))
    return [column == value for column, value in asked if value is not None]


def _asked() -> ScalarSelect[int]:
    counted = select(func.count()).select_from(AuditPieceRow).where(AuditPieceRow.audit_id == AuditRow.case_id)
    return counted.correlate(AuditRow).scalar_subquery()


def _delivered() -> ScalarSelect[int]:
    counted = select(func.count(AuditFileRow.piece.distinct())).where(
        AuditFileRow.audit_id == AuditRow.case_id,
        AuditFileRow.version.is_not(None),
        AuditFileRow.withdrawn_at.is_(None),
    )
    return counted.correlate(AuditRow).scalar_subquery()


def open_findings() -> ScalarSelect[int]:
    """How many findings the audit still follows."""
    counted = (
        select(func.count())
        .select_from(AuditFindingRow)
        .where(
            AuditFindingRow.audit_id == AuditRow.case_id,
            AuditFindingRow.ended_at.is_(None),
            AuditFindingRow.carried_to.is_(None),
        )
    )
    return counted.correlate(AuditRow).scalar_subquery()


def _read(session: Session, query: Select[Any]) -> list[Overview]:
    return [Overview(*row) for row in session.execute(query)]


def years(session: Session) -> list[int]:
    """The years in which there is an audit, the newest first."""
    return list(session.scalars(select(AuditRow.year).distinct().order_by(AuditRow.year.desc())))
