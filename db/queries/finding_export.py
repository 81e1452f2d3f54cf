"""The list of findings as a workbook has it: whole, each with its last plan and the instant of its end."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Case, DelegateRow, FindingPlan, FindingRow
from db.queries.finding_lists import FOLLOWING, Rows, WantedFindings, accepted_until, narrowed

MOST = 20_000
"""So many lines at most: more than any insurer has open."""


def exported(session: Session, wanted: WantedFindings, now: datetime) -> Rows:
    """Findings with reference, delegate's name, last plan and end, the earliest due first."""
    plan = (
        select(FindingPlan.plan)
        .where(FindingPlan.finding_id == FindingRow.case_id)
        .order_by(FindingPlan.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(
            FindingRow,
            Case.reference.label("reference"),
            Case.ended_at.label("ended_at"),
            DelegateRow.name.label("delegate_name"),
            FOLLOWING.reference.label("carried_to"),
            plan.label("plan"),
            accepted_until().label("accepted_until"),
        )
        .join(Case, Case.id == FindingRow.case_id)
        .join(DelegateRow, DelegateRow.code == FindingRow.delegate)
        .join(FOLLOWING, FOLLOWING.id == FindingRow.carried_to, isouter=True)
    )
    ordered = narrowed(query, wanted, now).order_by(FindingRow.due_on, FindingRow.case_id)
    return session.execute(ordered.limit(MOST)).all()
