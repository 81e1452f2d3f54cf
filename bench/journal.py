"""How long the journal takes to verify, and a night's checkpoint to make: `python -m bench.journal [cases]`.

Cases of ten chained lines each are put into a register of its own. Printed: the pace of verifying it, without the
engine; a first night's checkpoint, over all cases; a second night's, over one in a hundred; memory at the end.
"""

import resource
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from uuid import UUID, uuid4

from sqlalchemy import Engine, insert, text

from activities.checkpoints import Checkpoints
from db.commands.keys import journal_key
from db.models import Case, JournalLine
from db.queries.verification.chains import Read
from db.queries.verification.register import verify_register
from db.session import Sessions, migrate, open_engine, open_sessions
from db.vault import DataKey
from domain.rounds import Round, RoundKind
from keys.chain import BEGINNING, Link, line_mac
from keys.ring import Keys
from local.postgres import start_postgres

LINES = 10
AT = datetime(2031, 3, 3, 9, tzinfo=UTC)
FACTS = {"kind": "acknowledge", "offered_to": ["person:0198"], "nobody_left": False, "due_at": "2031-03-05T17:00:00"}
AT_ONCE = 5000
Row = dict[str, object]


def chained(key: DataKey, case_id: UUID) -> tuple[list[Row], bytes]:
    """The lines of one case, and its head."""
    rows: list[Row] = []
    head = BEGINNING
    for line in range(1, LINES + 1):
        head = line_mac(key.secret, head, Link(case_id, line, "TaskOpened", AT, None, None, FACTS, None))
        row = {"case_id": case_id, "line": line, "event": "TaskOpened", "at": AT, "facts": FACTS}
        rows.append(row | {"mac": head, "key_id": key.id})
    return rows, head


def case_row(number: int, case_id: UUID, head: bytes) -> Row:
    """A case of which nothing matters but its journal."""
    said = {"procedure": "complaint", "state": "assigned", "policy": "procedure-2", "pole": "benefits"}
    dates = {"received_on": AT.date(), "opened_at": AT}
    return {"id": case_id, "reference": f"REC-{number}", "lines": LINES, "head": head, **said, **dates}


def fill(sessions: Sessions, cases: int) -> None:
    """Put them there."""
    with sessions.begin() as session:
        key = journal_key(session)
    for numbers in chunks(cases):
        with sessions.begin() as session:
            ids = [uuid4() for _ in numbers]
            told = [chained(key, case_id) for case_id in ids]
            heads = [head for _, head in told]
            rows = [case_row(*one) for one in zip(numbers, ids, heads, strict=True)]
            session.execute(insert(Case), rows)
            session.execute(insert(JournalLine), [row for lines, _ in told for row in lines])


def chunks(cases: int) -> Iterator[range]:
    """Some numbers at a time."""
    step = AT_ONCE // LINES
    yield from (range(first, min(first + step, cases)) for first in range(0, cases, step))


def timed(name: str, begin: float, count: int) -> None:
    """Say how long something took, and how many a second."""
    seconds = perf_counter() - begin
    sys.stdout.write(f"{name:<28} {seconds:7.2f} s   {count / seconds:10.0f} a second\n")


def measure(engine: Engine, folder: Path, cases: int) -> None:
    """Fill, verify, make two nights' checkpoints, verify again."""
    sessions = open_sessions(engine, Keys.generate())
    fill(sessions, cases)
    verify(sessions, None)
    checkpoints = Checkpoints(sessions, folder)
    for night, share in ((0, 1), (1, 100)):
        begin = perf_counter()
        checkpoints.make(Round(RoundKind.CHECKPOINT, date(2031, 3, 3 + night), AT + timedelta(days=night)))
        timed(f"checkpoint of 1 in {share}", begin, cases // share)
        with sessions.begin() as session:
            session.execute(text("UPDATE cases SET checkpointed = 0 WHERE id < '028f0000-0000-0000-0000-000000000000'"))
    verify(sessions, folder)


def verify(sessions: Sessions, folder: Path | None) -> None:
    """Verify all; nothing is to be found."""
    begin, read = perf_counter(), Read()
    found = list(verify_register(sessions, folder, read))
    assert all("has no" in str(one) for one in found[:5]), found[:5]
    timed(f"verify {read.lines} lines", begin, read.lines)


def main(cases: int) -> None:
    """Measure and print."""
    with TemporaryDirectory(prefix="echeance-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        server = start_postgres(folder / "postgres", log=folder / "postgres.log", durable=False)
        try:
            migrate(server.url)
            engine = open_engine(server.url)
            measure(engine, folder / "checkpoints", cases)
            engine.dispose()
        finally:
            server.stop()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"memory                       {peak:7d} MB at most\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
