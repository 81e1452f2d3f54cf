"""The chain: each line of a journal carries a MAC over itself and the line before; a checkpoint, one over all heads.

Whoever has not the key can neither alter a line, nor take one out of the middle, nor add one.
"""

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

BEGINNING = bytes(32)
"""Stands before the first line, and before the first checkpoint."""
_AS_IT_IS = {str, int, bool, type(None)}


@dataclass(frozen=True)
class Link:
    """A line of a journal, as the chain covers it. `sealed_sha256` is that of its private part, as it is sealed."""

    case_id: UUID
    line: int
    event: str
    at: datetime
    actor_id: UUID | None
    command_id: UUID | None
    facts: dict[str, Any]
    sealed_sha256: bytes | None

    def written(self) -> bytes:
        """The same bytes for the same line, before the database has kept it and after."""
        sealed = self.sealed_sha256.hex() if self.sealed_sha256 else None
        told = [str(self.case_id), self.line, self.event, _instant(self.at), _id(self.actor_id), _id(self.command_id)]
        return b"line" + canonical([*told, self.facts, sealed])


@dataclass(frozen=True)
class Head:
    """Where a case's journal ended: its last line, and that line's MAC."""

    case_id: UUID
    line: int
    mac: bytes


def line_mac(key: bytes, previous: bytes, link: Link) -> bytes:
    """The MAC of a line that follows the one whose MAC is `previous`."""
    return hmac.digest(key, previous + link.written(), "sha256")


def digest(links: Iterable[Link]) -> str:
    """SHA-256 over lines that were written before there were chains."""
    told = sha256()
    for link in links:
        told.update(link.written() + b"\n")
    return told.hexdigest()


def checkpoint_mac(
    key: bytes, previous: bytes, day: date, made_at: datetime, count: int, heads: Iterable[Head]
) -> bytes:
    """The MAC of a day's checkpoint; `heads` come in the order of their cases, and only once through."""
    told = canonical([day.isoformat(), _instant(made_at), count])
    mac = hmac.new(key, previous + b"checkpoint" + told, "sha256")
    for head in heads:
        mac.update(head.case_id.bytes + head.line.to_bytes(8) + head.mac)
    return mac.digest()


def canonical(value: Any) -> bytes:
    """JSON in one form only: the one in which it comes back from JSONB, which forgets the order of keys, how a number
    was written, and the sign of zero.
    """
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _plain(value: Any) -> Any:
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, float):
        return int(Decimal(repr(value))) if value.is_integer() else value
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _id(one: UUID | None) -> str | None:
    return str(one) if one else None
