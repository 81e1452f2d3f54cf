"""What somebody may do with an operation beside its tasks, what giving out its cases would do, for pages and routes."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from db.models import Case
from db.queries.backlog import operation
from db.queries.calendar import calendar
from db.queries.people import staff_on
from domain.backlog.approval import leaves_nobody
from domain.backlog.course import check_all_said
from domain.backlog.dispatch import Foreseen
from domain.backlog.lending import foreseen, sessions_open_now
from domain.backlog.possible import possible
from domain.house import House
from domain.people import Actor
from domain.permissions import Action
from domain.policy import PolicyBook
from domain.refusals import Refusal
from domain.roles import Role


def dispatch_foreseen(
    session: Session, case: Case, number: int, book: PolicyBook, now: datetime, today: date
) -> Foreseen:
    """What giving out the cases of this session would do now. Raises Invalid, WrongStep."""
    return foreseen(operation(session, case, book, None, now), number, _house(session, case, book, now, today))


def given_out_now(session: Session, case: Case, book: PolicyBook, now: datetime, today: date) -> list[int]:
    """The numbers of the sessions whose cases can be given out today."""
    return sessions_open_now(operation(session, case, book, None, now), _house(session, case, book, now, today))


def why_not_closed(session: Session, case: Case, book: PolicyBook, now: datetime, today: date) -> Refusal | None:
    """Why the operation cannot be closed now; None where it can."""
    try:
        check_all_said(operation(session, case, book, None, now), _house(session, case, book, now, today))
    except Refusal as refusal:
        return refusal
    return None


def possible_on(
    session: Session, case: Case, actor: Actor, book: PolicyBook, now: datetime, today: date
) -> Mapping[Action, Refusal | None]:
    """Each command on the operation: None where the actor may give it now, else the refusal that they would get."""
    return possible(operation(session, case, book, None, now), actor, _house(session, case, book, now, today))


def leaves_nobody_after(
    session: Session, case: Case, task_id: UUID, actor: Actor, book: PolicyBook, now: datetime, today: date
) -> Role | None:
    """Whose approval would be left to nobody if this person approved it now; None where somebody is there."""
    known = operation(session, case, book, task_id, now)
    task = next((one for one in known.open_tasks if one.id == task_id), None)
    return leaves_nobody(known, task, actor, _house(session, case, book, now, today)) if task else None


def _house(session: Session, case: Case, book: PolicyBook, now: datetime, today: date) -> House:
    staff, days = partial(staff_on, session, today), partial(calendar, session)
    return House(book, book.version(case.policy), staff, days, now, today)
