"""Sessions as rows of a form: a day, from when to when with the break between, places, the share that stays empty."""

import re
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from api.pages.figures.asked import share
from api.pages.typed import Typed

FROM, UNTIL, BREAK = "starts_at", "ends_at", ("pause_from", "pause_to")
_OF_ITSELF = {FROM, UNTIL, *BREAK, "empty", "skill"}
"""What stands in a row that nobody has filled: the usual hours are there already."""
USUAL_MINUTES = 420
_BEGINS, _LONGEST_STRETCH, _MORNING, _BREAK = time(8, 30), 300, 240, 45


def rows_in(typed: Typed, name: str) -> list[dict[str, str]]:
    """The rows of this name in their order, each with what was typed into it."""
    found: dict[int, dict[str, str]] = {}
    for field in typed:
        place = re.fullmatch(rf"{name}\.([0-9]{{1,3}})\.([a-z_]+)", field)
        if place:
            value = typed.text(field)
            found.setdefault(int(place[1]), {}).update({place[2]: value} if value is not None else {})
    return [row for _, row in sorted(found.items()) if row]


def is_blank(row: Mapping[str, str]) -> bool:
    """Whether nobody has filled the row: a day alone, or with the usual hours as they stood there, is no session."""
    if not row.keys() - _OF_ITSELF:
        return True
    return "day" in row and _as_it_stood(row)


def _as_it_stood(row: Mapping[str, str]) -> bool:
    hours = {name: value for name, value in row.items() if name != "day"}
    return hours in ({}, row_of(USUAL_MINUTES))


def sessions_said(typed: Typed, name: str = "sessions") -> list[dict[str, Any]]:
    """The sessions of the API that the rows stand for."""
    return [_session(row) for row in rows_in(typed, name) if not is_blank(row)]


def _session(row: Mapping[str, str]) -> dict[str, Any]:
    same = {name: row[name] for name in ("day", "skill") if name in row}
    places = {"places": re.sub(r"[\s\u00a0\u202f]", "", row["places"])} if "places" in row else {}
    empty = {"no_show": share(row["empty"])} if "empty" in row else {}
    return {**same, **places, **empty, "hours": _spans(row)}


def _spans(row: Mapping[str, str]) -> list[dict[str, str]]:
    """One stretch of work, or two with a break between them."""
    edges = [row.get(FROM, ""), *(row.get(one, "") for one in BREAK), row.get(UNTIL, "")]
    if not edges[1] and not edges[2]:
        return [{"starts_at": edges[0], "ends_at": edges[3]}]
    return [{"starts_at": edges[0], "ends_at": edges[1]}, {"starts_at": edges[2], "ends_at": edges[3]}]


def hours_said(spans: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The hours of a session, as its row has them."""
    first, last = spans[0], spans[-1]
    hours = {FROM: first["starts_at"][:5], UNTIL: last["ends_at"][:5]}
    pause = {BREAK[0]: first["ends_at"][:5], BREAK[1]: last["starts_at"][:5]} if len(spans) > 1 else {}
    return hours | pause


def row_of(minutes: int) -> dict[str, str]:
    """So many minutes from the morning on, with a break after four hours where five do not do."""
    if minutes <= _LONGEST_STRETCH:
        return {FROM: f"{_BEGINS:%H:%M}", UNTIL: _after(minutes)}
    pause = {BREAK[0]: _after(_MORNING), BREAK[1]: _after(_MORNING + _BREAK)}
    return {FROM: f"{_BEGINS:%H:%M}", **pause, UNTIL: _after(minutes + _BREAK)}


def _after(minutes: int) -> str:
    hour, minute = divmod(_BEGINS.hour * 60 + _BEGINS.minute + min(minutes, 15 * 60), 60)
    return f"{hour:02}:{minute:02}"
