"""The engine has lost its file: no workflow, no timer is left. Everything starts again from the register."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from api.clock import SystemClock
from api.examination import Examination, Pace
from api.house import House
from api.treatment import Treatment
from domain.commands import CommandStatus
from local.sink import Sink
from tests.factories.complaints import AUTHOR, an_analysis
from tests.faults.test_doctor import carried_to_the_end, copies, reminders, reopen_acknowledgement
from tests.faults.test_engine_away import SwitchedEngine
from tests.servers import require
from tests.workflows import acts
from tests.workflows.workshop import Workshop, open_workshop
from worker import open_house

SOON = Pace(looks=3, pause=0.2)


@pytest.fixture
def switched_engine(tmp_path: Path) -> SwitchedEngine:
    """An engine of this test alone, that can lose its file."""
    require("engine")
    return SwitchedEngine(tmp_path)


def lose(engine: SwitchedEngine, folder: Path) -> None:
    """Stop the engine, lose all that it knew, and start it again at the same address."""
    engine.stop()
    for file in folder.glob("engine.db*"):
        file.unlink()
    engine.start()


async def at_every_step(shop: Workshop) -> list[UUID]:
    """Complaints at every step, the last two with what the engine must not do twice: a reminder and a letter."""
    case_ids = [await shop.enter() for _ in range(6)]
    for case_id in case_ids[1:]:
        await acts.acknowledges(shop, case_id)
    for case_id in case_ids[2:]:
        await acts.analyses(shop, case_id)
    for case_id in case_ids[3:]:
        await acts.drafts(shop, case_id, compensation_cents=3000)
    for case_id in case_ids[4:]:
        await acts.approves(shop, case_id)
    for case_id in case_ids[4:]:
        await shop.until_state(case_id, "answered")
    reopen_acknowledgement(shop, case_ids[2])
    await shop.delivery.start(case_ids[2], instead=True)
    await shop.until(lambda: reminders(shop, case_ids[2]) == 1)
    return case_ids


async def test_a_lost_engine_takes_every_case_up_again_and_does_nothing_twice(
    switched_engine: SwitchedEngine, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    switched_engine.start()
    try:
        client = await switched_engine.client()
        async with open_workshop(client, insurer, sink, tmp_path) as shop:
            await open_house(client)
            shop.desk.at = datetime.now(UTC) - timedelta(minutes=10)
            house = House(shop.desk.sessions, client, shop.desk.book, SystemClock())
            case_ids = await at_every_step(shop)
            examination = Examination(house, SOON)
            assert await examination.examine() == []

            # The file is lost, with a command on its way that nobody has decided.
            given = await shop.give(case_ids[1], AUTHOR, an_analysis(), "analyse")
            await asyncio.to_thread(lose, switched_engine, tmp_path)
            found = await examination.examine()
            assert sum(one.kind == "no_run" for one in found) == len(case_ids)
            assert {one.about for one in found if one.kind == "no_standing_run"} == {"mailroom", "canary"}

            # Everything is there again, as the register says, and every deadline is watched.
            treated = await Treatment(house, examination).mend(found)
            assert treated.left == ()
            assert len(treated.mended) == len(case_ids) + 3
            assert shop.status(given) is CommandStatus.APPLIED

            # No reminder twice, no letter twice, and every story goes on to its end.
            assert [reminders(shop, case_id) for case_id in case_ids] == [0, 0, 1, 0, 0, 0]
            await asyncio.gather(*(carried_to_the_end(shop, case_id) for case_id in case_ids))
            assert [copies(shop, case_id) for case_id in case_ids] == [[]] * len(case_ids)
            assert {shop.journal(case_id).count("LetterHandedOver") for case_id in case_ids} == {2}
            assert [reminders(shop, case_id) for case_id in case_ids] == [0, 0, 1, 0, 0, 0]
    finally:
        switched_engine.stop()
