"""Other operations on the same activity: those whose days overlap, and what their sessions take from its stock."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from db.models import Case, OperationRow
from db.queries.backlog_sessions import sessions_of
from domain.backlog.outlook import SessionSoFar
from domain.backlog.states import BacklogState


def operations_beside(
    session: Session, activity: str, first: date, last: date, but: UUID | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Those on this activity that have not ended, and have a day between the two, the earliest first: reference, state,
    first and last day.

    Source: procedures, section 4 step 3
    """
    wanted = select(
        OperationRow.case_id, Case.reference, OperationRow.state, OperationRow.starts_on, OperationRow.ends_on
    ).join(Case, Case.id == OperationRow.case_id)
    of_activity = (OperationRow.activity == activity, Case.ended_at.is_(None), OperationRow.ended_on.is_(None))
    overlapping = (OperationRow.starts_on <= last, OperationRow.ends_on >= first)
    another = (OperationRow.case_id != but,) if but else ()
    ordered = wanted.where(*of_activity, *overlapping, *another).order_by(OperationRow.starts_on, Case.reference)
    return session.execute(ordered).all()


def sessions_beside(session: Session, row: OperationRow) -> tuple[tuple[SessionSoFar, ...], ...]:
    """The sessions of each of them in which people may sign up: they take from the same stock.

    Source: procedures, section 4 step 4
    """
    others = operations_beside(session, row.activity, row.starts_on, row.ends_on, row.case_id)
    open_ones = [one for one in others if BacklogState(one.state) in BacklogState.taking_sign_ups()]
    return tuple(tuple(each.so_far for each in sessions_of(session, one.case_id)) for one in open_ones)
