"""The doctor: where register and engine disagree it says so and mends it; nothing is lost, nothing done twice."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from api.clock import SystemClock
from api.delivery import workflow_id
from api.examination import Examination, Pace
from api.house import House
from api.treatment import Treated, Treatment
from db.commands.settle import set_aside
from domain.ailments import Ailment
from domain.commands import CommandStatus
from domain.outgoing import Dispatch
from local.sink import Hang, Sink
from tests.conftest import Ask
from tests.factories.complaints import AUTHOR, an_analysis
from tests.factories.register import refusing
from tests.factories.rows import a_case_row
from tests.servers import INSURER, fresh_database, require
from tests.stories.house import settles
from tests.workflows import acts
from tests.workflows.test_any_step import NEXT, goes_on_to_the_end, mails_per_letter, open_kinds
from tests.workflows.workshop import Workshop, open_workshop, own_namespace
from worker import open_house
from workflows.options import PROCEDURES_QUEUE

SOON = Pace(looks=3, pause=0.1)
TEN_MINUTES = timedelta(minutes=10)


@dataclass
class Surgery:
    """A doctor at the door of a workshop."""

    shop: Workshop
    house: House

    async def examine(self, pace: Pace = SOON) -> list[Ailment]:
        """What the doctor finds."""
        return await Examination(self.house, pace).examine()

    async def mend(self, pace: Pace = SOON) -> Treated:
        """What the doctor mends, and what is left."""
        examination = Examination(self.house, pace)
        return await Treatment(self.house, examination).mend(await examination.examine())


@pytest.fixture(scope="module")
async def surgery(engine: str, ask: Ask, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Surgery]:
    """A workshop with mailroom and canary, where what people do was done ten minutes ago."""
    require("postgres")
    folder = tmp_path_factory.mktemp("doctor")
    with fresh_database(ask("insurer").open(), INSURER) as database, Sink(folder / "mails").listening() as sink:
        async with open_workshop(await own_namespace(engine), database, sink, folder) as shop:
            await open_house(shop.client)
            shop.desk.at = datetime.now(UTC) - TEN_MINUTES
            yield Surgery(shop, House(shop.desk.sessions, shop.client, shop.desk.book, SystemClock()))


async def a_called_complaint(shop: Workshop) -> UUID:
    """A complaint that was acknowledged by telephone: nothing is on its way."""
    case_id = await shop.enter()
    await acts.acknowledges(shop, case_id, Dispatch.RECORDED_CALL)
    return case_id


def told(found: Iterable[Ailment]) -> list[tuple[str, UUID | None]]:
    """What was found, and on which case."""
    return [(one.kind.value, one.case_id) for one in found]


async def test_a_terminated_workflow_is_named_and_mended_and_the_story_goes_on(surgery: Surgery) -> None:
    shop = surgery.shop
    case_id = await a_called_complaint(shop)
    assert await surgery.examine() == []
    await shop.handle(case_id).terminate("by mistake")
    before = shop.desk.everything(but=frozenset({"canary"}))
    assert told(await surgery.examine()) == [("no_run", case_id)]
    assert shop.desk.everything(but=frozenset({"canary"})) == before

    treated = await surgery.mend()
    assert (told(treated.mended), treated.left) == ([("no_run", case_id)], ())
    await goes_on_to_the_end(shop, case_id)
    assert shop.journal(case_id).count("AnswerApproved") == shop.journal(case_id).count("LetterHandedOver") == 1
    assert mails_per_letter(shop, case_id) == [1]
    assert await surgery.examine() == []


def reopen_acknowledgement(shop: Workshop, case_id: UUID) -> None:
    """By hand: the deadline is open again, and its first rung fired on nobody six minutes ago."""
    shop.desk.sql(
        "UPDATE deadlines SET met_at = NULL, planned = jsonb_set(planned, '{0,fires_at}', to_jsonb(cast(:at AS text)))"
        " WHERE case_id = :id AND name = 'acknowledgement'",
        id=case_id,
        at=(datetime.now(UTC) - timedelta(minutes=6)).isoformat(),
    )


def reminders(shop: Workshop, case_id: UUID) -> int:
    """How many reminders the ledger has for a case; rungs that merged are one."""
    [(many,)] = shop.desk.sql("SELECT count(DISTINCT message) FROM reminders WHERE case_id = :id", id=case_id)
    return int(many)


async def test_a_deadline_without_its_watcher_is_named_and_mended_and_reminds_once(surgery: Surgery) -> None:
    shop = surgery.shop
    case_id = await a_called_complaint(shop)
    reopen_acknowledgement(shop, case_id)
    [found] = await surgery.examine()
    assert (found.kind, found.about, found.case_id) == ("no_watcher", "acknowledgement 1", case_id)
    assert reminders(shop, case_id) == 0

    assert told((await surgery.mend()).mended) == [("no_watcher", case_id)]
    await shop.until(lambda: reminders(shop, case_id) > 0)
    await shop.delivery.start(case_id, instead=True)
    assert await surgery.examine() == []
    assert reminders(shop, case_id) == 1


async def test_a_reminder_that_the_register_refused_is_given_again(surgery: Surgery) -> None:
    shop = surgery.shop
    case_id = await a_called_complaint(shop)
    reopen_acknowledgement(shop, case_id)
    with refusing(shop.desk, case_id, "reminders"):
        await shop.delivery.start(case_id, instead=True)
        await shop.until(lambda: "CommandRefused" in shop.journal(case_id))
        left = (await surgery.mend()).left
        assert [(one.kind, one.about) for one in left] == [("command_refused", "remind")]
        assert shop.journal(case_id).count("CommandRefused") == 2
    assert told((await surgery.mend()).mended) == [("command_refused", case_id)]
    assert reminders(shop, case_id) == 1
    assert await surgery.examine() == []


async def test_a_complaint_whose_close_was_refused_is_closed_once_the_rule_is_mended(surgery: Surgery) -> None:
    shop = surgery.shop
    case_id = await a_called_complaint(shop)
    shop.desk.sql(
        "CREATE FUNCTION refuse_end() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'"
    )
    shop.desk.sql(
        "CREATE TRIGGER refuse_end BEFORE UPDATE ON cases FOR EACH ROW "
        f"WHEN (NEW.state = 'closed' AND NEW.id = '{case_id}') EXECUTE FUNCTION refuse_end()"
    )
    await acts.analyses(shop, case_id)
    await acts.drafts(shop, case_id)
    await acts.approves(shop, case_id)
    await shop.until_ended(case_id)
    assert shop.desk.state(case_id) == "answered"
    found = await surgery.examine()
    assert [(one.kind, one.about) for one in found] == [("no_run", ""), ("command_refused", "close")]
    left = (await surgery.mend()).left
    assert [(one.kind, one.about) for one in left] == [("no_run", ""), ("command_refused", "close")]

    shop.desk.sql("DROP TRIGGER refuse_end ON cases")
    assert len((await surgery.mend()).mended) == 2
    assert shop.desk.state(case_id) == "closed"
    await shop.until_ended(case_id)
    assert shop.journal(case_id).count("LetterHandedOver") == 1


async def test_a_command_that_nobody_delivered_is_delivered(surgery: Surgery) -> None:
    shop = surgery.shop
    case_id = await a_called_complaint(shop)
    given = await shop.give(case_id, AUTHOR, an_analysis(), "analyse")
    assert told(await surgery.examine()) == [("command_waiting", case_id)]
    assert told((await surgery.mend()).mended) == [("command_waiting", case_id)]
    assert shop.status(given) is CommandStatus.APPLIED


async def test_a_complaint_that_nobody_took_up_is_taken_up(surgery: Surgery) -> None:
    shop = surgery.shop
    command = await asyncio.to_thread(shop.desk.register)
    assert [one.kind for one in await surgery.examine()] == ["no_run", "command_waiting"]
    assert len((await surgery.mend()).mended) == 2
    assert shop.desk.state(command.case_id) == "assigned"
    assert shop.journal(command.case_id).count("OwnerAssigned") == 1


async def test_a_command_that_was_set_aside_is_left_to_people_until_they_give_it_again(surgery: Surgery) -> None:
    shop = surgery.shop
    case_id = await a_called_complaint(shop)
    given = await shop.give(case_id, AUTHOR, an_analysis(), "analyse")
    await asyncio.to_thread(set_aside, shop.desk.sessions, given, shop.desk.book)
    treated = await surgery.mend()
    assert (treated.mended, told(treated.left)) == ((), [("command_set_aside", case_id)])
    await acts.analyses(shop, case_id)
    await shop.delivery.start(case_id, instead=True)
    assert await surgery.examine() == []


async def test_a_letter_in_the_mail_servers_hands_is_left_there_and_not_sent_again(surgery: Surgery) -> None:
    shop = surgery.shop
    case_id = await shop.enter()
    shop.sink.on_data = lambda _: Hang(1.5)
    await acts.acknowledges(shop, case_id)
    sending = "SELECT sending_wall IS NOT NULL FROM letters WHERE case_id = :id"
    await shop.until(lambda: shop.desk.sql(sending, id=case_id) == [(True,)])
    await shop.handle(case_id).terminate("in the middle of a letter")
    examination = Examination(surgery.house, SOON)
    assert await examination.examine() == []
    assert len(examination.at_work) == 1

    await shop.until(lambda: shop.desk.sql(sending, id=case_id) == [(False,)])
    shop.sink.on_data = lambda _: None
    assert told((await surgery.mend()).mended) == [("no_run", case_id)]
    await shop.until(lambda: "LetterHandedOver" in shop.journal(case_id))
    assert mails_per_letter(shop, case_id) == [1]


async def test_a_workflow_that_is_behind_its_row_is_brought_up(surgery: Surgery) -> None:
    shop = surgery.shop
    case_id = await a_called_complaint(shop)
    await asyncio.to_thread(shop.desk.do, case_id, AUTHOR, an_analysis(), "analyse")  # behind the engine's back
    assert told(await surgery.examine()) == [("run_elsewhere", case_id)]
    assert told((await surgery.mend()).mended) == [("run_elsewhere", case_id)]
    assert (await shop.describe(case_id)).state == "analysed"


async def test_a_workflow_that_outlives_its_case_is_ended(surgery: Surgery) -> None:
    shop = surgery.shop
    case_id = await a_called_complaint(shop)
    shop.desk.sql("UPDATE cases SET state = 'requalified', ended_at = :at WHERE id = :id", at=shop.desk.at, id=case_id)
    shop.desk.sql("UPDATE deadlines SET cancelled_at = :at WHERE case_id = :id", at=shop.desk.at, id=case_id)
    assert await found_in_time(surgery) == [("run_after_end", case_id)]
    assert told((await surgery.mend()).mended) == [("run_after_end", case_id)]
    assert (await shop.handle(case_id).describe()).close_time is not None


async def test_a_workflow_whose_case_nobody_knows_is_told_and_not_touched(surgery: Surgery) -> None:
    shop = surgery.shop
    known = await a_called_complaint(shop)
    stranger = uuid7()
    position = await shop.describe(known)
    handle = await shop.client.start_workflow(
        "complaint", position, id=workflow_id("complaint", stranger), task_queue=PROCEDURES_QUEUE
    )
    assert await found_in_time(surgery) == [("run_without_case", None)]
    assert told((await surgery.mend()).left) == [("run_without_case", None)]
    await handle.terminate("the test is over")


async def found_in_time(surgery: Surgery) -> list[tuple[str, UUID | None]]:
    """What is found once the engine's list has heard of it: it is a little late."""
    for _ in range(50):
        if found := await surgery.examine():
            return told(found)
        await asyncio.sleep(0.1)
    return []


