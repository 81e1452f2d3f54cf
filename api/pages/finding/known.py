"""All that is known of a finding, as its page and its tasks show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from api.finding_views import FindingView, RequestView, finding_view
from api.house import House
from api.pages.visit import Visit
from db.models import Case, DelegateRow
from domain.finding.words import FindingDeadline, RequestKind, RequestStatus, RiskLevel
from domain.policy import PolicyVersion
from domain.policy.finding import FindingRung


@dataclass(frozen=True)
class Move:
    """The due date was moved: to which day, and by which request; without one, by the end of an accepted risk."""

    to: date
    request: RequestView | None


def known_of(session: Session, row: Row[*tuple[Any, ...]], visit: Visit, house: House) -> dict[str, Any]:
    """What the pages of a finding show."""
    case = session.get_one(Case, row.FindingRow.case_id)
    policy = house.book.version(case.policy)
    finding = finding_view(session, row, visit.words.language)
    return {
        "finding": finding,
        "case": finding,
        "place": f"/findings/{finding.reference}",
        "delegate_name": session.get_one(DelegateRow, finding.delegate).name,
        "first_due_on": first_due_on(finding),
        "moves": moves_of(finding),
        "risk_days": policy.finding.remediation[RiskLevel(finding.risk)].days,
        "asked": next((one for one in finding.requests if one.status == RequestStatus.WAITING), None),
        "rungs": rungs_of(policy, finding.risk),
    }


def first_due_on(finding: FindingView) -> date:
    """The day that was agreed at first."""
    dates = [one for one in finding.deadlines if one.name == FindingDeadline.REMEDIATION]
    return min(dates, key=lambda one: one.generation).due_on if dates else finding.due_on


def moves_of(finding: FindingView) -> list[Move]:
    """How the date came to be what it is, from the day that was agreed at first."""
    granted = [
        one
        for one in finding.requests
        if one.kind == RequestKind.POSTPONEMENT and one.status == RequestStatus.GRANTED and one.decided_at
    ]
    moves = [Move(one.until, one) for one in sorted(granted, key=lambda one: str(one.decided_at))]
    last = moves[-1].to if moves else first_due_on(finding)
    return moves if last == finding.due_on else [*moves, Move(finding.due_on, None)]


def rungs_of(policy: PolicyVersion, risk: str) -> Sequence[FindingRung]:
    """Whom the due date of such a risk reaches, and when, the earliest first."""
    rungs = (one for one in policy.finding.ladder.rungs if one.holds_for(FindingDeadline.REMEDIATION, RiskLevel(risk)))
    return sorted(rungs, key=lambda one: one.after_days)
