"""What is locked before hours of volunteers are written or judged: always in this order.

First volunteers as a whole, then every operation that takes them by its id, then sessions, then the people themselves.
Whoever signs up takes them in that order as well: nobody waits for somebody who waits for them.
"""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Case
from domain.backlog.states import BacklogState

_VOLUNTEERS = 7_100_300


def lock_volunteers(session: Session) -> None:
    """Whoever else enters volunteers waits for the end of this transaction."""
    session.execute(select(func.pg_advisory_xact_lock(_VOLUNTEERS)))


def lock_open_operations(session: Session) -> list[UUID]:
    """Whoever signs up anywhere waits as well; all operations that take volunteers, by id."""
    open_ones = select(Case.id).where(Case.procedure == "backlog", Case.state.in_(BacklogState.taking_sign_ups()))
    return list(session.scalars(open_ones.order_by(Case.id).with_for_update()))
