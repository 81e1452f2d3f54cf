"""Mailroom: one per insurer, always running. On each working day it makes its rounds, at the policy's times.

In the morning the tasks of those who are away or back are offered again, and the digest leaves, one per person. In
the afternoon the day's post is closed with its manifest; what misses it is the next working day's. Every night the
checkpoint over all journals is made.
Source: procedures, section 1 step 6 and the ladder
"""

from dataclasses import replace
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError

from domain.rounds import Round, RoundKind
from workflows.options import CHECKPOINT, COMMIT
from workflows.steps import send_staff_message, sleep_until

WEEKS_PER_RUN = 12


@workflow.defn(name="mailroom")
class MailroomWorkflow:
    """Sleeps from one round to the next."""

    @workflow.run
    async def run(self) -> None:
        """Week after week; after some of them the next run takes over."""
        for _ in range(WEEKS_PER_RUN):
            for due in await self.coming_rounds():
                await self.make(due)
        workflow.continue_as_new()

    async def coming_rounds(self) -> list[Round]:
        """The rounds of the next days, as the calendar stands now. A round of a day that is closed meanwhile does
        nothing."""
        rounds: list[Round] = await workflow.execute_local_activity(
            "coming_rounds", workflow.now(), result_type=list[Round], **COMMIT
        )
        return rounds

    async def make(self, due: Round) -> None:
        """Sleep to a round, and make it."""
        await sleep_until(due.at, due.kind)
        match due.kind:
            case RoundKind.MORNING:
                await self.begin_day(due)
            case RoundKind.POST:
                await self.close_post(due)
            case RoundKind.CHECKPOINT:
                await self.make_checkpoint(due)

    async def begin_day(self, due: Round) -> None:
        """Offer tasks again where people left or came back, and send each person one message with their reminders."""
        digests: list[UUID] = await workflow.execute_local_activity("begin_day", due, result_type=list[UUID], **COMMIT)
        for message_id in digests:
            await send_staff_message(message_id)

    async def close_post(self, due: Round) -> None:
        """Write the manifest: what is on it is handed over."""
        await workflow.execute_local_activity("close_post", due, **COMMIT)

    async def make_checkpoint(self, due: Round) -> None:
        """Keep where all journals end. One that fails in the night holds up no morning: the next covers its day."""
        try:
            await workflow.execute_activity("make_checkpoint", replace(due, at=workflow.now()), **CHECKPOINT)
        except ActivityError as failed:
            workflow.logger.error("checkpoint_not_made: %s", type(failed.cause).__name__)
