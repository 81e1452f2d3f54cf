"""A form's life: begun empty or from a draft, sent, shown again with what is wrong, in words, and nothing lost."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Self
from uuid import UUID

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.errors import Problem
from api.pages.typed import Typed
from api.pages.words import Words, humanised
from db.models import Draft
from domain.refusals import Refusal

_NOTHING: Mapping[str, str] = MappingProxyType({})


_SHARES = frozenset({"absence", "no_show", "service", "empty"})


class Wrongs(dict[str, str]):
    """Field → what is wrong with it, in words; empty for the others."""

    def __missing__(self, name: str) -> str:
        return ""


@dataclass(frozen=True)
class Told:
    """A refusal in words: the rule, and what to do instead."""

    rule: str
    remedy: str


@dataclass(frozen=True)
class FormView:
    """A form as it is shown. `address` is where it goes, and the name of its draft."""

    address: str
    typed: Typed
    wrong: Mapping[str, str] = field(default_factory=Wrongs)
    refused: Told | None = None
    restored_at: datetime | None = None

    @property
    def slug(self) -> str:
        """The address as a part of names on the page, which may have several forms."""
        return re.sub(r"[^a-z0-9]+", "-", self.address.lower())


def begun(
    session: Session, person_id: UUID, address: str, filled: Mapping[str, str | Iterable[str]] = _NOTHING
) -> FormView:
    """A form that somebody opens: with what they had typed before, or filled with what is known."""
    draft = session.get(Draft, (person_id, address))
    if draft is not None:
        return FormView(address, Typed(draft.typed), restored_at=draft.saved_wall)
    fields = {name: [value] if isinstance(value, str) else list(value) for name, value in filled.items()}
    return FormView(address, Typed(fields))


def begun_all(session: Session, person_id: UUID, filled: Mapping[str, Mapping[str, str]]) -> dict[str, FormView]:
    """Several forms that somebody opens at once, by their addresses."""
    wanted = select(Draft).where(Draft.person_id == person_id, Draft.form.in_(filled))
    drafts = {draft.form: draft for draft in session.scalars(wanted)}
    forms = {}
    for address, known in filled.items():
        draft = drafts.get(address)
        typed = Typed(draft.typed if draft else {name: [value] for name, value in known.items()})
        forms[address] = FormView(address, typed, restored_at=draft.saved_wall if draft else None)
    return forms


def mistaken(address: str, typed: Typed, error: Exception, words: Words, of: str = "") -> FormView:
    """The form again, with what is wrong beside each field, or above all of them."""
    if isinstance(error, Refusal):
        return refused_with(address, typed, [_WrongOne.of(one) for one in error.each], words, of)
    assert isinstance(error, ValidationError | RequestValidationError)
    wrong = Wrongs()
    for one in mistakes(error):
        wrong.setdefault(_name(one["loc"], typed), sentence(one, words))
    return FormView(address, typed, wrong)


def mistakes(error: ValidationError | RequestValidationError) -> list[Mapping[str, Any]]:
    """What is wrong, each said once: a list is not called too short because its items are wrong."""
    found: list[Mapping[str, Any]] = list(error.errors())
    inside = {tuple(one["loc"][:depth]) for one in found for depth in range(len(one["loc"]))}
    return [one for one in found if one["type"] != "too_short" or tuple(one["loc"]) not in inside]


def status_of(error: Exception) -> int:
    """How a form that could not be sent is answered: as its refusal says, else 422."""
    return error.status if isinstance(error, Refusal) else 422


def refused(
    address: str, typed: Typed, rule: str, remedy: str | None, name: str | None, words: Words, of: str = ""
) -> FormView:
    """The form again, with the refusal of what it asked for; `of` is the vocabulary of the procedure's steps."""
    told = Told(words.told(rule, of), words.told(remedy or "", of))
    return FormView(address, typed, Wrongs({name: told.rule} if name else {}), told)


