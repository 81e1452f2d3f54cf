"""What happened, act by act, the last ones first: the rest is read from the line before them."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from api.cases import JournalEntry
from api.pages.acts import acts, newest

NOON = datetime(2031, 3, 3, 12, tzinfo=UTC)


def a_line(number: int, command: int | None) -> JournalEntry:
    """A line of a journal."""
    told = UUID(int=command) if command else None
    return JournalEntry(line=number, at=NOON, event="TaskDone", actor=None, command=told, facts={}, words=None)


THREE_ACTS = acts([a_line(5, 1), a_line(6, 1), a_line(7, None), a_line(8, 2), a_line(9, 2)])


@pytest.mark.parametrize(
    ("count", "shown", "earlier"),
    [(1, [[8, 9]], 7), (2, [[8, 9], [7]], 6), (3, [[8, 9], [7], [5, 6]], 4), (4, [[8, 9], [7], [5, 6]], 4)],
)
def test_the_last_acts_are_whole_and_the_line_before_them_is_where_the_rest_ends(
    count: int, shown: list[list[int]], earlier: int
) -> None:
    told, before = newest(THREE_ACTS, 4, count)
    assert [[line.line for line in act] for act in told] == shown
    assert before == earlier


def test_of_what_never_happened_there_is_nothing_to_show() -> None:
    assert newest([], 0, 12) == ([], 0)
