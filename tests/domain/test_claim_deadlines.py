"""A claim's deadlines: the day before, the day, the day after; pauses in working days; every count with its why."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.calendar import Calendar, Reason, Step
from domain.claim.deadlines import DecisionDates, Pause, decision_deadline, documents_deadline, documents_rungs
from domain.claim.words import CareCategory, ClaimDeadline, ClaimKind, DocumentsRung
from domain.deadlines import Deadline
from domain.explanations import tell
from domain.policy import Unit
from tests.factories.rules import a_calendar, a_calendar_closed_on, the_book

VERSION = the_book().versions[-1]
MONDAY = date(2026, 11, 23)
DAYS = some.dates(date(2024, 1, 1), date(2030, 12, 31))
GAPS = some.lists(some.tuples(some.integers(0, 4), some.integers(0, 40)), max_size=4)
"""Pauses: so many civil days after the clock goes on it stops again, for so many civil days."""


def decision(
    received_on: date,
    *pauses: tuple[date, date],
    category: CareCategory = CareCategory.HEARING,
    kind: ClaimKind = ClaimKind.REIMBURSEMENT,
    reopened_on: date | None = None,
    calendar: Calendar | None = None,
) -> Deadline:
    """The deadline of a decision."""
    ledger = tuple(Pause(from_on, until_on) for from_on, until_on in pauses)
    dates = DecisionDates(category, kind, received_on, ledger, reopened_on)
    return decision_deadline(dates, calendar or a_calendar(), VERSION)


@pytest.mark.parametrize(
    ("received_on", "due_on"),
    [
        (date(2026, 11, 23), date(2026, 11, 30)),
        (date(2026, 11, 20), date(2026, 11, 27)),
        (date(2026, 11, 21), date(2026, 11, 27)),
        (date(2026, 11, 22), date(2026, 11, 27)),
        (date(2026, 12, 23), date(2026, 12, 31)),
        (date(2027, 4, 30), date(2027, 5, 10)),
    ],
)
def test_a_claim_is_decided_within_five_working_days(received_on: date, due_on: date) -> None:
    assert decision(received_on).due_on == due_on


def test_the_due_instant_is_in_time_and_what_follows_is_late() -> None:
    due_at = decision(MONDAY).due_at
    assert (due_at.hour, due_at.date()) == (17, date(2026, 11, 30))
    assert not decision(MONDAY).is_late_at(due_at)
    assert decision(MONDAY).is_late_at(due_at + timedelta(microseconds=1))


def test_a_hospital_that_waits_for_its_commitment_has_two() -> None:
    hospital = CareCategory.HOSPITAL
    assert decision(MONDAY, category=hospital, kind=ClaimKind.COMMITMENT).due_on == date(2026, 11, 25)
    assert decision(MONDAY, category=hospital).due_on == date(2026, 11, 30)
    assert decision(MONDAY, kind=ClaimKind.COMMITMENT).due_on == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("stopped_on", "resumed_on", "due_on", "left"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 30), 5),
        (date(2026, 11, 23), date(2026, 11, 24), date(2026, 12, 1), 5),
        (date(2026, 11, 25), date(2026, 11, 25), date(2026, 11, 30), 3),
        (date(2026, 11, 25), date(2026, 12, 7), date(2026, 12, 10), 3),
        (date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 1), 1),
        (date(2026, 11, 28), date(2026, 11, 29), date(2026, 11, 30), 1),
        (date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 8), 1),
        (date(2026, 12, 2), date(2026, 12, 7), date(2026, 12, 8), 1),
    ],
)
def test_a_pause_takes_no_working_day_away_and_adds_none(
    stopped_on: date, resumed_on: date, due_on: date, left: int
) -> None:
    deadline = decision(MONDAY, (stopped_on, resumed_on))
    assert (deadline.due_on, deadline.count, deadline.starts_on) == (due_on, left, resumed_on)


def test_a_pause_over_a_weekend_does_not_lengthen_the_time_left() -> None:
    assert decision(MONDAY, (date(2026, 11, 27), date(2026, 11, 29))).due_on == decision(MONDAY).due_on


@given(received_on=DAYS, gaps=GAPS)
def test_the_working_days_outside_the_pauses_are_those_of_the_rule(received_on: date, gaps: list[list[int]]) -> None:
    calendar = a_calendar()
    pauses, day, left, paused = list[tuple[date, date]](), received_on, 5, 0
    for until_stop, length in gaps:
        stop = day + timedelta(days=until_stop)
        left -= calendar.working_days_between(day, stop)
        if left < 1:
            break
        day = stop + timedelta(days=length)
        pauses.append((stop, day))
        paused += calendar.working_days_between(stop, day)
    assert decision(received_on, *pauses).due_on == calendar.add_working_days(received_on, 5 + paused)


@given(received_on=DAYS, gaps=GAPS)
def test_however_it_was_paused_it_is_due_on_a_working_day_after_the_clock_went_on(
    received_on: date, gaps: list[list[int]]
) -> None:
    pauses, day = list[tuple[date, date]](), received_on
    for until_stop, length in gaps:
        stop = day + timedelta(days=until_stop)
        day = stop + timedelta(days=length)
        pauses.append((stop, day))
    deadline = decision(received_on, *pauses)
    assert deadline.due_on > day
    assert a_calendar().is_working_day(deadline.due_on)
    assert 1 <= deadline.count <= 5
    assert deadline.explanation[-1] == Step(deadline.due_on, deadline.count, Reason.WORKING_DAY)


def test_a_pause_that_still_runs_is_not_counted_yet() -> None:
    running = DecisionDates(CareCategory.HEARING, ClaimKind.REIMBURSEMENT, MONDAY, (Pause(MONDAY),))
    assert decision_deadline(running, a_calendar(), VERSION).due_on == date(2026, 11, 30)


def test_a_claim_that_is_reopened_has_its_whole_time_again() -> None:
    reopened = decision(MONDAY, (date(2026, 11, 25), date(2026, 12, 1)), reopened_on=date(2026, 12, 14))
    assert (reopened.due_on, reopened.starts_on) == (date(2026, 12, 21), date(2026, 12, 14))
    assert reopened.explanation[0] == Step(date(2026, 12, 14), None, Reason.REOPENING_DAY)


def test_the_explanation_tells_the_way_day_by_day() -> None:
    told = [tell(step, "en") for step in decision(MONDAY, (date(2026, 11, 24), date(2026, 12, 3))).explanation]
    assert told == [
        "Monday 23 November 2026: day of reception, does not count",
        "Tuesday 24 November 2026: working day 1",
        "Tuesday 24 November 2026: documents asked for, the clock stops",
        "Thursday 3 December 2026: no longer awaited, the clock goes on the day after",
        "Friday 4 December 2026: working day 1",
        "Saturday 5 December 2026: Saturday is not a working day",
        "Sunday 6 December 2026: Sunday does not count",
        "Monday 7 December 2026: working day 2",
        "Tuesday 8 December 2026: working day 3",
        "Wednesday 9 December 2026: working day 4",
    ]


def test_a_closing_day_of_the_insurers_own_moves_the_decision() -> None:
    closed = a_calendar_closed_on({date(2026, 11, 26): "pont"})
    assert decision(MONDAY, calendar=closed).due_on == date(2026, 12, 1)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_documents_are_awaited_for_sixty_civil_days(language: str) -> None:
    deadline = documents_deadline(MONDAY, VERSION)
    assert (deadline.name, deadline.due_on, deadline.unit) == (ClaimDeadline.DOCUMENTS, date(2027, 1, 22), Unit.DAYS)
    assert deadline.due_at.hour == 17
    assert [tell(step, language).rpartition(" ")[2] for step in deadline.explanation] == (
        ["pas", "tard"] if language == "fr" else ["count", "later"]
    )


@given(asked_on=DAYS)
def test_the_member_is_reminded_twice_and_then_the_claim_is_closed(asked_on: date) -> None:
    deadline = documents_deadline(asked_on, VERSION)
    rungs = documents_rungs(deadline, VERSION)
    assert [rung.names for rung in rungs] == [(rung.value,) for rung in DocumentsRung]
    assert [(rung.fires_on - asked_on).days for rung in rungs] == [10, 20, 60]
    assert [rung.fires_at.hour for rung in rungs] == [8, 8, 17]
    assert rungs[-1].fires_at == deadline.due_at
    assert all(rung.to == rung.copies == () for rung in rungs)
