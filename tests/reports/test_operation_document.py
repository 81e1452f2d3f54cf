"""The closing report as a document: what it says in both languages, the same bytes each time, no markup typed."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter

from domain.backlog.report import OperationReport, ReportedCost, ReportedDay
from reports.operation import operation_document
from reports.operation.burn_down import burn_down
from reports.words import LANGUAGES, words_in
from tests.factories.backlog_reports import LAST, WITHOUT_FIGURES, a_closing_report, an_empty_closing_report
from tests.letters.pdf import opened, pages_of, plain, structure, text_of

PROVISIONAL = {"fr": "PROVISOIRE – opération non close", "en": "PROVISIONAL – the operation is not closed"}
HOSTILE = '#panic("x") #{1+1} $x$ *gras* = Titre \\ ' + "W" * 300


@pytest.fixture(scope="module")
def french() -> bytes:
    """The final report in French."""
    return operation_document(a_closing_report(), "fr")


def test_it_is_archivable_accessible_and_dated_by_its_last_day(french: bytes) -> None:
    with opened(french) as file, file.open_metadata() as about:
        assert (about["pdfaid:part"], about["pdfaid:conformance"], about["pdfuaid:part"]) == ("3", "A", "1")
        assert str(about["xmp:CreateDate"]).startswith(LAST.isoformat())
        tags = list(structure(file.Root.StructTreeRoot.K))
    assert (tags.count("H1"), tags.count("Table")) == (8, 5)


def test_it_says_before_and_after_every_day_the_sessions_the_cost_and_who_decided(french: bytes) -> None:
    words = text_of(french)
    for said in (
        *("Avant 27/11/2026 3 000 7,14 5 jours, dépassé", "Après 08/01/2027 1 445 3,44 5 jours, tenu"),
        *("10/12/2026 2 700 – – – – –", "11/12/2026 2 670 2 705 35 300 340 2 100", "03/12/2026 2 910 3 065 155"),
        *("Ensemble 120 114 102 735 h 00 3 675", "1 239,17 €", "38 760,83 €", "Trois samedis ont suffi."),
        *("Pendant, 30/11/2026 – 08/01/2027 180 12 3", "Dernier jour, 08/01/2027 4 0 3"),
        *("Pilote de processus – à la place de : directeur des opérations clients", a_closing_report().content_hash),
    ):
        assert said in plain(words).replace("\u202f", " ").replace("\xa0", " "), said


def test_until_it_is_closed_every_page_says_that_it_is_provisional() -> None:
    for language in LANGUAGES:
        going_on = operation_document(a_closing_report(final=False, end_reason=None), language)
        assert all(PROVISIONAL[language] in plain(page) for page in pages_of(going_on))
        assert PROVISIONAL[language] not in text_of(operation_document(a_closing_report(), language))


def test_the_same_report_is_the_same_file_and_any_other_is_another(french: bytes) -> None:
    report = a_closing_report()
    assert operation_document(replace(report), "fr") == french
    other = replace(report, cost=ReportedCost(1_239_18, 4_000_000, 50, 7, 0, validated=True))
    assert other.content_hash != report.content_hash
    assert operation_document(other, "fr") != french


def test_it_is_the_same_report_once_it_was_kept_and_read() -> None:
    kept = TypeAdapter(OperationReport)
    for report in (a_closing_report(), an_empty_closing_report()):
        read = kept.validate_json(kept.dump_json(report))
        assert (read, read.content_hash) == (report, report.content_hash)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_operation_that_has_nothing_to_say_says_so(language: str) -> None:
    words = plain(text_of(operation_document(an_empty_closing_report(), language)))
    nothing = {
        "fr": ("n’a pas encore eu de jour", "Aucune séance n’a encore eu lieu", "ne sont pas comptées ici"),
        "en": ("has not had a day yet", "No session has been held yet", "are not counted here"),
    }
    assert all(said in words for said in nothing[language])


def test_what_somebody_typed_is_text_and_nothing_else() -> None:
    typed: dict[str, Any] = dict.fromkeys(("objective", "lessons", "activity_fr", "insurer"), HOSTILE)
    words = text_of(operation_document(a_closing_report(**typed), "fr"))
    assert words.count('#panic("x")') >= 4


def test_what_is_not_counted_has_no_line_and_what_is_has_one() -> None:
    assert "Dossiers prêtés" not in text_of(operation_document(a_closing_report(), "fr"))
    counted = operation_document(a_closing_report(cases_lent=120, members_told=0), "fr")
    assert "Dossiers prêtés aux volontaires 120" in plain(text_of(counted))
    assert "Adhérents informés de leur attente 0" in plain(text_of(counted))


def test_a_cost_beyond_the_budget_and_hours_that_payroll_computes_are_told() -> None:
    cost = ReportedCost(4_000_001, 4_000_000, 1, 0, 390, validated=False)
    words = plain(text_of(operation_document(a_closing_report(cost=cost), "en")))
    for said in ("Beyond the budget €0.01", "No pay file is validated", "6 h 30 beyond part-time contracts"):
        assert said in words


def test_a_day_without_figures_is_a_gap_in_the_line() -> None:
    report = a_closing_report()
    drawn = burn_down(report.days, words_in("fr"))
    assert drawn is not None
    place = [one.on for one in report.days].index(WITHOUT_FIGURES)
    assert [len(run) for run in drawn["actual"]] == [place, len(report.days) - place - 1]
    assert len(drawn["planned"]) == 1
    assert all(
        0 <= y <= 1 and 0 <= x <= 1 for runs in ("planned", "actual", "allowed") for run in drawn[runs] for x, y in run
    )


@pytest.mark.parametrize("stock", [0, 1, 7, 99, 100, 101, 5_000_000])
def test_the_scale_has_a_few_lines_and_reaches_over_the_highest_stock(stock: int) -> None:
    days = [ReportedDay(LAST, stock, stock), ReportedDay(LAST, 0, 0)]
    drawn = burn_down(days, words_in("en"))
    assert drawn is not None
    assert 2 <= len(drawn["scale"]) <= 5
    assert drawn["actual"][0][0][1] <= 1
    assert burn_down(days[:1], words_in("en")) is None


@pytest.mark.parametrize(("standard", "said"), [("1", "1 jour"), ("1.5", "1,5 jour"), ("2", "2 jours")])
def test_one_is_told_in_the_singular(standard: str, said: str) -> None:
    report = a_closing_report(standard=Decimal(standard), days=())
    told = plain(text_of(operation_document(report, "fr")))
    assert "0 jour hors plan" in told
    assert f" {said}, " in told
