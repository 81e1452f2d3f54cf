"""Every page: nobody is kept out, nothing scrolls sideways, at any width and with any letters."""

from contextlib import AsyncExitStack
from itertools import cycle, product

import pytest
from playwright.async_api import Browser

from tests.browser.axe import barriers
from tests.browser.house import OpenHouse
from tests.browser.person import HEIGHT, NARROW, WIDE, Language, Scheme
from tests.browser.places import PLACES, Place, Scenery
from tests.browser.visitors import Visitors

LANGUAGES: tuple[Language, ...] = ("fr", "en")
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
LOOKS = tuple(product(LANGUAGES, SCHEMES))
EVERY_DAY = {"sign in", "inbox", "new complaint", "complaint that is answered", "draft the answer", "validate"}
_SIDEWAYS = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
_LARGER = "letters => { document.documentElement.style.fontSize = letters }"


@pytest.mark.proof
async def test_no_page_scrolls_sideways(browser: Browser, doors: OpenHouse, scenery: Scenery) -> None:
    """At 320 pixels; with everything, or the letters alone, twice as large."""
    wide = []
    async with AsyncExitStack() as stack:
        visitors = Visitors(browser, doors, stack)
        for place in PLACES:
            person = await visitors.at(place, scenery)
            for width, letters in ((NARROW, ""), (WIDE // 2, ""), (WIDE, "200%")):
                await person.page.set_viewport_size({"width": width, "height": HEIGHT})
                await person.page.evaluate(_LARGER, letters)
                if await person.page.evaluate(_SIDEWAYS) > 0:
                    wide.append(f"{place.name} at {width} {letters}".strip())
    assert wide == []


@pytest.mark.proof
async def test_axe_finds_nothing_serious_on_the_pages_of_every_day(
    browser: Browser, doors: OpenHouse, scenery: Scenery
) -> None:
    """Each in one language and scheme, taken in turn; the proof looks at all pages in all of them."""
    looks = cycle(LOOKS)
    async with AsyncExitStack() as stack:
        visitors = Visitors(browser, doors, stack)
        places = [place for place in PLACES if place.name in EVERY_DAY]
        found = {place.name: await barriers_at(place, scenery, visitors, *next(looks)) for place in places}
    assert {name: ones for name, ones in found.items() if ones} == {}


@pytest.mark.proof
@pytest.mark.parametrize(("language", "scheme"), LOOKS)
async def test_axe_finds_nothing_serious_in_any_language_and_scheme(
    browser: Browser, doors: OpenHouse, scenery: Scenery, language: Language, scheme: Scheme
) -> None:
    async with AsyncExitStack() as stack:
        visitors = Visitors(browser, doors, stack)
        found = {place.name: await barriers_at(place, scenery, visitors, language, scheme) for place in PLACES}
    assert {name: ones for name, ones in found.items() if ones} == {}


async def barriers_at(
    place: Place, scenery: Scenery, visitors: Visitors, language: Language, scheme: Scheme
) -> list[str]:
    """What keeps people out there."""
    return await barriers((await visitors.at(place, scenery, language, scheme)).page)
