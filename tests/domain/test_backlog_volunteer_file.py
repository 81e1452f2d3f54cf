"""Hours and pay as HR writes them: read as people write, and back; what cannot be names its field."""

from datetime import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.backlog.volunteer import UsualHours, timetable_told
from domain.backlog.volunteer_file import WEEKDAYS, read_volunteer, read_work, written_work
from domain.refusals import Invalid

A_LINE: dict[str, Any] = {"login": "claire.morvan", "contract_hours": "35", "hourly_euros": "16,50"}


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("35", 2100),
        ("37,5", 2250),
        ("37.5", 2250),
        ("37:30", 2250),
        ("37 h 30", 2250),
        (35, 2100),
        (1, 60),
        ("48", 2880),
    ],
)
def test_the_hours_of_a_contract_are_read_as_people_write_them(written: object, minutes: int) -> None:
    assert read_work(A_LINE | {"contract_hours": written}).contract_minutes == minutes


@pytest.mark.parametrize(
    ("written", "cents"),
    [("16,50", 1650), ("16.5", 1650), ("16,50 €", 1650), (16.5, 1650), ("0,01", 1), ("10000", 10**6)],
)
def test_the_pay_of_an_hour_is_read_to_the_cent(written: object, cents: int) -> None:
    assert read_work(A_LINE | {"hourly_euros": written}).hourly_cents == cents


@pytest.mark.parametrize("written", ["09:00-12:30 13:30-17:00", "9h00-12h30, 13h30 - 17h00", "09:00–12:30/13:30–17:00"])
def test_the_hours_of_a_day_are_read_with_their_break(written: str) -> None:
    told = read_work(A_LINE | {"tuesday": written}).timetable
    morning = UsualHours(weekday=1, starts_at=time(9), ends_at=time(12, 30))
    assert told == (morning, UsualHours(weekday=1, starts_at=time(13, 30), ends_at=time(17)))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"contract_hours": "35,33"}, "contract_hours"),
        ({"contract_hours": "plein temps"}, "contract_hours"),
        ({"contract_hours": "0:59"}, "contract_hours"),
        ({"contract_hours": "48:01"}, "contract_hours"),
        ({"contract_hours": True}, "contract_hours"),
        ({"contract_hours": None}, "contract_hours"),
        ({"hourly_euros": "0"}, "hourly_euros"),
        ({"hourly_euros": "10000,01"}, "hourly_euros"),
        ({"hourly_euros": "16,505"}, "hourly_euros"),
        ({"hourly_euros": "-16"}, "hourly_euros"),
        ({"hourly_euros": "1e3"}, "hourly_euros"),
        ({"monday": "matin"}, "monday"),
        ({"monday": "09:00-12:30 et 13:30-17:00"}, "monday"),
        ({"monday": "12:30-09:00"}, "monday"),
        ({"monday": "09:00-12:30 12:00-17:00"}, "monday"),
        ({"saturday": "22:00-25:00"}, "saturday"),
        ({"monday": "09:00-12:30 " * 50}, "monday"),
        ({"login": " "}, "login"),
        ({"sunday": "09:00-12:00"}, "sunday"),
    ],
)
def test_what_cannot_be_names_its_field_and_a_remedy(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_volunteer(A_LINE | changed)
    assert refused.value.field == field
    assert refused.value.remedy
    assert refused.value.rule.count(str(changed[field]).strip() or "§") == 0


clock = st.integers(0, 23 * 60 + 58)


@given(st.integers(60, 2880), st.integers(1, 10**6), st.dictionaries(st.sampled_from(WEEKDAYS), clock, max_size=6))
def test_what_is_written_is_read_back(minutes: int, cents: int, days: dict[str, int]) -> None:
    told = {day: f"{at // 60:02}:{at % 60:02}-23:59" for day, at in days.items()}
    asked = read_work(
        {"contract_hours": f"{minutes // 60}:{minutes % 60:02}", "hourly_euros": f"{cents / 100:.2f}"} | told
    )
    assert (asked.contract_minutes, asked.hourly_cents) == (minutes, cents)
    written = written_work(asked.contract_minutes, asked.hourly_cents, timetable_told(asked))
    assert read_work(written) == asked.model_copy(update={"from_on": "always"})
