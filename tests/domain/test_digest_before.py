"""Whoever is told of a coming day is told on an earlier one: with the digest where it is soon enough, else at once."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.delivery_window import digest_before
from tests.factories.rules import a_calendar, the_book

PARIS = ZoneInfo("Europe/Paris")
OFFICE = the_book().versions[-1].office
DIGEST = OFFICE.mail.digest.at
THURSDAY, FRIDAY, SATURDAY, MONDAY = (date(2031, 3, day) for day in (20, 21, 22, 24))
MINUTE = timedelta(minutes=1)


def at(day: date, when: time) -> datetime:
    return datetime.combine(day, when, PARIS)


@pytest.mark.parametrize(
    ("now", "about", "digest"),
    [
        (at(FRIDAY, DIGEST) - MINUTE, SATURDAY, FRIDAY),
        (at(FRIDAY, DIGEST), SATURDAY, FRIDAY),
        (at(FRIDAY, DIGEST) + MINUTE, SATURDAY, None),
        (at(FRIDAY, time(23, 59)), SATURDAY, None),
        (at(FRIDAY, time(23, 59)), MONDAY, None),
        (at(FRIDAY, time(23, 59)), MONDAY + timedelta(days=1), MONDAY),
        (at(THURSDAY, time(23, 59)), SATURDAY, FRIDAY),
        (at(THURSDAY, time(12)), FRIDAY, None),
        (at(FRIDAY, time(0)), FRIDAY, None),
        (at(SATURDAY, time(0)), SATURDAY, None),
    ],
)
def test_it_waits_for_the_digest_of_an_earlier_day_only(now: datetime, about: date, digest: date | None) -> None:
    wanted = at(digest, DIGEST) if digest else None
    assert digest_before(about, now, a_calendar(), OFFICE) == wanted
