"""A workshop: the real workers on a real engine and register, without the API; commands come by the real delivery.

Each workshop works in a namespace of its own, so that many can share one engine.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from google.protobuf.duration_pb2 import Duration
from pydantic import BaseModel
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client, WorkflowHandle

from activities.mail import MailServer
from activities.post import Post, closing_after
from api.delivery import Delivery, workflow_id
from db.commands.command import receive_from_machine
from db.models import CommandRow
from db.queries.calendar import calendar
from domain.commands import CommandRef, CommandStatus
from domain.complaint.case import ComplaintPosition
from domain.rounds import Round, RoundKind
from engine.codec import encrypting_converter
from local.sink import Sink
from tests.factories.keys import STORY_KEYS
from tests.factories.register import Desk, open_desk
from worker import Means, workers

PATIENCE = 60.0


@dataclass
class Workshop:
    """A running workshop. What is done here is done at once, in real time."""

    client: Client
    desk: Desk
    delivery: Delivery
    post: Post
    sink: Sink

    async def enter(self, **intake: Any) -> UUID:
        """A complaint arrives, and its workflow has given it an owner."""
        command = await asyncio.to_thread(self.desk.register, **intake)
        assert await self.decided(command) is CommandStatus.APPLIED
        return command.case_id

    async def give(
        self, case_id: UUID, login: str, body: BaseModel, task_kind: str | None, kind: str = ""
    ) -> CommandRef:
        """Somebody gives a command: it is kept, not yet delivered."""
        return await asyncio.to_thread(self.desk.give, case_id, login, body, task_kind, kind)

    async def deliver(self, command: CommandRef) -> CommandStatus:
        """Deliver a command once; what became of it."""
        await self.delivery.deliver(command.case_id, command.id, PATIENCE)
        return self.status(command)

    async def do(
        self, case_id: UUID, login: str, body: BaseModel, task_kind: str | None, kind: str = ""
    ) -> CommandStatus:
        """Give a command and deliver it until it is decided."""
        return await self.decided(await self.give(case_id, login, body, task_kind, kind))

    async def decided(self, command: CommandRef) -> CommandStatus:
        """Deliver a command, again where a busy machine was too slow; what became of it."""
        give_up_at = monotonic() + PATIENCE
        while await self.deliver(command) is CommandStatus.RECEIVED:
            assert monotonic() < give_up_at, f"nobody decides to {command.kind}"
        return self.status(command)

    def status(self, command: CommandRef) -> CommandStatus:
        """What became of a command."""
        with self.desk.sessions() as session:
            return CommandStatus(session.get_one(CommandRow, command.id).status)

    def handle(self, case_id: UUID) -> WorkflowHandle[Any, None]:
        """The workflow of a case."""
        ((procedure,),) = self.desk.sql("SELECT procedure FROM cases WHERE id = :id", id=case_id)
        return self.client.get_workflow_handle(workflow_id(procedure, case_id))

    async def describe(self, case_id: UUID) -> ComplaintPosition:
        """Where the workflow of a complaint says that it stands."""
        position: ComplaintPosition = await self.handle(case_id).query("describe", result_type=ComplaintPosition)
        return position

    async def by_machine(self, case_id: UUID, kind: str, **body: Any) -> None:
        """The system itself gives a command, which the relay brings."""
        with self.desk.sessions.begin() as session:
            receive_from_machine(session, self.desk.machine(case_id, kind, str(body), **body))
        await self.delivery.drain(case_id)

    async def close_the_days_post(self, case_id: UUID) -> None:
        """The manifest is written before its time, and the relay brings what follows from it."""
        with self.desk.sessions() as session:
            day = closing_after(datetime.now(UTC), calendar(session), self.desk.book)
        await asyncio.to_thread(self.post.close_post, Round(RoundKind.POST, day, datetime.now(UTC)))
        await self.delivery.drain(case_id)

    async def until(self, happened: Callable[[], bool]) -> None:
        """Wait until the register says so."""
        give_up_at = monotonic() + PATIENCE
        while not happened():
            assert monotonic() < give_up_at, "it does not happen"
            await asyncio.sleep(0.05)

    async def until_state(self, case_id: UUID, state: str) -> None:
        """Wait until the case stands there."""
        await self.until(lambda: self.desk.state(case_id) == state)

    async def until_ended(self, case_id: UUID) -> None:
        """Wait until the run has ended, as it should."""
        await asyncio.wait_for(self.handle(case_id).result(), PATIENCE)

    def journal(self, case_id: UUID) -> list[str]:
        """What has happened."""
        rows = self.desk.sql("SELECT event FROM journal WHERE case_id = :id ORDER BY line", id=case_id)
        return [event for (event,) in rows]


@asynccontextmanager
async def open_workshop(
    client: Client, database: str, sink: Sink, folder: Path, **worker_options: Any
) -> AsyncIterator[Workshop]:
    """Open a workshop on these servers; the database knows the demo insurer."""
    with open_desk(database) as desk:
        desk.at = datetime.now(UTC)
        means = Means(
            desk.sessions,
            desk.book,
            MailServer.parse(sink.url),
            folder / "post",
            folder / "checkpoints",
            folder / "bank",
        )
        worker_options.setdefault("failing", [Exception])
        async with workers(client, means, **worker_options):
            delivery = Delivery(desk.sessions, client, desk.book)
            yield Workshop(client, desk, delivery, Post(desk.sessions, means.post_folder, desk.book), sink)


async def own_namespace(engine: str) -> Client:
    """A client of a namespace that nobody else uses; what it sends is encrypted."""
    name = f"workshop-{uuid4().hex}"
    admin = await Client.connect(engine)
    days = Duration()
    days.FromTimedelta(timedelta(days=3))
    await admin.workflow_service.register_namespace(
        RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=days)
    )
    converter = encrypting_converter(STORY_KEYS)
    return await Client.connect(engine, namespace=name, data_converter=converter, identity="workshop")
