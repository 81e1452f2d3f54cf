"""The fields of a command as they are typed: each is read as what it means."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from api.pages.session_rows import sessions_said
from api.pages.typed import Typed

CHECKLIST, NOTE = "checklist.", "note."
"""Before the name of an item: the field of its answer, and that of the note on it."""


def _answers(typed: Typed, _name: str) -> list[dict[str, str]]:
    """The items of a checklist that were answered, each with its note if there is one."""
    items = [name.removeprefix(CHECKLIST) for name in typed if name.startswith(CHECKLIST) and typed[name]]
    answers = [{"item": item, "answer": typed[CHECKLIST + item], "note": typed.text(NOTE + item)} for item in items]
    return [{name: value for name, value in answer.items() if value} for answer in answers]


def _lines(typed: Typed, name: str) -> list[dict[str, Any]]:
    """The lines of a list, in their order: `schedule.0.number`, `schedule.0.due_on`. A line whose day is the usual one
    is not said: it follows the rule.
    """
    found: dict[int, dict[str, Any]] = {}
    for field in typed:
        place = re.fullmatch(rf"{name}\.([0-9]{{1,3}})\.([a-z_]+)", field)
        if place and typed.text(field) is not None:
            found.setdefault(int(place[1]), {})[place[2]] = typed.text(field)
    lines = [found[place] for place in sorted(found)]
    return [_line(line) for line in lines if "usual" not in line or line.get("due_on", line["usual"]) != line["usual"]]


def _line(said: Mapping[str, Any]) -> dict[str, Any]:
    """A line as the API takes it: its number is one."""
    line = {name: value for name, value in said.items() if name != "usual"}
    whole = {name: str(line.get(name, "")) for name in ("number", "minutes")}
    return line | {name: int(one) for name, one in whole.items() if one.isdecimal() and one.isascii()}


def _leaves(typed: Typed, name: str) -> list[dict[str, Any]]:
    """Each person's days that are ticked: `paid_leave.claire.morvan`, once for each day."""
    people = [field.removeprefix(f"{name}.") for field in typed if field.startswith(f"{name}.")]
    return [{"login": one, "days": days} for one in people if (days := typed.all(f"{name}.{one}"))]


_SPECIAL: Mapping[str, Callable[[Typed, str], Any]] = {
    "answers": _lines,
    "attended": _lines,
    "rulings": _lines,
    "schedule": _lines,
    "amount_cents": lambda typed, name: typed.cents(name) if typed.text(name) else None,
    "checklist": _answers,
    "compensation_cents": Typed.cents,
    "documents": Typed.all,
    "paid_leave": _leaves,
    "address": Typed.lines,
    "sessions": sessions_said,
    "reached": lambda typed, name: {"yes": True, "no": False}.get(typed[name], typed[name]),
}
"""How fields are read that are not simply text."""


_TICKED = frozenset({"paid_leave"})
"""Fields that say all that is ticked: nothing as well."""


def said_in(form: type[BaseModel], typed: Typed) -> dict[str, Any]:
    """What was typed into the fields of a form; what was left empty is not said, but where nothing is ticked."""
    read = {name: _SPECIAL.get(name, Typed.text)(typed, name) for name in form.model_fields}
    return {name: value for name, value in read.items() if value not in (None, "", []) or name in _TICKED}
