"""Ages, windows and weeks: each boundary the day before, the day, the day after.

Source: policy
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.board import AgeBand, DueWindow, Today

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (-1, AgeBand.DAYS_0_6),
        (0, AgeBand.DAYS_0_6),
        (6, AgeBand.DAYS_0_6),
        (7, AgeBand.DAYS_7_13),
        (13, AgeBand.DAYS_7_13),
        (14, AgeBand.DAYS_14_29),
        (29, AgeBand.DAYS_14_29),
        (30, AgeBand.DAYS_30_59),
        (59, AgeBand.DAYS_30_59),
        (60, AgeBand.DAYS_60_UP),
        (4_000, AgeBand.DAYS_60_UP),
    ],
)
def test_a_case_is_in_the_band_of_its_calendar_days(days: int, band: AgeBand) -> None:
    assert AgeBand.of(TODAY - timedelta(days=days), TODAY) is band


@pytest.mark.parametrize("days", range(-1, 90))
def test_the_days_of_reception_of_a_band_are_those_of_its_cases(days: int) -> None:
    received_on = TODAY - timedelta(days=days)
    found = []
    for band in AgeBand:
        starts, ends = band.received(TODAY)
        if (starts is None or received_on >= starts) and (ends is None or received_on < ends):
            found.append(band)
    assert found == [AgeBand.of(received_on, TODAY)]


@pytest.mark.parametrize(
    ("due_at", "window"),
    [
        (datetime(2026, 11, 25, 11, 59, 59, tzinfo=PARIS), DueWindow.PAST_DUE),
        (datetime(2026, 11, 25, 12, tzinfo=PARIS), DueWindow.TODAY),  # at the due instant it is not late yet
        (datetime(2026, 11, 25, 23, 59, 59, tzinfo=PARIS), DueWindow.TODAY),
        (datetime(2026, 11, 26, 0, tzinfo=PARIS), DueWindow.NEXT_7_DAYS),
        (datetime(2026, 12, 2, 23, 59, 59, tzinfo=PARIS), DueWindow.NEXT_7_DAYS),
        (datetime(2026, 12, 3, 0, tzinfo=PARIS), None),
    ],
)
def test_a_deadline_is_in_one_window_or_in_none(due_at: datetime, window: DueWindow | None) -> None:
    noon = datetime(2026, 11, 25, 12, tzinfo=PARIS)
    spans = {one: one.span(noon, PARIS) for one in DueWindow}
    found = [one for one, (starts, ends) in spans.items() if (starts is None or due_at >= starts) and due_at < ends]
    assert found == ([window] if window else [])


def test_today_ends_at_the_insurers_midnight_on_the_days_when_the_clocks_change_too() -> None:
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        now = datetime(day.year, day.month, day.day, 12, tzinfo=PARIS)
        _, ends = DueWindow.TODAY.span(now, PARIS)
        assert ends == datetime(day.year, day.month, day.day + 1, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2026, 11, 22, 22, 59, tzinfo=UTC), date(2026, 11, 16)),
        (datetime(2026, 11, 22, 23, 0, tzinfo=UTC), date(2026, 11, 23)),  # midnight in Paris
        (datetime(2026, 11, 29, 22, 59, tzinfo=UTC), date(2026, 11, 23)),
    ],
)
def test_the_week_begins_on_monday_where_the_insurer_is(now: datetime, monday: date) -> None:
    assert Today(now, PARIS).monday == monday
