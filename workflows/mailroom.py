"""Mailroom: one per insurer, always running. On each working day it makes its rounds, at the policy's times.

The day begins: tasks of those who are away or back are offered again. The morning's digest leaves, one per person.
The day's post is closed with its manifest; what misses it is the next working day's.
Source: procedures, section 1 step 6 and the ladder
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

from temporalio import workflow

from domain.rounds import Round, RoundKind
from workflows.options import ROUND
from workflows.steps import send_staff_message, sleep_until

ROUNDS_PER_RUN = 150


@workflow.defn(name="mailroom")
class MailroomWorkflow:
    """Sleeps from one round to the next."""

    @workflow.run
    async def run(self) -> None:
        """Round after round; after some weeks the next run takes over."""
        for _ in range(ROUNDS_PER_RUN):
            await self.make_next_round()
        workflow.continue_as_new()

    async def make_next_round(self) -> None:
        """Sleep to the next round, as the calendar stands now, and make it."""
        due = await workflow.execute_activity("next_round", workflow.now(), result_type=Round, **ROUND)
        await sleep_until(due.at, due.kind)
        await self.rounds[due.kind](due)

    @property
    def rounds(self) -> dict[RoundKind, Callable[[Round], Awaitable[None]]]:
        """What is done on each round."""
        return {
            RoundKind.DAY_BEGINS: self.begin_day,
            RoundKind.DIGEST: self.send_digests,
            RoundKind.POST: self.close_post,
        }

    async def begin_day(self, due: Round) -> None:
        """Offer again the tasks of those who are away from today, or back."""
        await workflow.execute_activity("begin_day", due, **ROUND)

    async def send_digests(self, due: Round) -> None:
        """One message per person with the morning's reminders."""
        digests = await workflow.execute_activity("prepare_digests", due, result_type=list[UUID], **ROUND)
        for message_id in digests:
            await send_staff_message(message_id)

    async def close_post(self, due: Round) -> None:
        """Write the manifest: what is on it is handed over."""
        await workflow.execute_activity("close_post", due, **ROUND)
