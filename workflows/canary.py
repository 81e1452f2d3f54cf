"""Canary: a deadline that nobody has to meet. It fires every few minutes, and health says how long ago it last did.

A timer engine that nothing drives looks just like one with nothing to do: the canary tells them apart.
"""

from datetime import timedelta

from temporalio import workflow

from domain.canary import EVERY, Beat
from workflows.options import ROUND
from workflows.steps import sleep_until

BEATS_PER_RUN = 500


@workflow.defn(name="canary")
class CanaryWorkflow:
    """Fires, records, sleeps."""

    @workflow.run
    async def run(self) -> None:
        """Beat after beat; after some days the next run takes over."""
        due_at = workflow.now()
        for _ in range(BEATS_PER_RUN):
            await sleep_until(due_at, "canary")
            await workflow.execute_activity("record_canary", Beat(due_at, workflow.now()), **ROUND)
            due_at = max(due_at + EVERY, workflow.now() + timedelta(seconds=1))
        workflow.continue_as_new()
