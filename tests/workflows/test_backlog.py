"""The operation's workflow: its paths can be recorded and replay; from any step a lost one goes on."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from tests.factories.backlog_desk import OTHER_ACCOUNTANT
from tests.factories.complaints import GENERAL, OPERATIONS
from tests.workflows import backlog_acts as acts
from tests.workflows.record import Way, file_of, played
from tests.workflows.record_backlog import PATHS
from tests.workflows.test_replay import read, replayer
from tests.workflows.workshop import Workshop


@pytest.mark.parametrize("way", PATHS, ids=lambda way: way.__name__)
async def test_every_path_can_be_recorded_and_replays(
    shop: Workshop, way: Way, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("recorded") / "history.json"
    file.write_text(await played(shop, way))
    await replayer().replay_workflow(read(file))


def test_every_path_is_recorded() -> None:
    missing = [way.__name__ for way in PATHS if not file_of("backlog", way).exists()]
    assert missing == [], "tests.workflows.record_backlog"


async def test_a_workflow_terminated_after_every_command_starts_again_with_the_next_and_nothing_happens_twice(
    shop: Workshop,
) -> None:
    case_id = await acts.proposes(shop)
    steps: tuple[Callable[[Workshop, UUID], Awaitable[None]], ...] = (
        lambda shop, case_id: acts.approves(shop, case_id, OPERATIONS),
        lambda shop, case_id: acts.approves(shop, case_id, GENERAL),
        acts.signs_up,
        acts.begins,
        acts.passes_a_week,
        acts.says_who_came,
        acts.stops,
        acts.prepares,
        lambda shop, case_id: acts.validates(shop, case_id, OPERATIONS),
    )
    for act in steps:
        if act is not acts.signs_up:  # of which the workflow knows nothing
            await shop.handle(case_id).terminate("a server that forgot")
        await act(shop, case_id)
    await shop.handle(case_id).terminate("a server that forgot")
    await acts.validates(shop, case_id, OTHER_ACCOUNTANT)
    await shop.until_ended(case_id)
    events = shop.journal(case_id)
    told = ("OperationApproved", "DailyPointTaken", "AttendanceEntered", "PayPrepared", "PayValidated")
    assert [events.count(one) for one in told] == [2, 6, 1, 1, 2]
    assert shop.desk.state(case_id) == "closed"
