"""A complaint's life against the bare engine's: `python -m bench.lifecycle [rounds] [lives]`.

One house as it is shipped; beside it, on the same engine, the workflow of bench/bare.py. Each round lets as many lives
pass through the one, then through the other, by one client and by ten. Printed: lives per second, what a command
takes, how they compare round by round (median and range), and the processor time of a life by program.
"""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from subprocess import Popen
from time import perf_counter
from typing import Any
from uuid import uuid4

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy
from uuid_utils.compat import uuid7

from bench.bare import QUEUE, Work
from bench.clients import Times, say, together
from bench.complaints import Complaint
from bench.house import RunningHouse, Staff, running_house, staff_of
from domain.commands import CommandRef
from domain.complaint.case import ComplaintPosition
from domain.complaint.states import ComplaintState
from engine.client import connect
from local.home import PROJECT

CLIENTS = (1, 10)
Life = Callable[[], Awaitable[list[float]]]
"""From arrival to end; the seconds of each command."""


@dataclass
class Figures:
    """What the rounds of one kind have shown."""

    per_second: list[float] = field(default_factory=list)
    commands: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)

    def add(self, lives: int, seconds: float, commands: list[float]) -> None:
        """One round more."""
        self.per_second.append(lives / seconds)
        self.commands += commands
        self.p50.append(Times.of(commands).p50)

    def told(self) -> str:
        """In one line."""
        times = Times.of(self.commands)
        return f"{spread(self.per_second)} lives/s   command p50 {times.p50:.1f}  p99 {times.p99:.1f} ms"


def spread(figures: list[float]) -> str:
    """Median and range."""
    return f"{median(figures):6.2f} ({min(figures):.2f} to {max(figures):.2f})"


async def measure(house: RunningHouse, rounds: int, lives: int) -> None:
    """Compare, and print."""
    async with staff_of(house) as staff, bare_worker(house) as client:
        await _life_of_ours(staff)
        work = await count_work(client)
        say(f"one life: {work.updates} updates, {work.local_activities} local activities, {work.timers} timers")
        await _life_of_bare(client, work)
        for clients in CLIENTS:
            await _compare(house, staff, client, work, clients, rounds, lives)


async def _compare(
    house: RunningHouse, staff: Staff, client: Client, work: Work, clients: int, rounds: int, lives: int
) -> None:
    ours, bare = Figures(), Figures()
    used: Counter[str] = Counter()
    for _ in range(rounds):
        await _round(bare, [lambda: _life_of_bare(client, work)] * lives, clients)
        before = house.cpu_seconds()
        await _round(ours, [lambda: _life_of_ours(staff)] * lives, clients)
        used.update({program: now - before[program] for program, now in house.cpu_seconds().items()})
    say(f"\n{clients} clients, {rounds} rounds of {lives} lives")
    say(f"  bare engine   {bare.told()}")
    say(f"  Échéance      {ours.told()}")
    say(
        f"  throughput, ours to bare   {spread([a / b for a, b in zip(ours.per_second, bare.per_second, strict=True)])}"
    )
    say(f"  command p50, ours to bare  {spread([a / b for a, b in zip(ours.p50, bare.p50, strict=True)])}")
    per_life = {program: 1000 * seconds / (rounds * lives) for program, seconds in used.items()}
    say("  processor, ms per life     " + "  ".join(f"{name} {ms:.0f}" for name, ms in per_life.items()))


async def _round(figures: Figures, lives: list[Life], clients: int) -> None:
    commands: list[float] = []

    async def one(life: Life) -> None:
        commands.extend(await life())

    begin = perf_counter()
    await together([lambda life=life: one(life) for life in lives], clients)  # type: ignore[misc]
    figures.add(len(lives), perf_counter() - begin, commands)


async def _life_of_ours(staff: Staff) -> list[float]:
    complaint = Complaint(staff)
    await complaint.enter()
    await complaint.acknowledge()
    await complaint.answer()
    while not await complaint.is_closed():
        await asyncio.sleep(0.1)
    return complaint.taken


async def _life_of_bare(client: Client, work: Work) -> list[float]:
    position = ComplaintPosition(uuid4(), ComplaintState.REGISTERED, timedelta(minutes=30), timedelta(), (), (), ())
    start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        "bare",
        args=[work, position],
        id=f"bare-{position.case_id}",
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    taken = []
    for number in range(work.updates):
        command = CommandRef(uuid7(), position.case_id, "acknowledge")
        begin = perf_counter()
        if number == 0:
            await client.execute_update_with_start_workflow("decide", command, start_workflow_operation=start)
            handle = await start.workflow_handle()
        else:
            await handle.execute_update("decide", command)
        taken.append(perf_counter() - begin)
    await handle.result()
    return taken


async def count_work(client: Client) -> Work:
    """What the only closed complaint has asked of the engine, from its history."""
    async for run in client.list_workflows("WorkflowType = 'complaint' AND ExecutionStatus = 'Completed'"):
        history = await client.get_workflow_handle(run.id).fetch_history()
        counted = Counter(event.event_type for event in history.events)
        return Work(
            counted[EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED],
            counted[EventType.EVENT_TYPE_MARKER_RECORDED],
            counted[EventType.EVENT_TYPE_TIMER_STARTED],
        )
    await asyncio.sleep(0.5)  # the engine lists a run some moments after its end
    return await count_work(client)


@asynccontextmanager
async def bare_worker(house: RunningHouse) -> AsyncIterator[Client]:
    """The bare engine's worker, a process of its own; a client of the same engine."""
    environment = house.environment()
    os.environ.update(environment)
    client = await connect()
    worker = Popen([sys.executable, "-m", "bench.bare"], cwd=PROJECT, env=environment)  # noqa: ASYNC220
    try:
        yield client
    finally:
        worker.terminate()
        worker.wait()


def main(rounds: int = 5, lives: int = 20) -> None:
    """Measure a house of one's own."""
    with running_house() as house:
        asyncio.run(measure(house, rounds, lives))


if __name__ == "__main__":
    main(*(int(figure) for figure in sys.argv[1:]))
