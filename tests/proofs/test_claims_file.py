"""A day's file of claims whose import is killed in the middle, and given again: complete, and nothing twice."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from local.demo.claims_day import jsonl, rows_of, world
from local.home import PROJECT
from tests.conftest import Ask
from tests.factories.claims_day import open_claims_desk
from tests.factories.keys import STORY_KEY
from tests.factories.register import Desk
from tests.servers import INSURER, fresh_database

pytestmark = pytest.mark.proof
LINES = 8_000
PATIENCE = 120.0


def test_killed_twice_and_given_again_a_file_is_complete_and_nothing_is_there_twice(
    postgres: str, ask: Ask, tmp_path: Path
) -> None:
    file = tmp_path / "day.jsonl"
    with fresh_database(ask("insurer").open(), INSURER) as url, open_claims_desk(url) as desk:
        with desk.sessions() as session:
            file.write_bytes(b"".join(jsonl(rows_of(world(session), desk.at.date(), LINES))))
        for _ in range(2):
            kill_midway(desk, url, file)
        cut_off = claims(desk)
        ended = importing(url, file)
        ended.wait(PATIENCE)
        ((accepted, unchanged, refused),) = desk.sql(
            "SELECT accepted, unchanged, refused FROM imports WHERE kind = 'claims'"
        )
        assert 0 < cut_off < accepted
        assert accepted + unchanged + refused == LINES
        assert desk.sql("SELECT count(*), count(DISTINCT number), count(import_id) FROM claims") == [(accepted,) * 3]
        assert desk.sql(WHOLE) == [(0,)]
        assert importing(url, file).wait(PATIENCE) == ended.returncode
        assert claims(desk) == accepted


WHOLE = """
SELECT count(*) FROM claims c WHERE CASE WHEN cardinality(c.reasons) = 0 THEN c.case_id IS NOT NULL ELSE NOT EXISTS (
    SELECT FROM cases k JOIN commands m ON m.case_id = k.id JOIN journal j ON j.command_id = m.id
    JOIN deadlines d ON d.case_id = k.id JOIN kept_keys y ON y.case_id = k.id WHERE k.id = c.case_id) END"""
"""How many claims lack something that belongs to them."""


def claims(desk: Desk) -> int:
    """How many the register has."""
    return int(desk.sql("SELECT count(*) FROM claims")[0][0])


def importing(url: str, file: Path) -> "subprocess.Popen[bytes]":
    """The command as it is typed."""
    environment = os.environ | {"DATABASE_URL": url, "ECHEANCE_KEYS": STORY_KEY}
    command = [sys.executable, "-m", "cli", "import", "claims", str(file), "--json"]
    return subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL)


def kill_midway(desk: Desk, url: str, file: Path) -> None:
    """Kill -9 as soon as it has kept something more."""
    before, importer, give_up_at = claims(desk), importing(url, file), monotonic() + PATIENCE
    while claims(desk) == before and monotonic() < give_up_at:
        sleep(0.02)
    importer.send_signal(signal.SIGKILL)
    assert importer.wait(PATIENCE) == -signal.SIGKILL
