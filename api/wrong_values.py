"""What is wrong with a value of a request, and what to write instead, in French or in English, in the house's words.

A rule of the domain says it in its own sentence; the library tells the kind of a mistake only.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from api.errors import WrongValue, problem
from api.pages.words import LANGUAGES, Words, words_in

_OWN = "value_error"
"""The kind of a mistake that one of our own rules has found."""


@dataclass(frozen=True)
class Mistake:
    """A kind of mistake: the rule, the remedy, and which of the library's values its remedy names."""

    rule: str
    remedy: str
    names: str = ""


def _wrong(rule: str, remedy: str, names: str = "") -> Mistake:
    return Mistake(rule, remedy, names)


_NO_JSON = _wrong("The body is not JSON.", "Send one JSON object.")
_KINDS: Mapping[str, Mistake] = {
    "missing": _wrong("This value is needed.", "Give it."),
    "extra_forbidden": _wrong("No value of this name is taken here.", "Leave it out, or correct its name."),
    "string": _wrong("This is no text.", "Write it in quotation marks."),
    "string_empty": _wrong("This text is empty.", "Write something."),
    "string_too_short": _wrong("This text is too short.", "Write at least {} characters.", "min_length"),
    "string_too_long": _wrong("This text is too long.", "Write at most {} characters.", "max_length"),
    "string_pattern_mismatch": _wrong(
        "This text is not written as it should be.", "Write it as this pattern says: {}", "pattern"
    ),
    "too_short": _wrong("There are too few of these.", "Give at least {}.", "min_length"),
    "too_long": _wrong("There are too many of these.", "Give at most {}.", "max_length"),
    "greater_than": _wrong("This lies below what is allowed.", "Give more than {}.", "gt"),
    "greater_than_equal": _wrong("This lies below what is allowed.", "Give {} or more.", "ge"),
    "less_than": _wrong("This lies above what is allowed.", "Give less than {}.", "lt"),
    "less_than_equal": _wrong("This lies above what is allowed.", "Give {} or less.", "le"),
    "enum": _wrong("This is none of the values that there are.", "Choose one of these: {}.", "expected"),
    "literal": _wrong("This is none of the values that there are.", "Choose one of these: {}.", "expected"),
    "union_tag_invalid": _wrong(
        "This is none of the values that there are.", "Choose one of these: {}.", "expected_tags"
    ),
    "union_tag_not_found": _wrong("It is not said which of several this is.", "Give this value: {}.", "discriminator"),
    "int": _wrong("This is no whole number.", "Give a whole number, such as 120."),
    "float": _wrong("This is no number.", "Give a number, such as 12.5."),
    "finite": _wrong("This is no number.", "Give a number, such as 12.5."),
    "decimal": _wrong("This is no number.", "Give a number, such as 12.5."),
    "decimal_max_digits": _wrong("This number has too many digits.", "Give at most {} digits.", "max_digits"),
    "decimal_max_places": _wrong(
        "This number has too many digits.", "Give at most {} digits after the point.", "decimal_places"
    ),
    "decimal_whole_digits": _wrong(
        "This number has too many digits.", "Give at most {} digits before the point.", "whole_digits"
    ),
    "bool": _wrong("This is neither true nor false.", "Give true or false."),
    "date": _wrong("This is no day of the calendar.", "Write a day as 2026-12-31."),
    "datetime": _wrong("This is no instant.", "Write a day, a time and its offset, as 2026-12-31T14:30:00+01:00."),
    "timezone": _wrong(
        "The offset of this instant is not as it should be.",
        "Write a day, a time and its offset, as 2026-12-31T14:30:00+01:00.",
    ),
    "time": _wrong("This is no time of day.", "Write it as 14:30."),
    "uuid": _wrong("This is no identifier.", "Give one as it was answered: 36 characters, four of them hyphens."),
    "list": _wrong("This is no list.", "Give a list, in square brackets."),
    "tuple": _wrong("This is no list.", "Give a list, in square brackets."),
    "set": _wrong("This is no list.", "Give a list, in square brackets."),
    "frozen": _wrong("This is no list.", "Give a list, in square brackets."),
    "dict": _wrong("This is no object.", "Give an object, in braces."),
    "model": _wrong("This is no object.", "Give an object, in braces."),
    "json": _NO_JSON,
}
"""The library's kinds of mistakes that our forms can make; one word stands for all kinds that begin with it."""
_UNKNOWN = _wrong("This value is not as it should be.", "Correct these values; the schema is at /docs.")


def install(app: FastAPI) -> None:
    """Answer for values that cannot be right."""
    app.add_exception_handler(RequestValidationError, _malformed)


async def _malformed(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    words, mistakes = _words_of(request), error.errors()
    wrong = [_wrong_value(one, words) for one in mistakes[:50]]
    if any(one["type"] == "json_invalid" for one in mistakes):
        return problem(400, "bad_json", words.told(_NO_JSON.rule), words.told(_NO_JSON.remedy), errors=wrong)
    said = "; ".join(f"{one.field}: {one.rule}" for one in wrong[:5])
    remedy = words.told(_UNKNOWN.remedy)
    return problem(422, "wrong_values", said, remedy, errors=wrong)


def _words_of(request: Request) -> Words:
    """French for whoever asks for it first, else English: programs that ask for nothing are told in English."""
    asked = request.headers.get("accept-language", "").lower()[:2]
    return words_in(asked if asked in LANGUAGES else "en", "UTC")


def _wrong_value(mistake: Mapping[str, Any], words: Words) -> WrongValue:
    field = ".".join(str(part) for part in mistake["loc"] if part != "body") or "body"
    rule, remedy = in_words(mistake, words)
    return WrongValue(field=field, rule=rule, remedy=remedy)


def in_words(error: Mapping[str, Any], words: Words) -> tuple[str, str]:
    """The rule and the remedy of one mistake."""
    if error["type"] == _OWN:
        return words.told(str(error["msg"]).removeprefix("Value error, ")), words.told(_UNKNOWN.remedy)
    found, known = _kind(error), error.get("ctx") or {}
    value = _named(known.get(found.names, "")) if found.names else ""
    return words.told(found.rule), words.told(found.remedy).format(value)


def _kind(error: Mapping[str, Any]) -> Mistake:
    kind = str(error["type"])
    if kind == "string_too_short" and (error.get("ctx") or {}).get("min_length") == 1:
        return _KINDS["string_empty"]
    return _KINDS.get(kind) or _KINDS.get(kind.partition("_")[0], _UNKNOWN)


def _named(value: Any) -> str:
    """The library's list of values, without its quotation marks and its "or"."""
    return ", ".join(re.findall(r"'([^']*)'", str(value))) or str(value)
