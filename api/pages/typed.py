"""What somebody has typed into a form: fields with their values, as a browser sends them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from fastapi import Depends, HTTPException, Request

from api.pages.visit import TheVisit, Visit

MARK, KEY = "mark", "key"
"""The fields that every form carries besides what is typed: its mark, and the key that makes a double click one."""
SECRET = ("old", "new")
"""Passwords: neither kept as a draft, nor shown again, nor kept while somebody signs in again."""
LOGIN = "username"
"""A form of passwords carries it for whatever keeps them: nobody has typed it."""
_MOST_FIELDS = 2_020
"""Two for each place of the largest session, and some."""
_AMOUNT = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,2})?")
"""Figures and nothing else: an exponent would make a number that fills the memory."""


@dataclass(frozen=True)
class Typed:
    """Fields and their values; what is empty has not been typed."""

    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """The value of a field, empty when there is none."""
        return next(iter(self.fields.get(name, ())), "")

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def all(self, name: str) -> list[str]:
        """The values of a field that can have many."""
        return [value for value in self.fields.get(name, ()) if value]

    def has(self, name: str, value: str) -> bool:
        """Whether a field has this value among others."""
        return value in self.fields.get(name, ())

    @property
    def words(self) -> dict[str, list[str]]:
        """What somebody has typed, without what the form itself carries, and without passwords."""
        return {name: list(values) for name, values in self.fields.items() if name not in (MARK, KEY, LOGIN, *SECRET)}

    def text(self, name: str) -> str | None:
        """What was typed, or None; line ends as everywhere else."""
        return self[name].replace("\r\n", "\n").strip() or None

    def instant(self, name: str, zone: ZoneInfo) -> str | None:
        """A day and a time of day, where the insurer is; what is none stays as typed, for the rules to refuse."""
        try:
            return datetime.fromisoformat(self[name]).replace(tzinfo=zone).isoformat()
        except ValueError:
            return self.text(name)

    def lines(self, name: str) -> list[str]:
        """What was typed, line by line."""
        return [line.strip() for line in self[name].splitlines() if line.strip()]

    def cents(self, name: str) -> Any:
        """An amount in euros, as cents; what is no amount stays as it was typed, for the rules to refuse."""
        typed = re.sub(r"[€\u202f\u00a0 ]", "", self[name])
        found = _AMOUNT.fullmatch(typed)
        return int(Decimal(typed.replace(",", ".") or "0") * 100) if found or not typed else self[name]


async def read_typed(request: Request) -> Typed:
    """The form that came with a request. Raises HTTPException 400 for one that no page of ours sends."""
    try:
        text = (await request.body()).decode("utf-8")
        return Typed(parse_qs(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"))
    except ValueError as error:
        raise HTTPException(400, "The form cannot be read.") from error


def sent_form(visit: TheVisit, typed: Annotated[Typed, Depends(read_typed)]) -> Typed:
    """A form of this session's own. Raises HTTPException 403 for one whose mark is not."""
    check_mark(visit, typed)
    return typed


def check_mark(visit: Visit, typed: Typed) -> None:
    """Raises HTTPException 403 for a form that this session has not made."""
    if not visit.has_made(typed[MARK]):
        raise HTTPException(
            403,
            "This form belongs to another session: somebody has signed in on this browser since. "
            "Go back and copy your text.",
        )


SentForm = Annotated[Typed, Depends(sent_form)]
