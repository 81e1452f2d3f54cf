"""How long pages take, and how much they weigh: `python -m bench.pages [asks]`.

On the demo with its two months, by one client at a time, HTTP and HTML included; then what the first visit of the inbox
brings over the wire, packed, with style, scripts and typeface.
"""

import asyncio
import re
import sys
from collections.abc import Mapping
from functools import partial
from time import monotonic, sleep

import httpx2

from bench.clients import Times, say, together
from bench.house import RunningHouse, running_house
from local.demo import DEMO_PASSWORD

_LOADED = "two months are loaded"
_PATIENCE_SECONDS = 600.0
_ASSETS = re.compile(r'(?:src|href)="(/(?:static|vendor)/[^"]+)"')


class Visitor:
    """Somebody before a browser: signed in by the page, with a cookie."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http
        self._cookies: dict[str, str] = {}

    async def signs_in(self, login: str) -> None:
        """As the form does."""
        form = {"login": login, "password": DEMO_PASSWORD, "on": "/"}
        answer = await self._http.post("/sign-in", data=form)
        self._cookies = {"Cookie": answer.headers["set-cookie"].partition(";")[0]}

    async def opens(self, path: str) -> str:
        """The page; anything but a 200 is a mistake of the benchmark."""
        answer = await self._http.get(path, headers=self._cookies)
        return answer.raise_for_status().text

    async def weighs(self, path: str) -> int:
        """How many bytes it brings over the wire, packed."""
        headers = {**self._cookies, "Accept-Encoding": "gzip"}
        async with self._http.stream("GET", path, headers=headers) as answer:
            answer.raise_for_status()
            return sum([len(part) async for part in answer.aiter_raw()])


async def measure(url: str, asks: int) -> None:
    """Ask for each page, and print."""
    async with httpx2.AsyncClient(base_url=url, timeout=60) as http:
        for login, pages in (await _pages(http)).items():
            visitor = Visitor(http)
            await visitor.signs_in(login)
            for name, path in pages.items():
                await together([partial(visitor.opens, path)] * 5, 1)
                times = Times.of(await together([partial(visitor.opens, path)] * asks, 1))
                weight = await visitor.weighs(path) / 1000
                say(f"{name:<28} p50 {times.p50:6.1f}   p95 {times.p95:6.1f} ms   {weight:6.1f} kB packed")
        await _first_visit(http)


async def _pages(http: httpx2.AsyncClient) -> Mapping[str, Mapping[str, str]]:
    """Who opens what; the complaint and the tasks are the first ones that their lists show."""
    manager, handler = Visitor(http), Visitor(http)
    await manager.signs_in("anne.le.goff")
    await handler.signs_in("soizic.le.dantec")
    listed = await manager.opens("/complaints?state=drafted")
    reference = _first(r'href="(/complaints/REC[^"]+)"', listed)
    to_validate = _first(r'href="(/tasks/[^"]+)"', await manager.opens("/inbox"))
    mine = _first(r'href="(/tasks/[^"]+)"', await handler.opens("/inbox"))
    return {
        "anne.le.goff": {
            "inbox": "/inbox",
            "inbox of a pole": "/inbox?whose=pole",
            "complaints": "/complaints",
            "a complaint": reference,
            "a task to validate": to_validate,
            "board": "/board",
            "all that is late": "/board/late",
            "give to others": "/board/reassign/soizic.le.dantec",
        },
        "soizic.le.dantec": {"new complaint": "/complaints/new", "a task of a handler": mine},
        "alexis.cozic": {"administration": "/administration", "people": "/administration/people"},
    }


def _first(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    if found is None:
        raise LookupError(f"no {pattern} on this page")
    return found[1]


async def _first_visit(http: httpx2.AsyncClient) -> None:
    visitor = Visitor(http)
    await visitor.signs_in("anne.le.goff")
    page = await visitor.weighs("/inbox")
    files = {path: await visitor.weighs(path) for path in sorted(set(_ASSETS.findall(await visitor.opens("/inbox"))))}
    for path, weight in files.items():
        say(f"{path.partition('?')[0]:<90} {weight / 1000:6.1f} kB")
    say(f"first visit of the inbox: {(page + sum(files.values())) / 1000:.1f} kB over the wire")


def await_history(house: RunningHouse) -> None:
    """Wait until the demo's two months are there. Raises TimeoutError."""
    give_up_at = monotonic() + _PATIENCE_SECONDS
    while _LOADED not in house.run.log.read_text():
        if monotonic() > give_up_at:
            raise TimeoutError(house.run.last_words())
        sleep(1)


def main(asks: int = 60) -> None:
    """Measure a house of one's own."""
    with running_house(ECHEANCE_DEMO="1") as house:
        await_history(house)
        asyncio.run(measure(house.url, asks))


if __name__ == "__main__":
    main(*(int(given) for given in sys.argv[1:]))
