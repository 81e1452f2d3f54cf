"""A letter without its mandatory paragraphs cannot leave the system."""

from dataclasses import replace

import pytest

from db import policy_file
from domain.complaint.letters import PARAGRAPHS, AnswerFacts, LetterKind
from domain.letters import LANGUAGES, Letter, LetterIncomplete, Paragraph, check_letter
from tests.factories.letters import MANDATORY, a_letter, a_mediator, an_answer

EVERY_MANDATORY = [(kind, name) for kind, names in MANDATORY.items() for name in names]


def without(letter: Letter, name: str) -> Letter:
    """The same letter with that paragraph taken out."""
    return replace(letter, paragraphs=tuple(p for p in letter.paragraphs if p.name != name))


def saying(letter: Letter, name: str, text: str) -> Letter:
    """The same letter with other words in that paragraph."""
    changed = (replace(p, text=text) if p.name == name else p for p in letter.paragraphs)
    return replace(letter, paragraphs=tuple(changed))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", LetterKind)
def test_a_letter_composed_from_whole_facts_passes(kind: LetterKind, language: str) -> None:
    check_letter(a_letter(kind, language), MANDATORY[kind])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", LetterKind)
def test_our_letters_satisfy_every_version_of_our_policy_file(kind: LetterKind, language: str) -> None:
    book = policy_file.load()
    letter = a_letter(kind, language, insurer=book.insurer.letterhead, mediator=book.insurer.mediator)
    for version in book.versions:
        mandatory = version.complaint.mandatory_paragraphs(kind)
        check_letter(letter, mandatory)
        assert set(mandatory) <= set(PARAGRAPHS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "name"), EVERY_MANDATORY)
def test_a_letter_that_lacks_a_mandatory_paragraph_is_refused_by_its_name(
    kind: LetterKind, name: str, language: str
) -> None:
    with pytest.raises(LetterIncomplete) as refused:
        check_letter(without(a_letter(kind, language), name), MANDATORY[kind])
    assert refused.value.missing == (name,)
    assert name in str(refused.value)
    assert PARAGRAPHS[name] in str(refused.value)


@pytest.mark.parametrize(("kind", "name"), EVERY_MANDATORY)
@pytest.mark.parametrize("nothing", ["", "   \n\t", "\u00a0\u202f", "\u200b\ufeff", "…", " – . –"])
def test_a_mandatory_paragraph_that_says_nothing_is_missing(kind: LetterKind, name: str, nothing: str) -> None:
    with pytest.raises(LetterIncomplete) as refused:
        check_letter(saying(a_letter(kind), name, nothing), MANDATORY[kind])
    assert refused.value.missing == (name,)


@pytest.mark.parametrize("typed", ["asked", "found", "decision", "reasons", "next_steps"])
@pytest.mark.parametrize("kind", sorted(LetterKind.answers()))
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_around_it_do_not_hide_what_the_handler_left_blank(kind: LetterKind, typed: str, language: str) -> None:
    with pytest.raises(LetterIncomplete) as refused:
        check_letter(a_letter(kind, language, answer=an_answer(**{typed: " \n "})), MANDATORY[kind])
    assert refused.value.missing == (typed,)


def test_every_missing_paragraph_is_named_in_the_order_of_the_policy() -> None:
    letter = without(without(a_letter(), "appeal"), "asked")
    with pytest.raises(LetterIncomplete) as refused:
        check_letter(letter, MANDATORY[LetterKind.ANSWER_FOUNDED])
    assert refused.value.missing == ("asked", "appeal")
    assert "REC-2026-000417" in str(refused.value)


def test_a_paragraph_that_no_letter_knows_is_refused_under_its_own_name() -> None:
    with pytest.raises(LetterIncomplete, match="« blessing »"):
        check_letter(a_letter(), ["blessing"])


@pytest.mark.parametrize("particular", a_mediator().particulars)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", LetterKind)
def test_the_mediator_is_named_with_address_and_site(kind: LetterKind, particular: str, language: str) -> None:
    letter = a_letter(kind, language)
    shortened = letter.text_of("mediator").replace(particular, "")
    with pytest.raises(LetterIncomplete) as refused:
        check_letter(saying(letter, "mediator", shortened), ["mediator"])
    assert refused.value.missing == ("mediator",)


@pytest.mark.parametrize("hole", [{"name": " "}, {"address_lines": ()}, {"address_lines": (" ",)}, {"site": ""}])
def test_a_hole_in_the_policy_file_does_not_pass_as_a_mediator(hole: dict[str, object]) -> None:
    with pytest.raises(LetterIncomplete):
        check_letter(a_letter(mediator=a_mediator(**hole)), ["mediator"])


def test_no_break_spaces_and_line_ends_do_not_make_another_mediator() -> None:
    letter = a_letter()
    set_otherwise = (
        letter.text_of("mediator").replace(" de la ", "\u00a0de\nla ").replace("Paris Cedex", "Paris\nCedex")
    )
    check_letter(saying(letter, "mediator", set_otherwise), ["mediator"])


def test_a_paragraph_may_come_in_several_parts() -> None:
    letter = replace(a_letter(), paragraphs=(Paragraph("asked", None, ""), Paragraph("asked", None, "Ceci.")))
    check_letter(letter, ["asked"])


def test_a_compensation_is_never_negative() -> None:
    with pytest.raises(ValueError, match="never negative"):
        AnswerFacts(asked="", found="", decision="", reasons="", next_steps="", compensation_cents=-1)
