"""How the register reads as it grows: `python -m bench.register [sizes] [asks]`, by default 10000 100000 1000000.

For each size a fresh database is filled by COPY (bench/load.py), and the API, one process as it is shipped, is asked
the same things by one client and by ten. Printed: p50 and p95 of each in milliseconds, seen from the client.
"""

import asyncio
import os
import random
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from urllib.parse import quote

import httpx2
import psycopg

from bench.clients import Ask, Times, say, together
from bench.house import Staff, await_answer
from bench.load import OPEN_SHARE, Invented, copy
from bench.pages import Visitor
from db.policy_file import DEFAULT_PATH, load
from db.session import migrate, open_engine, open_sessions
from domain.roles import Role
from local.demo import seed
from local.demo_staff import STAFF
from local.ports import HOST, free_port
from local.postgres import Postgres, start_postgres
from local.process import start
from local.programs import API

Wanted = str | dict[str, str]
"""The path of a GET, or the body of a search."""
ASKS = 200
CLIENTS = (1, 10)


def asking(staff: Staff, login: str, wanted: Wanted) -> Ask:
    """The ask for a path, or for a search, by this person; anything but a good answer is a mistake of the benchmark."""
    if isinstance(wanted, str):
        return lambda: staff.ask(login, "GET", wanted)
    return lambda: staff.ask(login, "POST", "/search", wanted)


async def measure(url: str, size: int, asks: int) -> None:
    """Ask each thing by one client and by ten, and print."""
    async with httpx2.AsyncClient(base_url=url, timeout=60) as http:
        staff, handlers = Staff(http), [person.login for person in STAFF if Role.HANDLER in person.roles]
        managers = [person.login for person in STAFF if Role.POLE_MANAGER in person.roles]
        for name, paths in _asked(size, await _cursors(staff, handlers[0])).items():
            logins = managers if name.startswith("board") else handlers
            chance = random.Random(size)  # noqa: S311
            for clients in CLIENTS:
                wanted = [asking(staff, chance.choice(logins), chance.choice(paths)) for _ in range(asks)]
                await together(wanted[:20], clients)
                times = Times.of(await together(wanted, clients))
                say(f"{size:>9,} {name:<24} {clients:>2} clients   p50 {times.p50:7.1f}   p95 {times.p95:7.1f} ms")


async def measure_board_page(url: str, size: int, asks: int) -> None:
    """The board as people see it: all of its parts, as one page."""
    async with httpx2.AsyncClient(base_url=url, timeout=60) as http:
        visitor = Visitor(http)
        await visitor.signs_in("anne.le.goff")
        for name, path in {"board: the page": "/board", "board: the page, one pole": "/board?pole=benefits"}.items():
            await together([partial(visitor.opens, path)] * 5, 1)
            times = Times.of(await together([partial(visitor.opens, path)] * asks, 1))
            say(f"{size:>9,} {name:<24}  1 clients   p50 {times.p50:7.1f}   p95 {times.p95:7.1f} ms")


def _asked(size: int, cursors: list[str]) -> Mapping[str, Sequence[Wanted]]:
    """What people ask, by name: many paths each, so that no answer is remembered for another."""
    chance = random.Random(size)  # noqa: S311
    year = datetime.now(UTC).year
    newest = [f"REC-{year}-{number:07d}" for number in chance.sample(range(size - size // 200, size), 40)]
    poles = ("benefits", "memberships", "support", "member_relations")
    return {
        "inbox": ["/tasks"],
        "inbox of my pole": ["/tasks?whose=pole"],
        "list": ["/complaints"],
        "my drafts": ["/complaints?owner=me&state=drafted"],
        "a pole's analysed": [f"/complaints?pole={pole}&state=analysed" for pole in poles],
        "next page": [f"/complaints?cursor={quote(cursor)}" for cursor in cursors],
        "search by name": [{"name": name} for name in ("Marie Dupont", "le goff", "étienne", "dub")],
        "search a frequent word": [{"words": word} for word in ("réponse", "appelé", "écrire")],
        "search a common word": [{"words": word} for word in ("lunettes", "pharmacie", "ordonnances", "dentaire")],
        "search a rare word": [{"words": "oscilloscopes"}],
        "search a name's words": [{"words": name} for name in ("marie du", "le goff", "étienne", "dub")],
        "search two words": [{"words": words} for words in ("lunettes pharmacie", "cure dentaire", "kiné carte")],
        "search a phrase": [{"words": words} for words in ('"deux fois"', '"prise en charge"')],
        "search a reference": [{"words": reference} for reference in newest],
        "search nothing has": [{"words": "oscilloscope kiné ornithorynque"}],
        "case": [f"/complaints/{reference}" for reference in newest],
        "board: counts": ["/board/counts"],
        "board: counts of a pole": [f"/board/counts?pole={pole}" for pole in poles],
        "board: late": ["/board/late"],
        "board: late of a pole": [f"/board/late?pole={pole}" for pole in poles],
        "board: blocked": ["/board/blocked"],
        "board: load": ["/board/load"],
        "board: procedure": ["/board/procedure"],
        "board: a case's path": [f"/cases/{reference}/path" for reference in newest],
        "state of a case": [f"/cases/{reference}/state" for reference in newest],
    }


async def _cursors(staff: Staff, login: str) -> list[str]:
    """The cursors of the first forty pages."""
    cursors: list[str] = []
    for _ in range(40):
        page = await asking(
            staff, login, f"/complaints?limit=200{f'&cursor={quote(cursors[-1])}' if cursors else ''}"
        )()
        assert isinstance(page, dict)
        if page["next"] is None:
            break
        cursors.append(page["next"])
    return cursors


def fill(server: Postgres, size: int) -> str:
    """A new database with so many complaints; its address."""
    name = f"register_{size}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = server.url_of(name)
    migrate(url)
    engine = open_engine(url)
    begin = perf_counter()
    with open_sessions(engine).begin() as session:
        seed(session)
        invented = Invented(session, load(DEFAULT_PATH), datetime.now(UTC).date(), size)
    copy(url, invented.batches(), lambda _: None)
    engine.dispose()
    say(f"{size:>9,} loaded in {perf_counter() - begin:.0f} s, {size * OPEN_SHARE:,.0f} of them open")
    return url


@contextmanager
def serving(database: str, folder: Path) -> Iterator[str]:
    """The API as it is shipped, on this database; its address. The engine is away: reading does not need it."""
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": database,
        "ECHEANCE_API_PORT": str(port),
        "ECHEANCE_KEYS": f"bench:{b64encode(os.urandom(32)).decode()}",
        "TEMPORAL_ADDRESS": f"{HOST}:{free_port()}",
    }
    api = start(API.command, log=folder / "api.log", environment=environment, folder=Path(__file__).parents[1])
    try:
        url = f"http://{HOST}:{port}"
        await_answer(api, f"{url}/health/live")
        yield url
    finally:
        api.stop(API.patience)


def main(sizes: list[int], asks: int = ASKS) -> None:
    """Measure each size."""
    with TemporaryDirectory(prefix="echeance-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o711)
        server = start_postgres(folder / "postgres", log=folder / "postgres.log")
        stack.callback(server.stop)
        for size in sizes:
            with serving(fill(server, size), folder) as url:
                asyncio.run(measure(url, size, asks))
                asyncio.run(measure_board_page(url, size, asks))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
