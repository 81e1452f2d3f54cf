"""A run that has grown long goes on in a new one: the complaint still ends, and no command is lost on the way."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from domain.commands import CommandRef, CommandStatus
from domain.complaint.commands import Approve
from local.engine import start_engine
from local.sink import Sink
from tests.conftest import Ask
from tests.factories.complaints import AUTHOR, COLLEAGUE, MANAGER, REFERENT, an_acknowledgement
from tests.servers import INSURER, fresh_database, require
from tests.workflows import acts
from tests.workflows.workshop import Workshop, open_workshop, own_namespace

APPLIED, REFUSED = CommandStatus.APPLIED, CommandStatus.REFUSED
EVENTS_PER_RUN = 60
ROUNDS = 5
IN_FLIGHT = 8


@pytest.fixture(scope="module")
async def impatient_shop(ask: Ask, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Workshop]:
    """A workshop on an engine that wants a new run soon."""
    require("engine")
    require("postgres")
    folder = tmp_path_factory.mktemp("impatient")
    settings = [f"limit.historyCount.suggestContinueAsNew={EVENTS_PER_RUN}"]
    engine = start_engine(None, log=folder / "engine.log", settings=settings)
    try:
        with fresh_database(ask("insurer").open(), INSURER) as database, Sink(folder / "mails").listening() as sink:
            async with open_workshop(await own_namespace(engine.address), database, sink, folder) as shop:
                yield shop
    finally:
        engine.stop()


async def test_a_long_complaint_ends_in_another_run_and_no_command_is_lost(impatient_shop: Workshop) -> None:
    shop = impatient_shop
    case_id = await shop.enter()
    first = (await shop.handle(case_id).describe()).run_id
    await acts.acknowledges(shop, case_id)
    await acts.analyses(shop, case_id)
    for _ in range(ROUNDS):
        await acts.drafts(shop, case_id)
        approval = Approve(version_hash=shop.desk.version_hash(case_id))
        votes = [await shop.give(case_id, login, approval, "validate") for login in (REFERENT, MANAGER, AUTHOR)]
        assert await asyncio.gather(*map(shop.deliver, votes)) == [APPLIED, REFUSED, REFUSED]
        await acts.sends_back(shop, case_id, MANAGER)
    await acts.drafts(shop, case_id, compensation_cents=3000)
    await acts.approves(shop, case_id)
    await acts.pays(shop, case_id)
    await shop.until_state(case_id, "closed")
    assert (await shop.handle(case_id).describe()).run_id != first
    waiting = "SELECT count(*) FROM commands WHERE case_id = :id AND status = 'received'"
    assert shop.desk.sql(waiting, id=case_id) == [(0,)]
    events = shop.journal(case_id)
    assert events.count("AnswerDrafted") == events.count("VersionSentBack") + 1 == ROUNDS + 1
    assert events.count("LetterHandedOver") == 2
    assert await runs(shop, case_id, first) > 2


async def test_commands_sent_while_a_run_hands_over_to_the_next_are_decided(impatient_shop: Workshop) -> None:
    shop = impatient_shop
    case_id = await shop.enter()
    first = (await shop.handle(case_id).describe()).run_id
    commands = [await shop.give(case_id, COLLEAGUE, an_acknowledgement(), "acknowledge") for _ in range(6 * IN_FLIGHT)]
    one_behind_the_other = [commands[n::IN_FLIGHT] for n in range(IN_FLIGHT)]

    async def send(lane: list[CommandRef]) -> list[str]:
        return [await shop.handle(case_id).execute_update("decide", one, id=str(one.id)) for one in lane]

    told = await asyncio.gather(*map(send, one_behind_the_other))
    assert {status for lane in told for status in lane} == {REFUSED}
    assert {shop.status(one) for one in commands} == {REFUSED}
    assert shop.journal(case_id).count("CommandRefused") == len(commands)
    await acts.acknowledges(shop, case_id)
    assert await runs(shop, case_id, first) > 2


async def runs(shop: Workshop, case_id: UUID, run_id: str) -> int:
    """How many runs there were from the first one on, each handing over to the next."""
    count = 1
    while following := await next_run(shop, case_id, run_id):
        count, run_id = count + 1, following
    return count


async def next_run(shop: Workshop, case_id: UUID, run_id: str) -> str:
    """The run that took over from this one."""
    history = await shop.client.get_workflow_handle(shop.handle(case_id).id, run_id=run_id).fetch_history()
    assert len(history.events) < 2 * EVENTS_PER_RUN
    return history.events[-1].workflow_execution_continued_as_new_event_attributes.new_execution_run_id
