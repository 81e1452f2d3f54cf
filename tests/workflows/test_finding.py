"""The finding's workflow: its paths can be recorded and replay; from any step a lost one goes on."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from tests.workflows import finding_acts as acts
from tests.workflows.record import Way, file_of, played
from tests.workflows.record_finding import PATHS
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
    missing = [way.__name__ for way in PATHS if not file_of("finding", way).exists()]
    assert missing == [], "tests.workflows.record_finding"


async def test_a_workflow_terminated_after_every_command_starts_again_with_the_next_and_nothing_happens_twice(
    shop: Workshop,
) -> None:
    case_id = await acts.opens(shop)
    steps: tuple[Callable[[Workshop, UUID], Awaitable[None]], ...] = (
        acts.proposes,
        acts.accepts,
        acts.asks_to_postpone,
        acts.grants,
        acts.accepts_the_risk,
    )
    for act in steps:
        await shop.handle(case_id).terminate("a server that forgot")
        await act(shop, case_id)
    await shop.handle(case_id).terminate("a server that forgot")
    await shop.by_machine(case_id, "carry_over", audit_id=str(case_id))
    await acts.cancels(shop, case_id)
    await shop.until_ended(case_id)
    events = shop.journal(case_id)
    assert [events.count(one) for one in ("PlanAccepted", "Postponed", "RiskAccepted", "CarriedOver")] == [1, 1, 1, 1]
    assert (events[-1], shop.desk.state(case_id)) == ("FindingEnded", "cancelled")
