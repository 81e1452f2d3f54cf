"""The report of an audit as a workbook: what stands in which cell, as what, the same bytes each time."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.audit.edition import DelegateAnswer, Edition
from letters import typography
from reports.audit import audit_files
from reports.audit.reading import Reading
from reports.audit.sheets import workbook
from reports.words import LANGUAGES, words_in
from reports.workbook import LONGEST
from tests.factories.audit_reports import (
    REFERENCE,
    ZONE,
    a_recommendation,
    a_report,
    an_edition,
    an_empty_report,
    validations,
)
from tests.reports.sheets import lines, opened
from tests.reports.test_audit_document import nasty

SHEETS = {
    "fr": ["Synthèse", "Recommandations", "Pièces", "Fichiers", "Grille d’analyse"],
    "en": ["Summary", "Recommendations", "Pieces", "Files", "Analysis grid"],
}


def xlsx_of(language: str = "fr", edition: Edition | None = None, report: Any = None, **given: Any) -> bytes:
    """The workbook of a report."""
    return workbook(Reading(report or a_report(**given), edition or Edition(zone=ZONE), words_in(language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_part_has_its_sheet_with_a_frozen_head_a_filter_and_its_widths(language: str) -> None:
    book = opened(xlsx_of(language))
    assert book.sheetnames == SHEETS[language]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"
        assert all(sheet.column_dimensions[cell.column_letter].width > 5 for cell in sheet[1])
        assert all(cell.alignment.wrap_text for row in sheet.iter_rows() for cell in row)


def test_recommendations_are_one_to_a_line_with_real_numbers_and_days() -> None:
    rows = lines(opened(xlsx_of("fr", an_edition()))["Recommandations"])
    assert len(rows) == 24
    one = next(row for row in rows if row["N°"] == 1)
    assert one["Attendu le"] == date(2026, 12, 12)
    assert one["Échéance"] == date(2027, 1, 15)
    assert (one["Domaine"], one["Risque"], one["État"]) == ("Adhésions", "Moyen", "planifié")
    assert (one["Responsable"], one["Constat"]) == ("Erwan Kerbrat", "CST-2026-000031")
    assert one["Pièce"].startswith("2. Immatriculation")


def test_what_was_disputed_is_told_with_the_ruling() -> None:
    rows = {row["No."]: row for row in lines(opened(xlsx_of("en", an_edition()))["Recommendations"])}
    assert rows[2]["State"] == "lowered"
    assert (rows[2]["Risk"], rows[2]["Risk after the ruling"]) == ("Major", "Low")
    assert rows[2]["Ruling"] == "Lowered, risk: low\nSeuls trois mandats restent incomplets."
    assert rows[3]["State"] == "disputes"
    assert rows[4]["State"] == "validated"
    assert rows[4]["Owner"] == "Armor Gestion"


def test_what_was_not_answered_in_time_is_neither_accepted_nor_disputed() -> None:
    edition = an_edition(answers=(DelegateAnswer(2, None, due_on=date(2027, 2, 1)),), followed=())
    rows = {row["No."]: row for row in lines(opened(xlsx_of("en", edition))["Recommendations"])}
    assert rows[2]["Delegate’s answer"] == "Not answered in time: neither accepted nor disputed"
    assert (rows[2]["State"], rows[2]["Due on"]) == ("not answered", date(2027, 2, 1))


def test_each_recommendation_tells_its_contract_where_the_audit_is_of_several() -> None:
    report = a_report(2, contracts=("COL-1", "COL-2"))
    first, second = report.recommendations
    report = replace(report, recommendations=(replace(first, contract="COL-2"), replace(second, contract="COL-1")))
    rows = {row["No."]: row for row in lines(opened(xlsx_of("en", report=report))["Recommendations"])}
    assert (rows[1]["Contract"], rows[2]["Contract"]) == ("COL-2", "COL-1")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_risk_is_one_of_five_words(language: str) -> None:
    sheet = opened(xlsx_of(language))[SHEETS[language][1]]
    first, second = sheet.data_validations.dataValidation
    levels = first.formula1.strip('"').split(",")
    assert len(levels) == 5
    assert first.type == second.type == "list"
    assert str(first.sqref) == "G2:G25"
    assert {row[6] for row in sheet.iter_rows(min_row=2, values_only=True)} <= set(levels)


def test_pieces_files_and_grid_are_complete() -> None:
    book, report = opened(xlsx_of()), a_report()
    pieces = lines(book["Pièces"])
    assert len(pieces) == 38
    assert [row["N°"] for row in pieces if row["Remise"] == "manquante"] == [4, 17, 31]
    assert [row["N°"] for row in pieces if row["Remise"] == "en retard"] == [9, 22]
    assert pieces[0]["Remise le"] == date(2026, 9, 15)
    assert {row["SHA-256"] for row in lines(book["Fichiers"])} == {f.sha256 for p in report.pieces for f in p.files}
    grid = lines(book["Grille d’analyse"])
    assert len(grid) == 38 + 3
    assert (grid[0]["Conformité"], grid[0]["Présentation"], grid[3]["Pertinence"]) == (3, "sans objet", "non remise")
    assert grid[-1]["Pièce"] == "moyenne"
    assert isinstance(grid[-1]["Conformité"], float)


def test_the_summary_says_what_the_document_says() -> None:
    rows = lines(opened(xlsx_of())["Synthèse"])
    told = {row["Rubrique"]: row["Contenu"] for row in rows}
    assert told["État"] == "PROJET – non validé"
    assert (told["Référence"], told["Année"]) == (REFERENCE, 2026)
    assert (told["Pièces demandées"], told["Pièces remises en retard"], told["Pièces manquantes"]) == (38, 2, 3)
    assert told["Recommandations"] == 24 == sum(told[f"dont risque {one}"] for one in LEVELS)
    assert told["Réunion de lancement"] == date(2026, 9, 7)
    assert told["Empreinte SHA-256 du contenu"] == a_report().content_hash


LEVELS = ("majeur", "élevé", "moyen", "faible", "très faible")


@pytest.mark.parametrize("count", [0, 1, 2])
def test_until_both_have_validated_it_every_sheet_is_printed_as_a_draft(count: int) -> None:
    book = opened(xlsx_of("en", Edition(zone=ZONE, validations=validations(count))))
    for sheet in book:
        assert ("DRAFT" in (sheet.oddHeader.center.text or "")) is (count < 2)
    assert book.properties.title.startswith("DRAFT") is (count < 2)
    told = [row["Answer"] for row in lines(book["Summary"])]
    assert ("Validated report" in told) is (count == 2)
    assert sum(one == "Hélène Guivarc’h, 19 November 2026 at 00:30" for one in told) == min(count, 1)


def test_the_same_report_is_the_same_file_whenever_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    once = xlsx_of("fr", an_edition())
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    assert xlsx_of("fr", an_edition()) == once
    with ZipFile(BytesIO(once)) as file:
        assert {one.date_time for one in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = opened(once).properties
    assert properties.created.date() == properties.modified.date() == date(2026, 11, 19)


@pytest.mark.parametrize("change", [{"words": "Autre."}, {"expected_on": date(2027, 1, 2)}, {"comment": "Autre."}])
def test_another_word_or_day_is_another_file(change: dict[str, Any]) -> None:
    report = a_report(2)
    other = replace(report, recommendations=(a_recommendation(1, (), **change), *report.recommendations[1:]))
    assert xlsx_of(report=report) != xlsx_of(report=other)


@pytest.mark.parametrize(
    "typed", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A0", '=HYPERLINK("http://x.example")', "\t=1", "{=1}"]
)
def test_a_text_that_begins_like_a_formula_stays_a_text(typed: str) -> None:
    xlsx = xlsx_of(report=nasty(typed))
    with ZipFile(BytesIO(xlsx)) as file:
        assert not any(b"<f>" in file.read(name) for name in file.namelist() if "worksheets/sheet" in name)
        assert not any("externalLink" in name or "hyperlink" in name.casefold() for name in file.namelist())
    cell = opened(xlsx)["Recommandations"]["F2"]
    assert (cell.data_type, cell.value) == ("s", typed.strip())
    assert cell.quotePrefix is typed.strip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("typed", ["https://a.example/x", "12", "2026-01-01", "TRUE", "mailto:a@a.example"])
def test_a_text_that_looks_like_something_else_stays_a_text(typed: str) -> None:
    cell = opened(xlsx_of(report=nasty(typed)))["Recommandations"]["F2"]
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", typed, None)


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    exact, longer = "é" * LONGEST, "😡" * LONGEST
    for typed, kept in ((exact, exact), (f"{exact}x", f"{exact}…"), (longer, "😡" * (LONGEST // 2) + "…")):
        report = a_report(recommendations=(a_recommendation(1, (), words=typed),))
        assert opened(xlsx_of(report=report))["Recommandations"]["F2"].value == kept


def test_an_empty_report_has_its_sheets_with_their_heads_only() -> None:
    book = opened(xlsx_of(report=an_empty_report()))
    assert [sheet.max_row for sheet in book][1:] == [1, 1, 1, 1]
    assert book["Recommandations"].auto_filter.ref == "A1:P1"


def test_two_hundred_recommendations_are_two_hundred_lines() -> None:
    assert len(lines(opened(xlsx_of(report=a_report(200)))["Recommandations"])) == 200


def test_a_day_before_spreadsheets_have_days_is_written_out() -> None:
    old = a_recommendation(1, (), expected_on=date(1582, 10, 15))
    assert opened(xlsx_of(recommendations=(old,)))["Recommandations"]["H2"].value == "1582-10-15"


def test_a_margin_takes_any_name() -> None:
    book = opened(xlsx_of(report=nasty("A&B &P" * 90)))
    assert len(book["Recommandations"].oddHeader.left.text) < 130


@settings(max_examples=20, deadline=None)
@given(typed=st.text(max_size=60))
def test_any_text_at_all_is_kept_but_for_what_is_no_text(typed: str) -> None:
    value = opened(xlsx_of(report=nasty(typed)))["Recommandations"]["F2"].value
    plain = typed.replace("\u00a0", " ").replace("\u202f", " ")
    assert (value or "") == typography.many_lines(plain).replace(typography.LINE_END, "\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_files_come_together_with_their_hashes(language: str) -> None:
    report = a_report(2, pieces=())
    files, again = audit_files(report, language), audit_files(report, language)
    assert files == again
    assert (files.pdf[:5], files.xlsx[:2]) == (b"%PDF-", b"PK")
    assert len({files.pdf_sha256, files.xlsx_sha256}) == 2
    assert (files.pdf_sha256, files.xlsx_sha256) == (again.pdf_sha256, again.xlsx_sha256)
    validated = audit_files(report, language, an_edition())
    assert validated.pdf != files.pdf
    assert validated.xlsx != files.xlsx


@pytest.mark.parametrize(("words", "lines_of_text"), [("court", 1), ("mot " * 40, 3), ("a\nb\nc\nd", 4)])
def test_a_row_is_as_high_as_its_longest_text_asks_for(words: str, lines_of_text: int) -> None:
    one = a_recommendation(1, (), words=words, comment=None)
    sheet = opened(xlsx_of(recommendations=(one,)))["Recommandations"]
    assert sheet.row_dimensions[2].height >= 13.5 * lines_of_text


def test_no_row_is_higher_than_a_row_can_be() -> None:
    one = a_recommendation(1, (), words="mot " * 8_000)
    sheet = opened(xlsx_of(recommendations=(one,)))["Recommandations"]
    assert sheet.row_dimensions[2].height == pytest.approx(409, abs=1)
