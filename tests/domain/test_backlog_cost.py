"""What a plan would cost: at most, as is likely, and whether its budget covers it, to the cent."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.backlog.cost import Estimate, Prices, check_budget, estimate, euros_up, prices_of
from domain.backlog.projection import PlannedSession
from domain.refusals import BeyondBudget
from tests.factories.rules import the_book

PAY = the_book().versions[-1].backlog.pay
SATURDAY = date(2026, 12, 5)
SEVEN_HOURS = 420
PRICES = Prices(2100, 1800, PAY)


def saturdays(*places: int, no_show: str = "0") -> list[PlannedSession]:
    """So many places, one Saturday after the other."""
    return [
        PlannedSession(SATURDAY + timedelta(weeks=n), count, SEVEN_HOURS, Decimal(no_show))
        for n, count in enumerate(places)
    ]


def test_at_most_is_the_dearest_of_everything_and_likely_what_usually_is() -> None:
    monday = PlannedSession(SATURDAY + timedelta(days=2), 10, 60)
    assert estimate([monday], PRICES) == Estimate(10 * 2100 * 150 // 100, 10 * 1800 * 125 // 100)


def test_each_saturday_is_worth_what_it_is_to_who_comes_to_all_of_them() -> None:
    hours = 7 * 1800 * 125 // 100
    likely = [estimate(saturdays(*[1] * count), PRICES).likely_cents for count in range(1, 5)]
    assert likely == [hours + 4000, 2 * hours + 12000, 3 * hours + 12000, 4 * hours + 12000]


def test_places_that_usually_stay_empty_are_not_likely_to_be_paid_and_may_be_all_the_same() -> None:
    full, usual = estimate(saturdays(10), PRICES), estimate(saturdays(10, no_show="0.5"), PRICES)
    assert usual.at_most_cents == full.at_most_cents
    assert usual.likely_cents * 2 == full.likely_cents


@pytest.mark.parametrize(("pays", "known"), [((), False), ((1650, 1700), False), ((1650, 1700, 1800), True)])
def test_of_one_or_two_people_nothing_is_told(pays: tuple[int, ...], known: bool) -> None:
    assert (prices_of(pays, PAY) is not None) is known


@pytest.mark.parametrize(("dearest", "told"), [(1999, 2000), (2000, 2000), (2001, 2100)])
def test_an_hour_is_told_up_to_the_next_whole_euro(dearest: int, told: int) -> None:
    known = prices_of((1000, 1000, dearest), PAY)
    assert known is not None
    assert known.dearest_hour == told


def test_a_budget_that_covers_every_place_is_enough_and_a_cent_less_is_not() -> None:
    most = estimate(saturdays(4, 4), PRICES).at_most_cents
    check_budget(most, saturdays(4, 4), PRICES)
    with pytest.raises(BeyondBudget, match=f"could cost {euros_up(most)} €") as refused:
        check_budget(most - 1, saturdays(4, 4), PRICES)
    assert refused.value.field == "budget_cents"
    assert "plan fewer" in refused.value.remedy


def test_where_nobody_can_say_what_it_costs_no_budget_is_refused() -> None:
    check_budget(0, saturdays(1000), None)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=6), st.lists(st.integers(1000, 9000), min_size=3, max_size=9))
def test_what_is_likely_is_never_more_than_the_most(places: list[int], pays: list[int]) -> None:
    known = prices_of(pays, PAY)
    assert known is not None
    told = estimate(saturdays(*places), known)
    assert told.likely_cents <= told.at_most_cents
