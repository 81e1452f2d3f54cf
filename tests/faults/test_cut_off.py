"""The worker is cut off from the engine, or the engine holds its breath: half a minute later all goes on, once.

Slow, hence among the proofs: `make faults`.
"""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from threading import Event, Thread
from zoneinfo import ZoneInfo

import pytest

from local.ports import HOST
from tests.faults.exposed_house import HASTY_WORKER, ExposedHouse
from tests.faults.invariants import broken_promises, is_settled
from tests.faults.people import People, Plan, Seen
from tests.local.conftest import open_folder
from tests.servers import require

pytestmark = pytest.mark.proof

AWAY_SECONDS = 30
CASES = 4


class Wire:
    """A line to a server that can be cut: nothing gets through meanwhile, and nobody is told."""

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._whole = Event()
        self._whole.set()
        self._listening = socket.create_server((HOST, 0))
        self.port = int(self._listening.getsockname()[1])
        Thread(target=self._accept, daemon=True).start()

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Nothing gets through."""
        self._whole.clear()
        try:
            yield
        finally:
            self._whole.set()

    def close(self) -> None:
        """Take no new calls."""
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listening.accept()
                server = socket.create_connection((HOST, self._server_port))
            except OSError:
                return
            for one, other in ((caller, server), (server, caller)):
                Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while said := one.recv(65536):
                self._whole.wait()
                other.sendall(said)
        except OSError:
            pass
        finally:
            one.close()
            other.close()


@pytest.fixture(scope="module")
def wired() -> Iterator[tuple[ExposedHouse, Wire, Seen]]:
    """A house whose worker reaches the engine over a wire of ours."""
    require("postgres")
    require("engine")
    with open_folder() as folder:
        house = ExposedHouse(folder / "data", worker=HASTY_WORKER)
        wire = Wire(house.ports.engine)
        house.own["worker"] = {"TEMPORAL_ADDRESS": f"{HOST}:{wire.port}"}
        with house.opened():
            yield house, wire, Seen()
        wire.close()


Away = Callable[[ExposedHouse, Wire], AbstractContextManager[None]]


AWAY: dict[str, Away] = {
    "worker cut off": lambda _, wire: wire.cut(),
    "engine stopped": lambda house, _: house.stopped("engine"),
}


@pytest.mark.parametrize("how", AWAY)
def test_half_a_minute_later_all_goes_on(wired: tuple[ExposedHouse, Wire, Seen], how: str) -> None:
    house, wire, seen = wired
    people = People(house.url, seen, time.monotonic() + 300)
    today = datetime.now(ZoneInfo("Europe/Paris")).date()
    plans = [Plan(f"{how} {number}", "english", today) for number in range(CASES)]
    with ThreadPoolExecutor(CASES) as desks:
        carried = [desks.submit(people.carry, plan) for plan in plans]
        house.until(lambda: len(seen.accepted) > 0, 30)
        with AWAY[how](house, wire):
            time.sleep(AWAY_SECONDS)
        house.until(lambda: all(one.done() for one in carried), 240)
        assert [people.state("malo.quere", one.result())["state"] for one in carried] == ["closed"] * CASES
    people.close()
    house.until(lambda: is_settled(house), 120)
    assert broken_promises(house, seen) == []
    assert house.count_starts("worker") == 1, "it has not even ended"
