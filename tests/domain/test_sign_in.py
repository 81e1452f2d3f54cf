"""How long somebody waits after so many failures, at each boundary."""

from datetime import timedelta

import pytest

from domain.sign_in import LIMITS, Counted, Limit


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(0, None), (4, None), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (10, 15), (100_000, 15)],
)
def test_the_wait_doubles_up_to_a_quarter_of_an_hour(failures: int, minutes: int | None) -> None:
    expected = None if minutes is None else timedelta(minutes=minutes)
    assert Limit(free=5).wait_after(failures) == expected


def test_a_login_from_one_address_has_less_patience_than_from_all_and_an_address_the_most() -> None:
    assert LIMITS[Counted.BOTH].free < LIMITS[Counted.LOGIN].free < LIMITS[Counted.ADDRESS].free


def test_nobody_guesses_a_login_more_than_a_hundred_and_twenty_times_a_day_from_one_address() -> None:
    limit, guesses, now = LIMITS[Counted.BOTH], 0, timedelta(0)
    while now < timedelta(days=1):
        guesses += 1
        now += limit.wait_after(guesses) or timedelta(0)
    assert guesses <= 120
