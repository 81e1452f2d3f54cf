"""Reminders that the register refuses: the case goes on, and the engine is not kept busy with them."""

from datetime import timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from engine.codec import encrypting_converter
from local.sink import Sink
from tests.factories.keys import STORY_KEYS
from tests.factories.register import refusing
from tests.workflows import acts
from tests.workflows.workshop import open_workshop

FEW_EVENTS = 60


async def test_a_refused_reminder_is_tried_once_and_people_go_on(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    config = skipping_environment.client.config()
    config["data_converter"] = encrypting_converter(STORY_KEYS)
    async with open_workshop(Client(**config), insurer, sink, tmp_path) as shop:
        shop.desk.at = await skipping_environment.get_current_time()
        case_id = await shop.enter()
        with refusing(shop.desk, case_id, "reminders"):
            for _ in range(20):
                await skipping_environment.sleep(timedelta(hours=12))
                assert len((await shop.handle(case_id).fetch_history()).events) < FEW_EVENTS
        assert shop.journal(case_id).count("CommandRefused") > 0
        await acts.acknowledges(shop, case_id)
        await acts.analyses(shop, case_id)
