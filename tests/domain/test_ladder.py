"""The ladder: every rung on its day, to its addressee, once."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar
from domain.ladder import Rung, rungs
from domain.policy import DeadlineName, RungAddressee
from tests.factories.rules import a_calendar, a_calendar_closed_on, a_version, deadlines_of

ACKNOWLEDGEMENT = DeadlineName.ACKNOWLEDGEMENT
ANSWER = DeadlineName.ANSWER
ANSWER_TARGET = DeadlineName.ANSWER_TARGET

OWNER = RungAddressee.OWNER
POLE = RungAddressee.POLE_MANAGER
OPERATIONS = RungAddressee.OPERATIONS_DIRECTOR
GENERAL = RungAddressee.GENERAL_DIRECTOR


def ladder(
    name: DeadlineName, received: date, sent: date | None = None, calendar: Calendar | None = None
) -> list[Rung]:
    calendar = calendar or a_calendar()
    deadline = deadlines_of(received, sent, calendar=calendar)[name]
    return list(rungs(deadline, calendar, a_version(), known_on=received))


def told(rung: Rung) -> tuple[str, str, str]:
    instant = rung.fires_at.strftime("%a %Y-%m-%d %H:%M")
    return "+".join(rung.names), instant, " ".join([*rung.to, *(f"cc:{who}" for who in rung.copies)])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            ACKNOWLEDGEMENT,
            [
                ("half_way+day_before", "Fri 2031-05-02 08:00", "owner"),
                ("due", "Mon 2031-05-05 17:00", "owner pole_manager"),
                ("day_after", "Tue 2031-05-06 08:00", "operations_director"),
            ],
        ),
        (
            ANSWER,
            [
                ("half_way", "Fri 2031-05-09 08:00", "owner"),
                ("day_before", "Thu 2031-05-15 08:00", "owner"),
                ("due", "Fri 2031-05-16 17:00", "owner pole_manager"),
                ("day_after", "Mon 2031-05-19 08:00", "operations_director"),
            ],
        ),
        (
            ANSWER_TARGET,
            [
                ("half_way", "Fri 2031-05-30 08:00", "owner"),
                ("ten_days_before", "Mon 2031-06-16 08:00", "general_director"),
                ("day_before", "Fri 2031-06-27 08:00", "owner"),
                ("due", "Mon 2031-06-30 17:00", "owner pole_manager"),
                ("day_after", "Tue 2031-07-01 08:00", "operations_director"),
            ],
        ),
        (DeadlineName.ACKNOWLEDGEMENT_LIMIT, []),
        (DeadlineName.ANSWER_LIMIT, []),
    ],
)
def test_a_complaint_received_on_wednesday_30_april_2031(
    name: DeadlineName, expected: list[tuple[str, str, str]]
) -> None:
    assert [told(rung) for rung in ladder(name, date(2031, 4, 30))] == expected


def test_only_the_due_instant_leaves_at_once() -> None:
    assert [(rung.names, rung.at_once) for rung in ladder(ANSWER, date(2031, 4, 30))] == [
        (("half_way",), False),
        (("day_before",), False),
        (("due",), True),
        (("day_after",), False),
    ]


@pytest.mark.parametrize(
    ("received", "day_before", "due", "day_after"),
    [
        ("2025-04-14", "2025-04-28", "2025-04-29", "2025-04-30"),
        ("2025-04-15", "2025-04-29", "2025-04-30", "2025-05-02"),  # 1 May is the day after
        ("2025-04-16", "2025-04-30", "2025-05-02", "2025-05-05"),  # 1 May is the day before
        ("2025-04-17", "2025-05-02", "2025-05-05", "2025-05-06"),
    ],
)
def test_the_working_days_around_the_due_day(received: str, day_before: str, due: str, day_after: str) -> None:
    fired = ladder(ANSWER, date.fromisoformat(received))[-3:]
    assert [rung.fires_on.isoformat() for rung in fired] == [day_before, due, day_after]


def test_mornings_are_at_eight_on_both_sides_of_a_clock_change() -> None:
    fired = ladder(ANSWER, date(2026, 3, 16))
    assert [rung.fires_at.isoformat() for rung in fired] == [
        "2026-03-23T08:00:00+01:00",
        "2026-03-27T08:00:00+01:00",
        "2026-03-30T17:00:00+02:00",
        "2026-03-31T08:00:00+02:00",
    ]


def test_rungs_of_one_day_are_one_message_to_the_highest_with_the_others_in_copy() -> None:
    # Sent on Tue 1 April 2025, received on Tue 20 May: ten working days are left, and half of them are over.
    first = ladder(ANSWER_TARGET, date(2025, 5, 20), date(2025, 4, 1))[0]
    assert told(first) == (
        "half_way+ten_days_before",
        "Wed 2025-05-21 08:00",
        "general_director cc:owner",
    )


def test_a_rung_overtaken_by_reception_waits_for_the_first_morning_after_it() -> None:
    fired = ladder(ANSWER_TARGET, date(2025, 5, 26), date(2025, 3, 28))
    assert [told(rung) for rung in fired] == [
        ("half_way+ten_days_before+day_before", "Tue 2025-05-27 08:00", "general_director cc:owner"),
        ("due", "Wed 2025-05-28 17:00", "owner pole_manager"),
        ("day_after", "Fri 2025-05-30 08:00", "operations_director"),
    ]


def test_a_morning_rung_on_the_due_day_joins_the_due_instant() -> None:
    fired = ladder(ANSWER_TARGET, date(2025, 5, 27), date(2025, 3, 28))
    assert told(fired[0]) == (
        "half_way+ten_days_before+day_before+due",
        "Wed 2025-05-28 17:00",
        "general_director cc:pole_manager cc:owner",
    )
    assert fired[0].at_once


def test_a_target_that_was_over_before_reception_is_told_once_on_the_first_morning() -> None:
    fired = ladder(ANSWER_TARGET, date(2025, 6, 6), date(2025, 3, 28))
    assert [told(rung) for rung in fired] == [
        (
            "half_way+ten_days_before+day_before+due+day_after",
            "Tue 2025-06-10 08:00",
            "general_director cc:operations_director cc:pole_manager cc:owner",
        )
    ]
    assert not fired[0].at_once


def test_received_on_the_target_itself_the_due_instant_is_that_day() -> None:
    fired = ladder(ANSWER_TARGET, date(2025, 5, 28), date(2025, 3, 28))
    assert told(fired[0]) == ("due", "Wed 2025-05-28 17:00", "owner pole_manager")
    assert fired[1].fires_on == date(2025, 5, 30)


def test_a_closing_day_moves_the_rungs_with_the_deadline() -> None:
    closed = a_calendar_closed_on({date(2031, 5, 9): "pont"})
    assert [rung.fires_on for rung in ladder(ANSWER, date(2031, 4, 30), calendar=closed)] == [
        date(2031, 5, 12),
        date(2031, 5, 16),
        date(2031, 5, 19),
        date(2031, 5, 20),
    ]


@given(
    st.sampled_from([ACKNOWLEDGEMENT, ANSWER, ANSWER_TARGET]),
    st.dates(date(2023, 1, 1), date(2036, 12, 31)),
    st.integers(0, 80),
)
def test_every_rung_once_on_a_working_day_in_the_window(
    name: DeadlineName, received: date, days_in_the_post: int
) -> None:
    fired = ladder(name, received, received - timedelta(days=days_in_the_post))
    expected = {rule.name for rule in a_version().complaint.ladder.rungs_of(name)}
    assert Counter(n for rung in fired for n in rung.names) == Counter(expected)
    assert len({rung.fires_on for rung in fired}) == len(fired)
    assert all(a_calendar().is_working_day(rung.fires_on) for rung in fired)
    assert all(rung.fires_at.hour == (17 if rung.at_once else 8) for rung in fired)
    assert all(rung.fires_on >= received for rung in fired)
    assert fired == sorted(fired, key=lambda rung: rung.fires_at)
    assert not any(set(rung.to) & set(rung.copies) for rung in fired)


def test_heights_go_from_the_owner_to_the_general_director() -> None:
    heights = [who.height for who in (OWNER, RungAddressee.ACCOUNTING, POLE, OPERATIONS, GENERAL)]
    assert heights == sorted(set(heights))
