"""What somebody may do with an audit beside its tasks, for whatever shows it."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

from sqlalchemy.orm import Session

from db.models import Case
from db.queries.audit import audit
from db.queries.calendar import calendar
from db.queries.people import staff_on
from domain.audit.possible import possible
from domain.house import House
from domain.people import Actor
from domain.permissions import Action
from domain.policy import PolicyBook
from domain.refusals import Refusal


def possible_on(
    session: Session, case: Case, actor: Actor, book: PolicyBook, now: datetime, today: date
) -> Mapping[Action, Refusal | None]:
    """Each command on the audit: None where the actor may give it now, else the refusal that they would get."""
    staff, days = partial(staff_on, session, today), partial(calendar, session)
    house = House(book, book.version(case.policy), staff, days, now, today)
    return possible(audit(session, case, book), actor, house)
