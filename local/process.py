"""Child processes that never outlive us: a parent-death signal, a log file, a session of their own."""

import ctypes
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.account import Account

_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <sys/prctl.h>
_LOG_LIMIT_BYTES = 10_000_000
_WORDS_LIMIT_BYTES = 64_000
_LIBC = ctypes.CDLL(None)


@dataclass(frozen=True)
class Child:
    """A running program of ours; `log_start` is where its own words begin in its log file."""

    process: "subprocess.Popen[bytes]"
    stop_signal: signal.Signals
    log: Path
    log_start: int

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    @property
    def exit_code(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        return self.process.poll()

    def stop(self, patience: float) -> None:
        """Ask it to end, wait for `patience` seconds, then kill it."""
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def words(self) -> str:
        """What it has written to its log since it was started, of which at most the end."""
        with self.log.open("rb") as log:
            log.seek(max(self.log_start, self.log.stat().st_size - _WORDS_LIMIT_BYTES))
            return log.read().decode(errors="replace")

    def last_words(self) -> str:
        """The last line it wrote, for a sentence about why it ended."""
        lines = [line for line in self.words().splitlines() if line.strip()]
        return lines[-1].strip() if lines else "it said nothing"


def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    account: Account | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
) -> Child:
    """Start a program in the background; what it writes is added to `log`.

    The kernel sends it `stop_signal` when the *thread* that called this ends: call it from one that stays.
    It has a session of its own, so that Ctrl-C reaches us alone and we choose the order of the ends.
    """
    _turn_over(log)
    with log.open("ab") as output, warnings.catch_warnings():
        # Python 3.12 and later warn of any code run between fork and exec; ours is one call into the kernel.
        warnings.simplefilter("ignore", DeprecationWarning)
        log_start = os.fstat(output.fileno()).st_size
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=folder,
            umask=0o077,
            start_new_session=True,
            preexec_fn=_end_with_parent(stop_signal),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    return Child(process, stop_signal, log, log_start)


def _end_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """What a child does between fork and exec: ask the kernel for a signal when its parent is gone."""
    if sys.platform != "linux":
        return None
    parent = os.getpid()

    def ask() -> None:
        _LIBC.prctl(_SET_PARENT_DEATH_SIGNAL, stop_signal)
        if os.getppid() != parent:  # it was gone before we asked
            os._exit(1)

    return ask


def _turn_over(log: Path) -> None:
    """Keep one earlier log when this one has grown large."""
    if log.exists() and log.stat().st_size > _LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".old.log"))
