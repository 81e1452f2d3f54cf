"""Every reason has its French and its English sentence."""

from datetime import date

import pytest

from domain.calendar import Reason, Step
from domain.explanations import long_date, tell


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_reason_has_words(reason: Reason, language: str) -> None:
    told = tell(Step(date(2025, 5, 1), 2, reason, "Fête du Travail"), language)
    assert told.startswith(long_date(date(2025, 5, 1), language))
    assert "{" not in told


@pytest.mark.parametrize(
    ("day", "french", "english"),
    [
        (date(2025, 5, 1), "jeudi 1er mai 2025", "Thursday 1 May 2025"),
        (date(2028, 2, 29), "mardi 29 février 2028", "Tuesday 29 February 2028"),
        (date(2026, 8, 2), "dimanche 2 août 2026", "Sunday 2 August 2026"),
        (date(2026, 12, 31), "jeudi 31 décembre 2026", "Thursday 31 December 2026"),
    ],
)
def test_dates_in_words(day: date, french: str, english: str) -> None:
    assert long_date(day) == french
    assert long_date(day, "en") == english


@pytest.mark.parametrize(
    ("step", "french", "english"),
    [
        (
            Step(date(2025, 5, 1), None, Reason.PUBLIC_HOLIDAY, "Fête du Travail"),
            "jeudi 1er mai 2025 : jour férié (Fête du Travail), ne compte pas",
            "Thursday 1 May 2025: public holiday (Fête du Travail), does not count",
        ),
        (
            Step(date(2026, 5, 15), None, Reason.CLOSING_DAY, "pont"),
            "vendredi 15 mai 2026 : jour de fermeture (pont), ne compte pas",
            "Friday 15 May 2026: closing day (pont), does not count",
        ),
        (
            Step(date(2027, 2, 28), 2, Reason.LAST_DAY_OF_MONTH, "31"),
            "dimanche 28 février 2027 : 2 mois plus tard, dernier jour du mois, faute de 31",
            "Sunday 28 February 2027: 2 months later, last day of the month, which has no 31",
        ),
    ],
)
def test_sentences(step: Step, french: str, english: str) -> None:
    assert tell(step).replace("\u00a0", " ") == french
    assert tell(step, "en") == english
