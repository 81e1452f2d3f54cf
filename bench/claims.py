"""A day's file of claims, into a register as it grows: `python -m bench.claims [sizes]`, by default up to 1000000.

One database is filled by COPY up to each size (bench/claims_load.py); then three days' files of 20,000 lines are taken
in, with all checks, each beside a plain COPY of the very rows that it has made. Printed: seconds and lines a second of
each file, their median, and how many times the COPY it took; then look-ups of one claim at a time, as whoever enters
one by hand waits for them; at last how PostgreSQL goes about them.
"""

import os
import re
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import select, text

from bench.claims_load import claims, copy, reference_data, the_world
from bench.clients import Times, say
from db.commands.calendar import fill
from db.commands.claim_file import Giving, take_in_file
from db.commands.keys import iban_hasher
from db.commands.reference.imports import File
from db.models import ClaimRow
from db.policy_file import DEFAULT_PATH, load
from db.queries.claim_evidence import ALIKE, CONSUMED, FORGOTTEN, PAID_TO, evidence_of
from db.session import Sessions, migrate, open_engine, open_sessions
from domain.claim.checks import CheckedClaim
from domain.policy import PolicyBook
from keys.ring import Keys
from local.demo import YEARS, hire
from local.demo.claims_day import World, jsonl, rows_of
from local.demo_staff import STAFF
from local.postgres import start_postgres