async def test_a_workflow_whose_code_fails_again_and_again_is_started_again(surgery: Surgery) -> None:
    shop = surgery.shop
    case_id = await a_called_complaint(shop)
    await shop.handle(case_id).terminate("to be replaced by what no worker knows")
    await shop.client.start_workflow("unheard_of", id=workflow_id("complaint", case_id), task_queue=PROCEDURES_QUEUE)
    impatient = replace(SOON, patience=timedelta(seconds=1))
    await settles(lambda: fails_again(shop, case_id), True)
    assert told((await surgery.mend(impatient)).mended) == [("stuck_run", case_id)]


async def fails_again(shop: Workshop, case_id: UUID) -> bool:
    """Whether the engine has tried the workflow's first step a second time."""
    described = await shop.handle(case_id).describe()
    return described.raw_description.pending_workflow_task.attempt > 1


async def test_mailroom_and_canary_are_started(surgery: Surgery) -> None:
    for name in ("mailroom", "canary"):
        await surgery.shop.client.get_workflow_handle(name).terminate("by mistake")
    found = await surgery.examine()
    assert [(one.kind, one.about) for one in found] == [("no_standing_run", "mailroom"), ("no_standing_run", "canary")]
    assert len((await surgery.mend()).mended) == 2
    assert await surgery.examine() == []


