"""The checkpoint is made every night: of weekends and holidays too, and of each day once."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.rounds import RoundKind, coming_rounds
from tests.factories.rules import a_calendar, the_book

PARIS = ZoneInfo("Europe/Paris")
OFFICE = the_book().in_force_on(date(2026, 11, 23)).office
MORNING, POST, CHECKPOINT = RoundKind.MORNING, RoundKind.POST, RoundKind.CHECKPOINT


def told(after: datetime, days: int) -> list[tuple[str, RoundKind]]:
    return [(one.at.strftime("%d %H:%M"), one.kind) for one in coming_rounds(after, days, a_calendar(), OFFICE)]


def at(day: int, hour: int) -> datetime:
    """An instant of May 2026: Thursday 14 is Ascension, Monday 25 is Whit Monday."""
    return datetime(2026, 5, day, hour, tzinfo=PARIS)


def test_a_working_day_ends_with_its_checkpoint() -> None:
    assert told(at(11, 0), 1) == [("11 08:10", MORNING), ("11 16:30", POST), ("11 22:00", CHECKPOINT)]


def test_a_weekend_and_a_holiday_have_their_nights_all_the_same() -> None:
    assert told(at(13, 22), 2) == [
        ("14 22:00", CHECKPOINT),
        ("15 08:10", MORNING),
        ("15 16:30", POST),
        ("15 22:00", CHECKPOINT),
    ]
    assert [night for night, kind in told(at(22, 23), 2) if kind is CHECKPOINT] == [f"{d} 22:00" for d in range(23, 27)]


def test_asked_again_after_the_last_round_no_night_is_left_out_or_told_twice() -> None:
    first = coming_rounds(at(11, 0), 5, a_calendar(), OFFICE)
    following = coming_rounds(first[-1].at, 5, a_calendar(), OFFICE)
    nights = [one.day for one in (*first, *following) if one.kind is CHECKPOINT]
    assert nights == [date(2026, 5, day) for day in range(11, 11 + len(nights))]
