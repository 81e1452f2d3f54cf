"""`echeance doctor` as it is typed: what it says, what it changes, and how it ends."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import select
from typer.testing import CliRunner

from cli import app
from db.models import ExaminationRow
from local.home import PROJECT
from local.ports import HOST, free_port
from local.sink import Sink
from tests.workflows.workshop import Workshop, open_workshop, own_namespace

KEYS = "story:c3Rvcnkta2V5LXN0b3J5LWtleS1zdG9yeS1rZXktMzI="


NO_HOUSE = {"ECHEANCE_HOME": "/nowhere", "ECHEANCE_KEYS": KEYS, "DATABASE_URL": ""}


def doctor(*options: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Type `echeance doctor` beside no running house."""
    command = [sys.executable, "-m", "cli", "doctor", "--grace", "0.4", *options]
    told = {**os.environ, **NO_HOUSE, **environment}
    return subprocess.run(command, cwd=PROJECT, env=told, capture_output=True, text=True, timeout=120, check=False)


def refused(**environment: str) -> str:
    """What is said, and nothing else, where nothing can be examined."""
    nobody = {"TEMPORAL_ADDRESS": f"{HOST}:{free_port()}"}
    ended = CliRunner().invoke(app, ["doctor"], env={**NO_HOUSE, **nobody, **environment})
    assert (ended.exit_code, ended.stdout) == (2, ""), ended.output
    [said] = ended.stderr.splitlines()
    assert "secret" not in said
    return said


def test_nothing_to_examine_is_told_in_a_sentence() -> None:
    nowhere = {"DATABASE_URL": f"postgresql://nobody:secret@{HOST}:{free_port()}/echeance"}
    assert refused().startswith("Nothing can be examined: DATABASE_URL is not set")
    assert refused(**nowhere, ECHEANCE_KEYS="").startswith("Nothing can be examined: ECHEANCE_KEYS is not set")
    assert refused(**nowhere).startswith("The engine cannot be reached")


def test_a_register_that_is_away_or_empty_is_told_in_a_sentence(engine: str, empty_database: str) -> None:
    nowhere = f"postgresql://nobody:secret@{HOST}:{free_port()}/echeance"
    assert refused(TEMPORAL_ADDRESS=engine, DATABASE_URL=nowhere).startswith("The register does not answer")
    assert refused(TEMPORAL_ADDRESS=engine, DATABASE_URL=empty_database).endswith("run `echeance migrate`.")


async def test_a_case_without_its_workflow_is_told_on_a_line_then_mended(
    engine: str, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    client = await own_namespace(engine)
    async with open_workshop(client, insurer, sink, tmp_path) as shop:
        case_id = await shop.enter()
        await shop.handle(case_id).terminate("by mistake")
        known = {"DATABASE_URL": insurer, "TEMPORAL_ADDRESS": engine, "TEMPORAL_NAMESPACE": client.namespace}

        named = await asyncio.to_thread(doctor, **known)
        assert named.returncode == 1
        lines = named.stdout.splitlines()
        [line] = [line for line in lines if " no_run " in line]
        assert line.startswith("left    no_run            REC-")
        assert "since 20" in line
        assert line.endswith("No workflow carries this case. → It is started again from the case's row.")
        assert lines[-1] == "Cases looked at: 1. Ailments mended: 0, left: 3."
        assert "1 of 1 cases looked at" in named.stderr

        mended = await asyncio.to_thread(doctor, "--mend", "--json", **known)
        assert mended.returncode == 0
        told = json.loads(mended.stdout)
        assert (told["cases"], told["well"]) == (1, True)
        assert {one["outcome"] for one in told["ailments"]} == {"mended"}
        assert {one["kind"] for one in told["ailments"]} == {"no_run", "no_standing_run"}
        assert [(row.mending, row.cases, row.origin) for row in kept(shop)] == [
            (False, 1, "command_line"),
            (True, 1, "command_line"),
        ]
        assert {one["outcome"] for one in kept(shop)[1].findings} == {"mended"}


def kept(shop: Workshop) -> list[ExaminationRow]:
    """The results that the register keeps, the oldest first."""
    with shop.desk.sessions() as session:
        return list(session.scalars(select(ExaminationRow).order_by(ExaminationRow.began_wall)))
