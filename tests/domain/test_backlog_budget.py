"""The approved budget covers every place of the sessions, to the cent, at the dearest hour."""

from datetime import date, time
from uuid import uuid4

import pytest

from domain.backlog.budget import Budget, check_paid_for
from domain.backlog.case import HeldSession
from domain.backlog.hours import Session, Span
from domain.backlog.projection import PlannedSession
from domain.refusals import BeyondBudget, WrongStep
from tests.factories.rules import the_book

PAY = the_book().versions[-1].backlog.pay
SATURDAY, MONDAY = date(2026, 12, 5), date(2026, 12, 7)
SEVEN_HOURS = 420
A_PLACE = 1650 * 7 * 150 // 100
DEAREST_SATURDAY = 8000


def held(places: int, attended: tuple[int, ...] = ()) -> HeldSession:
    """A Saturday of seven hours; with what was worked, once that is entered."""
    hours = Session((Span(SATURDAY, time(9), time(12)), Span(SATURDAY, time(13), time(17))))
    told = {uuid4(): minutes for minutes in attended}
    planned = PlannedSession(SATURDAY, places, SEVEN_HOURS)
    return HeldSession(uuid4(), 1, hours, planned, entered=bool(attended), attended=told)


@pytest.mark.parametrize(
    ("on", "cost"), [(SATURDAY, 3 * (A_PLACE + DEAREST_SATURDAY)), (MONDAY, 3 * A_PLACE)], ids=["saturday", "weekday"]
)
def test_three_places_are_covered_to_the_cent_and_not_a_cent_beyond(on: date, cost: int) -> None:
    more = [PlannedSession(on, 3, SEVEN_HOURS)]
    check_paid_for([], more, Budget(cost, 1650, PAY))
    with pytest.raises(BeyondBudget) as refused:
        check_paid_for([], more, Budget(cost - 1, 1650, PAY))
    assert "propose an operation" in refused.value.remedy


def test_of_a_session_that_was_held_only_what_was_worked_counts() -> None:
    more = [PlannedSession(MONDAY, 1, SEVEN_HOURS)]
    budget = Budget(2 * A_PLACE + DEAREST_SATURDAY, 1650, PAY)
    check_paid_for([held(20, (SEVEN_HOURS, 0, 0))], more, budget)
    with pytest.raises(BeyondBudget):
        check_paid_for([held(20)], more, budget)


def test_where_no_pay_is_known_nothing_is_added() -> None:
    with pytest.raises(WrongStep, match="no volunteer's pay is known"):
        check_paid_for([], [PlannedSession(MONDAY, 1, 60)], Budget(10**9, None, PAY))
