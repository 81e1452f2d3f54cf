"""All that is known of a finding, as its page and its tasks show it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from api.finding_views import finding_view
from api.house import House
from api.pages.finding.dates import first_due_on, moves_of
from api.pages.visit import Visit
from db.models import Case, DelegateRow
from domain.finding.words import FindingDeadline, RequestKind, RequestStatus, RiskLevel
from domain.policy import PolicyVersion
from domain.policy.finding import FindingRung


def known_of(session: Session, row: Row[*tuple[Any, ...]], visit: Visit, house: House) -> dict[str, Any]:
    """What the pages of a finding show."""
    case = session.get_one(Case, row.FindingRow.case_id)
    policy = house.book.version(case.policy)
    finding = finding_view(session, row, visit.words.language)
    first_on = first_due_on(finding.deadlines, finding.due_on)
    postponements = [one for one in finding.requests if one.kind == RequestKind.POSTPONEMENT]
    return {
        "finding": finding,
        "case": finding,
        "place": f"/findings/{finding.reference}",
        "delegate_name": session.get_one(DelegateRow, finding.delegate).name,
        "first_due_on": first_on,
        "moves": moves_of(first_on, postponements, finding.due_on),
        "risk_days": (finding.latest_on - finding.agreed_on).days,
        "asked": next((one for one in finding.requests if one.status == RequestStatus.WAITING), None),
        "rungs": rungs_of(policy, finding.risk),
    }


def rungs_of(policy: PolicyVersion, risk: str) -> Sequence[FindingRung]:
    """Whom the due date of such a risk reaches, and when, the earliest first."""
    rungs = (one for one in policy.finding.ladder.rungs if one.holds_for(FindingDeadline.REMEDIATION, RiskLevel(risk)))
    return sorted(rungs, key=lambda one: one.after_days)
