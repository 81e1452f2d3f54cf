"""How words are set, one rule at a time."""

from dataclasses import replace
from datetime import date
from itertools import chain

import pytest

from letters import typography
from letters.paper import page_count
from letters.rendering import to_pdf
from tests.factories.letters import a_letter, an_answer
from tests.letters.pdf import text_of


@pytest.mark.parametrize(
    ("typed", "set_in_french"),
    [
        ("Non !", "Non\u202f!"),
        ("Pourquoi ? Ainsi ; voilà : « ceci ».", "Pourquoi\u202f? Ainsi\u202f; voilà\u00a0: «\u00a0ceci\u00a0»."),
        ("5 % de 20 €", "5\u00a0% de 20\u00a0€"),
        ("à 10:30, https://site.example", "à 10:30, https://site.example"),
        ("deux   !", "deux\u202f!"),
    ],
)
def test_french_spaces(typed: str, set_in_french: str) -> None:
    assert typography.set_in("fr", typed) == set_in_french
    assert typography.set_in("fr", set_in_french) == set_in_french
    assert typography.set_in("en", typed) == typed


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 11, 22), "22 novembre 2026"),
        (date(2027, 2, 1), "1er février 2027"),
        (date(2026, 12, 31), "31 décembre 2026"),
    ],
)
def test_dates_in_full_words(day: date, written: str) -> None:
    assert typography.long_date(day, "fr") == written


def test_dates_in_english() -> None:
    assert typography.long_date(date(2026, 11, 1), "en") == "1 November 2026"


@pytest.mark.parametrize(
    ("cents", "written"), [(14999, "149,99\u00a0€"), (0, "0,00\u00a0€"), (100000000, "1\u202f000\u202f000,00\u00a0€")]
)
def test_amounts_from_integer_cents(cents: int, written: str) -> None:
    assert typography.euros(cents, "fr") == written


@pytest.mark.parametrize(("cents", "written"), [(14999, "€149.99"), (0, "€0.00"), (100000000, "€1,000,000.00")])
def test_amounts_in_english(cents: int, written: str) -> None:
    assert typography.euros(cents, "en") == written


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_line_end_is_one(end: str) -> None:
    assert typography.paragraph(typography.many_lines(f"un{end}deux")) == "un\ndeux"
    assert typography.one_line(f"un{end}deux") == "un deux"


def test_a_template_may_wrap_its_lines() -> None:
    assert typography.paragraph("\n  un\ndeux\n\n  trois\n") == "un deux\n\ntrois"


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Zoë Łukasz Şahin Nguyễn", "Zoë Łukasz Şahin Nguyễn"),
        ("مرحبا", "مرحبا"),
        ("e\u0301 e\u0323\u0301", "é ẹ\u0301"),
        ("très 😡 !", "très □ !"),
        ("李明", "□□"),
        ("a\u3000b\ufeff\ufe0f\x00\ue000", "a b"),
    ],
)
def test_what_the_fonts_cannot_draw_is_a_box(text: str, drawn: str) -> None:
    assert typography.drawable(text) == drawn
    assert typography.drawable(drawn) == drawn


def test_all_that_is_said_to_be_drawn_is_drawn() -> None:
    repertoire = list(map(chr, chain.from_iterable(range(first, last + 1) for first, last in typography.DRAWN)))
    assert all(typography.drawable(f"a{character}") for character in repertoire)
    words = " ".join(f"a{character}z" for character in repertoire)
    letter = a_letter()
    everything = replace(letter.paragraphs[0], title=words, text=words)
    assert text_of(to_pdf(replace(letter, paragraphs=(everything,)))).count("aÿz") == 2


@pytest.mark.parametrize("latin", range(0xC0, 0x240, 16))
def test_a_latin_letter_takes_any_accent_in_every_weight(latin: int) -> None:
    accented = " ".join(f"{chr(latin + i)}{chr(accent)}" for i in range(16) for accent in range(0x300, 0x332))
    letter = a_letter()
    everything = replace(letter.paragraphs[0], title=accented, text=accented)
    assert page_count(to_pdf(replace(letter, paragraphs=(everything,)))) >= 1


@pytest.mark.parametrize("text", ["٪▸\u0327", "Ҕ\u0484", "\u0301", "□\u0301", "β\u200d", "☎\ufe0f\u0323"])
def test_an_accent_without_its_latin_letter_is_left_out(text: str) -> None:
    assert len(typography.drawable(text)) == len(text.rstrip("\u0327\u0484\u0301\u200d\ufe0f\u0323"))
    assert page_count(to_pdf(a_letter(answer=an_answer(found=text), reference=text))) == 1
