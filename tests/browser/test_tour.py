"""The tour: its pictures are made here, and its page names exactly those that there are."""

import re
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser

from local.home import PROJECT
from tests.browser.house import OpenHouse
from tests.browser.places import PLACES, Scenery
from tests.browser.tour import FOLDER, SHOTS, take
from tests.browser.visitors import Visitors

MOST_BYTES = 1_500_000


def test_the_tour_names_exactly_the_pictures_there_are() -> None:
    page = (PROJECT / "docs" / "tour.md").read_text(encoding="utf-8")
    named = re.findall(r"\]\(images/tour/([a-z-]+)\.png\)", page)
    assert sorted(named) == sorted(shot.name for shot in SHOTS)
    assert sorted(file.stem for file in FOLDER.iterdir()) == sorted(named), "run `make tour`"


def test_the_pictures_of_the_tour_are_small() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < MOST_BYTES


@pytest.mark.proof
async def test_the_pictures_of_the_tour_are_taken(browser: Browser, doors: OpenHouse, scenery: Scenery) -> None:
    places = {place.name: place for place in PLACES}
    for old in FOLDER.glob("*.png"):
        old.unlink()
    async with AsyncExitStack() as stack:
        visitors = Visitors(browser, doors, stack)
        for shot in SHOTS:
            await take(shot, await visitors.at(places[shot.place], scenery, shot.language, shot.scheme))