def refused_by(address: str, typed: Typed, problem: Problem, words: Words, of: str = "") -> FormView:
    """The form again, with what became of its command."""
    wrong = [_WrongOne(one.rule, one.remedy, one.field) for one in problem.errors or ()]
    return refused_with(address, typed, wrong or [_WrongOne(problem.detail, problem.remedy, problem.field)], words, of)


@dataclass(frozen=True)
class _WrongOne:
    """One thing that is wrong: the rule, the remedy, the field."""

    rule: str
    remedy: str | None
    field: str | None

    @classmethod
    def of(cls, refusal: Refusal) -> Self:
        """What a refusal says."""
        return cls(refusal.rule, refusal.remedy, refusal.field)


def refused_with(address: str, typed: Typed, wrong: Sequence[_WrongOne], words: Words, of: str = "") -> FormView:
    """The form again, with all that is wrong: one thing as it is refused, several as a list that leads to each."""
    first = wrong[0]
    if len(wrong) == 1:
        return refused(address, typed, first.rule, first.remedy, first.field, words, of)
    beside = Wrongs()
    for one in wrong:
        told = f"{words.told(one.rule, of)} {words.told(one.remedy or '', of)}".strip()
        beside[one.field or ""] = f"{beside[one.field or '']} {told}".strip()
    return FormView(address, typed, beside)


def _name(location: tuple[Any, ...], typed: Typed) -> str:
    """The field that a mistake is in: of a list, the field that holds it."""
    parts = [str(part) for part in location if part != "body"]
    while parts and ".".join(parts) not in typed and not parts[-1].isidentifier():
        parts.pop()
    return ".".join(parts)


def _expected(name: str, words: Words) -> str:
    """How a field is written, where somebody has written it otherwise."""
    found = words.name_in("Expected", name)
    return found if found != humanised(name) else words.say("This is not written as it should be.")


def _beyond(error: Mapping[str, Any], words: Words) -> str:
    """A number that lies outside of what is allowed: a share, a whole number, or another."""
    name, whole = str(error["loc"][-1]), isinstance(error.get("input"), int)
    if name in _SHARES:
        return words.say("Write a share in per cent, from 0 to 100.")
    if whole or name == "places":
        return words.say("Write a whole number such as 120.")
    return words.say("Write a number such as 12 or 0.40.")


def sentence(error: Mapping[str, Any], words: Words) -> str:
    """What is wrong with one value, in words."""
    say, context = words.say, error.get("ctx") or {}
    kind = error["type"]
    if kind == "missing" or error.get("input") in ("", None):
        return say("This is needed.")
    if kind == "string_too_short":
        return say("At least {least} characters.", least=context.get("min_length", 1))
    if kind == "too_short":
        return say("Give at least {least}.", least=words.number(context.get("min_length", 1)))
    if kind in {"string_too_long", "too_long"}:
        return say("This is too long: at most {most}.", most=words.number(context.get("max_length", 0)))
    if kind in {"enum", "literal_error"}:
        return say("Choose one of the list.")
    if kind == "string_pattern_mismatch":
        return _expected(str(error["loc"][-1]), words)
    if kind.startswith(("int", "greater", "less")) and error["loc"][-1:] == ("minutes",):
        return say("Minutes are a whole number from 0 to 1,440, 0 for who did not come.")
    if kind.startswith("int") and not str(error["loc"][-1]).endswith("_cents"):
        return say("Write a whole number such as 120.")
    if kind.startswith(("greater", "less")) and not str(error["loc"][-1]).endswith("_cents"):
        return _beyond(error, words)
    if kind.startswith(("int", "greater", "less")):
        return say("This is no amount that can be paid: write it as 45.50, up to 100,000.")
    if kind.startswith("date") or "2026-12-31" in str(error.get("msg")):
        return say("This is no date.")
    if "whole number" in str(error.get("msg")):
        return say("Write a whole number such as 120.")
    if "number such as" in str(error.get("msg")):
        return say("Write a number such as 12 or 0.40.")
    if kind != "value_error":  # the library's own sentence, which no page shows
        return say("This is not written as it should be.")
    return words.told(str(error.get("msg")).removeprefix("Value error, "))
