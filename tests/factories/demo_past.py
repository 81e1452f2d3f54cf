"""The demo's operations, audit and findings in a register: played as the demo plays them, without its complaints."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from db.session import Sessions
from local.demo.audits_cast import AuditsCast
from local.demo.figures import load_figures
from local.demo.operations_cast import OperationsCast, are_possible
from local.demo.past import Past
from local.demo.plan import last_working_day
from local.demo.volunteers import load_volunteers
from tests.factories.rules import the_book

PARIS = ZoneInfo("Europe/Paris")


async def is_played(sessions: Sessions, now: datetime, folder: Path) -> None:
    """The demo's activities and volunteers, and all that was done with them up to now."""
    here, book = now.astimezone(PARIS), the_book()
    with sessions.begin() as session:
        load_figures(session, here, book)
        load_volunteers(session, here)
    past = Past(sessions, book, here, folder / "post", folder / "bank")
    today = last_working_day(here.date(), past.calendar)
    AuditsCast(past, PARIS, today).plan()
    assert are_possible(sessions)
    OperationsCast(past, PARIS, today).plan(here.date())
    await past.play()
