"""What happened, act by act: the lines of a journal that belong together."""

from collections.abc import Iterable
from itertools import groupby

from api.cases import JournalEntry


def acts(lines: Iterable[JournalEntry]) -> list[list[JournalEntry]]:
    """The last act first: the lines of one command belong together."""
    return [list(act) for _, act in groupby(lines, key=lambda line: line.command or line.line)][::-1]


def newest(told: list[list[JournalEntry]], earlier: int, count: int) -> tuple[list[list[JournalEntry]], int]:
    """The last acts of these, so many; and the number of the line before them, from where the rest can be read."""
    if len(told) <= count:
        return told, earlier
    return told[:count], told[count - 1][0].line - 1
