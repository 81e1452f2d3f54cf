"""The supervisor behind `echeance run`: real servers, stand-ins for the programs; and once the whole house."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from local.demo import accounts
from local.home import PROJECT, open_home, read_variables
from local.ports import free_port
from tests.local.processes import wait_until, wait_until_gone

PORTS = ("ECHEANCE_API_PORT", "ECHEANCE_SINK_PORT", "ECHEANCE_SMTP_PORT", "ECHEANCE_TEMPORAL_PORT")
ELSEWHERE = ("DATABASE_URL", "TEMPORAL_ADDRESS", "SMTP_URL")


@dataclass
class Running:
    """A house that runs as a process of its own."""

    process: "subprocess.Popen[str]"
    home: Path
    output: Path

    def notes(self) -> list[str]:
        """What the stand-ins have noted."""
        file = self.home / "notes"
        return file.read_text().splitlines() if file.exists() else []

    def starts(self, name: str) -> list[int]:
        """The process ids a stand-in has had."""
        return [int(note.split()[2]) for note in self.notes() if note.startswith(f"{name} started")]

    def said(self) -> str:
        """What was printed so far."""
        return self.output.read_text()

    def children(self) -> list[int]:
        """The processes it has started and that still run."""
        if self.process.poll() is not None:
            return []
        text = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in text.split()]


def environment_for(home: Path) -> dict[str, str]:
    """An environment in which everything is on free ports and on this folder."""
    inherited = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    ports = {variable: str(free_port()) for variable in (*PORTS, "ECHEANCE_TEMPORAL_UI_PORT")}
    return inherited | ports | {"ECHEANCE_HOME": str(home), "ECHEANCE_DEMO": "0"}


@contextmanager
def open_house(
    home: Path, environment: dict[str, str] | None = None, module: str = "tests.local.stand_in_house"
) -> Iterator[Running]:
    """A house, from the moment it says that it is open; killed afterwards if it still runs."""
    environment, output = environment or environment_for(home), home.with_suffix(".out")
    command = [sys.executable, "-m", module, "run"]
    with output.open("w") as file:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=file, stderr=subprocess.STDOUT, text=True
        )
    running = Running(process, home, output)
    try:
        wait_until(lambda: "Ctrl-C stops" in running.said() or process.poll() is not None, seconds=120)
        assert process.poll() is None, running.said()
        yield running
    finally:
        children = running.children()
        process.kill()
        process.wait()
        for pid in children:
            wait_until_gone(pid)


def test_it_starts_in_order_and_stops_in_the_reverse_order(folder: Path) -> None:
    with open_house(folder / "data") as house:
        started = [note.split()[0] for note in house.notes()]
        house.process.send_signal(signal.SIGINT)
        assert house.process.wait(60) == 0
    assert started[0] == "prepare"
    assert sorted(started[1:]) == ["api", "relay", "sink", "worker"]
    assert house.notes()[5:] == ["api stopped", "relay stopped", "worker stopped", "sink stopped"]
    assert "The next start goes on where this one was." in house.said()
    assert not (folder / "data" / "running.env").exists()


def test_the_whole_house_opens_shows_its_accounts_and_stops(folder: Path) -> None:
    environment = environment_for(folder / "data") | {"ECHEANCE_DEMO": "staff"}
    with open_house(folder / "data", environment, module="cli") as house:
        assert status(environment["ECHEANCE_API_PORT"], "/health/ready") == 200
        assert status(environment["ECHEANCE_SINK_PORT"], "/") == 200
        assert all(account.login in house.said() for account in accounts())
        house.process.send_signal(signal.SIGINT)
        assert house.process.wait(60) == 0
    assert "Traceback" not in "".join(log.read_text() for log in (folder / "data" / "logs").glob("*.log"))


def test_a_program_that_dies_is_started_again_and_it_is_said(folder: Path) -> None:
    with open_house(folder / "data") as house:
        os.kill(house.starts("worker")[0], signal.SIGKILL)
        wait_until(lambda: len(house.starts("worker")) == 2)
        assert "worker ended (code -9" in house.said()


def test_postgresql_and_the_engine_come_back_where_they_were(folder: Path) -> None:
    with open_house(folder / "data") as house:
        url = read_variables(folder / "data" / "running.env")["DATABASE_URL"]
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        for name in ("postgres", "temporal"):
            os.kill(child_named(house, name), signal.SIGKILL)
        wait_until(lambda: house.said().count("Starting it again in 1 s.") == 2)
        wait_until(lambda: has_kept(url))
        wait_until(lambda: len(house.children()) == 6)


def test_when_it_is_killed_nothing_stays_behind_and_the_next_start_goes_on(folder: Path) -> None:
    with open_house(folder / "data") as house:
        children = house.children()
        assert len(children) == 6
        house.process.kill()
        for pid in children:
            wait_until_gone(pid)
    with open_house(folder / "data") as house:
        house.process.terminate()
        assert house.process.wait(60) == 0


def test_a_program_that_does_not_stay_up_ends_the_start_with_one_sentence(folder: Path) -> None:
    environment = environment_for(folder / "data") | {"ECHEANCE_STAND_IN_FAILS": "api"}
    failed = echeance_run(environment, "tests.local.stand_in_house")
    assert failed.returncode == 1
    assert "api does not stay up: see" in failed.stderr


@pytest.mark.parametrize("variable", [*PORTS, "ECHEANCE_TEMPORAL_UI_PORT"])
def test_a_taken_port_is_named_with_the_variable_that_changes_it(tmp_path: Path, variable: str) -> None:
    environment = environment_for(tmp_path / "data")
    with socket.create_server(("127.0.0.1", int(environment[variable]))):
        refused = echeance_run(environment)
    assert refused.returncode == 1
    expected = f"Port {environment[variable]} is taken by another program: set {variable} to a free one.\n"
    assert refused.stderr == expected


def test_a_port_that_is_no_number_is_said_in_one_sentence(tmp_path: Path) -> None:
    refused = echeance_run(environment_for(tmp_path / "data") | {"ECHEANCE_API_PORT": "http"})
    assert refused.stderr.startswith("ECHEANCE_API_PORT is 'http': set it to a port number")


def test_two_runs_on_one_folder_are_refused_in_one_sentence(tmp_path: Path) -> None:
    with open_home(tmp_path / "data").lock():
        refused = echeance_run(environment_for(tmp_path / "data"))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"Échéance already runs on {tmp_path / 'data'}: ")
    assert refused.stderr.count("\n") == 1


def echeance_run(environment: dict[str, str], module: str = "cli") -> "subprocess.CompletedProcess[str]":
    """`echeance run`, to its end."""
    command = [sys.executable, "-m", module, "run"]
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def status(port: str, path: str) -> int:
    """What a server of the house answers."""
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    connection.close()
    return answer.status


def child_named(house: Running, program: str) -> int:
    """The process id of one of the servers."""
    found = [pid for pid in house.children() if Path(f"/proc/{pid}/comm").read_text().strip() == program]
    return found[0]


def has_kept(url: str) -> bool:
    """Whether the database answers and still has what was written."""
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            return connection.execute("SELECT one FROM kept").fetchall() == [(1,)]
    except psycopg.OperationalError:
        return False
