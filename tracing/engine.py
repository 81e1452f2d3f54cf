"""The engine's parts: an update that is sent, the workflow that takes it, the activities that come of it.

Temporal's own interceptor puts every update of a workflow into the trace that started it, weeks ago; a trace of ours
follows one command. What it does safely is done alike: nothing is told while a history is replayed, and the workflow
itself touches neither spans nor the machine's clock. Headers hold two ids, of trace and part, and nothing else.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from temporalio import activity, client, worker, workflow
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadConverter

from domain.commands import CommandRef, MachineCommand, Outcome
from domain.outgoing import HandOver, LetterToSend, MessageToSend
from tracing.parts import Facts, Part, part
from tracing.spans import SpanPart, Spans

_HEADER = "echeance-trace"
_BEGIN = "echeance_begin_part"
FRESH = timedelta(hours=1)
"""What a workflow does later than this is a trace of its own: a reminder, weeks afterwards, is."""

Headers = Mapping[str, Payload]


@dataclass(frozen=True)
class Following:
    """The part that a workflow's acts follow from, and since when."""

    carried: str
    since: datetime


_following: ContextVar[Following | None] = ContextVar("following", default=None)


def with_part(headers: Headers, carried: str | None) -> Headers:
    """The same headers, with where the trace goes on."""
    if carried is None:
        return headers
    return {**headers, _HEADER: PayloadConverter.default.to_payload(carried)}


def part_in(headers: Headers) -> str | None:
    """Where the trace goes on; None when nobody said."""
    payload = headers.get(_HEADER)
    return PayloadConverter.default.from_payload(payload, str) if payload is not None else None


class Tracing(client.Interceptor, worker.Interceptor):
    """Tells the engine's parts; given to the client, which gives it to its workers."""

    def __init__(self, spans: Spans) -> None:
        self._spans = spans

    def intercept_client(self, next: client.OutboundInterceptor) -> client.OutboundInterceptor:
        """What is sent to workflows."""
        return Sending(next)

    def intercept_activity(self, next: worker.ActivityInboundInterceptor) -> worker.ActivityInboundInterceptor:
        """What activities do."""
        return Acting(next)

    def workflow_interceptor_class(
        self, input: worker.WorkflowInterceptorClassInput
    ) -> type[worker.WorkflowInboundInterceptor]:
        """What workflows take and ask for."""
        input.unsafe_extern_functions[_BEGIN] = self._spans.begun
        return Taking


class Sending(client.OutboundInterceptor):
    """An update says in its header where the trace goes on. A workflow that is started is told nothing: it lives for
    weeks."""

    async def start_workflow_update(self, input: client.StartWorkflowUpdateInput) -> client.WorkflowUpdateHandle[Any]:
        """To a running workflow."""
        with part("send update", _of_update(input.update), role="client") as told:
            input.headers = with_part(input.headers, told.carried)
            return await super().start_workflow_update(input)

    async def start_update_with_start_workflow(
        self, input: client.StartWorkflowUpdateWithStartInput
    ) -> client.WorkflowUpdateHandle[Any]:
        """To one that is started by it, if none runs."""
        update = input.update_workflow_input
        with part("send update", _of_update(update.update), role="client") as told:
            update.headers = with_part(update.headers, told.carried)
            return await super().start_update_with_start_workflow(input)


class Acting(worker.ActivityInboundInterceptor):
    """Every attempt of every activity is a part. What follows from nothing recent begins the trace of its command."""

    async def execute_activity(self, input: worker.ExecuteActivityInput) -> Any:
        """Do it, and look at what became of it."""
        info, about = activity.info(), input.args[0] if input.args else None
        after = part_in(input.headers)
        of = about.id if after is None and isinstance(about, CommandRef | MachineCommand) else None
        facts = {**_of_activity(info), **facts_of(about)}
        with part(info.activity_type, facts, role="server", of=of, after=after) as told:
            result = await super().execute_activity(input)
            _say_outcome(told, result)
            return result


class Taking(worker.WorkflowInboundInterceptor):
    """A workflow takes an update: what it asks for in consequence follows from that."""

    def init(self, outbound: worker.WorkflowOutboundInterceptor) -> None:
        """See `Asking`."""
        super().init(Asking(outbound))

    async def handle_update_handler(self, input: worker.HandleUpdateInput) -> Any:
        """Told once: a replay only remembers from what the consequences follow."""
        carried = part_in(input.headers)
        if carried is None:
            return await super().handle_update_handler(input)
        if workflow.unsafe.is_replaying():
            return await self._follow(carried, input)
        taken = _begin(input, carried)
        try:
            return await self._follow(taken.carried or carried, input)
        finally:
            taken.end()

    async def _follow(self, carried: str, input: worker.HandleUpdateInput) -> Any:
        token = _following.set(Following(carried, workflow.now()))
        try:
            return await super().handle_update_handler(input)
        finally:
            _following.reset(token)


class Asking(worker.WorkflowOutboundInterceptor):
    """An activity that a workflow asks for is told from what it follows, if that is recent."""

    def start_activity(self, input: worker.StartActivityInput) -> workflow.ActivityHandle[Any]:
        """On another worker."""
        input.headers = with_part(input.headers, _recent())
        return super().start_activity(input)

    def start_local_activity(self, input: worker.StartLocalActivityInput) -> workflow.ActivityHandle[Any]:
        """On this one."""
        input.headers = with_part(input.headers, _recent())
        return super().start_local_activity(input)


def _begin(input: worker.HandleUpdateInput, carried: str) -> SpanPart:
    begin: Callable[[str, Facts, str], SpanPart] = workflow.extern_functions()[_BEGIN]
    info = workflow.info()
    facts: Facts = {
        "echeance.workflow": info.workflow_type,
        "echeance.task_queue": info.task_queue,
        **_of_update(input.update),
        **facts_of(input.args[0] if input.args else None),
    }
    return begin("take update", facts, carried)


def _recent() -> str | None:
    following = _following.get()
    return following.carried if following and workflow.now() - following.since <= FRESH else None


def _of_update(name: str) -> Facts:
    return {"echeance.update": name}


def _of_activity(info: activity.Info) -> Facts:
    waited = info.started_time - info.current_attempt_scheduled_time
    return {
        "echeance.activity": info.activity_type,
        "echeance.activity.attempt": info.attempt,
        "echeance.activity.waited_ms": round(waited.total_seconds() * 1000, 1),
        "echeance.task_queue": info.task_queue,
        "echeance.workflow": info.workflow_type or "none",
    }


def facts_of(about: object) -> Facts:
    """What an update or activity is about: ids and kinds."""
    match about:
        case CommandRef() | MachineCommand():
            return {
                "echeance.command.id": str(about.id),
                "echeance.command.kind": about.kind,
                "echeance.case.id": str(about.case_id),
            }
        case LetterToSend():
            return {"echeance.letter.id": str(about.id), "echeance.letter.round": about.round}
        case MessageToSend():
            return {"echeance.message.id": str(about.id)}
    return {}


def _say_outcome(told: Part, result: object) -> None:
    """Applied or refused, accepted or rejected; a refusal's reason stays in the register."""
    match result:
        case Outcome():
            told.says("echeance.outcome", result.status.value)
        case HandOver():
            told.says("echeance.outcome", result.value)
