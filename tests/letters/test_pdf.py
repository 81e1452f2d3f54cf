"""The paper: archivable, accessible, in its window, the same bytes each time, whatever was typed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.complaint.letters import LetterKind
from domain.letters import LANGUAGES, Handler, Signatory
from letters import typography
from letters.paper import page_count
from letters.rendering import to_pdf
from tests.factories.letters import REFERENCE, a_letter, an_addressee, an_answer, an_insurer
from tests.letters.pdf import characters, objects, opened, pages_of, plain, structure, text_of

WINDOW_MM = (105.0, 55.0, 190.0, 79.0)
SEEN_THROUGH_A_WINDOW_MM = (90.0, 34.0, 200.0, 90.0)
SIX_LINES = (
    "Service du personnel, à l’attention",
    "Bâtiment C, porte 14",
    "Zone artisanale de la Plaine Basse",
    "BP 40017",
    "38999 Valbrune Cedex 9",
)
HOSTILE = [
    '#import "x": * ; #panic("x") ; #{1+1} ; #sys.inputs',
    "$x^2$ *gras* _italique_ `code` = Titre - liste @ref <label> // note /* note */ \\ ~ --",
    "{{ 7*7 }} {% raw %} {# note #}",
    "<script>alert(1)</script> &amp; ]]> <?xml ?>",
    "\x00\x07\x1b[31m\x7f\u202egnp\u202c\ufeff\ufffe\ud800",
    "x" * 3000,
    "https://www." + "y" * 300 + ".example",
    "z" * 200 + "@" + "z" * 200,
    "😡👩‍👩‍👧 مرحبا بكم 日本語 नमस्ते ẹ̀ \U0001f1eb\U0001f1f7",
    "\u0301\u0301\u0301",
    "\u200b" * 500,
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", LetterKind)
def test_the_file_says_pdf_a_3a_and_pdf_ua_1(kind: LetterKind, language: str) -> None:
    with opened(to_pdf(a_letter(kind, language))) as pdf, pdf.open_metadata() as about:
        assert (about["pdfaid:part"], about["pdfaid:conformance"], about["pdfuaid:part"]) == ("3", "A", "1")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_is_tagged_and_its_language_known(language: str) -> None:
    with opened(to_pdf(a_letter(language=language))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == language


@pytest.mark.parametrize("kind", LetterKind)
def test_the_structure_has_one_subject_the_titles_and_the_paragraphs(kind: LetterKind) -> None:
    letter = a_letter(kind)
    with opened(to_pdf(letter)) as pdf:
        tags = list(structure(pdf.Root.StructTreeRoot.K))
    assert tags.count("H1") == 1
    assert tags.count("H2") == sum(paragraph.title is not None for paragraph in letter.paragraphs)
    assert tags.count("P") >= len(letter.paragraphs)
    assert set(tags) <= {"Document", "P", "H1", "H2", "Div", "Span"}


def test_colours_have_their_profile() -> None:
    with opened(to_pdf(a_letter())) as pdf:
        [intent] = list(pdf.Root.OutputIntents)
        assert intent.S == "/GTS_PDFA1"
        assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"


def test_every_font_is_in_the_file() -> None:
    mixed = an_answer(found="Libertinus, مرحبا, ☎ et □")
    with opened(to_pdf(a_letter(answer=mixed))) as pdf:
        fonts = objects(pdf, "/FontDescriptor")
        assert len(fonts) >= 3
        assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys()) for font in fonts)
        assert len(objects(pdf, "/Font")) == 2 * len(fonts)


def test_the_title_is_shown_and_author_and_date_are_the_letter_s() -> None:
    with opened(to_pdf(a_letter())) as pdf, pdf.open_metadata() as about:
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert about["dc:title"] == f"Réponse à votre réclamation du 2 novembre 2026 – {REFERENCE}"
        assert about["dc:creator"] == ["Mutuelle des Trois Rivières"]
        assert str(about["xmp:CreateDate"]).startswith("2026-11-12")


@pytest.mark.parametrize(
    ("language", "dateline"), [("fr", "Lyon, le 12 novembre 2026"), ("en", "Lyon, 12 November 2026")]
)
@pytest.mark.parametrize("kind", LetterKind)
def test_a_typical_letter_is_one_sheet_and_all_its_words_can_be_selected(
    kind: LetterKind, language: str, dateline: str
) -> None:
    letter = a_letter(kind, language)
    pdf = to_pdf(letter)
    words = text_of(pdf)
    assert page_count(pdf) == 1
    for paragraph in letter.paragraphs:
        assert plain(paragraph.title or "") in words
        assert plain(paragraph.text) in words
    for said in (letter.addressee.name, letter.signatory.title, letter.insurer.legal_line, dateline):
        assert said in words


def test_pages_are_numbered_out_of_all() -> None:
    pdf = to_pdf(a_letter(answer=an_answer(found="Une phrase qui occupe la page. " * 400)))
    pages = pages_of(pdf)
    assert page_count(pdf) == len(pages) > 2
    for number, words in enumerate(pages, start=1):
        assert f"page {number}/{len(pages)}" in words
        assert REFERENCE in words


def test_bytes_that_are_no_letter_have_no_page_count() -> None:
    with pytest.raises(ValueError, match="not a PDF"):
        page_count(b"%PDF-1.7")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", LetterKind)
def test_the_same_letter_is_the_same_file(kind: LetterKind, language: str) -> None:
    assert to_pdf(a_letter(kind, language)) == to_pdf(a_letter(kind, language))


def test_another_date_is_another_file() -> None:
    letter = a_letter()
    assert to_pdf(letter) != to_pdf(replace(letter, dated=date(2026, 11, 13)))


@pytest.mark.parametrize("address_lines", [("38999 Valbrune",), SIX_LINES, (*SIX_LINES, "BELGIQUE", "Planète Terre")])
def test_the_address_stands_whole_in_the_window(address_lines: tuple[str, ...]) -> None:
    addressee = an_addressee(address_lines=address_lines)
    pdf = to_pdf(a_letter(addressee=addressee))
    left, top, right, bottom = WINDOW_MM
    inside = [c for c, x0, y0, x1, y1 in characters(pdf) if left <= x0 <= x1 <= right and top <= y0 <= y1 <= bottom]
    assert plain("".join(inside)).replace(" ", "") == "".join((addressee.name, *address_lines)).replace(" ", "")


def test_nothing_else_can_be_seen_through_the_window() -> None:
    letter = a_letter()
    left, top, right, bottom = SEEN_THROUGH_A_WINDOW_MM
    seen = [
        c for c, x0, y0, x1, y1 in characters(to_pdf(letter)) if x1 > left and x0 < right and y1 > top and y0 < bottom
    ]
    address = "".join((letter.addressee.name, *letter.addressee.address_lines))
    assert "".join(seen).replace("\r\n", "").replace(" ", "").replace("\r", "").replace("\n", "") == address.replace(
        " ", ""
    )


@pytest.mark.parametrize("attack", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_typed_is_set_as_text(attack: str) -> None:
    letter = a_letter(
        answer=an_answer(asked=attack, found=f"avant {attack} après", decision=attack),
        addressee=an_addressee(name=f"Mme {attack}", address_lines=(attack,) * 3),
        handler=Handler(name=attack, phone=attack),
        signatory=Signatory(name=attack, title=attack),
        insurer=an_insurer(name=f"Mutuelle {attack}", legal_line=attack),
        reference=attack,
    )
    words = text_of(to_pdf(letter))
    shown = plain(typography.drawable(typography.set_in("fr", typography.one_line(f"avant {attack} après"))))
    if shown.isascii():
        assert shown.replace(" ", "") in words.replace(" ", "")


def test_no_word_leaves_the_sheet() -> None:
    pdf = to_pdf(a_letter(answer=an_answer(asked="W" * 900, found="www." + "w" * 400, reasons="m@" + "m" * 400)))
    assert max(x1 for _, _, _, x1, _ in characters(pdf)) <= 191


def test_a_very_long_text_fills_its_pages() -> None:
    pdf = to_pdf(a_letter(answer=an_answer(found="Nous avons relu chaque pièce du dossier. " * 5000)))
    assert page_count(pdf) > 30
    assert text_of(pdf).count("dossier.") == 5000


def test_a_letter_made_by_hand_with_forbidden_characters_still_prints() -> None:
    letter = a_letter()
    rough = replace(letter, paragraphs=(replace(letter.paragraphs[0], text="a\x00b\ud800c"),))
    assert "abc" in text_of(to_pdf(rough))


def test_a_letter_without_paragraphs_still_prints() -> None:
    assert page_count(to_pdf(replace(a_letter(), paragraphs=()))) == 1


@settings(max_examples=80, deadline=None)
@given(typed=st.text(max_size=120))
def test_any_text_at_all_prints(typed: str) -> None:
    letter = a_letter(answer=an_answer(asked=typed), addressee=an_addressee(name=typed, address_lines=(typed,)))
    assert page_count(to_pdf(letter)) >= 1


def test_the_emblem_is_drawn_not_written() -> None:
    with opened(to_pdf(a_letter())) as pdf:
        [page] = pdf.pages
        assert not page.get_images()
        assert b"/Artifact" in page.obj.Contents.read_bytes()
        assert not any("Figure" in tag for tag in structure(pdf.Root.StructTreeRoot.K))
