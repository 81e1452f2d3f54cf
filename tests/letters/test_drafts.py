"""A draft: the letter as it would leave, and nobody can take it for one that left."""

import pytest

from domain.complaint.letters import LetterKind
from domain.letters import LANGUAGES, Signatory, check_letter, missing_paragraphs
from letters.paper import page_count
from letters.rendering import to_fragment, to_html, to_pdf, to_text
from tests.factories.letters import MANDATORY, REFERENCE, a_draft, a_letter, an_addressee, an_answer
from tests.letters.pdf import opened, pages_of, structure, text_of
from tests.letters.test_html import Page

MARKS = {"fr": "PROJET – non validé", "en": "DRAFT – not approved"}
ANSWERS = sorted(LetterKind.answers())
PLAIN = {"article", "section", "h3", "h4", "p", "strong", "br"}


@pytest.mark.parametrize(("language", "mark"), MARKS.items())
@pytest.mark.parametrize("kind", ANSWERS)
def test_text_page_and_fragment_say_that_nobody_has_approved_it(kind: LetterKind, language: str, mark: str) -> None:
    draft = a_draft(kind, language)
    assert mark in to_text(draft)
    assert to_html(draft).count(mark) == 2
    assert mark in to_fragment(draft)


@pytest.mark.parametrize(("language", "mark"), MARKS.items())
def test_every_sheet_is_marked_across_and_at_its_edges(language: str, mark: str) -> None:
    pdf = to_pdf(a_draft(language=language, answer=an_answer(found="Une phrase qui occupe la page. " * 400)))
    assert page_count(pdf) > 2
    first, *others = pages_of(pdf)
    assert first.count(mark) == 3
    assert all(words.count(mark) == 2 for words in others)


@pytest.mark.parametrize(("language", "mark"), MARKS.items())
def test_the_file_is_called_a_draft_and_read_aloud_as_one(language: str, mark: str) -> None:
    with opened(to_pdf(a_draft(language=language))) as pdf, pdf.open_metadata() as about:
        assert about["dc:title"].startswith(f"{mark} – ")
        assert (about["pdfaid:part"], about["pdfaid:conformance"], about["pdfuaid:part"]) == ("3", "A", "1")
        assert list(structure(pdf.Root.StructTreeRoot.K)).count("H1") == 1


@pytest.mark.parametrize("kind", LetterKind)
@pytest.mark.parametrize(("language", "mark"), MARKS.items())
def test_a_letter_that_leaves_has_no_mark(kind: LetterKind, language: str, mark: str) -> None:
    letter = a_letter(kind, language)
    for words in (to_text(letter), to_html(letter), to_fragment(letter), text_of(to_pdf(letter))):
        assert mark not in words


@pytest.mark.parametrize("kind", ANSWERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_but_for_the_mark_it_is_the_letter_word_for_word(kind: LetterKind, language: str) -> None:
    marked, plain = to_text(a_draft(kind, language)), to_text(a_letter(kind, language))
    assert marked == f"*** {MARKS[language]} ***\n\n{plain}"


@pytest.mark.parametrize(("language", "told"), [("fr", "(le dernier validateur)"), ("en", "(the last validator)")])
def test_where_it_is_not_settled_who_signs_the_draft_says_who_will(language: str, told: str) -> None:
    draft = a_draft(language=language, signatory=Signatory(name="", title=""))
    assert draft.signatory == Signatory(name=told, title="")
    assert told in text_of(to_pdf(draft))


@pytest.mark.parametrize("kind", ANSWERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_written_yet_is_missing_by_the_gate_s_own_rule(kind: LetterKind, language: str) -> None:
    begun = a_draft(kind, language, answer=an_answer(decision="", reasons=" "))
    assert missing_paragraphs(begun, MANDATORY[kind]) == ("decision", "reasons")
    whole = a_draft(kind, language)
    assert missing_paragraphs(whole, MANDATORY[kind]) == ()
    check_letter(whole, MANDATORY[kind])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fragment_is_one_article_of_plain_elements(language: str) -> None:
    page = Page(to_fragment(a_draft(language=language)))
    assert page.open == []
    assert page.tags[0] == ("article", {"class": "letter", "lang": language})
    assert page.names.count("article") == 1
    assert set(page.names) <= PLAIN
    assert [attributes for _, attributes in page.tags[1:] if attributes] == [{"class": "letter-draft"}]


@pytest.mark.parametrize("attack", ["<script>alert(1)</script>", '"><img src=x onerror=y>', "</article>", "&lt;b&gt;"])
def test_typed_markup_is_shown_in_the_fragment_not_obeyed(attack: str) -> None:
    draft = a_draft(
        answer=an_answer(asked=attack, decision=attack),
        addressee=an_addressee(name=attack, address_lines=(attack,)),
        signatory=Signatory(name=attack, title=attack),
        reference=attack,
    )
    page = Page(to_fragment(draft))
    assert page.open == []
    assert set(page.names) <= PLAIN
    assert "".join(page.words).count(attack) >= 6


def test_the_fragment_says_every_paragraph() -> None:
    draft = a_draft()
    words = " ".join("".join(Page(to_fragment(draft)).words).split())
    assert REFERENCE in words
    for paragraph in draft.paragraphs:
        assert " ".join(paragraph.text.split()) in words
