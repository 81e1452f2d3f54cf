"""The stock day by day under a plan: by hand, side by side, back under the standard, nonsense refused."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.backlog.projection import Plan, PlannedSession, Reinforcement, Situation, compare, project
from domain.refusals import Invalid
from tests.factories.rules import a_calendar, a_calendar_closed_on

FRIDAY, SATURDAY, MONDAY = date(2026, 11, 6), date(2026, 11, 7), date(2026, 11, 9)
TUESDAY, WEDNESDAY, FORTNIGHT_LATER = date(2026, 11, 10), date(2026, 11, 11), date(2026, 11, 20)
NOTHING = Plan("as it is")


def a_situation(**other: Any) -> Situation:
    """10 people, 7 h, 40 % away, 12 minutes a file: 210 a day. 300 come in, 2,100 wait: ten days of work."""
    usual: dict[str, Any] = {
        "as_of": FRIDAY,
        "stock": Decimal(2100),
        "inflow": Decimal(300),
        "minutes": Decimal(12),
        "staff": Decimal(10),
        "hours": Decimal(7),
        "absence": Decimal("0.4"),
        "standard": Decimal(5),
    }
    return Situation(**usual | other)


def stocks(situation: Situation, plan: Plan, until: date) -> list[Fraction]:
    return [day.stock for day in project(situation, plan, until, a_calendar()).days]


def test_without_a_plan_the_stock_grows_by_what_is_not_handled() -> None:
    """Saturday, Sunday and Armistice Day are not worked."""
    assert stocks(a_situation(), NOTHING, date(2026, 11, 12)) == [2100, 2100, 2190, 2280, 2280, 2370]


def test_backlog_in_days_is_the_stock_by_what_the_usual_staff_handle() -> None:
    situation = a_situation()
    assert situation.per_day == 210
    assert situation.backlog_days(Fraction(2100)) == 10
    assert [situation.is_over(Fraction(n)) for n in (1049, 1050, 1051)] == [False, False, True]


def test_where_nobody_is_there_any_stock_is_over() -> None:
    nobody = a_situation(staff=Decimal(0))
    assert nobody.backlog_days(Fraction(1)) is None
    assert nobody.is_over(Fraction(1))
    assert not nobody.is_over(Fraction(0))


def test_a_session_handles_on_its_saturday_what_its_places_allow() -> None:
    """20 places × 420 minutes ÷ 12 = 700; one in ten stays empty: 630."""
    full = Plan("a Saturday", (PlannedSession(SATURDAY, 20, 420),))
    empty = Plan("a Saturday", (PlannedSession(SATURDAY, 20, 420, no_show=Decimal("0.1")),))
    assert stocks(a_situation(), full, SATURDAY) == [1400]
    assert stocks(a_situation(), empty, SATURDAY) == [1470]


def test_a_session_on_a_working_day_adds_to_the_usual_staff() -> None:
    evening = Plan("evenings", (PlannedSession(MONDAY, 4, 120),))
    assert stocks(a_situation(), evening, MONDAY)[-1] == 2100 + 300 - 210 - 40


def test_a_reinforcement_works_as_the_others_do_from_its_first_to_its_last_day() -> None:
    more = Plan("reinforced", reinforcements=(Reinforcement(MONDAY, TUESDAY, Decimal(5)),))
    days = project(a_situation(), more, date(2026, 11, 12), a_calendar()).days
    assert [day.usual_capacity for day in days] == [0, 0, 315, 315, 0, 210]


def test_nothing_below_zero_is_handled() -> None:
    much = Plan("much too much", (PlannedSession(SATURDAY, 1000, 600),))
    day = project(a_situation(), much, SATURDAY, a_calendar()).days[0]
    assert [day.handled, day.stock, day.backlog_days] == [2100, 0, 0]


def test_closing_days_are_not_worked_and_known_arrivals_come_all_the_same() -> None:
    closed = a_calendar_closed_on({MONDAY: "pont"})
    situation = a_situation(known={MONDAY: Decimal(50), TUESDAY: Decimal(0)})
    assert [day.stock for day in project(situation, NOTHING, TUESDAY, closed).days] == [2100, 2100, 2150, 1940]


def test_plans_stand_side_by_side_and_each_says_when_the_stock_is_back() -> None:
    saturdays = Plan("two Saturdays", (PlannedSession(SATURDAY, 30, 420), PlannedSession(date(2026, 11, 14), 30, 420)))
    both = replace(
        saturdays, name="and ten people", reinforcements=(Reinforcement(MONDAY, date(2026, 12, 4), Decimal(10)),)
    )
    found = compare(a_situation(), [NOTHING, saturdays, both], date(2026, 12, 18), a_calendar())
    assert [one.plan.name for one in found] == ["as it is", "two Saturdays", "and ten people"]
    assert [one.back_under_on(5) for one in found] == [None, date(2026, 11, 16), date(2026, 11, 9)]


def test_back_under_the_standard_counts_working_days_running() -> None:
    """The one Saturday brings it to 1,050; the next day of work passes it again."""
    brink = Plan("a Saturday", (PlannedSession(SATURDAY, 30, 420),))
    projection = project(a_situation(), brink, FORTNIGHT_LATER, a_calendar())
    on_saturday = projection.on(SATURDAY)
    assert on_saturday is not None
    assert on_saturday.stock == 1050
    assert not on_saturday.is_over
    assert projection.back_under_on(1) is None
    assert projection.over_on == MONDAY


def test_the_json_says_each_day_to_hundredths() -> None:
    told = project(a_situation(minutes=Decimal(13)), NOTHING, MONDAY, a_calendar()).as_json(5)
    assert (told["plan"], told["back_under_on"]) == ("as it is", None)
    assert told["days"][-1] == {
        "on": "2026-11-09",
        "arrivals": 300.0,
        "usual_capacity": 193.85,
        "session_capacity": 0.0,
        "handled": 193.85,
        "stock": 2206.15,
        "backlog_days": 11.38,
        "is_over": True,
    }


@given(
    st.integers(0, 5000),
    st.integers(0, 500),
    st.lists(st.tuples(st.integers(1, 14), st.integers(1, 40), st.integers(1, 600)), max_size=5),
)
def test_files_are_neither_lost_nor_made_and_a_plan_never_does_harm(
    stock: int, inflow: int, sessions: list[tuple[int, int, int]]
) -> None:
    situation = a_situation(stock=Decimal(stock), inflow=Decimal(inflow))
    plan = Plan("random", tuple(PlannedSession(FRIDAY + timedelta(days=n), p, m) for n, p, m in sessions))
    without, with_it = compare(situation, [NOTHING, plan], FORTNIGHT_LATER, a_calendar())
    for projection in (without, with_it):
        came, done = sum(day.arrivals for day in projection.days), sum(day.handled for day in projection.days)
        assert projection.days[-1].stock == stock + came - done >= 0
        assert all(day.handled <= day.usual_capacity + day.session_capacity for day in projection.days)
    assert all(one.stock <= other.stock for one, other in zip(with_it.days, without.days, strict=True))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: a_situation(stock=Decimal(-1)), "This number cannot be below zero, as -1 is."),
        (lambda: a_situation(minutes=Decimal(0)), "This number has to be above zero, not 0."),
        (lambda: a_situation(absence=Decimal(1)), "A share of 1 is everybody"),
        (lambda: a_situation(inflow=Decimal("NaN")), "NaN is not a number that can be counted with."),
        (lambda: a_situation(standard=Decimal(0)), "This number has to be above zero, not 0."),
        (lambda: a_situation(known={MONDAY: Decimal(-1)}), "This number cannot be below zero, as -1 is."),
        (lambda: PlannedSession(SATURDAY, 0, 420), "A session has places, and lasts for some minutes."),
        (lambda: PlannedSession(SATURDAY, 1, 0), "A session has places, and lasts for some minutes."),
        (lambda: PlannedSession(SATURDAY, 1, 1, Decimal(1)), "A share of 1 is everybody"),
        (lambda: Reinforcement(TUESDAY, MONDAY, Decimal(1)), "A reinforcement begins before it ends."),
        (lambda: project(a_situation(), NOTHING, FRIDAY, a_calendar()), "A projection goes on from 2026-11-06"),
        (
            lambda: project(a_situation(), NOTHING, FRIDAY + timedelta(days=401), a_calendar()),
            "A projection goes on from 2026-11-06, for 400 days at most.",
        ),
        (
            lambda: project(a_situation(), Plan("past", (PlannedSession(FRIDAY, 1, 60),)), MONDAY, a_calendar()),
            "The plan has something on 2026-11-06, outside of the days that are projected.",
        ),
        (lambda: compare(a_situation(), [NOTHING, NOTHING], MONDAY, a_calendar()), "Plans of one name"),
    ],
)
def test_what_cannot_be_is_refused(make: Any, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        make()


def test_the_reference_operation_is_back_under_its_standard_within_six_weeks() -> None:
    """40 % away, 252 a day of the 300 that come in, twelve days of work waiting; three Saturdays of 45 people."""
    situation = a_situation(as_of=date(2026, 10, 30), stock=Decimal(3024), staff=Decimal(12))
    saturdays = tuple(PlannedSession(day, 45, 420) for day in (SATURDAY, date(2026, 11, 14), date(2026, 11, 21)))
    until = date(2026, 12, 13)
    without, planned = compare(situation, [NOTHING, Plan("three Saturdays", saturdays)], until, a_calendar())
    assert (without.back_under_on(5), planned.back_under_on(5)) == (None, date(2026, 11, 16))
    emptied = planned.on(date(2026, 11, 21))
    assert emptied is not None
    assert emptied.stock == 0
    assert [day.stock for day in (without.days[-1], planned.days[-1])] == [3024 + 29 * 48, 15 * 48]
