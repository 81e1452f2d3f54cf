"""Mailroom: one per insurer, always running. Once a working day it closes the day's post with its manifest.

What misses the closing is the next working day's. Source: procedures, section 1 step 6
"""

from datetime import datetime

from temporalio import workflow

from domain.outgoing import PostClosing
from workflows.options import CLOSE_POST
from workflows.steps import sleep_until

DAYS_PER_RUN = 60


@workflow.defn(name="mailroom")
class MailroomWorkflow:
    """Sleeps from one closing of the post to the next."""

    @workflow.run
    async def run(self) -> None:
        """One closing per working day; after some weeks the next run takes over."""
        for _ in range(DAYS_PER_RUN):
            await self.close_the_days_post()
        workflow.continue_as_new()

    async def close_the_days_post(self) -> None:
        """Wait for the next closing and write the manifest: what is on it is handed over."""
        closing = await self.next_closing(workflow.now())
        await sleep_until(closing.at, "post")
        await workflow.execute_activity("close_post", closing, **CLOSE_POST)

    async def next_closing(self, after: datetime) -> PostClosing:
        """The next working day's closing, as the calendar stands now."""
        closing: PostClosing = await workflow.execute_activity(
            "next_post_closing", after, result_type=PostClosing, **CLOSE_POST
        )
        return closing
