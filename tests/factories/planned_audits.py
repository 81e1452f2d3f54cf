"""Audits put straight into the register, where the way there does not matter."""

from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.catalogue_file import load_catalogue
from db.commands.audit_plan import plan_audit
from db.commands.command import Ask
from db.models import CommandRow, DelegateRow
from domain.people import Actor
from domain.roles import Role
from local.demo_staff import person_id
from tests.factories.audits import AUDITOR, a_plan
from tests.factories.rules import the_book

_numbers = count(1)


def a_delegate_row(session: Session, broker: bool = False) -> DelegateRow:
    """Another delegate, with a contract of its own."""
    number = next(_numbers)
    row = DelegateRow(code=f"DEL{number}", name=f"Délégation {number}", broker=broker, contracts=[f"COL-{number}"])
    session.add(row)
    session.flush()
    return row


def a_planned_audit(session: Session, at: datetime) -> tuple[UUID, str]:
    """An audit of a delegate of its own, its launch meeting in a week; its case and its reference."""
    delegate = a_delegate_row(session)
    plan = a_plan(delegate=delegate.code, contracts=delegate.contracts, launch_at=(at + timedelta(days=7)).isoformat())
    actor = Actor(person_id(AUDITOR), AUDITOR, frozenset({Role.AUDITOR}), frozenset())
    ask = Ask("register", {}, f"audit {delegate.code}")
    case = plan_audit(session, plan, ask, actor, at, the_book(), load_catalogue())
    asked = session.scalars(select(CommandRow).where(CommandRow.case_id == case.id)).one()
    asked.status, asked.decided_wall = "applied", at
    session.flush()
    return case.id, case.reference
