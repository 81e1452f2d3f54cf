"""Letters by post: one batch per working day, closed at 16:30; what misses it is the next working day's.

Source: procedures, section 1 step 6
"""

import csv
import json
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from temporalio.testing import WorkflowEnvironment

from local.sink import Sink
from tests.letters.pdf import text_of
from tests.stories.acts import acknowledges, answers, approves, deadlines_of, enters, letters_of, pdf_of, state_of
from tests.stories.house import StoryHouse, open_house

PARIS = ZoneInfo("Europe/Paris")
FRONT_DESK, OWNER, REFERENT, MANAGER = "malo.quere", "claire.morvan", "gwenola.prigent", "anne.le.goff"


def april(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of April 2031 in Paris; the 29th is a Tuesday, and Thursday 1 May is a holiday."""
    return datetime(2031, 4, day, hour, minute, tzinfo=PARIS)


def may(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of May 2031 in Paris."""
    return datetime(2031, 5, day, hour, minute, tzinfo=PARIS)


async def test_an_answer_by_post_is_handed_over_when_the_days_manifest_is_closed(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, april(29, 9)) as house:
        # Tuesday 29 April, 9:00. A complaint is answered within the morning, by post.
        reference = await enters(house, FRONT_DESK)
        assert await answers(house, OWNER, reference, REFERENT, MANAGER, dispatch="post") == "approved"

        # Noon. The letter lies in the day's folder, the same as the register keeps; it has not been handed over.
        await house.sleep_until(april(29, 12))
        [letter] = await letters_of(house, OWNER, reference)
        assert (letter["posted_on"], letter["handed_over_at"]) == ("2031-04-29", None)
        [file] = day_folder(house, "2031-04-29").iterdir()
        assert file.name == f"{reference}-{letter['id']}.pdf"
        assert file.read_bytes() == await pdf_of(house, OWNER, letter)
        assert "Nous vous remboursons sans délai." in text_of(file.read_bytes())
        assert await state_of(house, OWNER, reference) == "approved"

        # 16:29. Not yet. 16:31. The manifest is closed; the relay tells the case, which is answered, and closed.
        await house.sleep_until(april(29, 16, 29))
        assert manifest(house, "2031-04-29") is None
        await house.sleep_until(april(29, 16, 31))
        assert [(one["reference"], one["sha256"]) for one in letters_on(house, "2031-04-29")] == [
            (reference, letter["pdf_sha256"])
        ]
        await house.relay()
        await house.sleep_until(april(29, 16, 32))
        [letter] = await letters_of(house, OWNER, reference)
        assert datetime.fromisoformat(letter["handed_over_at"]) == april(29, 16, 30)
        assert await state_of(house, OWNER, reference) == "closed"


async def test_what_misses_the_post_is_the_next_working_days(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, april(30, 9)) as house:
        # Wednesday 30 April. Two complaints; one is acknowledged by post before the manifest is closed, one after.
        in_time, late = await enters(house, FRONT_DESK), await enters(house, FRONT_DESK)
        owner = {one: login_of(await house.get(FRONT_DESK, f"/complaints/{one}")) for one in (in_time, late)}
        await house.sleep_until(april(30, 16, 25))
        await acknowledges(house, owner[in_time], in_time, "post")
        await house.sleep_until(april(30, 16, 35))
        await acknowledges(house, owner[late], late, "post")
        await house.relay()
        await house.sleep_until(april(30, 16, 40))
        assert await handed_over(house, in_time)
        assert [one["reference"] for one in letters_on(house, "2031-04-30")] == [in_time]

        # Thursday 1 May is a holiday: no post. Friday 2 May, 16:30. The other letter leaves.
        await house.sleep_until(may(2, 9))
        assert not day_folder(house, "2031-05-01").exists()
        assert not await handed_over(house, late)
        await house.sleep_until(may(2, 16, 31))
        await house.relay()
        assert await handed_over(house, late)
        assert [one["reference"] for one in letters_on(house, "2031-05-02")] == [late]

        # Between them nothing was in two posts, and a list that people can open says the same.
        table = (day_folder(house, "2031-05-02") / "manifest.csv").read_text("utf-8-sig")
        [line] = csv.DictReader(table.splitlines(), delimiter=";")
        [letter] = await letters_of(house, FRONT_DESK, late)
        assert (line["Référence"], line["SHA-256"]) == (late, letter["pdf_sha256"])
        assert sha256((day_folder(house, "2031-05-02") / line["Fichier"]).read_bytes()).hexdigest() == line["SHA-256"]


async def test_an_answer_approved_in_time_is_late_when_it_misses_the_days_post(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, may(2, 9)) as house:
        # Friday 2 May. A letter stamped on Friday 18 April is entered: 10 working days end on Monday 5 May, 17:00.
        reference = await enters(house, FRONT_DESK, received_on="2031-04-18")
        await answers(house, OWNER, reference, REFERENT, dispatch="post")

        # Monday 5 May, 16:45. The last approval: in time, but the day's post has gone at 16:30.
        await house.sleep_until(may(5, 16, 45))
        assert await approves(house, MANAGER, reference) == "approved"

        # Tuesday 6 May, 16:30. It is handed over, and late.
        await house.sleep_until(may(6, 16, 31))
        await house.relay()
        answer = (await deadlines_of(house, OWNER, reference))["answer"]
        assert datetime.fromisoformat(answer["due_at"]) == may(5, 17)
        assert datetime.fromisoformat(answer["met_at"]) == may(6, 16, 30)


def day_folder(house: StoryHouse, day: str) -> Path:
    """Where a day's post lies."""
    return house.post_folder / day


def manifest(house: StoryHouse, day: str) -> dict[str, Any] | None:
    """The day's manifest, once it is closed."""
    file = day_folder(house, day) / "manifest.json"
    return json.loads(file.read_bytes()) if file.exists() else None


def letters_on(house: StoryHouse, day: str) -> list[dict[str, Any]]:
    """What is on the day's manifest, each letter's hash being that of its file."""
    closed = manifest(house, day)
    assert closed is not None
    assert closed["closed_at"] == f"{day}T16:30:00+02:00"
    for one in closed["letters"]:
        content = (day_folder(house, day) / one["file"]).read_bytes()
        assert (sha256(content).hexdigest(), len(content)) == (one["sha256"], one["size_bytes"])
    letters: list[dict[str, Any]] = closed["letters"]
    return letters


async def handed_over(house: StoryHouse, reference: str) -> bool:
    """Whether every letter of the case has left."""
    return all(one["handed_over_at"] for one in await letters_of(house, FRONT_DESK, reference))


def login_of(complaint: dict[str, Any]) -> str:
    """The login of a complaint's owner."""
    return {"Mme Claire Morvan": OWNER, "M. Yann Kerloch": "yann.kerloch"}[complaint["owner"]]
