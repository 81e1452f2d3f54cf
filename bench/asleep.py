"""Open complaints that sleep: `python -m bench.asleep [complaints]`, 2000 by default.

What one of them takes of the worker's memory; what a command takes on one that the worker remembers and on one that it
has long put away; and after the worker was stopped, or killed, how long the first commands take.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from time import perf_counter

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from bench.clients import Times, say, together
from bench.complaints import Complaint
from bench.house import RunningHouse, running_house, staff_of
from engine.client import connect
from workflows.options import PROCEDURES_QUEUE

CLIENTS = 10
SAMPLE = 30


async def measure(house: RunningHouse, count: int) -> None:
    """Enter them all, then wake some."""
    os.environ.update(house.environment())
    client = await connect()
    async with staff_of(house) as staff:
        warm = [Complaint(staff) for _ in range(20)]
        await together([one.enter for one in warm], CLIENTS)
        empty, begin = house.memory_mb("worker"), perf_counter()
        complaints = [Complaint(staff) for _ in range(count)]
        await together([one.enter for one in complaints], CLIENTS)
        say(f"{count} complaints entered, {count / (perf_counter() - begin):.1f} a second by {CLIENTS} clients")
        full = house.memory_mb("worker")
        say(f"worker {empty:.0f} MB before, {full:.0f} MB after: {1000 * (full - empty) / count:.0f} kB a complaint")
        await _told("newest, remembered", complaints[-SAMPLE:])
        await _told("oldest, put away", complaints[:SAMPLE])
        for number, (name, how) in enumerate((("stopped", signal.SIGTERM), ("killed", signal.SIGKILL)), 1):
            away = await _restart_worker(house, client, how)
            say(f"worker {name}: the next one asks for work after {away:.1f} s")
            await _told(f"after it was {name}", complaints[number * SAMPLE : (number + 1) * SAMPLE])


async def _told(name: str, complaints: Sequence[Complaint]) -> None:
    """Acknowledge these, one after the other, and say what it took."""
    for one in complaints:
        await one.acknowledge("recorded_call")
    taken = [one.taken[-1] for one in complaints]
    times = Times.of(taken)
    say(f"  {name:<24} first {1000 * taken[0]:7.1f}   p50 {times.p50:7.1f}   p95 {times.p95:7.1f} ms")


async def _restart_worker(house: RunningHouse, client: Client, how: signal.Signals) -> float:
    """End the worker, and wait until the one that the house starts in its place polls; the seconds from end to that."""
    [old, *_] = house.pids("worker")
    os.kill(old, how)
    begin: float | None = None
    while True:
        pids = house.pids("worker")
        if old not in pids and begin is None:
            begin = perf_counter()
        if begin is not None and pids and await _polls(client, pids[0]):
            return perf_counter() - begin
        await asyncio.sleep(0.02)


async def _polls(client: Client, pid: int) -> bool:
    asked = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=PROCEDURES_QUEUE),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    told = await client.workflow_service.describe_task_queue(asked)
    return any(poller.identity.startswith(f"{pid}@") for poller in told.pollers)


def main(count: int = 2_000) -> None:
    """Measure a house of one's own."""
    with running_house() as house:
        asyncio.run(measure(house, count))


if __name__ == "__main__":
    main(*(int(figure) for figure in sys.argv[1:]))
