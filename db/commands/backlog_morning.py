"""Places in sessions to come are judged anew: every morning, and as soon as an absence, a usual week or a public
holiday is entered that changes who may keep theirs."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from db.commands.backlog_locks import lock_open_operations, lock_volunteers
from db.commands.backlog_seat import judge_again
from db.models import Case, SessionRow, SignUpRow, VolunteerRow
from db.queries.calendar import calendar
from domain.backlog.hours import is_covered
from domain.backlog.words import SignUpStatus
from domain.policy import PolicyBook


def judge_places(session: Session, at: datetime, book: PolicyBook) -> None:
    """All places in sessions to come, the latest session first: of two that together are too much the nearer one is
    kept. Judged twice is judged once. One whose weeks the calendar does not know yet stays as it is.

    Nobody enters volunteers meanwhile, and all operations are locked before anybody's hours are: whoever signs up waits
    for this, and is not waited for. Source: procedures, section 4 step 4
    """
    lock_volunteers(session)
    _judge(session, lock_open_operations(session), at, book)


def judge_places_of(session: Session, people: Iterable[UUID], at: datetime, book: PolicyBook) -> None:
    """The same of the sessions in which one of these people has a place, or waits for one: what is known of their hours
    has just changed. A place that is free by that goes to whoever is next, at once.

    Source: procedures, section 4 step 4
    """
    known = list(session.scalars(select(VolunteerRow.person_id).where(VolunteerRow.person_id.in_(list(people)))))
    if not known:
        return
    operations = lock_open_operations(session)
    live = SignUpRow.status.in_([SignUpStatus.SEATED, SignUpStatus.WAITING])
    theirs = select(SignUpRow.session_id).where(SignUpRow.person_id.in_(known), live)
    _judge(session, operations, at, book, SessionRow.id.in_(theirs))


def _judge(
    session: Session, operations: list[UUID], at: datetime, book: PolicyBook, *which: ColumnElement[bool]
) -> None:
    """One whose weeks the calendar does not know is left alone: that is no reason to refuse what was entered."""
    known = calendar(session)
    to_come = select(SessionRow.id, SessionRow.day, Case.policy).join(Case, Case.id == SessionRow.operation_id)
    waiting = to_come.where(
        SessionRow.operation_id.in_(operations),
        SessionRow.dropped_at.is_(None),
        SessionRow.entered_at.is_(None),
        SessionRow.day >= at.date(),
        *which,
    )
    for row in session.execute(waiting.order_by(SessionRow.day.desc(), SessionRow.id)).all():
        weeks = book.version(row.policy).backlog.labour.average_over.weeks
        if is_covered(row.day, weeks, known):
            judge_again(session, row.id, at, book)
