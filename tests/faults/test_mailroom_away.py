"""The mailroom was lost at the hour of its round: what it left is seen to by the next one, once.

Source: procedures, section 1 step 6 and the ladder
"""

from datetime import date, datetime, timedelta
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from db.commands import calendar as calendar_commands
from local.sink import Sink
from tests.api.counter import NOON
from tests.stories.acts import acknowledges, enters, letters_of
from tests.stories.house import StoryHouse, open_house
from worker import open_house as open_standing_workflows

FRONT_DESK, OWNER = "malo.quere", "claire.morvan"
TUESDAY = NOON + timedelta(days=1)


async def mailroom_lost(house: StoryHouse) -> None:
    """Whatever it was waiting for, nobody does."""
    await house.client.get_workflow_handle("mailroom").terminate("lost")


async def posted_on_monday(house: StoryHouse) -> str:
    """A complaint whose acknowledgement lies in Monday's post."""
    reference = await enters(house, FRONT_DESK, skills=["english"])
    await acknowledges(house, OWNER, reference, "post")
    await house.sleep(timedelta(minutes=1))
    return reference


async def handed_over(house: StoryHouse, reference: str) -> tuple[str, str | None]:
    """In which day's post the letter lies, and when it was handed over, in Paris."""
    [letter] = await letters_of(house, OWNER, reference)
    at = letter["handed_over_at"]
    told = datetime.fromisoformat(at).astimezone(NOON.tzinfo).strftime("%d %H:%M") if at else None
    return letter["posted_on"], told


async def test_post_that_nobody_closed_is_closed_by_the_next_mailroom_during_a_working_day(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, NOON) as house:
        # Monday. The mailroom is lost at noon, and with it the afternoon's round.
        reference = await posted_on_monday(house)
        await mailroom_lost(house)
        await house.sleep_until(NOON.replace(hour=20))

        # In the evening it is started again: nobody is there to carry the post. It is closed in the morning.
        await open_standing_workflows(house.client, ["mailroom"])
        await house.sleep_until(TUESDAY.replace(hour=8))
        await house.relay()
        assert await handed_over(house, reference) == ("2031-03-03", None)
        await house.sleep_until(TUESDAY.replace(hour=9))
        await house.relay()
        assert await handed_over(house, reference) == ("2031-03-03", "04 08:10")


async def test_post_that_lies_in_a_day_that_became_a_closing_day_is_closed_on_the_next(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    late = NOON.replace(hour=16, minute=45)
    async with open_house(skipping_environment, insurer, sink, tmp_path, late) as house:
        # Monday, after the post. The letter lies in Tuesday's, which becomes a closing day.
        reference = await posted_on_monday(house)
        with house.house.sessions.begin() as session:
            calendar_commands.add_closing_day(session, date(2031, 3, 4), "Inventaire", at=late, today=late.date())
        await house.relay()
        await house.sleep_until(TUESDAY.replace(hour=20))
        await house.relay()
        assert await handed_over(house, reference) == ("2031-03-04", None)

        # Wednesday. A mailroom that looks at what was left open closes it.
        await house.sleep_until(TUESDAY + timedelta(days=1))
        await mailroom_lost(house)
        await open_standing_workflows(house.client, ["mailroom"])
        await house.sleep(timedelta(minutes=1))
        await house.relay()
        assert await handed_over(house, reference) == ("2031-03-04", "05 12:00")