LINES, DAYS_FILES, ASKS = 20_000, 3, 1_000
_LITERAL = re.compile(r"'\{.*?\}'")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Register:
    """A database that grows; `size` is how many claims it was filled up to."""

    url: str
    sessions: Sessions
    book: PolicyBook
    world: World
    today: date
    size: int = 0

    def fill(self, size: int) -> None:
        """Put in what is missing to this size."""
        begin = perf_counter()
        with self.sessions() as session:
            hasher = iban_hasher(session)
            session.commit()
        if self.size == 0:
            copy(self.url, reference_data(self.world, self.today, hasher))
        copy(self.url, [claims(self.world, self.today, range(self.size, size), hasher)])
        self.size = size
        say(f"{size:>9,} claims, loaded in {perf_counter() - begin:.0f} s")

    def take_in(self, number: int) -> tuple[float, float]:
        """A day's file: the seconds that it takes, and those of a plain COPY of its rows."""
        lines = list(jsonl(rows_of(self.world, self.today, LINES, seed=self.size + number)))
        begin, begin_cpu, begin_served = perf_counter(), process_time(), self._served()
        row, kept = take_in_file(self.sessions, File("day.jsonl", lines), Giving(datetime.now(UTC), self.book))
        taken, cpu = perf_counter() - begin, process_time() - begin_cpu
        served = self._served() - begin_served
        plain = self._copied(row.id)
        controlled = sum(one.is_controlled for one in kept)
        say(
            f"{self.size:>9,} a day of {row.lines:,}: {taken:5.1f} s, {row.lines / taken:6,.0f} lines/s (processor: "
            f"Python {cpu:.1f} s, PostgreSQL {served:.1f} s), {controlled:,} controlled, {row.refused} refused; "
            f"COPY {plain:.2f} s"
        )
        return taken, plain

    def _served(self) -> float:
        """The processor seconds that PostgreSQL has spent on those who are connected."""
        with self.sessions() as session:
            pids = session.scalars(text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")).all()
        stats = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids)
        return sum(int(one[11]) + int(one[12]) for one in stats) / _TICKS

    def _copied(self, import_id: UUID) -> float:
        """The seconds of a COPY of the rows of an import, into a table with the same indexes, asking nothing."""
        with psycopg.connect(self.url) as connection, connection.cursor() as cursor:
            of_import = sql.SQL("COPY (SELECT * FROM claims WHERE import_id = {}) TO STDOUT (FORMAT binary)")
            with cursor.copy(of_import.format(sql.Literal(import_id))) as rows:
                content = [bytes(piece) for piece in rows]
            cursor.execute("CREATE TEMP TABLE plain (LIKE claims INCLUDING INDEXES INCLUDING CONSTRAINTS)")
            begin = perf_counter()
            with cursor.copy("COPY plain FROM STDIN (FORMAT binary)") as put:
                for piece in content:
                    put.write(piece)
            return perf_counter() - begin

    def asked(self, chance: Random) -> CheckedClaim:
        """A claim that was there before, asked for once more."""
        with self.sessions() as session:
            wanted = select(ClaimRow).where(ClaimRow.number == f"R{chance.randrange(self.size):09d}")
            row = session.scalars(wanted).one()
        told = {name: getattr(row, name) for name in CheckedClaim.__dataclass_fields__}
        return CheckedClaim(**told | {"iban_hash": row.iban_hash.hex()})

    def look_up(self) -> None:
        """One claim at a time: its duplicates alone, then all that its checks look at."""
        chance, version = Random(self.size), self.book.in_force_on(self.today)  # noqa: S311
        asked, alike, within, whole = [self.asked(chance) for _ in range(ASKS)], [], [], []
        with self.sessions() as session:
            for claim in asked:
                told = session.scalars(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {ALIKE}"), _alike([claim])).one()[0]
                within.append((told["Planning Time"] + told["Execution Time"]) / 1_000)
            for claim in asked:
                begin = perf_counter()
                session.execute(text(ALIKE), _alike([claim])).all()
                alike.append(perf_counter() - begin)
            for claim in asked:
                begin = perf_counter()
                evidence_of(session, [claim], self.today, version)
                whole.append(perf_counter() - begin)
        for name, taken in {
            "duplicates of one, PostgreSQL's own": within,
            "duplicates of one": alike,
            "all evidence of one": whole,
        }.items():
            times = Times.of(taken)
            say(f"{self.size:>9,} {name:<36} p50 {times.p50:5.1f}   p95 {times.p95:5.1f} ms")

    def explain(self, count: int) -> None:
        """How PostgreSQL looks up what grows with the register, for so many claims at once."""
        chance = Random(count)  # noqa: S311
        asked = [self.asked(chance) for _ in range(count)]
        members, contracts = [one.member_number for one in asked], [one.contract_number for one in asked]
        told: dict[str, dict[str, Any]] = {
            ALIKE: _alike(asked),
            PAID_TO: {"hashes": [bytes.fromhex(one.iban_hash) for one in asked]},
            CONSUMED: {"members": members, "contracts": contracts, "after": date(self.today.year - 1, 1, 1)},
        }
        with self.sessions() as session:
            for statement, values in told.items():
                plan = session.scalars(text(f"EXPLAIN (ANALYZE, COSTS OFF, BUFFERS OFF) {statement}"), values)
                say(
                    f"\n{count} at once, {self.size:,} claims:\n"
                    + "\n".join(_LITERAL.sub("'{…}'", one) for one in plan)
                )


def _alike(claims: list[CheckedClaim]) -> dict[str, Any]:
    return {
        "beneficiaries": [one.beneficiary_number for one in claims],
        "acts": [one.act for one in claims],
        "days": [one.care_on for one in claims],
        "near": 3,
        "forgotten": FORGOTTEN,
    }


def measure(register: Register) -> None:
    """Three days, then look-ups."""
    taken, plain = zip(*(register.take_in(number) for number in range(1, DAYS_FILES + 1)), strict=True)
    pace, ratio = LINES / median(taken), median(a / b for a, b in zip(taken, plain, strict=True))
    say(f"{register.size:>9,} median {median(taken):.1f} s, {pace:,.0f} lines/s, {ratio:.0f} times the COPY")
    register.look_up()


def main(sizes: list[int]) -> None:
    """Measure each size."""
    with TemporaryDirectory(prefix="echeance-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o711)
        server = start_postgres(folder / "postgres", log=folder / "postgres.log")
        stack.callback(server.stop)
        migrate(server.url)
        engine = open_engine(server.url)
        stack.callback(engine.dispose)
        sessions = open_sessions(engine, Keys.generate())
        with sessions.begin() as session:
            fill(session, *YEARS)
            hire(session, STAFF)
        register = Register(server.url, sessions, load(DEFAULT_PATH), the_world(), datetime.now(UTC).date())
        for size in sizes:
            register.fill(size)
            measure(register)
        for count in (1, 500):
            register.explain(count)


if __name__ == "__main__":
    main([int(size.replace("_", "")) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
