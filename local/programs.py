"""The programs of a house on one machine, in the order in which they are started."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from local.errors import LocalError
from local.home import PROJECT, Home
from local.process import Child, start


@dataclass(frozen=True)
class Program:
    """A Python module with its arguments; `patience` is how many seconds it may take to end."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    patience: float = 10.0
    unless: str = ""
    """The variable that, when it is set, says that somebody else does this."""

    @property
    def command(self) -> list[str]:
        """How it is started: by the Python we run on."""
        return [sys.executable, "-m", self.module, *self.arguments]

    def is_wanted(self, environment: Mapping[str, str]) -> bool:
        """Whether nobody else does it and nobody has said no."""
        return not self.unless or not environment.get(self.unless)

    def launch(self, home: Home, environment: Mapping[str, str]) -> Child:
        """Start it in the background."""
        return start(self.command, log=home.log(self.name), environment=environment, folder=PROJECT)

    def complete(self, home: Home, environment: Mapping[str, str]) -> None:
        """Run it to its end; raises LocalError with its last line when it fails."""
        child = self.launch(home, environment)
        try:
            code = child.process.wait()
        finally:
            child.stop(self.patience)
        if code != 0:
            raise LocalError(f"`{self.name}` failed ({child.last_words()}): see {child.log}.")


MIGRATE = Program("migrate", "cli", ("migrate",))
DEMO = Program("demo", "cli", ("demo",))
HISTORY = Program("history", "cli", ("demo", "--history"))
"""Run once the house is open, beside those that work: whoever works already does not wait for it."""

SINK = Program("sink", "cli", ("sink",), unless="SMTP_URL")
WORKER = Program("worker", "worker", patience=30)
RELAY = Program("relay", "cli", ("relay",))
API = Program("api", "cli", ("api",))

PREPARATIONS = (MIGRATE, DEMO)
"""Run once, to their end, before the others."""
PROGRAMS = (SINK, WORKER, RELAY, API)
"""Kept running. They are stopped in the reverse order, so that the worker's last mails still find the sink."""
