"""The tour: its pictures are made here, and its page names exactly those that there are."""

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser
from sqlalchemy import select

from db.models import Case, OperationRow, TaskRow
from domain.backlog.words import BacklogTask
from local.engine import start_skipping_engine
from local.home import PROJECT
from local.sink import Sink
from tests.browser.house import OpenHouse, doors_of
from tests.browser.places import PLACES, Place, Scenery
from tests.browser.tour import DEMO_PLACES, DEMO_SHOTS, FOLDER, SHOTS, Shot, take
from tests.browser.visitors import Visitors
from tests.conftest import Ask
from tests.factories.demo_past import PARIS, is_played, stands_still
from tests.servers import INSURER, fresh_database, require
from tests.stories.house import open_house

MOST_BYTES = 1_500_000
A_THURSDAY = datetime(2031, 3, 6, 10, 30, tzinfo=PARIS)
ALL = (*SHOTS, *DEMO_SHOTS)


@pytest.fixture
async def demo(browser: Browser, postgres: str, ask: Ask, tmp_path: Path) -> AsyncIterator[OpenHouse]:
    """A house in which the demo's operations and audit have been going on for weeks."""
    require("skipping server")
    with fresh_database(ask("insurer").open(), INSURER) as url, Sink(tmp_path / "mails").listening() as sink:
        async with (
            await start_skipping_engine() as environment,
            open_house(environment, url, sink, tmp_path, A_THURSDAY) as house,
            doors_of(house) as doors,
        ):
            await is_played(house.house.sessions, house.house.now(), tmp_path / "past", stands_still)
            yield doors


def told_in(doors: OpenHouse) -> Scenery:
    """What the placeholders of the demo's places stand for: its audit, its operations, what a director decides."""
    with doors.story.house.sessions() as session:
        audit = session.scalars(select(Case.reference).where(Case.procedure == "audit")).first()
        told = select(OperationRow.activity, Case.reference).join(Case, Case.id == OperationRow.case_id)
        references = dict(session.execute(told).all())
        decides = session.scalars(select(TaskRow.id).where(TaskRow.kind == BacklogTask.DECIDE_OFF_TRACK)).one()
    running, lending = references["care-invoices"], references["complaints"]
    return {"audit": audit or "", "operation": running, "lending": lending, "decides": str(decides)}


async def takes(
    browser: Browser, doors: OpenHouse, scenery: Scenery, places: Iterable[Place], shots: Iterable[Shot]
) -> None:
    """Go to each place, and keep its picture."""
    known = {place.name: place for place in places}
    async with AsyncExitStack() as stack:
        visitors = Visitors(browser, doors, stack)
        for shot in shots:
            await take(shot, await visitors.at(known[shot.place], scenery, shot.language, shot.scheme))


def test_the_tour_names_exactly_the_pictures_there_are() -> None:
    page = (PROJECT / "docs" / "tour.md").read_text(encoding="utf-8")
    named = re.findall(r"\]\(images/tour/([a-z-]+)\.png\)", page)
    assert sorted(named) == sorted(shot.name for shot in ALL)
    assert sorted(file.stem for file in FOLDER.iterdir()) == sorted(named), "run `make tour`"


def test_the_pictures_of_the_tour_are_small() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < MOST_BYTES


@pytest.mark.proof
async def test_the_pictures_of_the_tour_are_taken(browser: Browser, doors: OpenHouse, scenery: Scenery) -> None:
    for old in {*FOLDER.glob("*.png")} - {shot.file for shot in DEMO_SHOTS}:
        old.unlink()
    await takes(browser, doors, scenery, PLACES, SHOTS)


@pytest.mark.proof
async def test_the_pictures_of_operations_and_audits_are_taken(browser: Browser, demo: OpenHouse) -> None:
    await takes(browser, demo, told_in(demo), DEMO_PLACES, DEMO_SHOTS)
