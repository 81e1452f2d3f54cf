"""People who go from page to page, so that each signs in once."""

from contextlib import AsyncExitStack

from playwright.async_api import Browser

from tests.browser.house import OpenHouse
from tests.browser.person import Language, Person, Scheme, somebody
from tests.browser.places import Place, Scenery


class Visitors:
    """People who sit before their browsers already, so that each signs in once."""

    def __init__(self, browser: Browser, doors: OpenHouse, stack: AsyncExitStack) -> None:
        self._browser, self._doors, self._stack = browser, doors, stack
        self._come: dict[tuple[str, str, str, bool], Person] = {}

    async def at(self, place: Place, scenery: Scenery, language: Language = "fr", scheme: Scheme = "light") -> Person:
        """Somebody who looks at this place."""
        seat = (place.login, language, scheme, place.signed_in)
        if seat not in self._come:
            sits = somebody(self._browser, self._doors, place.login, language, scheme=scheme, signed_in=place.signed_in)
            self._come[seat] = await self._stack.enter_async_context(sits)
        path = place.path
        for name, stands_for in scenery.items():
            path = path.replace(f"{{{name}}}", stands_for)
        await self._come[seat].goes_to(path)
        return self._come[seat]
