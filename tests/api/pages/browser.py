"""Somebody before a browser without JavaScript: pages are opened, forms are sent as the page has them."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from typing import Any

import httpx2

from api.pages.visit import SESSION
from tests.api.counter import Counter
from tests.stories.house import caller

PASSWORD = "embruns-2026"


class Browser:
    """One browser, with its cookies. `seen` is all that came: status lines, headers and addresses, without bodies."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http
        self._mark = ""
        self.seen: list[str] = []

    @property
    def token(self) -> str:
        """What the session's cookie holds."""
        return self._http.cookies[SESSION]

    async def open(self, path: str, **headers: str) -> httpx2.Response:
        """Open a page; redirections are followed."""
        return await self._end(await self._http.get(path, headers=headers))

    async def send(self, path: str, **fields: Any) -> httpx2.Response:
        """Send a form with the last page's mark."""
        return await self._end(await self._http.post(path, data={"mark": self._mark, **fields}))

    async def send_file(self, path: str, name: str, content: bytes, **fields: str) -> httpx2.Response:
        """Send a form with a file in it."""
        files = {"file": (name, content, "application/xml")}
        return await self._end(await self._http.post(path, data={"mark": self._mark, **fields}, files=files))

    async def sign_in(self, login: str, password: str = PASSWORD) -> httpx2.Response:
        """Sign in, and see the page that follows."""
        return await self.send("/sign-in", login=login, password=password, on="/")

    async def _end(self, answer: httpx2.Response) -> httpx2.Response:
        self._note(answer)
        while answer.is_redirect:
            answer = await self._http.get(answer.headers["location"])
            self._note(answer)
        found = re.search(r'name="mark" value="([^"]+)"', answer.text)
        self._mark = found[1] if found else self._mark
        return answer

    def _note(self, answer: httpx2.Response) -> None:
        self.seen.append(f"{answer.request.url} {answer.status_code} {dict(answer.headers)} {dict(self._http.cookies)}")


@asynccontextmanager
async def browser_of(counter: Counter, login: str = "", language: str = "fr") -> AsyncIterator[Browser]:
    """A browser of its own; with a login, somebody of the demo is signed in."""
    async with caller(counter.app) as http:
        http.headers["Accept-Language"] = language
        browser = Browser(http)
        if login:
            assert (await browser.sign_in(login)).status_code == 200
        yield browser


def text_of(answer: httpx2.Response) -> str:
    """What a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
