"""The fields of a command as they are typed: each is read as what it means."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from api.pages.typed import Typed

_SPECIAL: Mapping[str, Callable[[Typed, str], Any]] = {
    "amount_cents": lambda typed, name: typed.cents(name) if typed.text(name) else None,
    "compensation_cents": Typed.cents,
    "address": Typed.lines,
    "reached": lambda typed, name: {"yes": True, "no": False}.get(typed[name], typed[name]),
}
"""How fields are read that are not simply text."""


def said_in(form: type[BaseModel], typed: Typed) -> dict[str, Any]:
    """What was typed into the fields of a form; what was left empty is not said."""
    read = {name: _SPECIAL.get(name, Typed.text)(typed, name) for name in form.model_fields}
    return {name: value for name, value in read.items() if value not in (None, "", [])}
