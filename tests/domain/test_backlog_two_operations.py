"""Two operations in one week: each minute is paid once, at its place in the week, by the operation whose it is."""

from dataclasses import replace
from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from domain.backlog.pay import Attended, PaySlip, Work, pay_of
from domain.backlog.terms import Terms
from domain.backlog.words import PayKind
from tests.factories.rules import the_book

RULES = the_book().versions[-1].backlog.pay
MONDAY, WEDNESDAY, SATURDAY = date(2031, 3, 10), date(2031, 3, 12), date(2031, 3, 15)
EVENING = Attended("2", WEDNESDAY, 180, time(17, 30))
EIGHT_HOURS = Attended("1", SATURDAY, 480, time(8))


def paid(*mine: Attended, elsewhere: tuple[Attended, ...] = (), counted: int = 2100) -> list[tuple[int, int, int]]:
    """Minutes, percent and cents of the hours of somebody whose hour is 16.50 €."""
    return hours(pay_of(Work((Terms(2100, 1650),), {MONDAY: counted}, mine, elsewhere), RULES))


def hours(slip: PaySlip) -> list[tuple[int, int, int]]:
    """The lines of hours, without what a Saturday earns."""
    kinds = (PayKind.ORDINARY, PayKind.OVERTIME)
    return [(line.minutes, line.percent, line.cents) for line in slip.lines if line.kind in kinds]


def test_eight_hours_of_one_and_three_of_another_are_eleven_hours_of_overtime() -> None:
    """Three hours beyond the 43rd are 74.25 €; each operation by itself would have paid them 61.88 €."""
    assert paid(EVENING, elsewhere=(EIGHT_HOURS,)) == [(180, 125, 61_88)]
    assert paid(EIGHT_HOURS, elsewhere=(EVENING,)) == [(300, 125, 103_13), (180, 150, 74_25)]


def test_what_is_entered_after_the_other_s_pay_was_made_comes_after_it() -> None:
    """The Saturday was paid as if nothing else had been worked; the evening gets the hours that are left."""
    late = replace(EVENING, files_before=1)
    assert paid(EIGHT_HOURS, elsewhere=(late,)) == [(480, 125, 165_00)]
    assert paid(late, elsewhere=(EIGHT_HOURS,)) == [(180, 150, 74_25)]


def test_another_week_of_another_operation_changes_nothing() -> None:
    assert paid(EIGHT_HOURS, elsewhere=(replace(EVENING, on=date(2031, 3, 5)),)) == [(480, 125, 165_00)]


def test_a_session_between_two_of_another_s_takes_its_place_from_between_them() -> None:
    tuesday = Attended("3", date(2031, 3, 11), 240, time(17, 30))
    assert paid(tuesday, EIGHT_HOURS, elsewhere=(EVENING,)) == [(300, 125, 103_13), (420, 150, 173_25)]


SOME = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 300), st.booleans(), st.integers(0, 2)), max_size=7)


@given(SOME, st.integers(1500, 2600))
def test_two_operations_together_pay_each_place_of_the_week_once(
    told: list[tuple[int, int, bool, int]], at: int
) -> None:
    sessions = [
        (Attended(f"{number}", date(2031, 3, 10 + day), minutes, time(number), files), first)
        for number, (day, minutes, first, files) in enumerate(told)
    ]
    one = tuple(session for session, first in sessions if first)
    other = tuple(session for session, first in sessions if not first)
    together = {percent: minutes for minutes, percent, _ in paid(*one, *other, counted=at)}
    apart: dict[int, int] = {}
    for minutes, percent, _ in (*paid(*one, elsewhere=other, counted=at), *paid(*other, elsewhere=one, counted=at)):
        apart[percent] = apart.get(percent, 0) + minutes
    assert apart == together