async def test_a_calendar_that_ends_soon_is_filled(surgery: Surgery) -> None:
    shop, next_year = surgery.shop, datetime.now(UTC).year + 1
    shop.desk.sql("DELETE FROM calendar_days WHERE extract(year FROM day) >= :year", year=next_year)
    assert [one.kind for one in await surgery.examine()] == ["calendar_ends"]
    assert [one.kind for one in (await surgery.mend()).mended] == ["calendar_ends"]
    assert await surgery.examine() == []


async def test_a_case_that_cannot_be_read_is_named_and_hides_no_other(surgery: Surgery) -> None:
    shop = surgery.shop
    with shop.desk.sessions.begin() as session:
        strange = a_case_row(session, "XXX-2031-000001", shop.desk.at.date(), shop.desk.at, procedure="unheard_of")
    case_id = await a_called_complaint(shop)
    await shop.handle(case_id).terminate("by mistake")
    assert sorted(told(await surgery.examine())) == [("no_run", case_id), ("unreadable_case", strange)]
    assert told((await surgery.mend()).left) == [("unreadable_case", strange)]
    shop.desk.sql("UPDATE cases SET ended_at = :at WHERE id = :id", at=shop.desk.at, id=strange)


async def test_the_doctor_is_silent_while_twenty_cases_are_worked_on(surgery: Surgery) -> None:
    shop = surgery.shop
    shop.desk.at, then = datetime.now(UTC), shop.desk.at

    async def worked_on(number: int) -> None:
        case_id = await a_called_complaint(shop)
        await acts.analyses(shop, case_id)
        await acts.drafts(shop, case_id)
        if number % 5 == 0:
            await goes_on_to_the_end(shop, case_id)

    at_work = asyncio.gather(*map(worked_on, range(20)))
    examined = 0
    while not at_work.done():
        assert await surgery.examine(Pace(looks=3, pause=0.5)) == []
        examined += 1
    await at_work
    assert examined > 1
    assert await surgery.examine() == []
    shop.desk.at = then


