"""Clients that measure: the same asks by one client and by ten, and what the clock says of each."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from statistics import quantiles
from time import perf_counter
from typing import NamedTuple

Ask = Callable[[], Awaitable[object]]


class Times(NamedTuple):
    """What many asks of one kind took, in milliseconds."""

    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Times":
        """Sum up single times, in seconds."""
        cuts = quantiles(seconds, n=100, method="inclusive")
        return cls(*(round(1000 * cuts[at - 1], 1) for at in (50, 95, 99)))


async def timed(ask: Ask) -> float:
    """How long one ask takes, in seconds."""
    begin = perf_counter()
    await ask()
    return perf_counter() - begin


async def together(asks: Sequence[Ask], clients: int) -> list[float]:
    """The seconds of each ask, `clients` of them at a time."""
    waiting = iter(asks)
    taken: list[float] = []

    async def client() -> None:
        for ask in waiting:
            taken.append(await timed(ask))

    await asyncio.gather(*(client() for _ in range(clients)))
    return taken


def say(line: str) -> None:
    """Print at once: a benchmark takes long."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
