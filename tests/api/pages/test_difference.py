"""What has changed between two versions, word by word."""

import re
from html import unescape
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.difference import difference

TEXTS = st.text(alphabet="ab é\n.,<>&’", max_size=40)


def without(tag: str, marked: str) -> str:
    """The text when what is marked so is left out, and other marks are not seen."""
    return unescape(re.sub(r"</?(?:ins|del)>", "", re.sub(rf"<{tag}>.*?</{tag}>", "", marked, flags=re.DOTALL)))


@given(before=TEXTS, after=TEXTS)
def test_both_versions_can_be_read_in_what_is_marked(before: str, after: str) -> None:
    marked = str(difference(before, after))
    assert without("del", marked) == after
    assert without("ins", marked) == before


@given(text=TEXTS)
def test_what_has_not_changed_is_not_marked(text: str) -> None:
    assert "<ins>" not in difference(text, text)
    assert "<del>" not in difference(text, text)


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("Il part cette semaine.", "Il part le 10 mars.", "Il part <del>cette semaine</del><ins>le 10 mars</ins>."),
        ("", "Bonjour", "<ins>Bonjour</ins>"),
        ("a <b> c", "a c", "a <del>&lt;b&gt; </del>c"),
    ],
)
def test_words_that_change_together_are_one_change(before: str, after: str, marked: str) -> None:
    assert difference(before, after) == marked


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 25_000, "b " * 25_000),
        ("a " * 25_000, "a b " * 12_500),
        ("le la un de\n" * 4_000, "la un de le\n" * 4_000),
        ("\n".join(["a " * 400, "="] * 60), "\n".join(["a b " * 200, "="] * 60)),
    ],
    ids=["all other words", "every second word", "every paragraph", "many long paragraphs"],
)
def test_no_text_keeps_the_house_busy(before: str, after: str) -> None:
    begin = process_time()
    marked = str(difference(before, after))
    assert process_time() - begin < 3, "a quarter of a second, on a machine that has other work"
    assert without("del", marked) == after
    assert without("ins", marked) == before