async def test_restarts_in_the_middle_of_everything_lose_nothing_and_double_nothing(surgery: Surgery) -> None:
    """Worse than any doctor: cases are restarted again and again, whatever happens on them at that moment."""
    shop = surgery.shop
    cases = [await shop.enter() for _ in range(3)]
    at_work = asyncio.gather(*(carried_to_the_end(shop, case_id) for case_id in cases))
    restarts = 0
    while not at_work.done():
        for case_id in cases:
            await shop.delivery.start(case_id, instead=True)
            restarts += 1
        await asyncio.sleep(0.3)
    await at_work
    assert restarts > len(cases)
    for case_id in cases:
        events = Counter(shop.journal(case_id))
        assert {events[name] for name in ("Acknowledged", "Analysed", "AnswerDrafted", "AnswerApproved")} == {1}
        assert (events["VersionApproved"], events["LetterHandedOver"], events["CommandRefused"]) == (2, 2, 0)
        assert copies(shop, case_id) == []
    assert (await surgery.mend()).left == ()


async def carried_to_the_end(shop: Workshop, case_id: UUID) -> None:
    """Everybody does what they are asked, until the complaint is closed."""
    while kinds := open_kinds(shop, case_id):
        await NEXT[kinds[0]](shop, case_id)
    await shop.until_state(case_id, "closed")


def copies(shop: Workshop, case_id: UUID) -> list[str]:
    """The letters of a case of which more copies left than the register counts."""
    sent = Counter(mail.header("Message-ID").split(".")[0].lstrip("<") for mail in shop.sink.mailbox.mails())
    letters = shop.desk.sql("SELECT id, possible_doubles FROM letters WHERE case_id = :id", id=case_id)
    return [str(letter) for letter, doubles in letters if not 1 <= sent[letter.hex] <= 1 + doubles]
