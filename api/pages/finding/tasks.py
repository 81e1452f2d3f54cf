"""The tasks on a finding as pages: what was found, the plan and the evidence beside each."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from api.findings import seen_finding
from api.house import House
from api.pages.desk import Desk, Known
from api.pages.finding.known import known_of
from api.pages.visit import Visit
from db.models import Case, TaskRow

_SAID = {
    "accept": "plan_accepted",
    "send_back": "plan_sent_back",
    "deliver": "evidence_delivered",
    "propose": "plan_proposed",
    "verified": "evidence_verified",
    "confirm": "finding_closed",
    "grant": "postponement_granted",
    "approve": "risk_approved",
    "refuse": "refused_back",
}


def _known(session: Session, row: TaskRow, case: Case, visit: Visit, house: House) -> Known:
    known = known_of(session, seen_finding(session, house, case.reference, visit.actor), visit, house)
    return known | {"was_said": _said(row.outcome or "", case.state)}


def _filled(_outcome: str, _known: Known, _visit: Visit) -> Mapping[str, str]:
    """Nothing: whoever decides says themselves what they find."""
    return {}


def _said(outcome: str, _state: str) -> str:
    return _SAID.get(outcome, outcome)


DESK = Desk("finding/tasks", _known, _filled, _said)
