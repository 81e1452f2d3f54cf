"""The report of an audit as a document: what it says, for whom it can be read, the same bytes each time."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.audit.edition import Edition
from domain.audit.report import BothLanguages, CarriedFinding, ReportedFile, ReportedStrength
from domain.audit.words import AuditDomain
from domain.risk import RiskLevel
from letters.paper import page_count
from reports.audit.document import document
from reports.audit.reading import Reading
from reports.words import LANGUAGES, words_in
from tests.factories.audit_reports import (
    REFERENCE,
    ZONE,
    a_recommendation,
    a_report,
    an_edition,
    an_empty_report,
    validations,
)
from tests.letters.pdf import characters, opened, pages_of, plain, structure, text_of

DRAFT = {"fr": "PROJET – non validé", "en": "DRAFT – not validated"}
HOSTILE = (
    '#import "x": * ; #panic("x") ; #{1+1} ; #sys.inputs $x^2$ *gras* = Titre @ref <label> // note \\',
    "x" * 500,
    "é" * 41 + " " + "W" * 30,
    "https://www." + "y" * 300 + ".example",
    "\x00\x07\x1b[31m\u202egnp\u202c\ufeff\ufffe\ud800",
    "😡👩‍👩‍👧 مرحبا بكم 日本語 ẹ̀",
    "un\n\ndeux\r\ntrois\u2028quatre",
    "=1+1",
    "",
)


def pdf_of(language: str = "fr", edition: Edition | None = None, report: Any = None, **given: Any) -> bytes:
    """The document of a report."""
    return document(Reading(report or a_report(**given), edition or Edition(zone=ZONE), words_in(language)))


@pytest.fixture(scope="module")
def draft() -> bytes:
    """The document of a report that nobody has validated, in French."""
    return pdf_of()


@pytest.fixture(scope="module")
def answered() -> bytes:
    """The document of a validated and answered report, in English."""
    return pdf_of("en", an_edition())


def test_it_is_archivable_accessible_tagged_and_says_its_language(draft: bytes, answered: bytes) -> None:
    for pdf, language in ((draft, "fr"), (answered, "en")):
        with opened(pdf) as file, file.open_metadata() as about:
            assert (about["pdfaid:part"], about["pdfaid:conformance"], about["pdfuaid:part"]) == ("3", "A", "1")
            assert file.Root.MarkInfo.Marked
            assert str(file.Root.Lang) == language
            assert str(about["xmp:CreateDate"]).startswith("2026-1")


def test_its_headings_tables_and_lists_are_tagged(draft: bytes) -> None:
    with opened(draft) as file:
        tags = list(structure(file.Root.StructTreeRoot.K))
    recommendations, levels, domains, strengths = 24, 5, 3, 3
    assert tags.count("H3") == recommendations
    assert tags.count("H2") == 3 + strengths + 1 + levels + domains * 2
    assert tags.count("H1") == 8
    assert tags.count("Table") == tags.count("THead") == 2 + 1 + 1 + 1 + domains * 2
    assert tags.count("L") == strengths
    assert tags.count("TOC") == 1


def test_a_hash_can_be_copied_as_it_is(draft: bytes) -> None:
    assert any(a_report().content_hash in page for page in pages_of(draft))
    assert any(a_report().pieces[0].files[0].sha256 in page for page in pages_of(draft))


def test_a_table_that_goes_on_has_its_head_on_each_page(draft: bytes) -> None:
    annex = [page for page in map(plain, pages_of(draft)) if "_v1.pdf" in page]
    assert len(annex) >= 3
    assert all("Fichiers" in page and "N°" in page for page in annex)


def test_every_page_but_the_first_has_the_running_header_and_all_are_numbered(draft: bytes) -> None:
    pages = pages_of(draft)
    for number, words in enumerate(pages, start=1):
        assert f"Page {number}/{len(pages)}" in words
        assert REFERENCE in words
        assert ("Rapport d’audit 2026 – Armor Gestion" in plain(words)) is (number > 1)


def test_the_title_page_names_who_what_and_when(draft: bytes) -> None:
    first = plain(pages_of(draft)[0])
    for said in (
        *("Armor Gestion (ARMOR)", "Santé collective 2024-117", "Adhésions, cotisations, prestations"),
        *("Inès Caradec, Paul Le Meur", "7 septembre 2026", "19 octobre 2026", "23 octobre 2026", "version 2026-1"),
        *("Conflit d’intérêts", "est aussi le courtier du contrat", a_report().content_hash),
    ):
        assert said in first


def test_no_conflict_is_told_where_there_is_none() -> None:
    assert "Conflit" not in text_of(pdf_of(report=an_empty_report(conflict_of_interest=False)))


def test_the_summary_counts_pieces_and_recommendations(draft: bytes) -> None:
    words = text_of(draft)
    assert "35 pièces remises sur 38. Les auditeurs émettent 24 recommandations." in words
    assert "10 présentent un risque élevé ou majeur." in words
    for figure in ("38 demandées", "33 remises à temps", "2 remises en retard", "3 non remises"):
        assert figure in words


def test_recommendations_stand_by_risk_the_gravest_first_then_by_number(draft: bytes) -> None:
    words = text_of(draft)
    places = [words.index(f"Risque {level.label} N°") for level in reversed(RiskLevel)]
    assert places == sorted(places)
    assert words.index("N° 2 –") < words.index("N° 7 –") < words.index("N° 4 –") < words.index("N° 20 –")


def test_a_recommendation_says_all_that_belongs_to_it(answered: bytes) -> None:
    words = text_of(answered)
    card = words[words.index("No. 2 –") : words.index("No. 7 –")]
    for said in (
        *("Retirer aux gestionnaires", "3. Organisation chart", "Expected on 23 December 2026", "Comment"),
        *("Delegate’s answer Disputes", "complétés en juillet", "Ruling Lowered, risk: low", "Seuls trois mandats"),
        "Agreed on 1 February 2027",
    ):
        assert said in card
    accepted = words[words.index("No. 1 –") : words.index("No. 6 –")]
    assert "Accepts, proposes 15 January 2027" in accepted
    assert "Finding CST-2026-000031, planned" in accepted


def test_missing_pieces_are_listed_and_have_no_grades(draft: bytes) -> None:
    words = text_of(draft)
    missing = words[words.rindex("Pièces manquantes") : words.rindex("Grille d’analyse")]
    for piece in a_report().missing:
        assert re.search(rf"\b{piece.number} {piece.label.fr[:20]}", missing)
    grid = words[words.rindex("Grille d’analyse") : words.rindex("Annexe")]
    assert grid.count("non remise") == 3


def test_the_annex_gives_each_file_with_its_hash(draft: bytes) -> None:
    words = text_of(draft)
    for piece in a_report().pieces:
        assert all(file.sha256 in words and file.name in words for file in piece.files)
    assert words.count("en retard") == 2 + 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1])
def test_until_both_have_validated_it_every_page_is_a_draft(count: int, language: str) -> None:
    pdf = pdf_of(language, Edition(zone=ZONE, validations=validations(count)), a_report(3, pieces=()))
    with opened(pdf) as file, file.open_metadata() as about:
        assert about["dc:title"].startswith(DRAFT[language])
    assert all(plain(page).count(DRAFT[language]) >= 2 for page in pages_of(pdf))
    assert ("Hélène Guivarc’h" in text_of(pdf)) is (count == 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_once_validated_it_names_both_the_instants_and_the_hash_and_no_page_is_a_draft(language: str) -> None:
    pdf = pdf_of(language, Edition(zone=ZONE, validations=validations()), a_report(3, pieces=()))
    first = plain(pages_of(pdf)[0])
    assert DRAFT[language].split(" ")[0] not in text_of(pdf)
    for one in validations():
        assert one.name in first
        assert one.sha256 in first
    assert {"fr": "19 novembre 2026 à 00:30", "en": "19 November 2026 at 00:30"}[language] in first


def test_it_is_dated_by_its_last_validation_where_the_insurer_is() -> None:
    night = Edition(zone=ZONE, validations=validations(1))
    with opened(pdf_of(edition=night, report=an_empty_report())) as file, file.open_metadata() as about:
        assert str(about["xmp:CreateDate"]).startswith("2026-11-19")
    with opened(pdf_of(report=an_empty_report())) as file, file.open_metadata() as about:
        assert str(about["xmp:CreateDate"]).startswith("2026-01-01")


def test_its_content_hash_is_the_same_in_every_edition_and_language(draft: bytes, answered: bytes) -> None:
    assert a_report().content_hash in text_of(draft)
    assert a_report().content_hash in text_of(answered)
    assert a_report(25).content_hash not in text_of(draft)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_report_is_the_same_file_and_any_other_is_another(language: str) -> None:
    report = a_report(3, pieces=a_report(0).pieces[:4])
    once = pdf_of(language, report=report)
    assert once == pdf_of(language, report=replace(report))
    other = replace(report, recommendations=(a_recommendation(1, (), words="Autre."), *report.recommendations[1:]))
    assert once != pdf_of(language, report=other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_that_has_nothing_to_say_says_so(language: str) -> None:
    words = text_of(pdf_of(language, report=an_empty_report()))
    nothing = {
        "fr": ("aucun point fort", "aucune recommandation", "Aucune pièce n’a été demandée", "0 pièce remise sur 0"),
        "en": ("no strength", "no recommendation", "No piece was asked for", "0 pieces of 0 came"),
    }
    assert all(said in words for said in nothing[language])


def test_when_every_piece_came_it_says_so() -> None:
    whole = tuple(piece for piece in a_report().pieces if piece.delivered)
    assert "Toutes les pièces demandées ont été remises." in text_of(pdf_of(report=a_report(0, pieces=whole)))


def test_when_no_piece_came_it_has_no_averages() -> None:
    words = text_of(pdf_of(report=a_report(0, pieces=a_report().missing)))
    assert "0 pièce remise sur 3." in words
    assert "Adhésions – – – –" in words


def test_two_hundred_recommendations_have_a_card_each() -> None:
    words = text_of(pdf_of(report=a_report(200, pieces=())))
    assert all(f"N° {number} –" in words for number in range(1, 201))


def test_a_recommendation_on_a_piece_that_is_not_known_is_about_the_whole() -> None:
    lost = a_recommendation(1, (), piece="lost", subject="")
    assert "N° 1 – Gestion dans son ensemble" in text_of(pdf_of(recommendations=(lost,), pieces=()))


HEADINGS = re.compile(r"N° \d+ –|Risque \w+|Adhésions$|Cotisations$|Prestations$|Recommandations$|Grille|Annexe|Vue")


@pytest.mark.parametrize("count", [9, 13, 16, 17])
def test_no_heading_stands_alone_at_the_foot_of_a_page(count: int) -> None:
    validated = Edition(zone=ZONE, validations=validations())
    for page in pages_of(pdf_of(edition=validated, report=a_report(count, strengths=()))):
        lines = [line for line in page.splitlines() if line.strip()]
        assert lines[-1].startswith("Mutuelle des Trois Rivières Page ")
        assert not HEADINGS.match(lines[-2])


def nasty(typed: str) -> Any:
    """A report in which everything that can be typed is this."""
    report = a_report(2)
    piece = replace(
        report.pieces[0],
        label=BothLanguages(typed, typed),
        checked_for=BothLanguages(typed, typed),
        comment=typed,
        files=(ReportedFile(1, typed, "0" * 64, date(2026, 9, 9)),),
    )
    names: dict[str, Any] = dict.fromkeys(
        ("reference", "insurer", "delegate_code", "delegate_name", "catalogue"), typed
    )
    recommendation = a_recommendation(1, (piece,), words=typed, comment=typed, subject=typed, piece=piece.id)
    return replace(
        report,
        **names,
        contracts=(typed,),
        auditors=(typed,),
        pieces=(piece, replace(piece, id="other", delivered_on=None, files=(), grades=None)),
        recommendations=(recommendation,),
        strengths=(ReportedStrength(1, typed, AuditDomain.BENEFITS), ReportedStrength(2, typed)),
        carried=(CarriedFinding(typed, typed, RiskLevel.LOW, date(2026, 1, 1)),),
    )


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_typed_is_set_as_text_and_stays_on_the_sheet(typed: str) -> None:
    pdf = pdf_of(report=nasty(typed))
    if typed.isascii() and typed.isprintable():
        assert plain(typed).replace(" ", "") in text_of(pdf).replace(" ", "")
    for page in range(page_count(pdf)):
        assert max((right for *_, right, _ in characters(pdf, page)), default=0) <= 192


def test_a_text_of_many_pages_goes_on_over_them() -> None:
    long = a_recommendation(1, (), words="Une phrase qui occupe la page. " * 1500, comment="Et encore. " * 900)
    words = text_of(pdf_of(recommendations=(long,), pieces=()))
    assert words.count("occupe") == 1500
    assert words.count("encore.") == 900


def test_a_piece_with_many_versions_goes_on_over_pages() -> None:
    report = a_report(0)
    one = report.pieces[0]
    files = tuple(replace(one.files[0], version=version, name=f"v{version}.pdf") for version in range(1, 81))
    words = text_of(pdf_of(report=replace(report, pieces=(replace(one, files=files),))))
    assert all(f"v{version}.pdf" in words for version in range(1, 81))


@settings(max_examples=15, deadline=None)
@given(typed=st.text(max_size=80))
def test_any_text_at_all_prints(typed: str) -> None:
    assert page_count(pdf_of(report=nasty(typed))) >= 3


def test_a_language_that_reports_are_not_written_in_is_told() -> None:
    with pytest.raises(KeyError):
        pdf_of("de")


def test_pictures_are_drawn_and_no_font_is_missing(draft: bytes) -> None:
    with opened(draft) as file:
        fonts = [one for one in file.objects if isinstance(one, pikepdf.Dictionary) and "/FontDescriptor" in one]
        assert fonts
        assert not [one for one in file.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]
