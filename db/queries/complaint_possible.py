"""What somebody may do with a complaint beside its tasks, for the page that shows it."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

from sqlalchemy.orm import Session

from db.models import Case
from db.queries.calendar import calendar
from db.queries.complaint import complaint
from db.queries.people import staff_on
from domain.complaint.possible import possible
from domain.house import House
from domain.people import Actor
from domain.permissions import Action
from domain.policy import PolicyBook
from domain.refusals import Refusal


def possible_on(
    session: Session, case: Case, actor: Actor, book: PolicyBook, now: datetime, today: date
) -> Mapping[Action, Refusal | None]:
    """Each command on the case: None where the actor may give it now, else the refusal that they would get."""
    house = House(
        book, book.version(case.policy), partial(staff_on, session, today), partial(calendar, session), now, today
    )
    return possible(complaint(session, case, book), actor, house)
