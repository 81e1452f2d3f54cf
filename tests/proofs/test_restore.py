"""A house is backed up while it runs, lost whole, and restored into another folder: its open cases go on."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from bench.complaints import Complaint
from bench.house import RunningHouse, house_in, staff_of
from local.home import PROJECT
from tests.local.conftest import open_folder

pytestmark = pytest.mark.proof
PATIENCE = 60.0


def echeance(home: Path, *words: str, code: int = 0) -> str:
    """What the command says, typed beside the house of this folder, when it ends with this code."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "cli", *words]
    beside = environment | {"ECHEANCE_HOME": str(home)}
    done = subprocess.run(command, cwd=PROJECT, env=beside, stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode == code, done.stdout
    return done.stdout


def test_open_cases_go_on_in_the_restored_house() -> None:
    with open_folder() as folder:
        old, new, kept = folder / "old", folder / "new", folder / "backup"
        with house_in(old) as house:
            references = asyncio.run(begin(house))
            assert "3 cases, 2 open cases" in echeance(old, "backup", str(kept))
        assert "Restored: 3 cases" in echeance(new, "restore", str(kept), "--keys", str(old / "secrets.env"))
        with house_in(new) as house:
            assert echeance(new, "doctor", "--json", code=1).count('"no_run"') == 2
            echeance(new, "doctor", "--mend")
            echeance(new, "doctor")
            asyncio.run(end(house, references))
            echeance(new, "verify-journal")


async def begin(house: RunningHouse) -> list[tuple[str, str]]:
    """One closed, one acknowledged, one just entered; reference and owner of the two that are open."""
    async with staff_of(house) as staff:
        closed, acknowledged, entered = (Complaint(staff) for _ in range(3))
        for one in (closed, acknowledged, entered):
            await one.enter()
        await closed.acknowledge()
        await closed.answer()
        await acknowledged.acknowledge()
        await closes(closed)
        return [(one.reference, one.owner) for one in (acknowledged, entered)]


async def end(house: RunningHouse, open_cases: list[tuple[str, str]]) -> None:
    """The two are carried to their end."""
    async with staff_of(house) as staff:
        acknowledged, entered = (Complaint(staff, reference=reference, owner=owner) for reference, owner in open_cases)
        await entered.acknowledge()
        for one in (acknowledged, entered):
            await one.answer()
            await closes(one)


async def closes(complaint: Complaint) -> None:
    """Wait until it is closed."""
    give_up_at = monotonic() + PATIENCE
    while not await complaint.is_closed():
        assert monotonic() < give_up_at, f"{complaint.reference} does not close"
        await asyncio.sleep(0.1)
