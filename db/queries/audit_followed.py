"""What audits have led to: the findings that one follows, and how each delegate stands."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, false, func, null, select
from sqlalchemy.orm import Session, aliased

from db.models import AuditFindingRow, AuditRow, Case, DelegateRow, FindingRow
from domain.audit.states import AuditState
from domain.risk import RiskLevel

_RISK_ACCEPTED = "risk_accepted"
"""Where a finding stands while its risk is accepted for a time: no day of it counts."""


@dataclass(frozen=True)
class FollowedFinding:
    """A finding that an audit has opened, or has taken over from an earlier one (`carried`); or one of the delegate's
    that it does not follow: `of_audit` is the audit that does, or did.
    """

    reference: str
    state: str
    number: int | None
    subject: str
    risk: str
    due_on: date
    outcome: str | None
    carried: bool
    carried_on: bool
    of_audit: str | None = None

    @property
    def open(self) -> bool:
        """Whether this audit still follows it."""
        return self.outcome is None and not self.carried_on

    def is_late(self, today: date) -> bool:
        """Whether its day has passed, and it is still followed; while its risk is accepted, it has none."""
        return self.open and self.due_on < today and self.state != _RISK_ACCEPTED


def followed_by(session: Session, audit_id: UUID) -> list[FollowedFinding]:
    """The findings of an audit: the open ones first, whatever is due first before the others."""
    columns = (
        *(Case.reference, Case.state, FindingRow.number, FindingRow.subject, FindingRow.risk, FindingRow.due_on),
        *(AuditFindingRow.outcome, AuditFindingRow.carried_from.is_not(None), AuditFindingRow.carried_to.is_not(None)),
    )
    wanted = (
        select(*columns)
        .join(Case, Case.id == AuditFindingRow.finding_id)
        .join(FindingRow, FindingRow.case_id == AuditFindingRow.finding_id)
        .where(AuditFindingRow.audit_id == audit_id)
    )
    found = [FollowedFinding(*row) for row in session.execute(wanted)]
    return sorted(found, key=lambda one: (not one.open, one.due_on, one.reference))


def open_beside(session: Session, audit_id: UUID, delegate: str) -> list[FollowedFinding]:
    """The delegate's open findings that this audit does not follow: of another audit, a cancelled one too, or opened
    alone. The follow-up meeting looks at them as well.

    Source: procedures, section 3 step 7 (all open findings)
    """
    own = select(AuditFindingRow.finding_id).where(AuditFindingRow.audit_id == audit_id)
    follows = aliased(Case)
    columns: tuple[Any, ...] = (
        *(Case.reference, Case.state, FindingRow.number, FindingRow.subject, FindingRow.risk, FindingRow.due_on),
        *(null(), false(), false(), func.coalesce(follows.reference, FindingRow.audit_reference)),
    )
    wanted = (
        select(*columns)
        .join(Case, Case.id == FindingRow.case_id)
        .join(follows, follows.id == FindingRow.carried_to, isouter=True)
        .where(FindingRow.delegate == delegate, Case.ended_at.is_(None), FindingRow.case_id.not_in(own))
    )
    return [FollowedFinding(*row) for row in session.execute(wanted.order_by(FindingRow.due_on, Case.reference))]


@dataclass(frozen=True)
class DelegateStanding:
    """A delegate: its last audit that was not cancelled, its open findings by risk, how many of them are overdue."""

    code: str
    name: str
    broker: bool
    contracts: list[str]
    audit: str | None = None
    audit_year: int | None = None
    audit_state: AuditState | None = None
    by_risk: Counter[RiskLevel] = field(default_factory=Counter)
    overdue: int = 0
    oldest_due_on: date | None = None

    @property
    def open_findings(self) -> int:
        """How many are open, of whatever risk."""
        return self.by_risk.total()


def delegates(session: Session, today: date) -> list[DelegateStanding]:
    """The delegates: those with something overdue first, the most of it before the others; then by name."""
    audits = {row.delegate: row for row in session.execute(_last_audits())}
    open_ones: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(_open_findings()):
        open_ones[row.delegate].append(row)
    known = [
        _standing(row, audits.get(row.code), open_ones[row.code], today)
        for row in session.scalars(select(DelegateRow).order_by(DelegateRow.name))
    ]
    return sorted(known, key=lambda one: -one.overdue)


def _last_audits() -> Any:
    """The audits of each delegate, those cancelled aside, the newest last: of each, it is the one that stays."""
    wanted = select(AuditRow.delegate, AuditRow.year, Case.reference, Case.state).join(
        Case, Case.id == AuditRow.case_id
    )
    return wanted.where(AuditRow.cancelled_at.is_(None)).order_by(AuditRow.year)


def _open_findings() -> Any:
    """How many are open of each delegate, risk, day and state."""
    columns = (FindingRow.delegate, FindingRow.risk, FindingRow.due_on, FindingRow.state)
    wanted = select(*columns, func.count().label("how_many")).join(Case, Case.id == FindingRow.case_id)
    return wanted.where(Case.ended_at.is_(None)).group_by(*columns)


def _standing(row: DelegateRow, audit: Row[Any] | None, found: list[Row[Any]], today: date) -> DelegateStanding:
    by_risk: Counter[RiskLevel] = Counter()
    for one in found:
        by_risk[RiskLevel(one.risk)] += one.how_many
    late = [one for one in found if one.due_on < today and one.state != _RISK_ACCEPTED]
    return DelegateStanding(
        code=row.code,
        name=row.name,
        broker=row.broker,
        contracts=row.contracts,
        audit=audit.reference if audit else None,
        audit_year=audit.year if audit else None,
        audit_state=AuditState(audit.state) if audit else None,
        by_risk=by_risk,
        overdue=sum(one.how_many for one in late),
        oldest_due_on=min((one.due_on for one in late), default=None),
    )
