"""By when a director decides what cannot wait for an operation's end."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.backlog.deadlines import decided_by
from tests.factories.rules import a_calendar, the_book

A_THURSDAY = date(2027, 5, 13)
FAR = date(2027, 6, 20)


@pytest.mark.parametrize(
    ("asked_on", "ends_on", "by"),
    [
        (date(2027, 5, 12), FAR, A_THURSDAY),
        (A_THURSDAY, FAR, date(2027, 5, 14)),
        (date(2027, 5, 14), FAR, date(2027, 5, 18)),  # Friday before Whitsun: the Monday is a public holiday
        (date(2027, 5, 15), FAR, date(2027, 5, 18)),
        (A_THURSDAY, A_THURSDAY, A_THURSDAY),  # on its last day
    ],
)
def test_it_is_decided_by_the_evening_of_the_next_working_day_and_never_after_the_last(
    asked_on: date, ends_on: date, by: date
) -> None:
    due = decided_by(asked_on, ends_on, a_calendar(), the_book().versions[-1])
    assert due == datetime(by.year, by.month, by.day, 17, tzinfo=ZoneInfo("Europe/Paris"))
