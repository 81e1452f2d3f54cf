"""What somebody types into a form, as the rules receive it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.typed import Typed
from api.pages.words import words_in

PARIS = "Europe/Paris"


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("45,50", 4550),
        ("45.5", 4550),
        ("1 012,50 €", 101250),
        ("1\u202f012,50\u00a0€", 101250),
        ("0", 0),
        ("", 0),
        ("-3", -300),  # for the rules to refuse
        ("12,5x", "12,5x"),
        ("12,345", "12,345"),
        ("1e999999999", "1e999999999"),  # as a number it would fill the memory
        ("9" * 5000, "9" * 5000),
        ("12,5,0", "12,5,0"),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("1.012,50", "1.012,50"),
        ("٣", "٣"),
    ],
)
def test_an_amount_is_cents_and_what_is_none_stays_as_it_was_typed(typed: str, cents: Any) -> None:
    assert Typed({"amount": [typed]}).cents("amount") == cents


@given(cents=st.integers(min_value=0, max_value=10_000_000))
def test_an_amount_that_a_form_shows_is_read_as_the_same(cents: int) -> None:
    for language in ("fr", "en"):
        assert Typed({"amount": [words_in(language, PARIS).amount(cents)]}).cents("amount") == cents


def test_line_ends_are_those_of_everywhere_else() -> None:
    typed = Typed({"text": [" Bonjour,\r\n\r\nmerci. "], "address": ["1, rue\r\n\r\n 35000 Rennes "]})
    assert typed.text("text") == "Bonjour,\n\nmerci."
    assert typed.lines("address") == ["1, rue", "35000 Rennes"]


def test_what_was_left_empty_has_not_been_typed() -> None:
    typed = Typed({"skills": ["", "optical"], "text": [" \r\n "], "mark": ["m"], "key": ["k"]})
    assert typed.all("skills") == ["optical"]
    assert (typed.text("text"), typed.text("nothing")) == (None, None)
    assert set(typed.words) == {"skills", "text"}
