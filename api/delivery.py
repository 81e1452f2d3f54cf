"""Deliver commands from the register to the workflow of their case: at once by the API, later by the relay.

A command is leased while it is delivered, the oldest of its case first, and reaches the workflow as an update whose
id is its own. Delivered twice it is decided once: the decision begins with a compare-and-set.
"""

import asyncio
import os
from collections.abc import Callable
from datetime import timedelta
from socket import gethostname
from time import monotonic
from typing import Any, TypeVar
from uuid import UUID

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import Session
from temporalio.client import Client, WithStartWorkflowOperation, WorkflowUpdateFailedError
from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError as UpdateTimeout
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from db.commands import command as command_rows
from db.commands.command import LONGEST_WAIT, Leased
from db.commands.settle import set_aside
from db.models import Case, CommandRow
from db.procedures import PROCEDURES
from db.session import Sessions
from domain.commands import CommandStatus
from domain.policy import PolicyBook
from faultpoints import fault_point
from tracing.parts import Facts, part
from workflows.options import PROCEDURES_QUEUE

log = structlog.get_logger()
Result = TypeVar("Result")

RPC_PATIENCE = timedelta(seconds=4)
ATTEMPT_SECONDS = 8.0
SET_ASIDE_AFTER = 6
"""So many decisions that failed by a mistake of ours, within about a minute."""
_GLANCE_SECONDS = 0.05
_AWAY = (OperationalError, InterfaceError, PoolExhausted)
"""How the register fails to answer."""
_NO_ANSWER = (RPCError, UpdateTimeout, WorkflowUpdateFailedError, TimeoutError, RuntimeError)
"""How the engine fails to answer; RuntimeError is what a client says that has never reached it."""


def workflow_id(procedure: str, case_id: UUID) -> str:
    """The id of the workflow that carries a case: no personal data in it."""
    return f"{procedure}-{case_id}"


class Delivery:
    """Brings commands to their workflows."""

    def __init__(self, sessions: Sessions, client: Client, book: PolicyBook) -> None:
        self._sessions = sessions
        self._client = client
        self._book = book
        self._holder = f"{gethostname()}:{os.getpid()}"

    async def deliver(self, case_id: UUID, command_id: UUID, patience: float = 5.0) -> None:
        """Deliver a case's commands, the oldest first, until this one is decided or patience (seconds) ends."""
        end = monotonic() + patience
        while monotonic() < end:
            leased = await self._in_thread(lambda s: command_rows.lease_oldest(s, case_id, self._holder))
            if leased is None:
                if await self._is_decided(command_id):
                    return
                await asyncio.sleep(_GLANCE_SECONDS)
            elif not await self._hand_to_workflow(leased, end - monotonic()) or leased.ref.id == command_id:
                return

    async def start(self, case_id: UUID, *, instead: bool = False) -> None:
        """Start a case's workflow from its row unless one runs; or instead of whatever runs.

        What runs is in the middle of nothing that the register does not keep: a commit that is cut off is decided
        already, or is delivered again.
        """
        procedure, position = await self._in_thread(lambda s: self._standing(s, case_id))
        replaced = WorkflowIDConflictPolicy.TERMINATE_EXISTING if instead else WorkflowIDConflictPolicy.USE_EXISTING
        await self._client.start_workflow(
            procedure,
            position,
            id=workflow_id(procedure, case_id),
            task_queue=PROCEDURES_QUEUE,
            id_conflict_policy=replaced,
            rpc_timeout=RPC_PATIENCE,
        )

    async def drain(self, case_id: UUID) -> None:
        """Deliver every command of a case that nobody else is delivering."""
        while leased := await self._in_thread(lambda s: command_rows.lease_oldest(s, case_id, self._holder)):
            if not await self._hand_to_workflow(leased, ATTEMPT_SECONDS):
                return

    async def waiting(self, most: int) -> list[UUID]:
        """Cases with a command that waits."""
        return await self._in_thread(lambda s: command_rows.cases_with_undecided(s, most))

    async def _hand_to_workflow(self, leased: Leased, patience: float) -> bool:
        """Whether the workflow has decided it; if not, the lease is given back and the relay tries again later.

        So it is after a mistake of ours, too. One that has failed again and again is set aside, refused visibly: it
        holds up no other command of its case.
        """
        fault_point("command_leased")
        try:
            with part("deliver", _facts(leased), of=leased.ref.id):
                await asyncio.wait_for(self._decide(leased), max(patience, 0.1))
        except _AWAY:
            raise
        except Exception as error:
            known = isinstance(error, _NO_ANSWER)
            log.warning(
                "not_delivered",
                command=str(leased.ref.id),
                case=str(leased.ref.case_id),
                attempts=leased.attempts,
                exc_info=None if known else error,
                error=type(error).__name__,
            )
            if isinstance(error, WorkflowUpdateFailedError) and leased.attempts >= SET_ASIDE_AFTER:
                await asyncio.to_thread(set_aside, self._sessions, leased.ref, self._book)
                return True
            fault_point("command_failed")
            wait = min(timedelta(seconds=2 ** min(leased.attempts, 6) / 2), LONGEST_WAIT)
            await self._in_thread(lambda s: command_rows.give_back(s, leased.ref.id, wait))
            return False
        return True

    async def _decide(self, leased: Leased) -> None:
        """Send the update. One that has failed keeps its failure under its id: the next attempt takes another id."""
        try:
            await self._update(leased, str(leased.ref.id))
        except WorkflowUpdateFailedError:
            if leased.attempts == 1:
                raise
            await self._update(leased, f"{leased.ref.id}/{leased.attempts}")

    async def _update(self, leased: Leased, update_id: str) -> None:
        """To the running workflow; where none runs, to one started from the case's row, at whatever step it is."""
        ref = leased.ref
        if ref.kind != "register":
            handle = self._client.get_workflow_handle(workflow_id(leased.procedure, ref.case_id))
            try:
                await handle.execute_update("decide", ref, id=update_id, rpc_timeout=RPC_PATIENCE)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
            else:
                return
        procedure, position = await self._in_thread(lambda s: self._standing(s, ref.case_id))
        start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            procedure,
            position,
            id=workflow_id(procedure, ref.case_id),
            task_queue=PROCEDURES_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
        await self._client.execute_update_with_start_workflow(
            "decide", ref, start_workflow_operation=start, id=update_id, rpc_timeout=RPC_PATIENCE
        )

    def _standing(self, session: Session, case_id: UUID) -> tuple[str, Any]:
        """A case's procedure, and the position that its workflow starts from."""
        case = session.get_one(Case, case_id)
        return case.procedure, PROCEDURES[case.procedure].position(session, case, self._book)

    async def _is_decided(self, command_id: UUID) -> bool:
        row = await self._in_thread(lambda s: s.get_one(CommandRow, command_id))
        return row.status != CommandStatus.RECEIVED

    async def _in_thread(self, work: Callable[[Session], Result]) -> Result:
        def run() -> Result:
            with self._sessions.begin() as session:
                return work(session)

        return await asyncio.to_thread(run)


def _facts(leased: Leased) -> Facts:
    return {
        "echeance.command.id": str(leased.ref.id),
        "echeance.command.kind": leased.ref.kind,
        "echeance.command.attempts": leased.attempts,
        "echeance.case.id": str(leased.ref.case_id),
    }
