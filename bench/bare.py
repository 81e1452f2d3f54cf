"""The engine alone: a workflow that does as much on the engine as a complaint does, and nothing else.

The same number of updates, of local activities and of timers, the same codec and types, and two normal activities;
no database, no letters. `python -m bench.bare` is its worker, which runs until it is told to stop.
"""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from domain.commands import CommandRef
from domain.complaint.case import ComplaintPosition
from workflows.options import COMMIT, PRODUCE

QUEUE, OUTGOING = "bare", "bare-outgoing"
THREADS = 16
ASLEEP = timedelta(days=30)


@dataclass(frozen=True)
class Work:
    """How much there is to do: what a complaint's own history counts."""

    updates: int
    local_activities: int
    timers: int
    activities: int = 2


@activity.defn(name="bare_commit")
def bare_commit(position: ComplaintPosition) -> ComplaintPosition:
    """Commit nothing."""
    return position


@activity.defn(name="bare_act")
def bare_act(letter_id: UUID) -> None:
    """Do nothing."""


@workflow.defn(name="bare")
class BareWorkflow:
    """Takes its updates, each with a local activity; sets its timers; ends."""

    @workflow.init
    def __init__(self, work: Work, position: ComplaintPosition) -> None:
        self.left = work.updates
        self.position = position

    @workflow.run
    async def run(self, work: Work, position: ComplaintPosition) -> None:
        """All that is not an update goes on beside them, as with a complaint."""
        timers = [asyncio.create_task(workflow.sleep(ASLEEP)) for _ in range(work.timers)]
        await asyncio.gather(*(self.send(position.case_id) for _ in range(work.activities)))
        for _ in range(work.local_activities - work.updates):
            await self.commit()
        await workflow.wait_condition(lambda: self.left == 0 and workflow.all_handlers_finished())
        for timer in timers:
            timer.cancel()

    @workflow.update
    async def decide(self, command: CommandRef) -> str:
        """One command."""
        await self.commit()
        self.left -= 1
        return command.kind

    async def commit(self) -> None:
        """A transaction that is none."""
        self.position = await workflow.execute_local_activity(
            "bare_commit", self.position, result_type=ComplaintPosition, **COMMIT
        )

    async def send(self, letter_id: UUID) -> None:
        """A letter that is none."""
        await workflow.execute_activity("bare_act", letter_id, **PRODUCE | {"task_queue": OUTGOING})


async def main() -> None:
    """Work until SIGINT or SIGTERM, as the worker of the house does."""
    from engine.client import connect

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(await connect(), stop)


async def serve(client: Client, stop: asyncio.Event) -> None:
    """Two workers, with as many threads as ours."""
    with ThreadPoolExecutor(THREADS) as threads:
        runner = UnsandboxedWorkflowRunner()
        decides = Worker(
            client,
            task_queue=QUEUE,
            workflows=[BareWorkflow],
            activities=[bare_commit],
            activity_executor=threads,
            workflow_runner=runner,
            build_id="bare",
        )
        sends = Worker(client, task_queue=OUTGOING, activities=[bare_act], activity_executor=threads, build_id="bare")
        async with decides, sends:
            await stop.wait()


if __name__ == "__main__":
    asyncio.run(main())
