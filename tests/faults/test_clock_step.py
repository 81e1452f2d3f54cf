"""A clock is put back or forward: a lease ends, a reminder fires, all the same.

That leases outlive no step of PostgreSQL's clock is in tests/db/test_commands.py.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from temporalio import workflow
from temporalio.testing import WorkflowEnvironment

from db.models import Reminder
from local.sink import Sink
from tests.api.counter import NOON
from tests.stories.acts import enters
from tests.stories.house import StoryHouse, open_house, settles

FRONT_DESK = "malo.quere"
DUE = NOON.replace(day=5, hour=17)
"""The second working day after the day of reception, at 17:00."""


@pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(hours=1)], ids=["back", "forward"])
async def test_a_reminder_fires_once_when_the_engines_clock_is_put_elsewhere_as_its_timer_fires(
    skipping_environment: WorkflowEnvironment,
    insurer: str,
    sink: Sink,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: timedelta,
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, NOON) as house:
        await enters(house, FRONT_DESK)
        await house.sleep_until(DUE - timedelta(minutes=1))
        right = workflow.now
        monkeypatch.setattr(workflow, "now", lambda: right() + step)
        await house.sleep_until(DUE + timedelta(minutes=10))
        await settles(lambda: fired(house), ["due"])
        monkeypatch.undo()
        await house.sleep_until(DUE + timedelta(hours=3))
        assert await fired(house) == ["due"]


async def fired(house: StoryHouse) -> list[str]:
    """The rungs of the acknowledgement that have fired on its day."""
    with house.house.sessions() as session:
        rows = session.execute(select(Reminder.rung, Reminder.due_at).where(Reminder.deadline == "acknowledgement"))
        return [row.rung for row in rows if row.due_at == DUE and row.rung == "due"]
