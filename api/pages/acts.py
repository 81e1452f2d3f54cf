"""What happened, act by act: the lines of a journal that belong together."""

from collections.abc import Iterable
from itertools import groupby

from api.cases import JournalEntry


def acts(lines: Iterable[JournalEntry]) -> list[list[JournalEntry]]:
    """The last act first: the lines of one command belong together."""
    return [list(act) for _, act in groupby(lines, key=lambda line: line.command or line.line)][::-1]
