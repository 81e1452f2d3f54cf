"""The journal of a whole story: chained, under each night's checkpoint, whole; and so it stays once it is erased."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from temporalio.testing import WorkflowEnvironment

from db.commands.journal import Writing, erase_words
from db.models import Case
from db.queries.verification.chains import Read
from db.queries.verification.register import verify_register
from local.sink import Sink
from tests.api.contract import rule_of
from tests.stories.acts import (
    acknowledges,
    analyses,
    approves,
    drafts,
    enters,
    journal_of,
    letters_of,
    sends_back,
    state_of,
)
from tests.stories.house import StoryHouse, open_house

PARIS = ZoneInfo("Europe/Paris")
FRONT_DESK, OWNER, REFERENT, MANAGER = "malo.quere", "claire.morvan", "gwenola.prigent", "anne.le.goff"


def march(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of March 2031 in Paris; Monday is the 3rd."""
    return datetime(2031, 3, day, hour, minute, tzinfo=PARIS)


async def test_a_story_is_chained_checkpointed_and_whole_and_stays_so_once_it_is_erased(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, march(6, 9)) as house:
        # Thursday 6 March. A complaint arrives, and is acknowledged by e-mail.
        reference = await enters(house, FRONT_DESK)
        await house.sleep_until(march(6, 10))
        assert await acknowledges(house, OWNER, reference, "email") == "acknowledged"

        # Friday 7 March. She answers; the referent sends it back, with words that only the register's key opens.
        await house.sleep_until(march(7, 9))
        await analyses(house, OWNER, reference)
        await drafts(house, OWNER, reference)
        await sends_back(house, REFERENT, reference, "Dites quand le virement part.")
        told = {line["event"]: line for line in await journal_of(house, OWNER, reference)}
        assert told["VersionSentBack"]["words"] == {"reason": "Dites quand le virement part."}
        assert "reason" not in told["VersionSentBack"]["facts"]
        assert told["StateReached"]["words"] is None

        # Monday 10 March. It is approved, leaves, and is closed. Each night, of the weekend too, had its checkpoint.
        await house.sleep_until(march(10, 9))
        await drafts(house, OWNER, reference)
        await approves(house, REFERENT, reference)
        await approves(house, MANAGER, reference)
        await house.sleep_until(march(11, 9))
        assert await state_of(house, OWNER, reference) == "closed"
        nights = sorted(file.name for file in house.checkpoints_folder.iterdir())
        assert nights == [f"2031-03-{day:02d}.checkpoint" for day in range(6, 11)]
        assert verified(house) == []

        # Tuesday 11 March. The case's key is erased: its letters are gone, and the journal is whole.
        letters = await letters_of(house, OWNER, reference)
        assert len(letters) == 2
        erase(house, reference)
        for letter in letters:
            gone = await house.as_(OWNER, "GET", f"/letters/{letter['id']}.pdf")
            assert (gone.status_code, rule_of(gone)) == (410, "erased")
            assert "was erased on 2031-03-11" in gone.json()["detail"]
        lines = await journal_of(house, OWNER, reference)
        assert lines[-1]["event"] == "WordsErased"
        assert {line["event"] for line in lines if line["words"]} == set()
        assert verified(house) == []


async def test_a_checkpoint_that_fails_all_night_holds_up_no_morning_and_is_laid_the_next_night(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "checkpoints"
    in_the_way.write_text("a file where the folder should be")
    async with open_house(skipping_environment, insurer, sink, tmp_path, march(3, 9)) as house:
        # Monday. A complaint to be acknowledged by Wednesday; in the night the checkpoint cannot be laid.
        await enters(house, FRONT_DESK)
        await house.sleep_until(march(4, 8))

        # Tuesday. The morning's digest leaves all the same. What was in the way is taken out of it.
        await house.sleep_until(march(4, 9))
        assert any("rappel" in mail.header("Subject") for mail in sink.mailbox.mails())
        in_the_way.unlink()
        await house.sleep_until(march(5, 7))
        assert sorted(file.name for file in in_the_way.iterdir()) == ["2031-03-03.checkpoint", "2031-03-04.checkpoint"]
        assert verified(house) == []


def verified(house: StoryHouse) -> list[str]:
    """What is found of its journals."""
    return [str(one) for one in verify_register(house.house.sessions, house.checkpoints_folder, Read())]


def erase(house: StoryHouse, reference: str) -> None:
    """Destroy the case's key."""
    with house.house.sessions.begin() as session:
        case = session.scalars(select(Case).where(Case.reference == reference).with_for_update()).one()
        erase_words(Writing(session, case, house.house.now(), None, None))
