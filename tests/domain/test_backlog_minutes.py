"""Of a session that was held, the hours that count are those that were worked."""

from datetime import date, time

import pytest

from domain.backlog.hours import Span, first_minutes

DAY = date(2026, 12, 5)
MORNING, AFTERNOON = Span(DAY, time(9), time(12)), Span(DAY, time(13), time(17))


@pytest.mark.parametrize(
    ("minutes", "kept"),
    [
        (None, [MORNING, AFTERNOON]),
        (0, []),
        (1, [Span(DAY, time(9), time(9, 1))]),
        (180, [MORNING]),
        (181, [MORNING, Span(DAY, time(13), time(13, 1))]),
        (420, [MORNING, AFTERNOON]),
        (421, [MORNING, AFTERNOON]),
    ],
)
def test_who_came_for_so_long_worked_the_first_minutes_and_a_no_show_none(
    minutes: int | None, kept: list[Span]
) -> None:
    assert first_minutes([MORNING, AFTERNOON], minutes) == kept
