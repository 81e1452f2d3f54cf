"""The relay: brings to the engine every command that the API could not deliver, and those of the system itself."""

import asyncio
import signal

import structlog
from sqlalchemy.exc import SQLAlchemyError

from api.delivery import Delivery
from api.logs import write_plain_lines
from db.policy_in_force import open_policy
from db.session import open_engine, open_sessions
from engine.client import connect
from keys.ring import Keys
from tracing.switch import traces_of

log = structlog.get_logger()

AT_ONCE = 20
PAUSE_SECONDS = 0.5


async def relay_once(delivery: Delivery) -> int:
    """Deliver what waits now; how many cases had something."""
    cases = await delivery.waiting(AT_ONCE)
    await asyncio.gather(*(delivery.drain(case_id) for case_id in cases))
    return len(cases)


async def relay_until(delivery: Delivery, stop: asyncio.Event) -> None:
    """Deliver until told to stop; while the register is away, wait for it."""
    while not stop.is_set():
        try:
            found = await relay_once(delivery)
        except SQLAlchemyError as error:
            log.warning("register_away", error=type(error).__name__)
            found = 0
        if found == 0:
            await _pause(stop)


async def _pause(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), PAUSE_SECONDS)
    except TimeoutError:
        return


async def run() -> None:
    """Relay until SIGINT or SIGTERM."""
    write_plain_lines()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    book = open_policy()
    sessions = open_sessions(open_engine(pool=AT_ONCE), Keys.from_environment())
    with traces_of("relay"):
        await relay_until(Delivery(sessions, await connect(lazy=True), book), stop)


def main() -> None:
    """The program `echeance relay`."""
    asyncio.run(run())
