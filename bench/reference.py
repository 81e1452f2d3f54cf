"""How fast reference data are taken in: `python -m bench.reference [contributions]`, by default 500000.

A fresh database, `fsync` on: members, contracts and accounts for as many as needed at a hundred months each, then the
contributions; then each file once more, which changes nothing. Printed: seconds by the clock and by processor, Python's
alone, and lines a second.
"""

import os
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

from bench.clients import say
from db.commands.reference.imports import File, take_in
from db.session import Sessions, migrate, open_engine, open_sessions
from domain.reference.reading import Reading
from domain.reference.words import ReferenceKind
from keys.ring import Keys
from local.demo.reference import invented_iban
from local.postgres import start_postgres

LINES = 500_000
MONTHS = 100


def files(lines: int) -> dict[ReferenceKind, bytes]:
    """A file of each kind for so many contributions."""
    numbers = range(lines // MONTHS)
    return {
        ReferenceKind.MEMBERS: _csv("number;name", numbers, lambda n: [f"M{n:07d};M. Nom {n}"]),
        ReferenceKind.CONTRACTS: _csv(
            "number;member_number;guarantee;from_on", numbers, lambda n: [f"C{n:07d};M{n:07d};CONFORT;2016-01-01"]
        ),
        ReferenceKind.IBANS: _csv(
            "member_number;iban;changed_through;from_at",
            numbers,
            lambda n: [f"M{n:07d};{invented_iban(n)};member;2026-01-05"],
        ),
        ReferenceKind.CONTRIBUTIONS: _csv("contract_number;period_on;due_cents;paid_cents", numbers, _months),
    }


def _csv(header: str, numbers: range, lines: Callable[[int], list[str]]) -> bytes:
    return "\n".join([header, *(line for number in numbers for line in lines(number)), ""]).encode()


def _months(number: int) -> list[str]:
    return [f"C{number:07d};{2016 + month // 12}-{month % 12 + 1:02d}-01;4900;4900" for month in range(MONTHS)]


def measure(sessions: Sessions, kind: ReferenceKind, content: bytes) -> None:
    """Take a file in, and say how long it took."""
    wall_began, processor_began = perf_counter(), process_time()
    with sessions.begin() as session:
        reading = Reading(kind, datetime.now(UTC), ZoneInfo("Europe/Paris"))
        row = take_in(session, reading, File(f"{kind}.csv", BytesIO(content)))
    wall, processor = perf_counter() - wall_began, process_time() - processor_began
    told = f"{row.accepted:>9,} taken in, {row.unchanged:>9,} unchanged"
    say(f"{kind:<14}{told}: {wall:6.1f} s, of them Python {processor:5.1f} s; {row.lines / wall:9,.0f} lines/s")


def _measured(lines: int) -> Iterator[tuple[ReferenceKind, bytes]]:
    for _ in range(2):
        yield from files(lines).items()


def main(lines: int) -> None:
    """Measure each file, twice."""
    with TemporaryDirectory(prefix="echeance-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o711)
        server = start_postgres(folder / "postgres", log=folder / "postgres.log")
        stack.callback(server.stop)
        migrate(server.url)
        engine = open_engine(server.url)
        stack.callback(engine.dispose)
        sessions = open_sessions(engine, Keys.parse(f"bench:{b64encode(os.urandom(32)).decode()}"))
        for kind, content in _measured(lines):
            measure(sessions, kind, content)
        say(f"load average: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LINES)
