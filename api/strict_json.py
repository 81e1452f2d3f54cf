"""JSON that everybody reads alike: UTF-8, numbers that are numbers, each name once, not nested without end."""

from json import loads
from typing import Any

DEEPEST = 32


def why_unreadable(body: bytes) -> str | None:
    """What is wrong with these bytes; None when they are such JSON."""
    try:
        value = loads(body.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError:
        return "it is not written in UTF-8"
    except RecursionError:
        return _too_deep()
    except ValueError as error:
        return str(error) if isinstance(error, UnreadableError) else "it is not JSON"
    return _too_deep() if _depth_exceeds(value, DEEPEST) else None


class UnreadableError(ValueError):
    """JSON that two programs could read differently; it doesn't repeat what was sent."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableError("it gives one name twice in the same object")
    return found


def _no_number(_word: str) -> None:
    raise UnreadableError("NaN and Infinity are no numbers of JSON")


def _too_deep() -> str:
    return f"it is nested more than {DEEPEST} deep"


def _depth_exceeds(value: Any, deepest: int) -> bool:
    level = [value]
    for _ in range(deepest):
        level = [inner for outer in level for inner in _nests(outer)]
    return bool(level)


def _nests(value: Any) -> list[Any]:
    """The objects and lists that are directly in this one."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [part for part in parts if isinstance(part, dict | list)]
