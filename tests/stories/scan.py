"""Look for people in everything that the engine keeps: raw, and decrypted as our own programs would.

`stored` yields every text of every workflow: ids, attributes, memos, summaries, reasons, failures, payloads. `found`
says which personal words stand in it. What cannot be decrypted is an error, never silence.
"""

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload, WorkflowExecution
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.converter import PayloadCodec

SHORTEST_WORD = 5
"""Shorter words say nothing of anybody, and stand in ids by chance."""
_WORD = re.compile(r"[^\W_]+")
_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})")


@dataclass(frozen=True)
class Text:
    """Something that the engine keeps, and where."""

    where: str
    words: str


@dataclass(frozen=True)
class Finding:
    """A personal word, and where it stands."""

    where: str
    word: str


def personal(*told: str) -> frozenset[str]:
    """What to look for: each text whole, and its words one by one."""
    whole = {text.casefold() for text in told}
    words = {word.casefold() for text in told for word in _WORD.findall(text) if len(word) >= SHORTEST_WORD}
    return frozenset(whole | words)


def accounts(*ibans: str) -> frozenset[str]:
    """What to look for of an account: its IBAN as machines and as people write it, and the account's own number."""
    plain = [iban.replace(" ", "").casefold() for iban in ibans]
    grouped = [" ".join(one[start : start + 4] for start in range(0, len(one), 4)) for one in plain]
    return frozenset([*plain, *grouped, *(one[14:] for one in plain)])


def found(texts: Iterable[Text], wanted: frozenset[str]) -> list[Finding]:
    """Every personal word in these texts."""
    words = sorted(wanted)
    folded = ((text.where, text.words.casefold()) for text in texts)
    return [Finding(where, word) for where, said in folded for word in words if word in said]


def found_in_bytes(content: bytes, wanted: frozenset[str], where: str) -> list[Finding]:
    """Every personal word in a file of the engine's, whose texts are UTF-8 between other bytes."""
    return found([Text(where, content.decode("utf-8", "ignore"))], wanted)


async def stored(client: Client) -> list[Text]:
    """Everything that the engine tells about every workflow of the client's namespace."""
    codec = client.data_converter.payload_codec
    texts = [text async for execution in _executions(client) async for text in _told_about(client, execution, codec)]
    return [again for text in texts for again in (text, *_unescaped(text))]


async def _executions(client: Client) -> AsyncIterator[WorkflowExecution]:
    async for listed in client.list_workflows():
        yield WorkflowExecution(workflow_id=listed.id, run_id=listed.run_id)


async def _told_about(client: Client, execution: WorkflowExecution, codec: PayloadCodec | None) -> AsyncIterator[Text]:
    asked = DescribeWorkflowExecutionRequest(namespace=client.namespace, execution=execution)
    described = await client.workflow_service.describe_workflow_execution(asked)
    where = f"{described.workflow_execution_info.type.name} workflow"
    for text in [one async for one in _read(described, f"{where}, description", codec)]:
        yield text
    handle = client.get_workflow_handle(execution.workflow_id, run_id=execution.run_id)
    async for event in handle.fetch_history_events():
        async for text in _read(event, f"{where}, event {event.event_id}", codec):
            yield text


async def _read(message: Message, where: str, codec: PayloadCodec | None) -> AsyncIterator[Text]:
    """Every text in a message, at any depth; a payload as it is, and decrypted."""
    if isinstance(message, Payload) and codec is not None:
        for plain in await codec.decode([message]):
            yield Text(f"{where}, decrypted", plain.data.decode("utf-8", "replace"))
    for field, value in message.ListFields():
        for part, path in _parts(value, f"{where}.{field.name}"):
            if isinstance(part, Message):
                async for text in _read(part, path, codec):
                    yield text
            elif isinstance(part, bytes):
                yield Text(path, part.decode("utf-8", "replace"))
            elif isinstance(part, str):
                yield Text(path, part)


def _parts(value: Any, where: str) -> Iterator[tuple[Any, str]]:
    """A value, or those of a list or map, whose keys are texts as well."""
    if hasattr(value, "items"):
        for key, one in value.items():
            yield key, where
            yield one, f"{where}[{key}]"
    elif isinstance(value, str | bytes | Message | int | float | bool):
        yield value, where
    else:
        yield from ((one, where) for one in value)


def _unescaped(text: Text) -> Iterator[Text]:
    """JSON may write an accent as an escape, once or in JSON within JSON: read it as whoever decodes it would."""
    words = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text.words)
    if words != text.words:
        yield Text(text.where, words)
