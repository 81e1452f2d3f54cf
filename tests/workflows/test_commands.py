"""Commands reach the workflow by the real delivery: once, whatever the way, and a refused one changes nothing."""

import asyncio
from datetime import timedelta
from threading import Event
from time import sleep
from typing import Any
from uuid import UUID

import pytest
from temporalio.client import WorkflowUpdateFailedError

from api.delivery import SET_ASIDE_AFTER
from db.commands.settle import settle
from db.session import Sessions
from domain.commands import CommandRef, CommandStatus, MachineCommand, Outcome
from domain.complaint.commands import Approve
from domain.outgoing import Dispatch
from domain.policy import PolicyBook
from tests.factories.complaints import (
    AUTHOR,
    COLLEAGUE,
    MANAGER,
    REFERENT,
    a_draft,
    a_requalification,
    an_acknowledgement,
    an_analysis,
)
from tests.factories.register import refusing
from tests.workflows import acts
from tests.workflows.workshop import PATIENCE, Workshop

APPLIED, REFUSED, RECEIVED = CommandStatus.APPLIED, CommandStatus.REFUSED, CommandStatus.RECEIVED
FIFTY = 50
IN_FLIGHT = 10
"""So many updates of one workflow does the engine take at once."""


def code_of(shop: Workshop, command: CommandRef) -> str:
    ((refusal,),) = shop.desk.sql("SELECT refusal FROM commands WHERE id = :id", id=command.id)
    return str(refusal["code"])


# Commit first, then stand elsewhere.


@pytest.mark.parametrize("at_commit", [False, True], ids=["at the statement", "at the commit"])
async def test_a_commit_that_the_database_refuses_leaves_the_workflow_where_it_was(
    shop: Workshop, at_commit: bool
) -> None:
    case_id = await shop.enter()
    await acts.acknowledges(shop, case_id)
    await acts.analyses(shop, case_id)
    await shop.until(lambda: "LetterHandedOver" in shop.journal(case_id))
    stood = await shop.describe(case_id)
    command = await shop.give(case_id, AUTHOR, a_draft(), "draft_answer")
    with refusing(shop.desk, case_id, "answer_versions", at_commit=at_commit):
        assert await shop.deliver(command) is REFUSED
    assert code_of(shop, command) == "refused_by_register"
    assert await shop.describe(case_id) == stood
    await acts.drafts(shop, case_id)
    assert (await shop.describe(case_id)).state == "drafted"


async def test_a_refusal_of_the_rules_leaves_the_workflow_where_it_was(shop: Workshop) -> None:
    case_id = await shop.enter()
    stood = await shop.describe(case_id)
    command = await shop.give(case_id, COLLEAGUE, an_acknowledgement(), "acknowledge")
    assert await shop.deliver(command) is REFUSED
    assert code_of(shop, command) == "not_your_task"
    assert await shop.describe(case_id) == stood
    await acts.acknowledges(shop, case_id)


async def test_a_mistake_of_ours_fails_its_command_alone_which_is_applied_once_mended(shop: Workshop) -> None:
    case_id = await shop.enter()
    stood = await shop.describe(case_id)
    command = await shop.give(case_id, AUTHOR, an_acknowledgement(), "acknowledge")
    body = '{"outcome": "acknowledge", "dispatch": "recorded_call"}'
    broken = "UPDATE commands SET body = CAST(:body AS jsonb), lease_until_wall = NULL WHERE id = :id"
    shop.desk.sql(broken, id=command.id, body='{"outcome": "acknowledge"}')
    assert await shop.deliver(command) is RECEIVED
    assert await shop.describe(case_id) == stood
    other = await shop.enter()
    await acts.acknowledges(shop, other)
    shop.desk.sql(broken, id=command.id, body=body)
    await shop.delivery.drain(case_id)
    assert shop.status(command) is APPLIED
    assert shop.journal(case_id).count("Acknowledged") == 1


