"""Somebody before a browser of their own: what they open, type and choose, and what their browser was made to do."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, Locator, Page, Response

from local.demo import DEMO_PASSWORD
from tests.browser.house import OpenHouse

Language = Literal["fr", "en"]
Scheme = Literal["light", "dark"]
Given = Mapping[str, str | Sequence[str]]
LOCALES = {"fr": "fr-FR", "en": "en-GB"}
WIDE, NARROW = 1280, 320
HEIGHT = 900
_OF_THE_BROWSER = ("data:", "chrome-extension:", "chrome://")
"""What leaves nobody's machine: parts of the browser itself, such as what shows PDFs."""
_REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
"""What the browser itself says of a form that comes back with what is wrong."""


@dataclass
class Person:
    """Somebody with a window open on the house, and a mouse."""

    login: str
    doors: OpenHouse
    context: BrowserContext
    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def goes_to(self, path: str) -> Response:
        """They open a page."""
        answer = await self.page.goto(self.doors.address + path)
        assert answer
        return answer

    async def signs_in(self) -> None:
        """They type login and password into the page that asks for them."""
        if not await self.page.locator("#login").count():
            await self.goes_to("/sign-in")
        await self.sends(self.page.locator("form", has=self.page.locator("#login")), self.papers)

    @property
    def papers(self) -> Given:
        """What they sign in with."""
        return {"login": self.login, "password": DEMO_PASSWORD}

    async def presses(self, button: Locator) -> None:
        """They press a button or follow a link, and wait for the page that comes."""
        async with self.page.expect_navigation():
            await button.click()

    async def fills(self, form: Locator, given: Given) -> None:
        """They type into fields, and choose from lists; the names are those of the fields."""
        await self.unfolds(form)
        for name, value in given.items():
            for one in [value] if isinstance(value, str) else value:
                await self.gives(form.locator(f'[name="{name}"]'), one)

    async def gives(self, place: Locator, value: str) -> None:
        """They type into one field, or choose one of its values."""
        if await place.count() > 1 or await place.get_attribute("type") in {"radio", "checkbox"}:
            await place.and_(self.page.locator(f'[value="{value}"]')).check()
        elif await place.and_(self.page.locator("select")).count():
            await place.select_option(value)
        else:
            await self.unfolds(place)
            await place.fill(value)

    async def unfolds(self, hidden: Locator) -> None:
        """They open the folds that hide something."""
        folds = hidden.locator("xpath=ancestor::details[not(@open)]")
        while await folds.count():
            await folds.first.locator("> summary").click()

    async def sends(self, form: Locator, given: Given) -> None:
        """They fill in a form and press its button."""
        await self.fills(form, given)
        await self.presses(button_of(form))

    def form(self, outcome: str) -> Locator:
        """The form of one outcome of a task."""
        return self.page.locator("form", has=self.page.locator(f'input[name="outcome"][value="{outcome}"]'))

    def field(self, name: str) -> Locator:
        """A field by its name."""
        return self.page.locator(f'[name="{name}"]')

    @property
    def path(self) -> str:
        """Where they are."""
        return urlsplit(self.page.url).path

    async def reads(self) -> str:
        """All words on the page that can be seen, with plain spaces."""
        return re.sub(r"[\u00a0\u202f]", " ", await self.page.locator("body").inner_text())


class Typist(Person):
    """Somebody without a mouse: Tab, Space, Enter, arrows, and letters."""

    async def reaches(self, place: Locator) -> None:
        """They press Tab until the place has the focus."""
        for _ in range(120):
            if await place.evaluate("one => one === document.activeElement"):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {place}")

    async def presses(self, button: Locator) -> None:
        """Enter, on the button or the link."""
        await self.reaches(button)
        async with self.page.expect_navigation():
            await self.page.keyboard.press("Enter")

    async def gives(self, place: Locator, value: str) -> None:
        """Letters, Space or arrows, as the field wants them."""
        kind = await place.first.evaluate("one => one.type")
        if kind == "radio":
            await self._turns_to(place, value)
        elif kind == "checkbox":
            await self.reaches(place.and_(self.page.locator(f'[value="{value}"]')))
            await self.page.keyboard.press("Space")
        elif kind == "select-one":
            await self._goes_down_to(place, value)
        elif kind == "date":
            await self._writes_the_day(place, date.fromisoformat(value))
        else:
            await self.unfolds(place)
            await self.reaches(place)
            await self.page.keyboard.press("Control+a")
            await self.page.keyboard.insert_text(value)

    async def _writes_the_day(self, place: Locator, day: date) -> None:
        """Day, month, year, in the order in which the browser shows them."""
        await self.unfolds(place)
        await self.reaches(place)
        for order in ("%d%m%Y", "%m%d%Y"):
            for _ in range(2):
                await self.page.keyboard.press("ArrowLeft")
            await self.page.keyboard.type(day.strftime(order))
            if await place.input_value() == day.isoformat():
                return
        raise AssertionError(f"no way to write {day}")

    async def _goes_down_to(self, choices: Locator, value: str) -> None:
        """From the first one of a list down to the one that is meant."""
        await self.reaches(choices)
        await self.page.keyboard.press("Home")
        for _ in range(await choices.locator("option").count()):
            if await choices.input_value() == value:
                return
            await self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {value}")

    async def _turns_to(self, radios: Locator, value: str) -> None:
        """Tab stops at the chosen one or at the first one; arrows choose the next."""
        chosen = radios.and_(self.page.locator(":checked"))
        if not await chosen.count():
            await self.reaches(radios.first)
            await self.page.keyboard.press("Space")
        await self.reaches(chosen)
        for _ in range(await radios.count()):
            if await chosen.get_attribute("value") == value:
                return
            await self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {value}")

    async def unfolds(self, hidden: Locator) -> None:
        """Enter, on what folds it."""
        folds = hidden.locator("xpath=ancestor::details[not(@open)]")
        while await folds.count():
            await self.reaches(folds.first.locator("> summary"))
            await self.page.keyboard.press("Enter")


def button_of(form: Locator) -> Locator:
    """The button that sends a form."""
    return form.locator("button:not([form], [formaction])").last


@asynccontextmanager
async def somebody(
    browser: Browser,
    doors: OpenHouse,
    login: str,
    language: Language = "fr",
    width: int = WIDE,
    scheme: Scheme = "light",
    *,
    who: type[Person] = Person,
    signed_in: bool = True,
    may_say: str = "(?!)",
    **context: Any,
) -> AsyncIterator[Person]:
    """Somebody with a browser of their own. In the end it has asked no other host, and its console has said nothing.

    `may_say` is a pattern of what the console may say all the same.
    """
    window: dict[str, Any] = {"viewport": {"width": width, "height": HEIGHT}, "timezone_id": "Europe/Paris"}
    opened = await browser.new_context(locale=LOCALES[language], color_scheme=scheme, **(window | context))
    try:
        opened.set_default_timeout(20_000)
        person = who(login, doors, opened, await opened.new_page())
        listen(person)
        if signed_in:
            await person.signs_in()
        yield person
        assert [one for one in person.asked if not one.startswith((f"{doors.address}/", *_OF_THE_BROWSER))] == []
        assert [one for one in person.said if not (_REFUSED.match(one) or re.search(may_say, one))] == []
    finally:
        await opened.close()


def listen(person: Person) -> None:
    """Note whatever any of their pages asks for, and what its console says."""
    person.context.on("request", lambda request: person.asked.append(request.url))
    person.context.on("console", lambda message: person.said.append(message.text))
    person.context.on("weberror", lambda error: person.said.append(str(error.error)))
