"""The payment's workflow: its paths can be recorded and replay; from any step a lost one goes on."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from bank.stand_in import accept_all
from db.queries.payment import bank_file
from tests.factories.payments import FIRST, SECOND
from tests.workflows import payment_acts as acts
from tests.workflows.record import Way, file_of, played
from tests.workflows.record_payment import PATHS
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
    missing = [way.__name__ for way in PATHS if not file_of("payment", way).exists()]
    assert missing == [], "tests.workflows.record_payment"


async def is_paid(shop: Workshop, case_id: UUID) -> None:
    """The bank pays every order."""
    with shop.desk.sessions() as session:
        file = bank_file(session, case_id)[1]
    await acts.answers(shop, case_id, accept_all(file, "B1", shop.desk.at))


async def first_releases(shop: Workshop, case_id: UUID) -> None:
    """The first releaser lets it go."""
    await acts.releases(shop, case_id, FIRST)


async def second_releases(shop: Workshop, case_id: UUID) -> None:
    """The second one lets it go, and it is laid."""
    await acts.releases(shop, case_id, SECOND)
    await shop.until_state(case_id, "handed_over")


async def test_a_workflow_terminated_after_every_command_starts_again_with_the_next_and_the_file_is_laid_once(
    shop: Workshop,
) -> None:
    case_id = await acts.builds(shop, 5_000)
    steps: tuple[Callable[[Workshop, UUID], Awaitable[None]], ...] = (first_releases, second_releases, is_paid)
    for act in steps:
        await shop.handle(case_id).terminate("a server that forgot")
        await act(shop, case_id)
    await shop.until_ended(case_id)
    events = shop.journal(case_id)
    assert (events.count("FileHandedOver"), events.count("LinesPaid"), events[-1]) == (1, 1, "PaymentReached")
    assert shop.desk.state(case_id) == "settled"
