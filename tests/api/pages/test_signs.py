"""The signs by which a house shows that it is well: the second before a limit, and the second after."""

from typing import Any

import pytest

from api.administration.looks import PulseView, WaitingView
from api.pages.administration.signs import signs
from tests.api.counter import NOON

QUIET = WaitingView(count=0, oldest_seconds=0)


def a_pulse(**changes: Any) -> PulseView:
    """A house in which all is well."""
    well: dict[str, Any] = {
        "at": NOON,
        "open_cases": [],
        "overdue": {},
        "due_within_a_day": {},
        "commands": QUIET,
        "letters": QUIET,
        "messages": QUIET,
        "possible_doubles": 0,
        "canary_seconds": 60,
    }
    return PulseView(**well | changes)


def waiting(seconds: float) -> WaitingView:
    return WaitingView(count=1, oldest_seconds=seconds)


def test_a_house_in_which_all_is_well_shows_it() -> None:
    assert {one.standing for one in signs(a_pulse())} == {"good"}


@pytest.mark.parametrize(
    ("name", "changes", "standing"),
    [
        ("canary", {"canary_seconds": 900}, "good"),
        ("canary", {"canary_seconds": 901}, "bad"),
        ("canary", {"canary_seconds": None}, "bad"),
        ("commands", {"commands": waiting(120)}, "good"),
        ("commands", {"commands": waiting(121)}, "bad"),
        ("letters", {"letters": waiting(7200)}, "good"),
        ("letters", {"letters": waiting(7201)}, "bad"),
        ("messages", {"messages": waiting(3600)}, "good"),
        ("messages", {"messages": waiting(3601)}, "bad"),
        ("overdue", {"overdue": {"answer": 2}}, "look"),
        ("overdue", {"overdue": {"answer_limit": 1}}, "bad"),
        ("doubles", {"possible_doubles": 1}, "look"),
    ],
)
def test_a_sign_turns_when_its_limit_has_passed(name: str, changes: dict[str, Any], standing: str) -> None:
    told = {one.name: one.standing for one in signs(a_pulse(**changes))}
    assert told.pop(name) == standing
    assert set(told.values()) == {"good"}
