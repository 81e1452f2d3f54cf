"""Processes that are killed in tests, and what becomes of their children."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from local.home import PROJECT


def starter_that_dies(start: str, folder: Path) -> int:
    """Run code that starts a `server` for `folder`, kill the Python that ran it, return the server's process id."""
    code = (
        f"import os, sys; from pathlib import Path; folder = Path(sys.argv[1])\n{start}\n"
        "print(server.child.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    starter = subprocess.run([sys.executable, "-c", code, folder], cwd=PROJECT, capture_output=True, check=False)
    assert starter.returncode == -signal.SIGKILL, starter.stderr
    return int(starter.stdout)


def wait_until_gone(pid: int) -> None:
    """Wait until a process has ended."""
    wait_until(lambda: not Path(f"/proc/{pid}").exists())


def wait_until(happened: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something has happened; fail when it does not."""
    give_up_at = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < give_up_at, "it did not happen in time"
        time.sleep(0.05)
