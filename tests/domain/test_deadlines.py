"""The five deadlines of a complaint: the examples of the procedures, and every boundary around them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Reason
from domain.complaint.deadlines import ComplaintDates, complaint_deadlines
from domain.complaint.words import Channel
from domain.deadlines import Deadline, met_late
from domain.explanations import tell
from domain.policy import DeadlineName, Unit
from domain.sources import Source
from tests.factories.rules import a_calendar, a_calendar_closed_on, deadlines_of, the_book

PARIS = ZoneInfo("Europe/Paris")
ACKNOWLEDGEMENT = DeadlineName.ACKNOWLEDGEMENT
ACKNOWLEDGEMENT_LIMIT = DeadlineName.ACKNOWLEDGEMENT_LIMIT
ANSWER = DeadlineName.ANSWER
ANSWER_LIMIT = DeadlineName.ANSWER_LIMIT
ANSWER_TARGET = DeadlineName.ANSWER_TARGET


@pytest.mark.parametrize(
    ("sent", "name", "due_on"),
    [
        (date(2025, 4, 29), ACKNOWLEDGEMENT_LIMIT, date(2025, 5, 13)),
        (date(2025, 4, 29), ANSWER, date(2025, 5, 15)),
        (date(2025, 4, 29), ACKNOWLEDGEMENT, date(2025, 5, 2)),
        (date(2026, 12, 31), ANSWER_LIMIT, date(2027, 2, 28)),
        (date(2026, 12, 31), ANSWER_TARGET, date(2027, 2, 26)),
        (date(2028, 2, 29), ANSWER_LIMIT, date(2028, 4, 29)),
        (date(2028, 2, 29), ANSWER_TARGET, date(2028, 4, 28)),
        (date(2026, 2, 28), ANSWER_LIMIT, date(2026, 4, 28)),
        (date(2026, 2, 28), ANSWER_TARGET, date(2026, 4, 28)),
    ],
)
def test_the_examples_of_the_procedures(sent: date, name: DeadlineName, due_on: date) -> None:
    assert deadlines_of(sent, sent)[name].due_on == due_on


def test_all_five_are_there_in_their_order() -> None:
    assert list(deadlines_of(date(2025, 4, 29))) == list(DeadlineName)


@pytest.mark.parametrize(
    ("name", "unit", "count", "source"),
    [
        (ACKNOWLEDGEMENT, Unit.WORKING_DAYS, 2, Source.SHEET),
        (ACKNOWLEDGEMENT_LIMIT, Unit.JOURS_OUVRABLES, 10, Source.ACPR),
        (ANSWER, Unit.WORKING_DAYS, 10, Source.RULES_17_2),
        (ANSWER_LIMIT, Unit.MONTHS, 2, Source.ACPR),
        (ANSWER_TARGET, Unit.MONTHS, 2, Source.POLICY),
    ],
)
def test_what_each_counts_and_where_that_comes_from(name: DeadlineName, unit: Unit, count: int, source: Source) -> None:
    deadline = deadlines_of(date(2025, 4, 29))[name]
    assert (deadline.unit, deadline.count, deadline.source) == (unit, count, source)


RECEIVED, SENT = date(2025, 4, 29), date(2025, 4, 24)


@pytest.mark.parametrize(
    ("name", "starts_on", "due_on"),
    [
        (ACKNOWLEDGEMENT, RECEIVED, date(2025, 5, 2)),
        (ACKNOWLEDGEMENT_LIMIT, SENT, date(2025, 5, 7)),
        (ANSWER, RECEIVED, date(2025, 5, 15)),
        (ANSWER_LIMIT, SENT, date(2025, 6, 24)),
        (ANSWER_TARGET, SENT, date(2025, 6, 24)),
    ],
)
def test_each_counts_from_the_event_that_its_source_names(name: DeadlineName, starts_on: date, due_on: date) -> None:
    deadline = deadlines_of(RECEIVED, SENT)[name]
    assert (deadline.starts_on, deadline.due_on) == (starts_on, due_on)


def test_under_procedure_1_the_acknowledgement_limit_counts_from_reception() -> None:
    found = deadlines_of(date(2022, 6, 30), date(2022, 6, 24))
    assert found[ACKNOWLEDGEMENT_LIMIT].starts_on == date(2022, 6, 30)
    assert found[ACKNOWLEDGEMENT_LIMIT].due_on == date(2022, 7, 12)
    assert found[ANSWER_LIMIT].starts_on == date(2022, 6, 24)


def test_from_1_july_2022_on_it_counts_from_sending() -> None:
    found = deadlines_of(date(2022, 7, 1), date(2022, 6, 24))
    assert found[ACKNOWLEDGEMENT_LIMIT].starts_on == date(2022, 6, 24)
    assert found[ACKNOWLEDGEMENT_LIMIT].due_on == date(2022, 7, 6)


def test_an_unknown_sent_date_counts_from_reception_and_says_so() -> None:
    limit = deadlines_of(date(2025, 4, 29))[ACKNOWLEDGEMENT_LIMIT]
    assert limit.starts_on == date(2025, 4, 29)
    assert limit.due_on == date(2025, 5, 13)
    assert tell(limit.explanation[0], "en") == ("Tuesday 29 April 2025: sent date unknown, counted from reception")


def test_by_telephone_the_written_complaint_is_awaited_and_the_insurers_clock_runs() -> None:
    found = deadlines_of(date(2025, 4, 29), channel=Channel.PHONE)
    assert found[ANSWER].due_on == date(2025, 5, 15)
    assert found[ACKNOWLEDGEMENT_LIMIT].explanation[0].reason is Reason.WRITTEN_COMPLAINT_AWAITED


def test_the_written_complaint_starts_the_regulators_clock_and_the_two_months_keep_the_earlier_day() -> None:
    found = deadlines_of(date(2025, 4, 29), date(2025, 5, 20), channel=Channel.PHONE)
    assert found[ACKNOWLEDGEMENT_LIMIT].starts_on == date(2025, 5, 20)
    assert found[ANSWER_LIMIT].starts_on == date(2025, 4, 29)
    assert found[ANSWER].starts_on == date(2025, 4, 29)


@pytest.mark.parametrize("channel", [channel for channel in Channel if channel.is_written])
def test_a_written_complaint_is_not_received_before_it_was_sent(channel: Channel) -> None:
    with pytest.raises(ValueError, match="check the postmark"):
        ComplaintDates(date(2025, 4, 29), date(2025, 4, 30), channel)


@pytest.mark.parametrize(
    ("received", "due_at"),
    [
        (date(2025, 4, 29), "2025-05-15T17:00:00+02:00"),
        (date(2026, 3, 12), "2026-03-26T17:00:00+01:00"),  # the Thursday before summer time
        (date(2026, 3, 16), "2026-03-30T17:00:00+02:00"),  # the Monday after Sunday 29 March
        (date(2026, 10, 9), "2026-10-23T17:00:00+02:00"),  # the Friday before winter time
        (date(2026, 10, 12), "2026-10-26T17:00:00+01:00"),  # the Monday after Sunday 25 October
    ],
)
def test_seventeen_oclock_stays_seventeen_oclock_when_the_clocks_change(received: date, due_at: str) -> None:
    assert deadlines_of(received)[ANSWER].due_at.isoformat() == due_at


@pytest.mark.parametrize(
    ("sent", "due_at"),
    [
        (date(2026, 1, 29), "2026-03-29T17:00:00+02:00"),
        (date(2026, 8, 25), "2026-10-25T17:00:00+01:00"),
    ],
)
def test_a_limit_on_a_clock_change_sunday_is_at_seventeen_oclock_too(sent: date, due_at: str) -> None:
    assert deadlines_of(sent, sent)[ANSWER_LIMIT].due_at.isoformat() == due_at


@pytest.mark.parametrize("name", list(DeadlineName))
@pytest.mark.parametrize(
    ("away", "late"),
    [
        (timedelta(days=-1), False),
        (timedelta(minutes=-1), False),
        (timedelta(0), False),
        (timedelta(microseconds=1), True),
        (timedelta(minutes=1), True),
        (timedelta(days=1), True),
    ],
)
def test_the_due_instant_itself_is_in_time(name: DeadlineName, away: timedelta, late: bool) -> None:
    deadline = deadlines_of(date(2025, 4, 29))[name]
    assert deadline.is_late_at(deadline.due_at + away) is late


@pytest.mark.parametrize(
    ("received", "acknowledgement", "limit", "answer", "two_months", "target"),
    [
        # day before, day, day after: 1 May 2025 and its bridge
        ("2025-04-30", "2025-05-05", "2025-05-14", "2025-05-16", "2025-06-30", "2025-06-30"),
        ("2025-05-01", "2025-05-05", "2025-05-14", "2025-05-16", "2025-07-01", "2025-07-01"),
        ("2025-05-02", "2025-05-06", "2025-05-15", "2025-05-19", "2025-07-02", "2025-07-02"),
        # the eve of a May bridge: 8 May 2031 is a Thursday
        ("2031-05-07", "2031-05-12", "2031-05-20", "2031-05-23", "2031-07-07", "2031-07-07"),
        # the weekend
        ("2026-06-05", "2026-06-09", "2026-06-17", "2026-06-19", "2026-08-05", "2026-08-05"),
        ("2026-06-06", "2026-06-09", "2026-06-18", "2026-06-19", "2026-08-06", "2026-08-06"),
        ("2026-06-07", "2026-06-09", "2026-06-18", "2026-06-19", "2026-08-07", "2026-08-07"),
        ("2026-06-08", "2026-06-10", "2026-06-19", "2026-06-22", "2026-08-08", "2026-08-07"),
        # the year's end
        ("2026-12-30", "2027-01-04", "2027-01-12", "2027-01-14", "2027-02-28", "2027-02-26"),
        ("2026-12-31", "2027-01-05", "2027-01-13", "2027-01-15", "2027-02-28", "2027-02-26"),
        ("2027-01-01", "2027-01-05", "2027-01-13", "2027-01-15", "2027-03-01", "2027-03-01"),
        # 29 February
        ("2028-02-28", "2028-03-01", "2028-03-10", "2028-03-13", "2028-04-28", "2028-04-28"),
        ("2028-02-29", "2028-03-02", "2028-03-11", "2028-03-14", "2028-04-29", "2028-04-28"),
        ("2028-03-01", "2028-03-03", "2028-03-13", "2028-03-15", "2028-05-01", "2028-04-28"),
    ],
)
def test_the_day_before_the_day_and_the_day_after(
    received: str, acknowledgement: str, limit: str, answer: str, two_months: str, target: str
) -> None:
    found = deadlines_of(date.fromisoformat(received)).values()
    assert [deadline.due_on.isoformat() for deadline in found] == [
        acknowledgement,
        limit,
        answer,
        two_months,
        target,
    ]


def test_closing_days_move_the_insurers_own_deadlines_and_no_legal_limit() -> None:
    received = date(2026, 5, 11)
    open_ = deadlines_of(received)
    closed = deadlines_of(received, calendar=a_calendar_closed_on({date(2026, 5, 15): "pont"}))
    assert closed[ANSWER].due_on == open_[ANSWER].due_on + timedelta(days=1)
    assert closed[ACKNOWLEDGEMENT_LIMIT] == open_[ACKNOWLEDGEMENT_LIMIT]
    assert closed[ANSWER_LIMIT] == open_[ANSWER_LIMIT]


def test_a_target_on_a_closing_day_is_brought_back() -> None:
    received = date(2026, 5, 13)
    closed = a_calendar_closed_on({date(2026, 7, 13): "pont du 14 juillet"})
    assert deadlines_of(received)[ANSWER_TARGET].due_on == date(2026, 7, 13)
    assert deadlines_of(received, calendar=closed)[ANSWER_TARGET].due_on == date(2026, 7, 10)


@pytest.mark.parametrize(
    ("received", "elsewhere", "in_alsace_moselle"),
    [
        (date(2025, 4, 16), date(2025, 4, 18), date(2025, 4, 22)),  # Good Friday
        (date(2025, 12, 24), date(2025, 12, 29), date(2025, 12, 30)),  # 26 December
    ],
)
def test_the_holidays_of_alsace_moselle_lengthen_the_count(
    received: date, elsewhere: date, in_alsace_moselle: date
) -> None:
    local = a_calendar(alsace_moselle=True)
    assert deadlines_of(received)[ACKNOWLEDGEMENT].due_on == elsewhere
    assert deadlines_of(received, calendar=local)[ACKNOWLEDGEMENT].due_on == in_alsace_moselle


def test_the_explanation_of_a_target_goes_on_from_the_limits() -> None:
    target = deadlines_of(date(2028, 2, 29), date(2028, 2, 29))[ANSWER_TARGET]
    assert [tell(step).replace("\u00a0", " ") for step in target.explanation] == [
        "mardi 29 février 2028 : jour de l’envoi, ne compte pas",
        "samedi 29 avril 2028 : 2 mois plus tard, de date à date",
        "samedi 29 avril 2028 : le samedi n’est pas un jour ouvré",
        "vendredi 28 avril 2028 : dernier jour ouvré avant la limite ou à la limite",
    ]


def test_the_json_says_what_was_promised() -> None:
    told = deadlines_of(date(2025, 4, 29), date(2025, 4, 29))[ACKNOWLEDGEMENT].as_json("en")
    assert told["explanation"][1] == {
        "date": "2025-04-30",
        "counted": 1,
        "reason": "working_day",
        "name": "",
        "text": "Wednesday 30 April 2025: working day 1",
    }
    assert told | {"explanation": []} == {
        "name": "acknowledgement",
        "due_on": "2025-05-02",
        "due_at": "2025-05-02T17:00:00+02:00",
        "unit": "working_days",
        "count": 2,
        "starts_on": "2025-04-29",
        "source": Source.SHEET.citation,
        "explanation": [],
    }


RECEPTIONS = st.dates(date(2019, 1, 1), date(2038, 12, 31))


@given(RECEPTIONS, st.integers(0, 90))
def test_what_holds_for_every_complaint(received: date, days_in_the_post: int) -> None:
    sent = received - timedelta(days=days_in_the_post)
    found = deadlines_of(received, sent)
    assert found[ANSWER_TARGET].due_on <= found[ANSWER_LIMIT].due_on
    assert found[ACKNOWLEDGEMENT].due_on < found[ANSWER].due_on
    assert found[ANSWER_LIMIT].starts_on == min(sent, received)
    assert all(_is_sound(deadline) for deadline in found.values())


def _is_sound(deadline: Deadline) -> bool:
    counted = [step.counted for step in deadline.explanation if step.counted is not None]
    return (
        counted[-1] == deadline.count
        and deadline.explanation[-1].on == deadline.due_on
        and deadline.due_at == datetime.combine(deadline.due_on, deadline.due_at.time(), PARIS)
        and (deadline.due_at.hour, deadline.due_at.minute) == (17, 0)
        and any(step.on == deadline.starts_on for step in deadline.explanation)
    )


@given(RECEPTIONS)
def test_a_known_sent_date_never_gives_more_time(received: date) -> None:
    unknown = deadlines_of(received)
    known = deadlines_of(received, received - timedelta(days=3))
    assert all(known[name].due_on <= unknown[name].due_on for name in DeadlineName)


def test_a_version_is_applied_whatever_the_day() -> None:
    dates = ComplaintDates(date(2025, 4, 29), date(2025, 4, 22))
    first, second = (
        complaint_deadlines(dates, a_calendar(), the_book().version(name)) for name in ("procedure-1", "procedure-2")
    )
    assert first[1].starts_on == date(2025, 4, 29)
    assert second[1].starts_on == date(2025, 4, 22)


@pytest.mark.parametrize(
    ("after", "by_itself", "late"),
    [
        (timedelta(0), False, False),
        (timedelta(seconds=1), False, True),
        (timedelta(minutes=5), True, False),
        (timedelta(hours=1), True, False),
        (timedelta(hours=1, seconds=1), True, True),
    ],
)
def test_what_the_procedure_does_by_itself_at_an_instant_is_in_time_within_the_hour(
    after: timedelta, by_itself: bool, late: bool
) -> None:
    due = datetime(2026, 11, 30, 8, tzinfo=PARIS)
    assert met_late(due, due + after, by_itself=by_itself) is late
