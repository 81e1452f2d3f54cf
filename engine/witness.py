"""What the engine still knows of each case: the commands that its workflow took, and what it decided of each.

A witness of its own: the histories are written by another server than the register.
"""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

from temporalio.api.history.v1 import HistoryEvent, MarkerRecordedEventAttributes
from temporalio.client import Client

_CASE = re.compile(r"[a-z]+-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_MARKER = "core_local_activity"
_DECIDED = {"applied", "refused"}


@dataclass(frozen=True)
class Decided:
    """What became of a command, and where the case's journal ended then: how many lines, and the last one's MAC."""

    status: str
    lines: int
    head: str | None


@dataclass
class Witnessed:
    """One run of one case: the commands that it took, and what became of those that it decided."""

    case_id: UUID
    taken: set[UUID] = field(default_factory=set)
    decided: dict[UUID, Decided] = field(default_factory=dict)


async def witness(client: Client) -> AsyncIterator[Witnessed]:
    """Every run that the engine has kept, one by one.

    Raises temporalio.service.RPCError, RuntimeError when it cannot be reached; KeysError when the ring lacks a key.
    """
    async for listed in client.list_workflows():
        if (case := _CASE.fullmatch(listed.id)) is not None:
            told = Witnessed(UUID(case[1]))
            handle = client.get_workflow_handle(listed.id, run_id=listed.run_id)
            async for event in handle.fetch_history_events():
                await _look(client, event, told)
            yield told


async def _look(client: Client, event: HistoryEvent, told: Witnessed) -> None:
    if event.HasField("workflow_execution_update_accepted_event_attributes"):
        accepted = event.workflow_execution_update_accepted_event_attributes.accepted_request
        told.taken |= _command(accepted.meta.update_id.partition("/")[0])
    elif event.HasField("marker_recorded_event_attributes"):
        marker = event.marker_recorded_event_attributes
        outcome = await _outcome(client, marker)
        if outcome is not None and outcome.status in _DECIDED:
            told.decided |= dict.fromkeys(_command(_activity(marker).get("activity_id", "")), outcome)


def _command(text: str) -> set[UUID]:
    try:
        return {UUID(text)}
    except ValueError:
        return set()


def _activity(marker: MarkerRecordedEventAttributes) -> dict[str, str]:
    """Which local activity a marker is of."""
    payloads = marker.details["data"].payloads if marker.marker_name == _MARKER else ()
    told: dict[str, str] = json.loads(payloads[0].data) if payloads else {}
    return told


async def _outcome(client: Client, marker: MarkerRecordedEventAttributes) -> Decided | None:
    """What a commit became; None of anything else, and of one that failed."""
    codec = client.data_converter.payload_codec
    if _activity(marker).get("activity_type") != "commit" or not marker.details["result"].payloads or codec is None:
        return None
    (payload,) = await codec.decode(marker.details["result"].payloads)
    told = json.loads(payload.data)
    return Decided(told["status"], told.get("lines", 0), told.get("head"))
