"""The programs of a house, started and tended as `echeance run` does it, each of which a test may kill.

All is real but the mail sink, which a test keeps in its own hands. Programs are killed by their own process id, and
started again by the supervisor that `echeance run` has.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx2

from local import engine, postgres
from local.home import Home, open_home
from local.ports import HOST, free_port
from local.process import Child
from local.programs import API, DEMO, MIGRATE, RELAY, WORKER, Program
from local.settings import Ports, shared_environment
from local.sink import Sink
from local.supervisor import Crew, Member

PROGRAMS = ("postgres", "engine", "worker", "relay", "api")
HASTY_WORKER = replace(WORKER, module="tests.faults.hasty_worker")
"""A worker that gives up a lost attempt on a letter after seconds: the house's own waits for two minutes."""
_READY_SECONDS = 90


class ExposedHouse:
    """A house on free ports, in a folder of its own."""

    def __init__(self, folder: Path, told: Mapping[str, str] | None = None, worker: Program = WORKER) -> None:
        self.home: Home = open_home(folder)
        self.ports = Ports(**{name: free_port() for name in ("api", "sink", "smtp", "engine", "engine_ui")})
        self.sink = Sink(self.home.mails)
        self.said: list[str] = []
        self.starts: list[tuple[str, float]] = []
        self.environment = shared_environment(self.home, self.ports) | dict(told or {})
        self.environment |= {"SMTP_URL": self.ports.smtp_url, "TEMPORAL_ADDRESS": f"{HOST}:{self.ports.engine}"}
        self.url = f"http://{HOST}:{self.ports.api}"
        self._port = free_port()
        self._armed = ""
        self._crew = Crew(self.said.append)
        self._members: dict[str, Member] = {}
        self.own: dict[str, dict[str, str]] = {name: {} for name in PROGRAMS}
        """What only one of the programs is told."""
        self.faults: dict[str, str] = {}
        """At which point a program dies that is started next; once."""
        self._programs = {"worker": worker, "relay": RELAY, "api": API}

    @contextmanager
    def opened(self) -> Iterator["ExposedHouse"]:
        """Everything runs meanwhile. To be called from a thread that stays: the programs end with it."""
        with ExitStack() as stack:
            stack.enter_context(self.sink.listening(self.ports.smtp))
            stack.callback(self._crew.dismiss)
            self._join("postgres", self._launch_postgres, postgres.STOP_PATIENCE)
            self._join("engine", self._launch_engine, engine.STOP_PATIENCE)
            for preparation in (MIGRATE, DEMO):
                preparation.complete(self.home, self.environment)
            for name, program in self._programs.items():
                self._join(name, self._launcher(name, program), program.patience)
            self.until(self.is_ready, _READY_SECONDS)
            yield self

    @property
    def database(self) -> str:
        """Where its register is."""
        return self.environment["DATABASE_URL"]

    def tend(self) -> None:
        """Start again what has ended."""
        self._crew.tend()

    def until(self, happened: Callable[[], bool], seconds: float) -> None:
        """Tend the programs until something has happened; fails when it does not."""
        give_up_at = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < give_up_at, f"it did not happen within {seconds:.0f} s; {self.said[-5:]}"
            self.tend()
            time.sleep(0.1)

    def is_ready(self) -> bool:
        """Whether the API says that nothing is missing."""
        try:
            return httpx2.get(f"{self.url}/health/ready", timeout=5).status_code == 200
        except httpx2.TransportError:
            return False

    def kill(self, name: str) -> bool:
        """Kill a program, as a power cut would; whether it ran. The supervisor starts it again a second later."""
        member = self._members[name]
        if member.child is None or member.child.exit_code is not None:
            return False
        os.kill(member.child.pid, signal.SIGKILL)
        member.child.process.wait()
        member.ends = 0
        return True

    def arm(self, name: str, fault: str) -> None:
        """Start a program again, to die at a fault point: once."""
        self.kill(name)
        self.faults[name] = self._armed = fault
        member = self._members[name]
        member.child, member.ends, member.moment = member.launch(), 0, time.monotonic()

    def count_starts(self, name: str) -> int:
        """How often a program was started."""
        return [started for started, _ in self.starts].count(name)

    def has_died(self, name: str) -> bool:
        """Whether a program was killed, and has not been started again."""
        child = self._members[name].child
        return child is not None and child.exit_code == -signal.SIGKILL

    def await_death(self, name: str, seconds: float = 240) -> None:
        """Wait until a program that was armed has died; the others are not tended meanwhile."""
        give_up_at = time.monotonic() + seconds
        while not self.has_died(name):
            assert time.monotonic() < give_up_at, f"{name} did not come to {self._armed} within {seconds:.0f} s"
            time.sleep(0.02)

    @contextmanager
    def stopped(self, name: str) -> Iterator[None]:
        """A program holds its breath meanwhile: it neither works nor ends."""
        child = self._members[name].child
        assert child is not None
        os.kill(child.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(child.pid, signal.SIGCONT)

    def _join(self, name: str, launch: Callable[[], Child], patience: float) -> None:
        def noted() -> Child:
            self.starts.append((name, time.time()))
            return launch()

        self._members[name] = Member(name, noted, patience)
        self._crew.join(self._members[name])

    def _launcher(self, name: str, program: Program) -> Callable[[], Child]:
        def launch() -> Child:
            fault = {"ECHEANCE_FAULT": self.faults.pop(name, "")}
            return program.launch(self.home, self.environment | self.own[name] | fault)

        return launch

    def _launch_postgres(self) -> Child:
        server = postgres.start_postgres(self.home.postgres, log=self.home.log("postgres"), port=self._port)
        self.environment["DATABASE_URL"] = server.url
        return server.child

    def _launch_engine(self) -> Child:
        log, ports = self.home.log("engine"), self.ports
        return engine.start_engine(self.home.engine_file, log=log, port=ports.engine, ui_port=ports.engine_ui).child
