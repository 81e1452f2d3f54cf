"""The fields of a command as they are typed: each is read as what it means."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from api.pages.typed import Typed

CHECKLIST, NOTE = "checklist.", "note."
"""Before the name of an item: the field of its answer, and that of the note on it."""


def _answers(typed: Typed, _name: str) -> list[dict[str, str]]:
    """The items of a checklist that were answered, each with its note if there is one."""
    items = [name.removeprefix(CHECKLIST) for name in typed if name.startswith(CHECKLIST) and typed[name]]
    answers = [{"item": item, "answer": typed[CHECKLIST + item], "note": typed.text(NOTE + item)} for item in items]
    return [{name: value for name, value in answer.items() if value} for answer in answers]


_SPECIAL: Mapping[str, Callable[[Typed, str], Any]] = {
    "amount_cents": lambda typed, name: typed.cents(name) if typed.text(name) else None,
    "checklist": _answers,
    "compensation_cents": Typed.cents,
    "documents": Typed.all,
    "address": Typed.lines,
    "reached": lambda typed, name: {"yes": True, "no": False}.get(typed[name], typed[name]),
}
"""How fields are read that are not simply text."""


def said_in(form: type[BaseModel], typed: Typed) -> dict[str, Any]:
    """What was typed into the fields of a form; what was left empty is not said."""
    read = {name: _SPECIAL.get(name, Typed.text)(typed, name) for name in form.model_fields}
    return {name: value for name, value in read.items() if value not in (None, "", [])}
