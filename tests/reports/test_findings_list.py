"""The list of findings: a workbook for people, CSV for programs."""

import csv
from datetime import date
from enum import StrEnum
from io import StringIO
from typing import Any

import pytest

from domain.risk import RiskLevel
from reports.findings import FindingLine, days_late, findings_csv, findings_workbook
from tests.reports.sheets import lines, opened

ON = date(2027, 3, 1)
INSURER = "Mutuelle des Trois Rivières"


class State(StrEnum):
    """Words as the domain has them, with their labels."""

    PLANNED = "planned"
    MISSING_PIECE = "missing_piece"

    @property
    def label(self) -> str:
        """The French word."""
        return {"planned": "planifié", "missing_piece": "pièce non remise"}[self.value]


def a_line(**given: Any) -> FindingLine:
    """An open finding, due on the day of the list."""
    usual: dict[str, Any] = {
        "reference": "CST-2026-000031",
        "audit": "AUD-2026-000001",
        "delegate": "Armor Gestion",
        "contract": "Santé collective 2024-117",
        "origin": State.MISSING_PIECE,
        "piece": "Procédure d’adhésion",
        "subject": "Délai d’enregistrement",
        "words": "Enregistrer chaque bulletin le jour de sa réception.",
        "risk": RiskLevel.HIGH,
        "agreed_on": date(2026, 12, 1),
        "due_on": ON,
        "state": State.PLANNED,
    }
    return FindingLine(**usual | given)


@pytest.mark.parametrize(
    ("due_on", "late"), [(date(2027, 3, 2), None), (ON, None), (date(2027, 2, 28), 1), (date(2026, 3, 1), 365)]
)
def test_a_finding_is_late_from_the_day_after_it_was_due(due_on: date, late: int | None) -> None:
    assert days_late(a_line(due_on=due_on), ON) == late
    assert days_late(a_line(due_on=due_on, ended_on=date(2027, 3, 1)), ON) is None
    assert days_late(a_line(due_on=due_on, accepted_until=date(2027, 9, 1)), ON) is None


def test_while_its_risk_is_accepted_a_finding_shows_until_when_and_no_due_day() -> None:
    accepted = a_line(due_on=date(2027, 2, 1), accepted_until=date(2027, 9, 1))
    [sheet] = opened(findings_workbook([accepted], "en", ON, INSURER))
    [told] = lines(sheet)
    assert (told["Due on"], told["Days late"]) == (None, None)
    assert told["Risk accepted until"] == date(2027, 9, 1)


def test_the_workbook_has_one_finding_a_line_with_real_days_and_numbers() -> None:
    rows = [a_line(), a_line(reference="CST-2026-000032", due_on=date(2027, 2, 1), postponements=2)]
    [sheet] = opened(findings_workbook(rows, "fr", ON, INSURER))
    first, second = lines(sheet)
    assert (first["Constat"], first["Risque"], first["État"]) == ("CST-2026-000031", "Élevé", "Planifié")
    assert (first["Échéance"], first["Jours de retard"]) == (date(2027, 3, 1), None)
    assert (second["Jours de retard"], second["Reports"], second["Origine"]) == (28, 2, "Pièce non remise")
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:R3")


def test_in_english_it_has_english_words() -> None:
    [sheet] = opened(findings_workbook([a_line()], "en", ON, INSURER))
    [row] = lines(sheet)
    assert (sheet.title, row["Risk"], row["Origin"]) == ("Findings", "High", "Missing piece")


def test_the_same_list_is_the_same_file() -> None:
    assert findings_workbook([a_line()], "fr", ON, INSURER) == findings_workbook(iter([a_line()]), "fr", ON, INSURER)
    assert findings_workbook([a_line()], "fr", ON, INSURER) != findings_workbook([], "fr", ON, INSURER)


def test_no_findings_are_a_list_with_its_head() -> None:
    [sheet] = opened(findings_workbook([], "fr", ON, INSURER))
    assert sheet.max_row == 1
    assert len(findings_csv([], "fr", ON).splitlines()) == 1


def test_csv_has_the_same_lines_with_days_that_programs_read() -> None:
    written = findings_csv([a_line(due_on=date(2027, 2, 1))], "en", ON)
    assert written.startswith(b"\xef\xbb\xbf")
    [row] = csv.DictReader(StringIO(written.decode("utf-8-sig")), delimiter=";")
    assert (row["Finding"], row["Due on"], row["Days late"], row["Risk"]) == (
        *("CST-2026-000031", "2027-02-01", "28", "High"),
    )
    assert row["Ended on"] == ""


@pytest.mark.parametrize("typed", ["=1+1", "+33 1", "-1", "@x", '=HYPERLINK("x")', "\t=1", "a;b\n=c"])
def test_in_csv_a_text_that_begins_like_a_formula_has_an_apostrophe(typed: str) -> None:
    written = findings_csv([a_line(words=typed, plan=typed)], "fr", ON).decode("utf-8-sig")
    [row] = csv.DictReader(StringIO(written, newline=""), delimiter=";")
    assert row["Libellé"] == row["Plan d’action"]
    assert not row["Libellé"].startswith(("=", "+", "-", "@", "\t"))
    assert row["Libellé"].lstrip("'") == typed.strip()


def test_in_the_workbook_a_text_that_begins_like_a_formula_stays_a_text() -> None:
    [sheet] = opened(findings_workbook([a_line(subject="=1+1")], "fr", ON, "=1+1"))
    assert (sheet["G2"].data_type, sheet["G2"].value) == ("s", "=1+1")
