"""Forms that keep nothing: what they ask stands in the address, and can be kept there or sent to somebody."""

import re
from collections.abc import Collection, Iterable
from decimal import Decimal
from urllib.parse import parse_qs

from fastapi import HTTPException, Request

from api.pages.typed import Typed

MOST_FIELDS = 100
LONGEST = 4_000
_PERCENT = re.compile(r"(-?\d{1,6}(?:[.,]\d{1,6})?)[\s\u00a0\u202f]*%?", re.ASCII)


def asked_by(request: Request) -> Typed:
    """What stands in the address. Raises HTTPException 400 for more than any form of ours has."""
    query = request.url.query
    try:
        return Typed(parse_qs(query[: LONGEST + 1], keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError as error:
        raise HTTPException(400, "The address cannot be read.") from error


def plain(typed: Typed, names: Iterable[str], shares: Collection[str] = ()) -> dict[str, object]:
    """What was typed into these fields; a share is typed as a percentage."""
    said = {name: value for name in names if (value := typed.text(name)) is not None}
    return {name: share(value) if name in shares else value for name, value in said.items()}


def share(percent: str) -> object:
    """40 is 0.40; what is no number stays as it was typed, for the rules to refuse."""
    found = _PERCENT.fullmatch(percent.strip())
    return Decimal(found[1].replace(",", ".")) / 100 if found else percent
