"""What the engine says of workflows: which run, what each sees to, whether any worker would answer."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, DescribeTaskQueueRequest
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
)
from temporalio.common import QueryRejectCondition
from temporalio.service import RPCError, RPCStatusCode

from api.delivery import workflow_id
from domain.doctor import CaseFacts, RunFacts
from domain.standing import Standing
from workflows.options import PROCEDURES_QUEUE

STANDING_WORKFLOWS = ("mailroom", "canary")
"""They run for ever, each under its own name."""
_FAILS_AGAIN = 2
"""A workflow that is at its second attempt at one step, and does not answer, stumbles over its own code."""
_AWAY = {RPCStatusCode.UNAVAILABLE, RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNAUTHENTICATED}
_ALL_RUNNING = 'ExecutionStatus = "Running"'


class Runs:
    """The engine's side of things, read only. Where the engine itself is away, RPCError or RuntimeError is raised."""

    def __init__(self, client: Client, patience: timedelta) -> None:
        self._client = client
        self._patience = patience

    async def check(self) -> None:
        """Raise RPCError, RuntimeError or TimeoutError when the engine, or our namespace in it, is not there."""
        asked = DescribeNamespaceRequest(namespace=self._client.namespace)
        answer = self._client.workflow_service.describe_namespace(asked, timeout=self._patience)
        await asyncio.wait_for(answer, self._patience.total_seconds())

    async def of(self, case: CaseFacts, *, ask: bool = True) -> RunFacts:
        """The run of a case: whether there is one, and, unless nobody would answer, what it sees to."""
        handle = self._client.get_workflow_handle(workflow_id(case.procedure, case.id))
        standing = await self._standing(handle, type(case.position)) if ask else None
        if standing is not None:
            return RunFacts(True, standing=standing)
        return await self._described(handle, asked=ask)

    async def resting(self) -> Mapping[str, datetime | None]:
        """The standing workflows that do not run, and since when."""
        found = {name: await self._described(self._client.get_workflow_handle(name)) for name in STANDING_WORKFLOWS}
        return {name: run.ended_at for name, run in found.items() if not run.running}

    async def somebody_answers(self) -> bool:
        """Whether a worker answers: the engine counts workers for minutes after they have died, so one is asked."""
        for name in STANDING_WORKFLOWS:
            try:
                await self._client.get_workflow_handle(name).query(
                    "__stack_trace", reject_condition=QueryRejectCondition.NOT_OPEN, rpc_timeout=self._patience
                )
            except WorkflowQueryFailedError:
                return True
            except (WorkflowQueryRejectedError, RPCError) as error:
                if _is_no_answer(error):
                    return False
            else:
                return True
        return await has_pollers(self._client, self._patience)

    async def running(self, procedures: frozenset[str]) -> AsyncIterator[UUID]:
        """The cases of these procedures for which a workflow runs, as the engine's list has it, a little late."""
        async for listed in self._client.list_workflows(_ALL_RUNNING):
            procedure, _, case_id = listed.id.partition("-")
            if procedure in procedures:
                with suppress(ValueError):  # somebody else's, who names it as we do
                    yield UUID(case_id)

    async def _standing(self, handle: WorkflowHandle[Any, Any], position: type) -> Standing[Any] | None:
        """What the run says of itself; None when it has ended, does not exist or does not answer."""
        try:
            answered: Standing[Any] = await handle.query(
                "standing",
                result_type=cast("Any", Standing)[position],
                reject_condition=QueryRejectCondition.NOT_OPEN,
                rpc_timeout=self._patience,
            )
        except (WorkflowQueryRejectedError, WorkflowQueryFailedError):
            return None
        except RPCError as error:
            if error.status in _AWAY:
                raise
            return None
        return answered

    async def _described(self, handle: WorkflowHandle[Any, Any], *, asked: bool = True) -> RunFacts:
        try:
            described = await handle.describe(rpc_timeout=self._patience)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return RunFacts(False)
        attempts = described.raw_description.pending_workflow_task.attempt
        return RunFacts(
            running=described.status is WorkflowExecutionStatus.RUNNING,
            ended_at=described.close_time,
            stuck=attempts >= _FAILS_AGAIN,
            asked=asked,
        )


def _is_no_answer(error: Exception) -> bool:
    return isinstance(error, RPCError) and error.status is not RPCStatusCode.NOT_FOUND


async def has_pollers(client: Client, patience: timedelta) -> bool:
    """Whether the engine counts a worker that decides commands; it still counts one that died minutes ago."""
    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=PROCEDURES_QUEUE),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    answer = client.workflow_service.describe_task_queue(request, timeout=patience)
    return len((await asyncio.wait_for(answer, patience.total_seconds())).pollers) > 0
