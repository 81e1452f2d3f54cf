"""A house to be measured: `echeance run` as it is shipped, in a folder and on ports of its own."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2

from local.demo import DEMO_PASSWORD
from local.home import PROJECT, read_variables
from local.ports import HOST, free_port
from local.process import Child, start

PROGRAMS = {
    "worker": b"-m\0worker",
    "relay": b"cli\0relay",
    "api": b"cli\0api",
    "sink": b"cli\0sink",
    "postgres": b"/postgres\0",
    "engine": b"start-dev",
}
"""How each program is known by its command line."""
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1_000_000
_READY_SECONDS = 120.0
_STOP_SECONDS = 90.0
_PORTS = (
    "ECHEANCE_API_PORT",
    "ECHEANCE_SINK_PORT",
    "ECHEANCE_SMTP_PORT",
    "ECHEANCE_TEMPORAL_PORT",
    "ECHEANCE_TEMPORAL_UI_PORT",
)


@dataclass
class RunningHouse:
    """The house that runs in `home`; `run` is the process of `echeance run`, the parent of all others."""

    home: Path
    url: str
    run: Child

    def environment(self) -> dict[str, str]:
        """What a program beside it needs."""
        return os.environ | read_variables(self.home / "running.env")

    def pids(self, program: str) -> list[int]:
        """The processes of one program, its own children among them."""
        first = [pid for pid in _children(self.run.pid) if PROGRAMS[program] in _command(pid)]
        return [pid for one in first for pid in (one, *_children(one))]

    def cpu_seconds(self) -> dict[str, float]:
        """The processor time that each program has used so far."""
        return {program: sum(map(_cpu_seconds, self.pids(program))) for program in PROGRAMS}

    def memory_mb(self, program: str) -> float:
        """The resident memory of a program, in MB."""
        return sum(int(_read(pid, "statm").split()[1]) * _PAGE_MB for pid in self.pids(program)[:1])


@dataclass
class Staff:
    """People of the house, signed in: each asks over HTTP as themselves."""

    http: httpx2.AsyncClient
    tokens: dict[str, str] = field(default_factory=dict)
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Ten at once who sign in with one login are throttled."""

    async def ask(self, login: str, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON. Raises httpx2.HTTPStatusError."""
        async with self.one_at_a_time:
            if login not in self.tokens:
                self.tokens[login] = await self._sign_in(login)
        headers = {"Authorization": f"Bearer {self.tokens[login]}"}
        answer = await self.http.request(method, f"/api/v1{path}", json=body, headers=headers)
        return answer.raise_for_status().json()

    async def _sign_in(self, login: str) -> str:
        answer = await self.http.post("/api/v1/token", json={"login": login, "password": DEMO_PASSWORD})
        token: str = answer.raise_for_status().json()["access_token"]
        return token


@contextmanager
def running_house(**variables: str) -> Iterator[RunningHouse]:
    """Start a house in a folder that is gone afterwards, with these variables of the environment; see `house_in`."""
    with TemporaryDirectory(prefix="echeance-bench-") as name:
        Path(name).chmod(0o711)
        with house_in(Path(name) / "data", **variables) as house:
            yield house


@contextmanager
def house_in(home: Path, **variables: str) -> Iterator[RunningHouse]:
    """Start the house of this data folder on free ports, wait until it is ready, and end it."""
    with TemporaryDirectory(prefix="echeance-run-") as name:
        ports = {port: str(free_port()) for port in _PORTS}
        environment = os.environ | {"ECHEANCE_HOME": str(home), "ECHEANCE_DEMO": "staff"} | ports | variables
        command = [sys.executable, "-m", "cli", "run"]
        run = start(command, log=Path(name) / "run.log", environment=environment, folder=PROJECT)
        try:
            url = f"http://{HOST}:{ports['ECHEANCE_API_PORT']}"
            await_answer(run, f"{url}/health/ready")
            yield RunningHouse(home, url, run)
        finally:
            run.stop(_STOP_SECONDS)


@asynccontextmanager
async def staff_of(house: RunningHouse) -> AsyncIterator[Staff]:
    """The staff of a running house."""
    async with httpx2.AsyncClient(base_url=house.url, timeout=120) as http:
        yield Staff(http)


def await_answer(program: Child, address: str) -> None:
    """Wait until a program of ours answers 200 there. Raises RuntimeError with its last words when it does not."""
    give_up_at = time.monotonic() + _READY_SECONDS
    while not _is_well(address):
        if program.exit_code is not None or time.monotonic() > give_up_at:
            raise RuntimeError(f"It does not start: {program.last_words()}")
        time.sleep(0.2)


def _is_well(address: str) -> bool:
    try:
        return httpx2.get(address, timeout=5).status_code == 200
    except httpx2.HTTPError:
        return False


def _children(pid: int) -> list[int]:
    """All processes below this one."""
    try:
        told = (Path("/proc") / str(pid) / "task" / str(pid) / "children").read_text()
    except FileNotFoundError:
        return []
    own = [int(child) for child in told.split()]
    return own + [below for child in own for below in _children(child)]


def _command(pid: int) -> bytes:
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_bytes()
    except FileNotFoundError:
        return b""


def _read(pid: int, name: str) -> str:
    return (Path("/proc") / str(pid) / name).read_text()


def _cpu_seconds(pid: int) -> float:
    """User and system time, those of ended children included."""
    try:
        fields = _read(pid, "stat").rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / _TICKS
