"""The demo's operations, audit and findings in a register: played as the demo plays them, with none of its complaints,
or with those few that the operation on complaints is about."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from db.models import Member
from db.session import Sessions
from domain.complaint.words import TaskKind
from local.demo.audits_cast import AuditsCast
from local.demo.cast import Cast
from local.demo.complaints_operation import ComplaintsOperation
from local.demo.figures import load_figures
from local.demo.operations_cast import OperationsCast, are_possible
from local.demo.past import Past
from local.demo.plan import Insured, Story, last_working_day, plan
from local.demo.volunteers import load_volunteers
from tests.factories.rules import the_book

PARIS = ZoneInfo("Europe/Paris")


OLD_DAYS = 14
"""Complaints that stand still since so many working days wait long enough to be lent, or told about."""


def waits_long(story: Story) -> bool:
    """Whether somebody should have answered it by now, and nobody has."""
    return story.course.stops_at in TaskKind.lendable() and story.course.days_ago >= OLD_DAYS


def stands_still(story: Story) -> bool:
    """Whether it is one of those that are told to stand at a task of somebody's."""
    return story.course.stops_at is not None


async def is_played(
    sessions: Sessions, now: datetime, folder: Path, complaints: Callable[[Story], bool] | None = None
) -> None:
    """The demo's activities and volunteers, and all that was done with them up to now: among these `complaints`."""
    here, book = now.astimezone(PARIS), the_book()
    with sessions.begin() as session:
        load_figures(session, here, book)
        load_volunteers(session, here)
    past = Past(sessions, book, here, folder / "post", folder / "bank")
    today = last_working_day(here.date(), past.calendar)
    assert are_possible(sessions)
    cast = Cast(past, PARIS)
    AuditsCast(past, PARIS, today).plan()
    if complaints:
        for story in filter(complaints, _stories(past, here)):
            cast.enters(story, lambda: None)
    OperationsCast(past, PARIS, today).plan(here.date())
    if complaints:
        ComplaintsOperation(past, PARIS, today).plan(here.date(), cast)
    await past.play()


def _stories(past: Past, here: datetime) -> list[Story]:
    with past.sessions() as session:
        rows = session.scalars(select(Member).order_by(Member.number))
        members = [Insured(row.number, row.name, row.email, row.language) for row in rows]
    return plan(here.date(), past.calendar, members, PARIS)
