"""The library's public holidays against dates written by hand from the dates of Easter."""

from datetime import date

import pytest

from db.holidays_source import CalendarDay, YearsNotKnownError, calendar_from_library, public_holidays

FIXED = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
EASTER_MONDAY_ASCENSION_WHIT_MONDAY = {
    2025: [(4, 21), (5, 29), (6, 9)],
    2026: [(4, 6), (5, 14), (5, 25)],
    2027: [(3, 29), (5, 6), (5, 17)],
    2028: [(4, 17), (5, 25), (6, 5)],
    2029: [(4, 2), (5, 10), (5, 21)],
    2030: [(4, 22), (5, 30), (6, 10)],
    2031: [(4, 14), (5, 22), (6, 2)],
}
GOOD_FRIDAY = {
    2025: (4, 18),
    2026: (4, 3),
    2027: (3, 26),
    2028: (4, 14),
    2029: (3, 30),
    2030: (4, 19),
    2031: (4, 11),
}


@pytest.mark.parametrize("year", range(2025, 2032))
def test_the_eleven_national_holidays(year: int) -> None:
    expected = sorted(date(year, *day) for day in FIXED + EASTER_MONDAY_ASCENSION_WHIT_MONDAY[year])
    assert [row.day for row in public_holidays(year, year)] == expected


@pytest.mark.parametrize("year", range(2025, 2032))
def test_alsace_moselle_adds_good_friday_and_26_december(year: int) -> None:
    national = {row.day for row in public_holidays(year, year)}
    local = {row.day for row in public_holidays(year, year, alsace_moselle=True)}
    assert local - national == {date(year, *GOOD_FRIDAY[year]), date(year, 12, 26)}


def test_they_have_their_french_names() -> None:
    assert [row.name for row in public_holidays(2025, 2025, alsace_moselle=True)] == [
        "Jour de l'an",
        "Vendredi saint",
        "Lundi de Pâques",
        "Fête du Travail",
        "Fête de la Victoire",
        "Ascension",
        "Lundi de Pentecôte",
        "Fête nationale",
        "Assomption",
        "Toussaint",
        "Armistice",
        "Noël",
        "Saint-Étienne",
    ]


def test_a_row_is_what_the_calendar_table_holds() -> None:
    assert public_holidays(2025, 2026)[0] == CalendarDay(date(2025, 1, 1), "Jour de l'an", "public_holiday")
    assert public_holidays(2025, 2026)[-1].day == date(2026, 12, 25)


@pytest.mark.parametrize(("first", "last"), [(1982, 1990), (2100, 2101), (2026, 2025), (0, 0)])
def test_years_that_the_library_does_not_know_are_refused(first: int, last: int) -> None:
    with pytest.raises(YearsNotKnownError, match="keep to 1983 to 2100"):
        public_holidays(first, last)


def test_the_calendar_covers_whole_years() -> None:
    calendar = calendar_from_library(2025, 2026)
    assert (calendar.first_day, calendar.last_day) == (date(2025, 1, 1), date(2026, 12, 31))
    assert len(calendar.public_holidays) == 22
