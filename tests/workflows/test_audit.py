"""The audit's workflow: its paths can be recorded and replay; from any step a lost one goes on."""

import pytest

from domain.audit import commands as ask
from domain.risk import RiskLevel
from tests.factories.audits import AUDITOR
from tests.workflows import audit_acts as acts
from tests.workflows.record import Way, file_of, played
from tests.workflows.record_audit import PATHS
from tests.workflows.test_replay import read, replayer
from tests.workflows.workshop import Workshop


@pytest.mark.proof
@pytest.mark.parametrize("way", PATHS, ids=lambda way: way.__name__)
async def test_every_path_can_be_recorded_and_replays(
    shop: Workshop, way: Way, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("recorded") / "history.json"
    file.write_text(await played(shop, way))
    await replayer().replay_workflow(read(file))


def test_every_path_is_recorded() -> None:
    missing = [way.__name__ for way in PATHS if not file_of("audit", way).exists()]
    assert missing == [], "tests.workflows.record_audit"


async def test_a_workflow_terminated_after_every_step_starts_again_with_the_next_command(shop: Workshop) -> None:
    case_id = await acts.plans(shop)
    await shop.handle(case_id).terminate("a server that forgot")
    await acts.launches(shop, case_id)
    await shop.handle(case_id).terminate("a server that forgot")
    await acts.says(shop, case_id, AUDITOR, "end_delivery", ask.EndDelivery(reason="Rien n’est venu."))
    await shop.handle(case_id).terminate("a server that forgot")
    await acts.analyses(shop, case_id, [], RiskLevel.HIGH)
    await shop.handle(case_id).terminate("a server that forgot")
    await acts.validates(shop, case_id, await acts.submits(shop, case_id))
    await shop.handle(case_id).terminate("a server that forgot")
    await acts.accepts(shop, case_id)
    await acts.agrees(shop, case_id)
    events = shop.journal(case_id)
    once = ("DeliveryBegun", "DeliveryEnded", "ReportValidated", "FindingsOpened")
    assert [events.count(one) for one in once] == [1, 1, 1, 1]
    assert shop.desk.state(case_id) == "following_up"
