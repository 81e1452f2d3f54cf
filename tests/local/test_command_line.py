"""The `echeance` command and the Makefile, as a person meets them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from cli import app, join_running_house
from local.home import PROJECT, open_home, write_variables


def echeance(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Call the command in a process of its own, without a database unless one is given."""
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        cwd=PROJECT,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "name",
    ["run", "api", "relay", "worker", "sink", "migrate", "demo", "deadlines", "doctor", "keys", "verify-journal"],
)
def test_every_command_explains_itself(name: str) -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    assert group.commands[name].get_short_help_str()


@pytest.mark.parametrize("name", ["migrate", "worker"])
def test_without_a_database_the_remedy_is_said_in_one_sentence(tmp_path: Path, name: str) -> None:
    refused = echeance(name, ECHEANCE_HOME=str(tmp_path))
    assert refused.returncode == 1
    assert refused.stderr.startswith("No database is known: start the house with `make run`")
    assert refused.stderr.count("\n") == 1


def test_an_error_of_ours_is_not_hidden_behind_a_sentence(tmp_path: Path) -> None:
    failed = echeance("migrate", ECHEANCE_HOME=str(tmp_path), DATABASE_URL="nonsense://")
    assert failed.returncode == 1
    assert "Traceback" in failed.stderr


def test_a_command_beside_the_running_house_works_on_its_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = open_home(tmp_path)
    write_variables(home.joining, {"DATABASE_URL": "postgresql://running", "SMTP_URL": "smtp://running"}, "Running.")
    monkeypatch.setenv("ECHEANCE_HOME", str(tmp_path))
    monkeypatch.setenv("SMTP_URL", "smtp://chosen")
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.delenv("DATABASE_URL")  # set before, so that it is put back as it was
    join_running_house(context_of("migrate"))
    assert (os.environ["DATABASE_URL"], os.environ["SMTP_URL"]) == ("postgresql://running", "smtp://chosen")


def context_of(command: str) -> typer.Context:
    """The context in which a command is about to be called."""
    context = typer.Context(typer.main.get_command(app))
    context.invoked_subcommand = command
    return context


def test_every_target_of_the_makefile_explains_itself() -> None:
    makefile = (PROJECT / "Makefile").read_text()
    targets = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split()
    shown = subprocess.run(
        ["make", "--no-print-directory"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    assert [line.split()[1] for line in shown.splitlines()] == targets


def test_the_lock_file_names_no_address() -> None:
    assert "://" not in (PROJECT / "requirements.lock").read_text()


def test_continuous_integration_can_be_started() -> None:
    assert os.access(PROJECT / ".ci" / "run", os.X_OK)
