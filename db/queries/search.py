"""Find words whatever their accents and capitals; the database's function `plain` takes both away."""

from typing import Any

from sqlalchemy import ColumnElement, func

_ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\%_"})


def holds(column: Any, words: str) -> ColumnElement[bool]:
    """Whether the column holds these words. With an index of trigrams it is quick from three letters on."""
    return func.plain(column).like(func.plain(f"%{words.translate(_ESCAPED)}%"))
