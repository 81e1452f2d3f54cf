"""The fault points themselves: each is where it is said to be, dies only when it is armed, and is tried by a test."""

import ast
import re
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from temporalio.testing import WorkflowEnvironment

import faultpoints
from db.models import Base, Checkpoint, StaffMessage
from faultpoints import POINTS, Fault, fault_point
from local.home import PROJECT
from local.sink import Sink
from tests.api.counter import NOON
from tests.faults.dying import Killed
from tests.house.tree import dotted, read, sources
from tests.stories.acts import enters
from tests.stories.house import StoryHouse, open_house, settles

TRIES = (
    *("tests/faults/test_kills.py", "tests/faults/test_fault_points.py", "tests/faults/test_claim_kills.py"),
    *("tests/faults/test_payment_points.py", "tests/faults/test_claims_file_points.py"),
    *("tests/faults/test_finding_points.py", "tests/faults/test_audit_points.py"),
    "tests/faults/test_backlog_points.py",
)


def test_every_point_is_in_the_code_once() -> None:
    placed = [
        node.args[0].value
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and dotted(node.func) == "fault_point" and isinstance(node.args[0], ast.Constant)
    ]
    assert sorted(map(str, placed)) == sorted(POINTS)


def test_every_point_is_tried_by_a_test() -> None:
    tried = {text for path in TRIES for text in re.findall(r'"([a-z]+_[a-z_]+)"', read(path))}
    assert sorted(set(POINTS) - tried) == []


def test_the_document_says_what_becomes_of_each() -> None:
    told = re.findall(r"^\| `([a-z_]+)` \|", read("docs/reliability.md"), re.MULTILINE)
    assert sorted(told) == sorted(POINTS)


def test_nothing_dies_that_was_not_armed() -> None:
    assert faultpoints.armed is None
    for name in POINTS:
        fault_point(name)


@pytest.mark.parametrize(("told", "passages"), [("letter_taken", 1), ("letter_taken:3", 3)])
def test_an_armed_program_is_killed_at_the_passage_that_was_asked_for(told: str, passages: int) -> None:
    code = (
        "from faultpoints import fault_point\n"
        "for n in range(1, 9): fault_point('letter_begun'); print(n, flush=True); fault_point('letter_taken')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env={"ECHEANCE_FAULT": told}, capture_output=True, check=False
    )
    assert (ended.returncode, ended.stdout.split()[-1]) == (-signal.SIGKILL, str(passages).encode())


def test_a_point_that_there_is_not_is_refused_when_the_program_starts() -> None:
    with pytest.raises(ValueError, match="no fault point letter_lost"):
        Fault.read("letter_lost")


@pytest.mark.parametrize("point", ["day_begun", "checkpoint_made", "checkpoint_laid"])
async def test_a_round_that_is_made_twice_is_made_once(
    skipping_environment: WorkflowEnvironment,
    insurer: str,
    sink: Sink,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    point: str,
) -> None:
    """In real time it takes a night: here the worker's end is an error that the engine sees."""
    deaths: list[str] = []

    def die() -> None:
        deaths.append(point)
        raise Killed

    async with open_house(skipping_environment, insurer, sink, tmp_path, NOON) as house:
        await enters(house, "malo.quere")
        monkeypatch.setattr(faultpoints, "die", die)
        monkeypatch.setattr(faultpoints, "armed", Fault(point))
        await house.sleep(timedelta(days=1))
        await settles(lambda: sent_digests(house), 1)
        assert deaths == [point]
        assert len(sink.mailbox.mails()) == 1
        assert [file.name for file in house.checkpoints_folder.iterdir()] == ["2031-03-03.checkpoint"]
        assert count(house, Checkpoint) == 1


async def sent_digests(house: StoryHouse) -> int:
    """How many digests have left."""
    with house.house.sessions() as session:
        digests = session.scalars(select(StaffMessage).where(StaffMessage.digest_at.is_not(None)))
        return len([digest for digest in digests if digest.sent_at is not None])


def count(house: StoryHouse, table: type[Base]) -> int:
    """How many rows a table has."""
    with house.house.sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
