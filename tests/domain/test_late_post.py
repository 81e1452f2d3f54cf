"""The post of a past day that nobody closed is closed as soon as people are there to carry it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.rounds import Round, RoundKind, coming_rounds, late_rounds
from tests.factories.rules import a_calendar, a_version

PARIS = ZoneInfo("Europe/Paris")
FRIDAY = date(2031, 3, 7)
OFFICE = a_version().office


def march(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of March 2031 in Paris; the 7th is a Friday."""
    return datetime(2031, 3, day, hour, minute, tzinfo=PARIS)


def late(asked: datetime) -> tuple[Round, ...]:
    """What becomes of Friday's post when the mailroom looks at that instant."""
    return late_rounds([FRIDAY], asked, coming_rounds(asked, 5, a_calendar(), OFFICE))


@pytest.mark.parametrize(
    ("asked", "closed"),
    [
        (march(7, 17), march(10, 8, 10)),  # Friday evening: with Monday's first round
        (march(9, 11), march(10, 8, 10)),  # Sunday
        (march(10, 7), march(10, 8, 10)),  # before anybody is there
        (march(10, 10), march(10, 10)),  # during the day: at once
        (march(10, 16, 30), march(11, 8, 10)),  # the day's post is closed by now
    ],
)
def test_post_that_was_left_open_is_closed_while_people_are_there_to_carry_it(
    asked: datetime, closed: datetime
) -> None:
    assert late(asked) == (Round(RoundKind.POST, FRIDAY, closed),)


def test_where_nothing_was_left_open_there_is_nothing_to_close() -> None:
    assert late_rounds([], march(10, 10), coming_rounds(march(10, 10), 5, a_calendar(), OFFICE)) == ()


def test_a_checkpoint_is_made_every_night_working_day_or_not_and_no_round_is_lost_between_two_lists() -> None:
    first = coming_rounds(march(7, 12), 2, a_calendar(), OFFICE)
    nights = [one.at for one in first if one.kind is RoundKind.CHECKPOINT]
    assert nights == [march(day, 22) for day in (7, 8, 9, 10)]
    assert coming_rounds(first[-1].at, 2, a_calendar(), OFFICE)[0].at == march(11, 8, 10)
