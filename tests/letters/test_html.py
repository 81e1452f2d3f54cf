"""The e-mail page: one file, nothing fetched, readable aloud, typed text escaped."""

import re
from html.parser import HTMLParser

import pytest

from domain.complaint.letters import LetterKind
from domain.letters import LANGUAGES, Signatory
from letters.rendering import to_html
from tests.factories.letters import a_letter, an_addressee, an_answer

VOID = {"meta", "br"}


class Page(HTMLParser):
    """What a page is made of: its tags with their attributes, its words, and whether every tag was closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def names(self) -> list[str]:
        return [tag for tag, _ in self.tags]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", LetterKind)
def test_the_page_is_well_formed_and_says_its_language(kind: LetterKind, language: str) -> None:
    page = Page(to_html(a_letter(kind, language)))
    assert page.open == []
    assert page.tags[0] == ("html", {"lang": language})
    assert page.names.count("main") == page.names.count("h1") == page.names.count("title") == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", LetterKind)
def test_headings_follow_the_titles_of_the_letter(kind: LetterKind, language: str) -> None:
    letter = a_letter(kind, language)
    html = to_html(letter)
    assert Page(html).names.count("h2") == sum(paragraph.title is not None for paragraph in letter.paragraphs)
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", html) == [p.title for p in letter.paragraphs if p.title]


@pytest.mark.parametrize("kind", LetterKind)
def test_nothing_is_fetched_and_nothing_runs(kind: LetterKind) -> None:
    page = Page(to_html(a_letter(kind)))
    assert not {"script", "link", "img", "style", "iframe", "form", "a"} & set(page.names)
    for _, attributes in page.tags:
        assert not {"src", "href", "background", "action"} & set(attributes)
        assert "url(" not in (attributes.get("style") or "")


@pytest.mark.parametrize(
    "attack", ["<script>alert(1)</script>", '"><img src=x onerror=y>', "</p></div></html>", "&lt;b&gt;"]
)
def test_typed_markup_is_shown_not_obeyed(attack: str) -> None:
    letter = a_letter(
        answer=an_answer(asked=attack, decision=attack),
        addressee=an_addressee(name=attack, address_lines=(attack,)),
        signatory=Signatory(name=attack, title=attack),
        reference=attack,
    )
    page, harmless = Page(to_html(letter)), Page(to_html(a_letter()))
    assert set(page.names) == set(harmless.names)
    assert page.open == []
    assert "".join(page.words).count(attack) >= 6


def test_lines_and_paragraphs_that_were_typed_are_seen() -> None:
    html = to_html(a_letter(answer=an_answer(asked="un\ndeux\n\ntrois")))
    assert re.search(r"<p[^>]*>un<br>deux\s*</p>\s*<p[^>]*>trois\s*</p>", html)
