"""Tasks are offered again, case by case, each by a command of the case's own: the one way, whatever has changed."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import cast, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Session

from db.commands.command import receive_from_machine
from db.models import Case, TaskRow
from domain.commands import MachineCommand
from domain.people import Hat


def reoffer(session: Session, cases: Iterable[UUID], at: datetime, about: str) -> None:
    """Have each case consider anew who may do its open tasks; the second time about the same is the first.

    In the order of ids, as all who lock cases do.
    """
    for case_id in sorted(cases):
        receive_from_machine(session, MachineCommand(case_id, "reoffer", at, about))


def cases_offered_to(session: Session, hats: Iterable[Hat]) -> list[UUID]:
    """Cases with an open task that is offered to one of these hats."""
    wanted = select(TaskRow.case_id).where(
        TaskRow.closed_at.is_(None), TaskRow.offered_to.op("&&")(cast(sorted(hats), ARRAY(TEXT)))
    )
    return list(session.scalars(wanted.distinct()))


def raised_cases(session: Session) -> list[UUID]:
    """Cases with an open task that was raised one level up, or left to nobody."""
    elsewhere = (TaskRow.offered_to != TaskRow.meant_for) | TaskRow.nobody_left
    return list(session.scalars(select(TaskRow.case_id).where(TaskRow.closed_at.is_(None), elsewhere).distinct()))


def references(session: Session, cases: Iterable[UUID]) -> tuple[str, ...]:
    """What people call these cases."""
    wanted = select(Case.reference).where(Case.id.in_(list(cases))).order_by(Case.reference)
    return tuple(session.scalars(wanted))
