"""A plan reaches no further than the calendar: to the day, the week before, the last one, and after."""

from datetime import date, timedelta

import pytest

from domain.backlog.hours import check_covered, days_to_know
from domain.calendar import Calendar
from domain.refusals import Invalid

SATURDAY = date(2026, 6, 13)
FIRST, LAST = days_to_know(SATURDAY, 12)
ONE = timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "last", "is_covered"),
    [
        (FIRST, LAST, True),
        (FIRST - ONE, LAST + ONE, True),
        (FIRST + ONE, LAST, False),
        (FIRST, LAST - ONE, False),
    ],
)
def test_every_week_that_the_law_looks_at_is_known(first: date, last: date, is_covered: bool) -> None:
    calendar = Calendar({}, first, last)
    if is_covered:
        check_covered(SATURDAY, 12, calendar)
        return
    with pytest.raises(Invalid) as refused:
        check_covered(SATURDAY, 12, calendar)
    assert refused.value.field == "sessions"
    assert str(SATURDAY) in refused.value.rule
    assert "calendar" in refused.value.remedy
