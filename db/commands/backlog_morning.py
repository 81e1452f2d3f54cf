"""Every morning: places in sessions to come are judged anew, for absences, weeks and holidays change meanwhile."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.commands.backlog_seat import judge_again
from db.commands.backlog_volunteer import lock_volunteers
from db.models import Case, SessionRow
from domain.backlog.states import BacklogState
from domain.calendar import DateNotCoveredError
from domain.policy import PolicyBook


def judge_places(session: Session, at: datetime, book: PolicyBook) -> None:
    """All places in sessions to come, the latest session first: of two that together are too much the nearer one is
    kept. Judged twice is judged once. One whose weeks the calendar does not know yet stays as it is.

    Nobody enters volunteers meanwhile, and all operations are locked before anybody's hours are: whoever signs up waits
    for this, and is not waited for. Source: procedures, section 4 step 4
    """
    lock_volunteers(session)
    open_ones = select(Case.id).where(Case.procedure == "backlog", Case.state.in_(BacklogState.taking_sign_ups()))
    operations = session.scalars(open_ones.order_by(Case.id).with_for_update()).all()
    to_come = select(SessionRow.id).where(
        SessionRow.operation_id.in_(operations),
        SessionRow.dropped_at.is_(None),
        SessionRow.entered_at.is_(None),
        SessionRow.day >= at.date(),
    )
    for session_id in session.scalars(to_come.order_by(SessionRow.day.desc(), SessionRow.id)).all():
        with suppress(DateNotCoveredError):
            judge_again(session, session_id, at, book)
