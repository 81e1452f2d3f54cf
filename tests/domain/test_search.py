"""What is typed into the one box is read as a reference, words, phrases and exclusions; and nothing is a mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.excerpts import LONGEST, excerpt
from domain.search import MOST_PARTS, Part, Reference, Sought, read_reference, read_typed


def words(*typed: str) -> tuple[Part, ...]:
    return tuple(Part((word,)) for word in typed)


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        ("REC-2026-000123", Reference("123", "2026", kind="REC")),
        (" rec-2026-000123 ", Reference("123", "2026", kind="REC")),
        ("PRE-2026-000123", Reference("123", "2026", kind="PRE")),
        ("vir 123", Reference("123", kind="VIR")),
        ("REC 2026 123", Reference("123", "2026", kind="REC")),
        ("2026-123", Reference("123", "2026")),
        ("2026/000123", Reference("123", "2026")),
        ("000123", Reference("123")),
        ("123", Reference("123")),
        ("rec-123", Reference("123", kind="REC")),
        ("2026", Reference("2026")),
    ],
)
def test_a_reference_or_a_part_of_it_is_recognised(typed: str, reference: Reference) -> None:
    assert read_reference(typed) == reference


@pytest.mark.parametrize("typed", ["", "0", "REC-", "M0000042", "12 rue Neuve", "26-123", "-123", '"123"', "1" * 20])
def test_what_is_no_reference_is_not_taken_for_one(typed: str) -> None:
    assert read_reference(typed) is None


@pytest.mark.parametrize(
    ("typed", "sought"),
    [
        ("remboursement lunettes", Sought(words("remboursement", "lunettes"))),
        ("Anne-Lise", Sought(words("Anne", "Lise"))),
        ('"refus de prise en charge"', Sought((Part(("refus", "de", "prise", "en", "charge"), is_phrase=True),))),
        ("« prise en charge »", Sought((Part(("prise", "en", "charge"), is_phrase=True),))),
        ("dent -optique", Sought(words("dent"), (Part(("optique",), is_phrase=True),))),
        ('dent -"prise en charge"', Sought(words("dent"), (Part(("prise", "en", "charge"), is_phrase=True),))),
        ("-dent", Sought((), (Part(("dent",), is_phrase=True),))),
        ('jamais "fermé', Sought(words("jamais", "fermé"))),
        ("dent & optique:* | !soin", Sought(words("dent", "optique", "soin"))),
    ],
)
def test_words_phrases_and_exclusions_are_told_apart(typed: str, sought: Sought) -> None:
    assert read_typed(typed) == sought


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("le goff", (Part(("goff",), ("le",)),)),
        ("Mme Le Goff", (*words("Mme"), Part(("Goff",), ("Le",)))),
        ("goff le", (Part(("goff",), ("le",)),)),
        ("l'école", (Part(("école",), ("l",)),)),
        ("de la", words("de", "la")),
    ],
)
def test_small_words_go_with_the_word_after_them(typed: str, parts: tuple[Part, ...]) -> None:
    assert read_typed(typed).parts == parts


@pytest.mark.parametrize("typed", ["", "   ", "?!…", "&|!<->()':*", "\0\0", "\ud800", '""', "-", '-""'])
def test_signs_alone_look_for_nothing(typed: str) -> None:
    assert read_typed(typed).is_nothing


def test_more_words_than_are_looked_for_are_left_out_and_it_is_said() -> None:
    sought = read_typed(" ".join(f"mot{number}" for number in range(MOST_PARTS + 1)))
    assert len(sought.parts) == MOST_PARTS
    assert sought.left_out
    assert not read_typed("mot").left_out
    assert read_typed("x" * 20_000).left_out


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read(typed: str) -> None:
    sought = read_typed(typed)
    read = [word for part in (*sought.parts, *sought.without) for word in (*part.words, *part.small)]
    assert all(word and not set(word) & set("'\"\\&|!<>():*\0 ") for word in read)


TEXT = "Bonjour. " + "Je vous ai écrit sans réponse. " * 20 + "Mes lunettes attendent. " + "Merci de répondre. " * 20
AT = TEXT.index("lunettes")


def test_an_excerpt_shows_the_text_around_the_first_place() -> None:
    shown = excerpt(TEXT, [(AT, AT + 8)])
    assert [piece.text for piece in shown.pieces if piece.found] == ["lunettes"]
    assert "".join(piece.text for piece in shown.pieces) in TEXT
    assert shown.begins_later
    assert shown.ends_earlier
    assert sum(len(piece.text) for piece in shown.pieces) <= LONGEST


def test_where_nothing_was_found_there_is_no_excerpt() -> None:
    assert excerpt(TEXT, []).pieces == ()


@given(st.text(max_size=600), st.lists(st.integers(0, 600), max_size=8))
def test_the_pieces_of_an_excerpt_are_the_text_as_it_stands(text: str, cuts: list[int]) -> None:
    ordered = sorted({cut for cut in cuts if cut <= len(text)})
    places = list(zip(ordered[::2], ordered[1::2], strict=False))
    shown = "".join(piece.text for piece in excerpt(text, places).pieces)
    assert shown in text
    assert all(text[first:last] in shown for first, last in places[:1])
