"""What people do in a story of cases that an operation lends, over HTTP. Its first day is Monday 10 March 2031."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.factories.figures import an_activity
from tests.stories.backlog_acts import (
    GENERAL,
    OPERATIONS,
    a_session,
    approves,
    hours,
    is_known,
    operation_of,
    proposes,
    signs,
)
from tests.stories.house import StoryHouse, settles

PARIS = ZoneInfo("Europe/Paris")
AUDITOR = "gildas.madec"
"""He audits delegates, and has no right on complaints."""
COMPLAINTS = "complaints-of-members"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of March 2031 in Paris. The 3rd is a Monday."""
    return datetime(2031, 3, day, hour, minute, tzinfo=PARIS)


async def an_operation_on_complaints(house: StoryHouse, **changes: Any) -> str:
    """Approved, from the 10th on; a session of two hours on its first evening, in which the auditor has a place."""
    with house.house.sessions.begin() as session:
        an_activity(session, COMPLAINTS, staff=Decimal(20), procedure="complaint")
    evening = a_session(date(2031, 3, 10), hours=hours(("18:00", "20:00")))
    reference = await proposes(house, activity=COMPLAINTS, sessions=[evening], **changes)
    for login in (OPERATIONS, GENERAL):
        await approves(house, login, reference)
    await is_known(house, AUDITOR)
    assert (await signs(house, AUDITOR, reference, 1)).status_code == 200
    return reference


async def runs(house: StoryHouse, reference: str) -> None:
    """Its first morning has come."""

    async def state() -> str:
        told: str = (await operation_of(house, reference))["state"]
        return told

    await house.sleep_until(at(10, 9))
    await settles(state, "running")


async def dispatches(house: StoryHouse, login: str, reference: str) -> Any:
    """Give out the cases of its only session."""
    [session] = (await operation_of(house, reference))["sessions"]
    return await house.as_(login, "POST", f"/backlog/{reference}/sessions/{session['id']}/dispatch")


async def status(house: StoryHouse, login: str, path: str) -> int:
    """What somebody is answered."""
    return (await house.as_(login, "GET", path)).status_code
