"""Who borrows which case: a live loan gives a right while its operation is running, to the last minute of its last day.

Source: procedures, section 4 step 4 (access that ends with the operation)
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Label, bindparam, func, select
from sqlalchemy import case as sql_case
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from db.models import Case, LoanRow, OperationRow, StaffMember, TaskRow
from db.queries.told import Told, as_json
from domain.lending import Loan

_IDS: ARRAY[UUID] = ARRAY(LoanRow.case_id.type)
_CASE_ID = bindparam("case_id", type_=Case.id.type)
IS_LIVE: ColumnElement[bool] = LoanRow.lent_at.is_not(None) & LoanRow.ended_at.is_(None)
"""The case has agreed, and nothing has ended it."""


def is_running(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """Whether an operation is running on this day: begun, not ended, and its last day is not over."""
    return (OperationRow.state == "running") & (OperationRow.ends_on >= day)


def of_running(day: date) -> ColumnElement[bool]:
    """Whether the operation that lends a loan is running on this day."""
    return (
        select(OperationRow.case_id)
        .where(OperationRow.case_id == LoanRow.operation_id, is_running(day))
        .correlate(LoanRow)
        .exists()
    )


def is_held_in_vain(session: Session, task: TaskRow, day: date) -> bool:
    """Whether a task is in the hands of somebody to whom its case was lent until a day that is over."""
    of_it = (LoanRow.case_id == task.case_id, LoanRow.person_id == task.claimed_by)
    return bool(session.scalar(select(select(LoanRow.id).where(*of_it, IS_LIVE, ~of_running(day)).exists())))


def borrowed_on(day: BindParameter[date]) -> ColumnElement[Any]:
    """The cases that are lent to a member of staff on a day. No work has to be done for that to end."""
    lent = (
        select(LoanRow.case_id)
        .join(OperationRow, OperationRow.case_id == LoanRow.operation_id)
        .where(LoanRow.person_id == StaffMember.id, IS_LIVE, is_running(day))
        .correlate(StaffMember)
    )
    return func.array(lent.scalar_subquery(), type_=_IDS)


def loan_of_case() -> Label[Any]:
    """The live loan of the case that is bound as `case_id`: a list of one, or of none."""
    wanted = as_json((LoanRow.id, LoanRow.person_id), LoanRow.case_id == _CASE_ID, IS_LIVE, by=[LoanRow.id])
    return wanted.label("loan")


def read_loan(told: list[Told]) -> Loan | None:
    """The loan as `loan_of_case` tells it."""
    return Loan(UUID(told[0]["id"]), UUID(told[0]["person_id"])) if told else None


def lenders(session: Session, case_ids: Iterable[UUID], person_id: UUID, day: date) -> dict[UUID, str]:
    """Of these cases, those that are lent to somebody, and the operation that lends each."""
    wanted = (
        select(LoanRow.case_id, Case.reference)
        .join(OperationRow, OperationRow.case_id == LoanRow.operation_id)
        .join(Case, Case.id == LoanRow.operation_id)
        .where(LoanRow.person_id == person_id, LoanRow.case_id.in_(set(case_ids)), IS_LIVE, is_running(day))
    )
    return {row.case_id: row.reference for row in session.execute(wanted)}


def not_ended(session: Session, *which: ColumnElement[bool]) -> Sequence[LoanRow]:
    """The loans of these that have not ended, lent or still asked for, by their case."""
    wanted = select(LoanRow).where(LoanRow.ended_at.is_(None), *which).order_by(LoanRow.case_id, LoanRow.id)
    return session.scalars(wanted.execution_options(populate_existing=True)).all()


def lent_until(session: Session, case_ids: Sequence[UUID]) -> Sequence[tuple[LoanRow, date | None]]:
    """The loans of these cases that have not ended, each with the last day on which it gives a right: that of its
    operation; None where that has ended, or has not begun."""
    last_day = sql_case((OperationRow.state == "running", OperationRow.ends_on))
    wanted = select(LoanRow, last_day).join(OperationRow, OperationRow.case_id == LoanRow.operation_id)
    which = (LoanRow.case_id.in_(case_ids), LoanRow.ended_at.is_(None))
    return [(loan, until) for loan, until in session.execute(wanted.where(*which).order_by(LoanRow.id))]


def has_been_begun() -> ColumnElement[bool]:
    """Whether the borrower of a loan has done a task of its case since it was lent, or has one in hand."""
    done = (TaskRow.closed_by == LoanRow.person_id) & (TaskRow.closed_at >= LoanRow.lent_at)
    in_hand = (TaskRow.claimed_by == LoanRow.person_id) & TaskRow.closed_at.is_(None)
    return select(TaskRow.id).where(TaskRow.case_id == LoanRow.case_id, done | in_hand).exists()
