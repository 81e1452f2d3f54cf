"""What an operation has given out, and what became of it: who has what, what they have done.

Source: procedures, section 4 step 4
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, aliased

from db.models import (
    Case,
    DispatchRow,
    LoanRow,
    SessionRow,
    StaffMember,
    TaskRow,
)
from db.queries.lendable import LENDABLE
from db.queries.lending import has_been_begun


def held_in(session: Session, operation_id: UUID, session_id: UUID) -> dict[UUID, int]:
    """How many cases each volunteer has: those of this session, and those of earlier ones that still wait for them."""
    still_open = (TaskRow.case_id == LoanRow.case_id, TaskRow.closed_at.is_(None), TaskRow.kind.in_(LENDABLE))
    waits = select(TaskRow.id).where(*still_open).exists()
    wanted = (
        select(LoanRow.person_id, func.count())
        .where(LoanRow.operation_id == operation_id, LoanRow.ended_at.is_(None))
        .where((LoanRow.session_id == session_id) | waits)
        .group_by(LoanRow.person_id)
    )
    return dict(session.execute(wanted).all())


def dispatched_sessions(session: Session, operation_id: UUID) -> frozenset[int]:
    """The numbers of the sessions whose cases were given out."""
    wanted = select(SessionRow.number).join(DispatchRow, DispatchRow.session_id == SessionRow.id)
    return frozenset(session.scalars(wanted.where(DispatchRow.operation_id == operation_id)))


def loans_of(session: Session, operation_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every loan of an operation, the newest session's first: who has or had which case, where it stands, and how many
    of its tasks they have done."""
    done = (
        select(func.count())
        .select_from(TaskRow)
        .where(TaskRow.case_id == LoanRow.case_id, TaskRow.closed_by == LoanRow.person_id)
        .where(TaskRow.closed_at >= LoanRow.lent_at)
        .where(LoanRow.ended_at.is_(None) | (TaskRow.closed_at <= LoanRow.ended_at))
        .correlate(LoanRow)
        .scalar_subquery()
    )
    of_it = aliased(SessionRow)
    return session.execute(
        select(
            LoanRow,
            Case.reference,
            Case.state,
            Case.procedure,
            Case.ended_at.label("case_ended_at"),
            StaffMember.login,
            StaffMember.name,
            of_it.number,
            done.label("done"),
            has_been_begun().label("begun"),
        )
        .join(Case, Case.id == LoanRow.case_id)
        .join(StaffMember, StaffMember.id == LoanRow.person_id)
        .join(of_it, of_it.id == LoanRow.session_id)
        .where(LoanRow.operation_id == operation_id)
        .order_by(of_it.number.desc(), StaffMember.login, Case.received_on, Case.reference)
    ).all()


def hands_of(session: Session, operation_id: UUID) -> Sequence[Row[str, int]]:
    """In whose hands an operation's cases are now, and how many each has; whoever has most stands first."""
    wanted = (
        select(StaffMember.name, func.count().label("cases"))
        .join(LoanRow, LoanRow.person_id == StaffMember.id)
        .where(LoanRow.operation_id == operation_id, LoanRow.lent_at.is_not(None), LoanRow.ended_at.is_(None))
        .group_by(StaffMember.id, StaffMember.name)
    )
    return session.execute(wanted.order_by(func.count().desc(), StaffMember.name, StaffMember.id)).all()


def cases_lent(session: Session, operation_id: UUID) -> int:
    """How many cases were lent, each counted once."""
    of_it = (LoanRow.operation_id == operation_id, LoanRow.lent_at.is_not(None))
    return session.scalar(select(func.count(LoanRow.case_id.distinct())).where(*of_it)) or 0


def dispatches_of(session: Session, operation_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """When cases were given out, by whom, and what was left; the newest first."""
    return session.execute(
        select(DispatchRow, SessionRow.number, StaffMember.login, StaffMember.name)
        .join(SessionRow, SessionRow.id == DispatchRow.session_id)
        .join(StaffMember, StaffMember.id == DispatchRow.by_id)
        .where(DispatchRow.operation_id == operation_id)
        .order_by(DispatchRow.at.desc(), DispatchRow.id.desc())
    ).all()


def handled_by_volunteers(session: Session, operation_id: UUID) -> tuple[int, int]:
    """How many cases were lent, and on how many of them a volunteer has done something."""
    return handled(loans_of(session, operation_id))


def handled(loans: Sequence[Row[*tuple[Any, ...]]]) -> tuple[int, int]:
    """The same, of loans that are known."""
    lent = {row.LoanRow.case_id for row in loans if row.LoanRow.lent_at is not None}
    return len(lent), len({row.LoanRow.case_id for row in loans if row.done})
