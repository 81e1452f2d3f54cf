"""Who is told that it takes longer, and what may be promised: to the day, before, on and after each limit."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.backlog.commands import MessageWords, ProposeMessage
from domain.backlog.message import CheckedMessage, checked
from domain.delay import LongWait, NotTold, has_waited, why_not_told
from domain.refusals import Invalid
from tests.factories.rules import the_book

TODAY = date(2026, 11, 25)
PROMISED = date(2026, 12, 11)
ENDS_ON = date(2026, 12, 18)
RULES = the_book().versions[-1].backlog.message


def a_wait(**changes: Any) -> LongWait:
    """A member who waits since October, and is told."""
    return replace(LongWait(uuid4(), date(2026, 10, 1)), **changes)


def reason(quiet_days: int = 7, **changes: Any) -> NotTold | None:
    """Why this member is not told today."""
    return why_not_told(a_wait(**changes), PROMISED, TODAY, quiet_days)


@pytest.mark.parametrize(("age", "waits"), [(29, False), (30, False), (31, True), (0, False)])
def test_exactly_so_many_days_are_not_more(age: int, waits: bool) -> None:
    assert has_waited(TODAY - timedelta(days=age), TODAY, 30) is waits


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, None),
        ({"operation_runs": False}, NotTold.OPERATION_OVER),
        ({"ended": True}, NotTold.ENDED),
        ({"answered": True}, NotTold.ANSWERED),
        ({"sensitive": True}, NotTold.SENSITIVE),
        ({"waits_for_member": True}, NotTold.WAITS_FOR_MEMBER),
        ({"told_in_operation": True}, NotTold.TOLD_ALREADY),
        ({"reachable": False}, NotTold.UNREACHABLE),
    ],
)
def test_each_reason_keeps_a_member_from_being_told(changes: dict[str, Any], why: NotTold | None) -> None:
    assert reason(**changes) == why


@pytest.mark.parametrize(
    ("due_on", "why"),
    [
        (TODAY - timedelta(days=1), None),  # it is past: nothing sooner is owed any more
        (TODAY, NotTold.DUE_SOONER),
        (PROMISED - timedelta(days=1), NotTold.DUE_SOONER),
        (PROMISED, None),
        (PROMISED + timedelta(days=1), None),
    ],
)
def test_a_promise_makes_nobody_wait_longer_than_their_own_deadline(due_on: date, why: NotTold | None) -> None:
    assert reason(due_on=due_on) == why


@pytest.mark.parametrize(
    ("days_ago", "why"), [(0, NotTold.RECENT_LETTER), (6, NotTold.RECENT_LETTER), (7, None), (8, None)]
)
def test_for_a_week_after_a_letter_there_is_no_second_one(days_ago: int, why: NotTold | None) -> None:
    assert reason(last_letter_on=TODAY - timedelta(days=days_ago)) == why


@pytest.mark.parametrize(
    ("days_late", "why"), [(-1, None), (0, NotTold.PROMISE_PAST), (1, NotTold.PROMISE_PAST), (9, NotTold.PROMISE_PAST)]
)
def test_whose_turn_comes_on_the_promised_day_or_later_is_promised_nothing(days_late: int, why: NotTold | None) -> None:
    assert why_not_told(a_wait(), PROMISED, PROMISED + timedelta(days=days_late), 7) == why


def test_of_several_reasons_the_first_is_said() -> None:
    assert reason(ended=True, sensitive=True, reachable=False) is NotTold.ENDED


def a_message(promised_on: date, **changes: Any) -> CheckedMessage:
    """What is proposed today of an operation that ends on 18 December."""
    words = MessageWords(fr="Nous avons du retard.", en="We are late.")
    asked = ProposeMessage(promised_on=promised_on, words=words, **changes)
    return checked(asked, ENDS_ON, RULES, TODAY)


@pytest.mark.parametrize("promised_on", [TODAY - timedelta(days=1), TODAY, ENDS_ON + timedelta(days=1)])
def test_a_promise_is_for_a_day_to_come_within_the_operation(promised_on: date) -> None:
    with pytest.raises(Invalid) as refused:
        a_message(promised_on)
    assert (refused.value.field, bool(refused.value.remedy)) == ("promised_on", True)


@pytest.mark.parametrize("promised_on", [TODAY + timedelta(days=1), ENDS_ON])
def test_tomorrow_and_the_last_day_can_be_promised(promised_on: date) -> None:
    message = a_message(promised_on)
    assert (message.promised_on, message.more_than_days, message.quiet_days) == (promised_on, 30, 7)


def test_a_day_after_the_end_can_be_promised_by_who_says_so_and_the_past_never() -> None:
    assert a_message(ENDS_ON + timedelta(days=1), after_the_end=True).promised_on > ENDS_ON
    with pytest.raises(Invalid):
        a_message(TODAY, after_the_end=True)


CHANGES = st.sampled_from(
    [
        {"fr": "Autre chose."},
        {"en": "Something else."},
        {"promised_on": PROMISED + timedelta(days=1)},
        {"more_than_days": 31},
        {"quiet_days": 8},
    ]
)


@given(CHANGES)
def test_whatever_changes_another_hash_is_to_be_approved(changes: dict[str, Any]) -> None:
    operation = uuid4()
    message = CheckedMessage(30, PROMISED, "Nous avons du retard.", "We are late.", 7)
    assert replace(message, **changes).hash_in(operation) != message.hash_in(operation)
    assert message.hash_in(uuid4()) != message.hash_in(operation) == replace(message).hash_in(operation)
