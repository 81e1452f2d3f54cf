"""A disk is full: the post's, or the register's. Nothing is half written, the case says why, and all leaves later."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from temporalio.testing import WorkflowEnvironment

from local.sink import Sink
from tests.api.counter import NOON
from tests.stories.acts import acknowledges, completes, enters, kinds_before, letters_of
from tests.stories.house import StoryHouse, open_house

FRONT_DESK, OWNER = "malo.quere", "claire.morvan"
MINUTE = timedelta(minutes=1)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """No byte more reaches the disk below a folder, whoever writes: root has no more room than others."""
    flush = os.fsync

    def no_room(descriptor: int) -> None:
        if folder in Path(f"/proc/self/fd/{descriptor}").readlink().parents:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        flush(descriptor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", no_room)
        yield


@contextmanager
def no_room_for_letters(house: StoryHouse) -> Iterator[None]:
    """PostgreSQL has no room for a letter, and says so as it does: class 53, insufficient resources."""
    with house.house.sessions.begin() as session:
        session.execute(
            text(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
                "$$BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END$$"
            )
        )
        session.execute(text("CREATE TRIGGER no_room BEFORE UPDATE OF pdf ON letters EXECUTE FUNCTION no_room()"))
    yield
    with house.house.sessions.begin() as session:
        session.execute(text("DROP FUNCTION no_room CASCADE"))


def files(folder: Path) -> list[Path]:
    """What lies in the post, half files too."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


async def test_a_letter_waits_until_the_disk_of_the_post_has_room_and_its_owner_is_asked_after_an_hour(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, NOON) as house:
        reference = await enters(house, FRONT_DESK, skills=["english"])
        with full(house.post_folder):
            await acknowledges(house, OWNER, reference, "post")
            await house.sleep(10 * MINUTE)
            [letter] = await letters_of(house, OWNER, reference)
            assert (letter["posted_on"], letter["last_error"]) == (None, "OSError: [Errno 28] No space left on device")
            assert files(house.post_folder) == []
            assert await kinds_before(house, OWNER, reference) == ["analyse"]
            await house.sleep(55 * MINUTE)
            assert sorted(await kinds_before(house, OWNER, reference)) == ["analyse", "repair_delivery"]
        await house.sleep(6 * MINUTE)
        [letter] = await letters_of(house, OWNER, reference)
        assert (letter["posted_on"], letter["last_error"]) == ("2031-03-03", None)
        assert [file.suffix for file in files(house.post_folder)] == [".pdf"]


async def a_letter_laid_late(house: StoryHouse) -> str:
    """The reference of a complaint whose letter found the disk full for so long that its owner was asked for help."""
    reference = await enters(house, FRONT_DESK, skills=["english"])
    with full(house.post_folder):
        await acknowledges(house, OWNER, reference, "post")
        await house.sleep(65 * MINUTE)
    await house.sleep(6 * MINUTE)
    return reference


async def test_a_letter_that_was_laid_late_and_leaves_another_way_is_in_no_post(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, NOON) as house:
        reference = await a_letter_laid_late(house)
        assert len(files(house.post_folder)) == 1

        # It lies in the day's post; the owner, who was asked for help, sends it by e-mail all the same.
        await completes(house, OWNER, reference, "repair_delivery", {"outcome": "resend", "dispatch": "email"})
        await house.sleep_until(NOON.replace(hour=16, minute=35))
        await house.relay()
        [letter] = await letters_of(house, OWNER, reference)
        assert (letter["dispatch"], letter["posted_on"]) == ("email", None)
        assert len(sink.mailbox.mails()) == 1
        assert [file.name for file in files(house.post_folder)] == ["manifest.csv", "manifest.json"]


async def test_a_corrected_address_replaces_the_letter_that_lies_in_the_days_post(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, NOON) as house:
        reference = await a_letter_laid_late(house)
        address = ["3 rue du Port", "29200 Brest"]
        body = {"outcome": "resend", "dispatch": "post", "address": address}
        await completes(house, OWNER, reference, "repair_delivery", body)
        await house.sleep_until(NOON.replace(hour=16, minute=35))
        await house.relay()
        [letter] = await letters_of(house, OWNER, reference)
        assert (letter["last_error"], letter["posted_on"]) == (None, "2031-03-03")
        assert letter["handed_over_at"] is not None
        assert [file.suffix for file in files(house.post_folder)] == [".pdf", ".csv", ".json"]


async def test_a_letter_waits_until_the_register_has_room_for_it(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, NOON) as house:
        reference = await enters(house, FRONT_DESK, skills=["english"])
        with no_room_for_letters(house):
            await acknowledges(house, OWNER, reference, "email")
            await house.sleep(5 * MINUTE)
            [letter] = await letters_of(house, OWNER, reference)
            assert "DiskFull" in letter["last_error"]
            assert (letter["produced_at"], sink.mailbox.mails()) == (None, [])
        await house.sleep(6 * MINUTE)
        [letter] = await letters_of(house, OWNER, reference)
        assert letter["handed_over_at"] is not None
        assert len(sink.mailbox.mails()) == 1