async def test_a_database_in_trouble_is_asked_again(shop: Workshop) -> None:
    case_id = await shop.enter()
    command = await shop.give(case_id, AUTHOR, an_acknowledgement(), "acknowledge")
    trouble = "RAISE EXCEPTION 'trouble' USING ERRCODE = 'serialization_failure'"
    with refusing(shop.desk, case_id, "tasks", trouble, event="UPDATE"):
        delivering = asyncio.create_task(shop.deliver(command))
        await asyncio.sleep(1)
        assert not delivering.done()
    assert await delivering is APPLIED
    assert shop.journal(case_id).count("Acknowledged") == 1


async def test_a_command_on_another_case_is_turned_away_at_the_door(shop: Workshop) -> None:
    case_id, other = await shop.enter(), await shop.enter()
    command = await shop.give(other, AUTHOR, an_acknowledgement(), "acknowledge")
    with pytest.raises(WorkflowUpdateFailedError):
        await shop.handle(case_id).execute_update("decide", command)
    assert shop.status(command) is RECEIVED
    assert await shop.deliver(command) is APPLIED


# Once, whatever the way.


async def test_delivered_fifty_times_at_once_by_api_and_relay_a_command_is_applied_once(shop: Workshop) -> None:
    case_id = await shop.enter()
    await acts.acknowledges(shop, case_id)
    before = len(shop.journal(case_id))
    command = await shop.give(case_id, AUTHOR, an_analysis(), "analyse")
    by_api = (shop.deliver(command) for _ in range(FIFTY // 2))
    by_relay = (shop.delivery.drain(case_id) for _ in range(FIFTY // 2))
    await asyncio.gather(*by_api, *by_relay)
    assert shop.status(command) is APPLIED
    events = [event for event in shop.journal(case_id)[before:] if event not in {"LetterHandedOver", "DeadlineMet"}]
    assert events == ["TaskCompleted", "Qualified", "Analysed", "StateReached", "TaskOpened"]
    assert shop.desk.sql("SELECT attempts FROM commands WHERE id = :id", id=command.id) == [(1,)]


async def test_sent_fifty_times_past_every_lease_a_command_is_applied_once(shop: Workshop) -> None:
    case_id = await shop.enter()
    command = await shop.give(case_id, AUTHOR, an_acknowledgement(), "acknowledge")

    async def send(attempt: int) -> str:
        update_id = f"{command.id}/{attempt % 5}"
        status: str = await shop.handle(case_id).execute_update("decide", command, id=update_id)
        return status

    told: list[str] = []
    for begin in range(0, FIFTY, IN_FLIGHT):
        told += await asyncio.gather(*map(send, range(begin, begin + IN_FLIGHT)))
    assert set(told) == {APPLIED}
    assert shop.journal(case_id).count("Acknowledged") == 1
    assert shop.desk.sql("SELECT count(*) FROM letters WHERE case_id = :id", id=case_id) == [(1,)]


async def test_an_intake_delivered_fifty_times_at_once_starts_one_workflow(shop: Workshop) -> None:
    command = await asyncio.to_thread(shop.desk.register)
    case_id = command.case_id
    deliveries = [shop.deliver(command) for _ in range(FIFTY // 2)]
    drains = [shop.delivery.drain(case_id) for _ in range(FIFTY // 2)]
    await asyncio.gather(*deliveries, *drains)
    assert shop.status(command) is APPLIED
    assert shop.journal(case_id).count("OwnerAssigned") == 1
    assert (await shop.describe(case_id)).state == "assigned"


async def test_delivered_by_many_whose_leases_have_ended_an_intake_starts_one_workflow(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.commands.command.LEASE", timedelta(0))
    command = await asyncio.to_thread(shop.desk.register)
    await asyncio.gather(*(shop.deliver(command) for _ in range(IN_FLIGHT)))
    ((attempts,),) = shop.desk.sql("SELECT attempts FROM commands WHERE id = :id", id=command.id)
    assert attempts > 1
    assert shop.status(command) is APPLIED
    assert shop.journal(command.case_id).count("OwnerAssigned") == 1
    assert await runs_of(shop, command.case_id) == 1
    await acts.acknowledges(shop, command.case_id)


async def runs_of(shop: Workshop, case_id: UUID) -> int:
    """How many runs the engine lists, which it does late."""
    wanted = f"WorkflowId = '{shop.handle(case_id).id}'"
    for _ in range(20):
        if listed := [run async for run in shop.client.list_workflows(wanted)]:
            return len(listed)
        await asyncio.sleep(0.1)
    return 0


async def test_an_outcome_that_comes_back_late_does_not_put_the_workflow_back(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = await shop.enter()
    in_the_way = await shop.give(case_id, COLLEAGUE, an_acknowledgement(), "acknowledge")
    slow = await shop.give(case_id, AUTHOR, an_acknowledgement(Dispatch.RECORDED_CALL), "acknowledge")
    quick = await shop.give(case_id, MANAGER, a_requalification(), None, "requalify")
    slow_is_committed = Event()

    def settle_slowly(sessions: Sessions, command: CommandRef | MachineCommand, book: PolicyBook) -> Outcome[Any]:
        if command.id == quick.id:
            slow_is_committed.wait(PATIENCE)
        outcome = settle(sessions, command, book)
        if command.id == slow.id:
            slow_is_committed.set()
        if command.id != quick.id:
            sleep(0.8)
        return outcome

    def send(command: CommandRef) -> asyncio.Task[str]:
        return asyncio.create_task(shop.handle(case_id).execute_update("decide", command))

    monkeypatch.setattr("activities.register.settle", settle_slowly)
    first = send(in_the_way)
    await shop.until(lambda: shop.status(in_the_way) is REFUSED)
    second = send(slow)
    await asyncio.sleep(0.2)  # it is there first; the engine keeps both until the one in the way is decided
    told = await asyncio.gather(first, second, send(quick))
    assert list(told) == [REFUSED, APPLIED, APPLIED]
    assert (await shop.describe(case_id)).state == "requalified"
    await shop.until_ended(case_id)


async def test_commands_given_at_once_are_decided_in_the_order_in_which_they_were_received(shop: Workshop) -> None:
    case_id = await shop.enter()
    first = await shop.give(case_id, AUTHOR, an_acknowledgement(), "acknowledge")
    second = await shop.give(case_id, MANAGER, a_requalification(), None, "requalify")
    third = await shop.give(case_id, MANAGER, a_requalification(), None, "requalify")
    assert await asyncio.gather(*map(shop.deliver, (third, second, first))) == [REFUSED, APPLIED, APPLIED]
    lines = shop.journal(case_id)
    assert lines.index("Acknowledged") < lines.index("Requalified") < lines.index("CommandRefused")


async def test_of_two_validators_at_once_one_approves_the_link(shop: Workshop) -> None:
    case_id = await shop.enter()
    await acts.acknowledges(shop, case_id)
    await acts.analyses(shop, case_id)
    await acts.drafts(shop, case_id)
    approval = Approve(version_hash=shop.desk.version_hash(case_id))
    given = [await shop.give(case_id, login, approval, "validate") for login in (REFERENT, MANAGER)]
    assert await asyncio.gather(*map(shop.deliver, given)) == [APPLIED, REFUSED]
    assert code_of(shop, given[1]) == "task_done"
    assert (await shop.describe(case_id)).state == "drafted"


async def test_a_command_that_cannot_be_decided_is_set_aside_and_holds_up_no_other(shop: Workshop) -> None:
    case_id = await shop.enter()
    broken = await shop.give(case_id, AUTHOR, an_acknowledgement(), "acknowledge")
    shop.desk.sql(
        'UPDATE commands SET body = \'{"of": "another version"}\', attempts = :tried WHERE id = :id',
        id=broken.id,
        tried=SET_ASIDE_AFTER - 1,
    )
    stood = await shop.describe(case_id)
    assert await shop.deliver(broken) is REFUSED
    assert code_of(shop, broken) == "undecidable"
    assert await shop.describe(case_id) == stood
    whole = await shop.give(case_id, AUTHOR, an_acknowledgement(), "acknowledge")
    assert await shop.deliver(whole) is APPLIED
