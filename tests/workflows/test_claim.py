"""The claim's workflow: from any step to its end, a command once, what goes back is controlled again, replayed."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from domain.claim.case import ClaimPosition
from domain.claim.words import DocumentKind
from domain.commands import CommandStatus
from tests.factories.claim_desk import (
    COLLEAGUE,
    FOR_TWO,
    REFERENT,
    a_claim_at,
    a_decision,
    ensure_insured,
    registered,
    the_claim,
)
from tests.factories.register import refusing
from tests.workflows import claim_acts as acts
from tests.workflows.record import Way, file_of, played
from tests.workflows.record_claim import PATHS
from tests.workflows.test_replay import read, replayer
from tests.workflows.workshop import Workshop

APPLIED, REFUSED = CommandStatus.APPLIED, CommandStatus.REFUSED
NEXT: dict[str, Callable[[Workshop, UUID], Awaitable[None]]] = {
    "in_control": acts.decides,
    "awaiting_documents": acts.adds,
    "confirming": acts.confirms,
    "payable": acts.is_paid,
}
"""What is done next, by where the claim stands."""
ON_THE_WAY = ("registered", "in_control", "awaiting_documents", "confirming", "payable", "refused")


async def describe(shop: Workshop, case_id: UUID) -> ClaimPosition:
    """Where the workflow says that it stands."""
    position: ClaimPosition = await shop.handle(case_id).query("describe", result_type=ClaimPosition)
    return position


async def goes_on_to_the_end(shop: Workshop, case_id: UUID) -> None:
    """Whoever is asked does it, until the claim has ended and its run with it."""
    while (state := shop.desk.state(case_id)) in NEXT:
        await NEXT[state](shop, case_id)
    await shop.delivery.start(case_id)
    await shop.until_ended(case_id)


async def test_from_the_row_of_every_step_a_lost_workflow_goes_on_to_the_end(shop: Workshop) -> None:
    async def from_here(state: str) -> None:
        if state == "registered":
            case_id = (await asyncio.to_thread(registered, shop.desk, amount_cents=FOR_TWO)).case_id
            await shop.delivery.drain(case_id)
        else:
            case_id = await asyncio.to_thread(a_claim_at, shop.desk, state)
        await goes_on_to_the_end(shop, case_id)
        events = shop.journal(case_id)
        assert the_claim(shop.desk, case_id).state == ("refused" if state == "refused" else "paid")
        assert "CommandRefused" not in events
        assert events.count("ClaimDecided") == 1
        waiting = shop.desk.sql("SELECT 1 FROM letters WHERE case_id = :id AND handed_over_at IS NULL", id=case_id)
        assert waiting == []

    with shop.desk.sessions.begin() as session:
        ensure_insured(session)
    await asyncio.gather(*map(from_here, ON_THE_WAY))


async def test_a_workflow_terminated_after_every_command_starts_again_with_the_next(shop: Workshop) -> None:
    case_id = await acts.enters(shop, amount_cents=FOR_TWO)
    for act in (acts.asks_documents, acts.adds, acts.decides, acts.sends_back, acts.decides, acts.confirms):
        await shop.handle(case_id).terminate("a server that forgot")
        await act(shop, case_id)
    await shop.handle(case_id).terminate("a server that forgot")
    await acts.is_paid(shop, case_id)
    await shop.until_ended(case_id)
    events = shop.journal(case_id)
    assert (events.count("DecisionTaken"), events.count("ClaimPaid")) == (2, 1)


@pytest.mark.parametrize("at_commit", [False, True], ids=["at the statement", "at the commit"])
async def test_a_decision_that_the_database_refuses_leaves_the_workflow_where_it_was(
    shop: Workshop, at_commit: bool
) -> None:
    case_id = await acts.enters(shop)
    stood = await describe(shop, case_id)
    command = await shop.give(case_id, REFERENT, a_decision(shop.desk), "control")
    with refusing(shop.desk, case_id, "claim_decisions", at_commit=at_commit):
        assert await shop.deliver(command) is REFUSED
    assert await describe(shop, case_id) == stood
    await acts.decides(shop, case_id)
    assert (await describe(shop, case_id)).state == "payable"


async def test_a_refusal_of_the_rules_leaves_the_workflow_where_it_was(shop: Workshop) -> None:
    case_id = await acts.enters(shop)
    stood = await describe(shop, case_id)
    command = await shop.give(case_id, COLLEAGUE, a_decision(shop.desk), "control")
    assert await shop.deliver(command) is REFUSED
    assert await describe(shop, case_id) == stood


async def test_delivered_twenty_times_at_once_by_api_and_relay_a_decision_is_taken_once(shop: Workshop) -> None:
    case_id = await acts.enters(shop)
    command = await shop.give(case_id, REFERENT, a_decision(shop.desk), "control")
    await asyncio.gather(
        *(shop.deliver(command) for _ in range(10)), *(shop.delivery.drain(case_id) for _ in range(10))
    )
    assert shop.status(command) is APPLIED
    assert shop.journal(case_id).count("DecisionTaken") == 1


async def test_the_deadline_of_the_documents_is_watched_and_that_of_the_decision_has_no_rungs(shop: Workshop) -> None:
    case_id = await acts.enters(shop)
    assert (await describe(shop, case_id)).watched == ()
    await acts.asks_documents(shop, case_id, DocumentKind.INVOICE)
    assert [one.name for one in (await describe(shop, case_id)).watched] == ["documents"]
    await acts.adds(shop, case_id, DocumentKind.INVOICE)
    assert (await describe(shop, case_id)).watched == ()


@pytest.mark.parametrize("way", PATHS, ids=lambda way: way.__name__)
async def test_every_path_can_be_recorded_and_replays(
    shop: Workshop, way: Way, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("recorded") / "history.json"
    file.write_text(await played(shop, way))
    await replayer().replay_workflow(read(file))


def test_every_path_is_recorded() -> None:
    assert [way.__name__ for way in PATHS if not file_of("claim", way).exists()] == [], "tests.workflows.record_claim"
