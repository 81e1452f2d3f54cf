"""A run can start at any step, from the case's row alone: after a repair, an import, a server that forgot."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from domain.commands import CommandStatus
from domain.complaint.commands import Approve
from domain.outgoing import Dispatch
from tests.factories.complaints import MANAGER, REFERENT, a_requalification
from tests.factories.register import a_complaint_at
from tests.workflows import acts
from tests.workflows.workshop import Workshop

APPLIED, REFUSED = CommandStatus.APPLIED, CommandStatus.REFUSED
CENTS = 3000


async def registers(shop: Workshop, case_id: UUID) -> None:
    """The relay brings what waits."""
    await shop.delivery.drain(case_id)


async def approves_next(shop: Workshop, case_id: UUID) -> None:
    """The next validator approves."""
    link = (shop.desk.task(case_id, "validate").detail or {})["link"]
    await acts.approves(shop, case_id, {1: REFERENT, 2: MANAGER}[link])


NEXT: dict[str, Callable[[Workshop, UUID], Awaitable[None]]] = {
    "acknowledge": acts.acknowledges,
    "analyse": acts.analyses,
    "draft_answer": lambda shop, case_id: acts.drafts(shop, case_id, compensation_cents=CENTS),
    "validate": approves_next,
    "pay_compensation": acts.pays,
}
"""What is done next, by the kind of the open task."""


def open_kinds(shop: Workshop, case_id: UUID) -> list[str]:
    wanted = "SELECT kind FROM tasks WHERE case_id = :id AND closed_at IS NULL ORDER BY id"
    return [kind for (kind,) in shop.desk.sql(wanted, id=case_id)]


async def goes_on_to_the_end(shop: Workshop, case_id: UUID) -> None:
    """Whoever is asked does it, until nobody is."""
    while kinds := open_kinds(shop, case_id):
        await NEXT[kinds[0]](shop, case_id)
    await shop.until_state(case_id, "closed")
    await shop.until_ended(case_id)


ON_THE_WAY = ("registered", "assigned", "acknowledged", "analysed", "drafted", "approved", "answered")


async def test_from_the_row_of_every_step_a_lost_workflow_goes_on_to_the_end(shop: Workshop) -> None:
    async def from_here(state: str) -> None:
        if state == "registered":
            case_id = (await asyncio.to_thread(shop.desk.register)).case_id
            await registers(shop, case_id)
        else:
            case_id = await asyncio.to_thread(a_complaint_at, shop.desk, state, cents=CENTS)
        await goes_on_to_the_end(shop, case_id)
        events = shop.journal(case_id)
        assert events.count("AnswerApproved") == events.count("CompensationPaid") == 1
        assert events.count("LetterHandedOver") == 2
        assert "CommandRefused" not in events
        assert letters_that_have_not_left(shop, case_id) == []

    await asyncio.gather(*map(from_here, ON_THE_WAY))


def letters_that_have_not_left(shop: Workshop, case_id: UUID) -> list[str]:
    wanted = "SELECT kind FROM letters WHERE case_id = :id AND handed_over_at IS NULL"
    return [kind for (kind,) in shop.desk.sql(wanted, id=case_id)]


async def test_a_workflow_terminated_after_every_command_starts_again_with_the_next(shop: Workshop) -> None:
    case_id = await shop.enter()
    runs = set()
    while kinds := open_kinds(shop, case_id):
        described = await shop.handle(case_id).describe()
        runs.add(described.run_id)
        if described.close_time is None:
            await shop.handle(case_id).terminate("a server that forgot")
        await NEXT[kinds[0]](shop, case_id)
    await shop.until_state(case_id, "closed")
    assert len(runs) == len(NEXT) + 1  # two approvals
    assert shop.journal(case_id).count("LetterHandedOver") == 2
    assert mails_per_letter(shop, case_id) == [1, 1]


def mails_per_letter(shop: Workshop, case_id: UUID) -> list[int]:
    """How many mails each of the case's letters has become; one that carries the same Message-ID is the same mail."""
    sent = {mail.header("Message-ID") for mail in shop.sink.mailbox.mails()}
    letters = shop.desk.sql("SELECT id FROM letters WHERE case_id = :id", id=case_id)
    return [sum(letter.hex in one.replace("-", "") for one in sent) for (letter,) in letters]


async def test_a_letter_in_the_post_waits_for_its_manifest_in_the_next_run_too(shop: Workshop) -> None:
    case_id = await shop.enter()
    await acts.acknowledges(shop, case_id, Dispatch.RECORDED_CALL)
    await acts.analyses(shop, case_id)
    await acts.drafts(shop, case_id, dispatch=Dispatch.POST)
    await acts.approves(shop, case_id)
    posted = "SELECT posted_on, attempts FROM letters WHERE case_id = :id AND posted_on IS NOT NULL"
    await shop.until(lambda: shop.desk.sql(posted, id=case_id) != [])
    known = shop.desk.sql(posted, id=case_id)
    await shop.handle(case_id).terminate("a server that forgot")
    await shop.close_the_days_post(case_id)
    await shop.until_ended(case_id)
    assert shop.desk.state(case_id) == "closed"
    assert shop.desk.sql(posted, id=case_id) == known


@pytest.mark.parametrize("ended", ["closed", "requalified"])
async def test_a_command_on_what_has_ended_is_refused_by_a_run_that_ends_at_once(shop: Workshop, ended: str) -> None:
    case_id = await shop.enter()
    if ended == "closed":
        await goes_on_to_the_end(shop, case_id)
    else:
        assert await shop.do(case_id, MANAGER, a_requalification(), None, "requalify") is APPLIED
        await shop.until_ended(case_id)
    first = (await shop.handle(case_id).describe()).run_id
    assert await shop.do(case_id, MANAGER, a_requalification(), None, "requalify") is REFUSED
    await shop.until_ended(case_id)
    assert shop.desk.state(case_id) == ended
    assert (await shop.handle(case_id).describe()).run_id != first


async def test_a_vote_that_waited_while_the_workflow_was_lost_is_counted(shop: Workshop) -> None:
    case_id = await asyncio.to_thread(a_complaint_at, shop.desk, "drafted")
    approval = Approve(version_hash=shop.desk.version_hash(case_id))
    given = await shop.give(case_id, REFERENT, approval, "validate")
    await shop.delivery.drain(case_id)
    assert shop.status(given) is APPLIED
    assert (await shop.describe(case_id)).state == "drafted"
    await goes_on_to_the_end(shop, case_id)
