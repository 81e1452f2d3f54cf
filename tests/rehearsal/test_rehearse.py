"""The shipped scenarios, played on the production code: the same file gives the same bytes, and these ones."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.home import PROJECT
from rehearsal.play import PastStartError, rehearse
from rehearsal.scenario import load as load_scenario
from rehearsal.scenario import parse
from tests.factories.rules import the_book

SCENARIOS = PROJECT / "docs" / "scenarios"
SHORT = ("in-time", "dental-paid", "finding-postponed-then-closed")
"""A complaint, a claim with its payment, a finding: the others say at length what shorter tests ask, and are proofs."""
PLAYED = [
    pytest.param(path.stem, marks=[] if path.stem in SHORT else [pytest.mark.proof])
    for path in sorted(SCENARIOS.glob("*.yaml"))
    if path.stem != "busy-month"
]


@pytest.mark.parametrize("name", PLAYED)
def test_a_scenario_gives_the_timeline_that_is_kept_beside_it(name: str, empty_database: str) -> None:
    """The kept timeline was played on another day, maybe another machine: byte for byte the same."""
    lines = rehearse(load_scenario(SCENARIOS / f"{name}.yaml"), the_book(), empty_database)
    assert "\n".join(str(line) for line in lines) + "\n" == (SCENARIOS / f"{name}.timeline").read_text()


def test_every_scenario_can_be_read_and_has_its_timeline_beside_it() -> None:
    """The long ones too, which only the proofs play."""
    for path in SCENARIOS.glob("*.yaml"):
        load_scenario(path)
        assert path.stem == "busy-month" or path.with_suffix(".timeline").is_file()


def test_a_past_start_is_refused_with_the_reason(empty_database: str) -> None:
    scenario = parse("title: Hier\nstarts: 2020-03-03 08:30\nends: 2020-03-14 18:00\n")
    with pytest.raises(PastStartError, match="only goes forward"):
        rehearse(scenario, the_book(), empty_database)


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Type `echeance rehearse`."""
    return subprocess.run(
        [sys.executable, "-m", "cli", "rehearse", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        cwd=PROJECT,
        timeout=240,
        check=False,
    )


def test_the_command_refuses_the_database_of_the_house(empty_database: str) -> None:
    scenario = str(SCENARIOS / "in-time.yaml")
    done = command(scenario, "--database", empty_database, DATABASE_URL=empty_database)
    assert done.returncode == 1
    assert "the database of the house itself" in done.stderr


def test_the_command_refuses_a_database_with_something_in_it(database: str) -> None:
    done = command(str(SCENARIOS / "in-time.yaml"), "--database", database)
    assert done.returncode == 1
    assert "not empty" in done.stderr


def test_the_command_tells_mistakes_without_a_traceback(tmp_path: Path, empty_database: str) -> None:
    file = tmp_path / "faux.yaml"
    file.write_text("title: Faux\nstarts: demain\nends: 2031-03-14 18:00\n")
    done = command(str(file), "--database", empty_database)
    assert done.returncode == 1
    assert "faux.yaml:2: starts: " in done.stderr
    assert "Traceback" not in done.stderr
