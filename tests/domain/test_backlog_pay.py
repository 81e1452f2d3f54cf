"""Pay: three people by hand to the cent, every limit between two rates, and what a corrected attendance changes."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.backlog.pay import (
    Attended,
    PayLine,
    PaySlip,
    Work,
    amount_cents,
    difference,
    pay_of,
    summer_after,
    unrounded_cents,
)
from domain.backlog.terms import Terms
from domain.backlog.words import PayKind
from domain.policy.backlog import Bonus, Recovery
from domain.refusals import Invalid
from domain.sources import Source
from tests.factories.rules import the_book

RULES = the_book().version("procedure-2").backlog.pay
H = 60
MONDAYS = [date(2026, 11, 2) + timedelta(weeks=n) for n in range(6)]
SATURDAYS = [monday + timedelta(days=5) for monday in MONDAYS]


def work(*attended: tuple[date, int], hourly: int = 1650, counted: int = 35 * H, contract: int = 35 * H) -> Work:
    """Somebody whose weeks all hold the same beside the sessions."""
    sessions = tuple(Attended(f"S{number}", on, minutes) for number, (on, minutes) in enumerate(attended))
    return Work((Terms(contract, hourly),), dict.fromkeys(MONDAYS, counted), sessions)


def lines(slip: PaySlip) -> list[tuple[PayKind, date, int, int, int]]:
    return [(line.kind, line.on, line.minutes, line.percent, line.cents) for line in slip.lines]


def test_anne_works_three_saturdays_of_seven_hours() -> None:
    """16.50 € × 7 h × 125 % = 144.375 €, so 144.38 € each; 40 € and 80 €; a day off. In all 553.14 €."""
    slip = pay_of(work((SATURDAYS[0], 7 * H), (SATURDAYS[1], 7 * H), (SATURDAYS[2], 7 * H)), RULES)
    assert lines(slip) == [
        (PayKind.OVERTIME, MONDAYS[0], 420, 125, 14438),
        (PayKind.OVERTIME, MONDAYS[1], 420, 125, 14438),
        (PayKind.OVERTIME, MONDAYS[2], 420, 125, 14438),
        (PayKind.SATURDAY_BONUS, SATURDAYS[0], 0, 0, 4000),
        (PayKind.SATURDAY_BONUS, SATURDAYS[1], 0, 0, 8000),
        (PayKind.RECOVERY_DAY, SATURDAYS[2], 0, 0, 0),
    ]
    assert (slip.cents, slip.days) == (55314, 1)
    assert (slip.lines[-1].first, slip.lines[-1].last) == (date(2027, 6, 1), date(2027, 9, 30))


def test_bruno_has_thirty_nine_hours_and_works_an_evening_and_a_saturday() -> None:
    """9 h on top of 39: 4 h × 14.87 € × 125 % = 74.35 €, 5 h × 14.87 € × 150 % = 111.525 €, so 111.53 €; 40 €."""
    slip = pay_of(
        work(
            (MONDAYS[0] + timedelta(days=2), 2 * H),
            (SATURDAYS[0], 7 * H),
            hourly=1487,
            counted=39 * H,
            contract=39 * H,
        ),
        RULES,
    )
    assert lines(slip) == [
        (PayKind.OVERTIME, MONDAYS[0], 240, 125, 7435),
        (PayKind.OVERTIME, MONDAYS[0], 300, 150, 11153),
        (PayKind.SATURDAY_BONUS, SATURDAYS[0], 0, 0, 4000),
    ]
    assert (slip.cents, slip.days) == (22588, 0)


def test_chloe_was_ill_on_a_day_of_her_week() -> None:
    """28 h, then 8 h 10: 7 h × 13.19 € = 92.33 € up to the 35th, 70 min × 13.19 € × 125 % = 19.2354 €; 40 €."""
    slip = pay_of(work((SATURDAYS[1], 490), hourly=1319, counted=28 * H), RULES)
    assert lines(slip) == [
        (PayKind.ORDINARY, MONDAYS[1], 420, 100, 9233),
        (PayKind.OVERTIME, MONDAYS[1], 70, 125, 1924),
        (PayKind.SATURDAY_BONUS, SATURDAYS[1], 0, 0, 4000),
    ]
    assert slip.cents == 15157


@pytest.mark.parametrize(
    ("counted", "minutes", "bands"),
    [
        (35 * H - 1, 1, [(100, 1)]),
        (35 * H - 1, 2, [(100, 1), (125, 1)]),
        (35 * H, 1, [(125, 1)]),
        (35 * H, 8 * H - 1, [(125, 479)]),
        (35 * H, 8 * H, [(125, 480)]),
        (35 * H, 8 * H + 1, [(125, 480), (150, 1)]),
        (43 * H - 1, 2, [(125, 1), (150, 1)]),
        (43 * H, 1, [(150, 1)]),
        (30 * H, 14 * H, [(100, 300), (125, 480), (150, 60)]),
    ],
)
def test_each_minute_has_the_rate_of_its_place_in_the_week(
    counted: int, minutes: int, bands: list[tuple[int, int]]
) -> None:
    slip = pay_of(work((MONDAYS[0], minutes), counted=counted), RULES)
    assert [(line.percent, line.minutes) for line in slip.lines] == bands


def test_weeks_are_counted_one_by_one() -> None:
    """Five hours on a Saturday and four on the next Monday are of two weeks: none of them is beyond the 43rd."""
    slip = pay_of(work((SATURDAYS[0], 5 * H), (MONDAYS[1], 4 * H)), RULES)
    assert [line.percent for line in slip.lines if line.minutes] == [125, 125]


def test_a_saturday_counts_once_however_many_sessions_it_has() -> None:
    slip = pay_of(work((SATURDAYS[0], 3 * H), (SATURDAYS[0], 2 * H)), RULES)
    assert [line.cents for line in slip.lines if line.kind is PayKind.SATURDAY_BONUS] == [4000]


def test_who_did_not_come_earns_nothing_and_the_next_saturday_is_the_first() -> None:
    slip = pay_of(work((SATURDAYS[0], 0), (SATURDAYS[3], 7 * H)), RULES)
    assert (PayKind.SATURDAY_BONUS, SATURDAYS[3], 0, 0, 4000) in lines(slip)
    assert all(line.on >= MONDAYS[3] for line in slip.lines)
    assert pay_of(work(), RULES) == PaySlip()


def test_a_fourth_saturday_is_paid_as_overtime_alone() -> None:
    slip = pay_of(work(*((saturday, H) for saturday in SATURDAYS[:4])), RULES)
    assert [line.on for line in slip.lines if not line.minutes] == SATURDAYS[:3]


def test_a_plan_may_have_a_scale_of_its_own() -> None:
    scale = (Recovery(recovery_days=2, source=Source.POLICY), Bonus(bonus_cents=1, source=Source.POLICY))
    slip = pay_of(work((SATURDAYS[0], H), (SATURDAYS[1], H)), RULES, scale)
    assert slip.days == 2
    assert [line.cents for line in slip.lines if line.kind is PayKind.SATURDAY_BONUS] == [1]


def test_a_corrected_attendance_shows_what_it_changes() -> None:
    """Anne left an hour early on her second Saturday: 16.50 € × 6 h × 125 % = 123.75 €, 20.63 € less."""
    before = work((SATURDAYS[0], 7 * H), (SATURDAYS[1], 7 * H))
    after = replace(before, attended=(before.attended[0], replace(before.attended[1], minutes=6 * H)))
    found = difference(pay_of(before, RULES), pay_of(after, RULES))
    assert [(one.before and one.before.cents, one.after and one.after.cents) for one in found.changes] == [
        (14438, 12375)
    ]
    assert (found.cents, found.days) == (-2063, 0)


def test_a_first_saturday_that_was_not_worked_moves_the_others() -> None:
    """The second becomes the first, the third the second: 40 € and 80 € are owed all the same, the day off is not."""
    before = work((SATURDAYS[0], 7 * H), (SATURDAYS[1], 7 * H), (SATURDAYS[2], 7 * H))
    after = replace(before, attended=(replace(before.attended[0], minutes=0), *before.attended[1:]))
    found = difference(pay_of(before, RULES), pay_of(after, RULES))
    assert (found.cents, found.days) == (-14438, -1)
    assert difference(pay_of(after, RULES), pay_of(before, RULES)).cents == -found.cents
    assert difference(pay_of(before, RULES), pay_of(before, RULES)).changes == ()


@given(st.integers(0, 3000), st.integers(1, 20_000), st.sampled_from([100, 125, 150]))
def test_an_amount_is_rounded_half_up_to_the_cent(minutes: int, hourly: int, percent: int) -> None:
    exact = Decimal(minutes) * hourly * percent / 6000
    assert amount_cents(minutes, hourly, percent) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(st.integers(0, 3000), st.integers(1, 20_000), st.sampled_from([100, 125, 150]))
def test_what_is_shown_before_rounding_leads_to_what_is_paid(minutes: int, hourly: int, percent: int) -> None:
    shown = unrounded_cents(minutes, hourly, percent)
    assert int(shown.quantize(Decimal(1), ROUND_HALF_UP)) == amount_cents(minutes, hourly, percent)


@given(
    st.lists(st.tuples(st.sampled_from([*MONDAYS, *SATURDAYS]), st.integers(0, 600)), max_size=8),
    st.lists(st.tuples(st.sampled_from([*MONDAYS, *SATURDAYS]), st.integers(0, 600)), max_size=8),
)
def test_what_is_owed_and_what_changes_always_add_up(
    first: list[tuple[date, int]], second: list[tuple[date, int]]
) -> None:
    before, after = pay_of(work(*first), RULES), pay_of(work(*second), RULES)
    found = difference(before, after)
    assert before.cents + found.cents == after.cents
    assert before.days + found.days == after.days
    assert sum(line.minutes for line in before.lines) == sum(minutes for _, minutes in first)


@pytest.mark.parametrize(
    ("saturday", "first", "last"),
    [
        (date(2026, 5, 30), date(2026, 6, 1), date(2026, 9, 30)),
        (date(2026, 7, 11), date(2026, 7, 12), date(2026, 9, 30)),
        (date(2026, 9, 12), date(2026, 9, 13), date(2026, 9, 30)),
        (date(2026, 9, 16), date(2026, 9, 17), date(2026, 9, 30)),  # ten days are left to choose from
        (date(2026, 9, 17), date(2027, 6, 1), date(2027, 9, 30)),  # nine
        (date(2029, 9, 29), date(2030, 6, 1), date(2030, 9, 30)),  # a Sunday would be left
        (date(2030, 9, 28), date(2031, 6, 1), date(2031, 9, 30)),  # a single day
        (date(2028, 9, 30), date(2029, 6, 1), date(2029, 9, 30)),
        (date(2026, 11, 7), date(2027, 6, 1), date(2027, 9, 30)),
    ],
)
def test_a_day_off_is_taken_in_the_next_summer(saturday: date, first: date, last: date) -> None:
    assert summer_after(saturday, RULES) == (first, last)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (work(hourly=0), "An hour is paid above zero."),
        (work((MONDAYS[0], 60), contract=35 * H - 1), "Hours beyond a part-time contract are not overtime"),
        (work((MONDAYS[0], -1)), "Nobody attends a session for -1 minutes."),
        (work((MONDAYS[0], 1441)), "Nobody attends a session for 1441 minutes."),
        (work((date(2027, 3, 1), 60)), "What was worked in the week of 2027-03-01 beside the sessions is not known."),
        (work((MONDAYS[0], 60), counted=-1), "What was worked in the week of 2026-11-02"),
        (
            Work(
                (Terms(2100, 1650),), {MONDAYS[0]: 2100}, (Attended("S", MONDAYS[0], 1), Attended("S", MONDAYS[0], 2))
            ),
            "A session is attended once.",
        ),
    ],
)
def test_what_cannot_be_paid_is_refused(asked: Work, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        pay_of(asked, RULES)


def test_a_line_without_a_partner_is_a_change_too() -> None:
    line = PayLine(PayKind.OVERTIME, MONDAYS[0], 60, 125, 2063)
    assert difference(PaySlip(), PaySlip((line,))).cents == 2063
    assert difference(PaySlip((line,)), PaySlip()).cents == -2063
