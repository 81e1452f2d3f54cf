"""Findings put straight into the register, where the way there does not matter."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.commands.finding import open_finding
from db.models import CommandRow, FindingPlan, FindingRow
from domain.finding.intake import NewFinding
from domain.finding.words import FindingOrigin, RiskLevel
from local.demo_staff import person_id
from tests.factories.rules import the_book


def a_planned_finding(session: Session, at: datetime, delegate: str, contract: str) -> tuple[UUID, str]:
    """A finding of medium risk whose plan is accepted; its case and its reference."""
    new = NewFinding(
        delegate=delegate,
        contract=contract,
        origin=FindingOrigin.RECOMMENDATION,
        subject="Contrôle des bordereaux",
        words="Le contrôle mensuel n’est pas formalisé.",
        risk=RiskLevel.MEDIUM,
        agreed_on=at.date(),
        due_on=at.date() + timedelta(days=60),
    )
    case = open_finding(session, new, None, at, the_book())
    asked = session.scalars(select(CommandRow).where(CommandRow.case_id == case.id)).one()
    asked.status, asked.decided_wall = "applied", at
    session.add(
        FindingPlan(
            finding_id=case.id,
            version=1,
            plan="Formaliser le contrôle.",
            proposed_by=person_id("enora.lagadec"),
            proposed_at=at,
            decided_by=person_id("gildas.madec"),
            decided_at=at,
            accepted=True,
        )
    )
    session.flush()
    case.state = "planned"
    session.flush()
    row = session.get_one(FindingRow, case.id, populate_existing=True)
    row.plan_accepted_at = at
    session.flush()
    return case.id, case.reference
