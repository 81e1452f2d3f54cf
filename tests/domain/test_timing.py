"""Time on a complaint: reminders, the holding letter, progress calls, a calendar that changes."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar
from domain.complaint.case import Complaint
from domain.complaint.commands import ProgressCalled, SendHoldingLetter
from domain.complaint.letters import HoldingReason, LetterKind
from domain.complaint.machine import Recount, Remind
from domain.complaint.states import ComplaintState
from domain.complaint.words import TaskKind
from domain.delivery_window import leaves_at
from domain.events import (
    DeadlineCancelled,
    DeadlineMoved,
    DeadlineOpened,
    LetterRequested,
    ReminderDue,
    TaskOpened,
    TasksRescheduled,
)
from domain.house import House
from domain.ladder import rungs
from domain.outgoing import Dispatch
from domain.position import OpenDeadline
from domain.refusals import ExtensionRefused, Invalid, RoleMissing, WrongStep
from local.demo_staff import person_id
from tests.factories.bench import Bench
from tests.factories.complaints import (
    AUTHOR,
    COLLEAGUE,
    GENERAL,
    MANAGER,
    OPERATIONS,
    REFERENT,
    a_complaint,
    a_house,
)
from tests.factories.rules import a_calendar, a_calendar_closed_on, deadlines_of, the_book

PARIS = ZoneInfo("Europe/Paris")
RECEIVED = date(2031, 4, 30)  # acknowledgement Mon 5 May, answer Fri 16 May, target Mon 30 June
VERSION = the_book().in_force_on(RECEIVED)


def at(day: str, clock: str = "12:00") -> datetime:
    """A local instant."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), PARIS)


def a_house_on(now: datetime, calendar: Calendar | None = None, **staff: Any) -> House:
    """The shipped insurer at an instant."""
    version, days = the_book().in_force_on(RECEIVED), calendar or a_calendar()
    return replace(a_house(**staff), now=now, today=now.date(), version=version, look_up_calendar=lambda: days)


def an_untouched_complaint(**changes: object) -> Complaint:
    """Received on the eve of the May bridge, owned by the author, with the ladders of its deadlines."""
    deadlines = tuple(
        OpenDeadline(d.name, 1, d.due_on, d.due_at, d.starts_on, rungs(d, a_calendar(), VERSION))
        for d in deadlines_of(RECEIVED).values()
    )
    facts = {
        "state": ComplaintState.ACKNOWLEDGED,
        "received_on": RECEIVED,
        "known_on": RECEIVED,
        "owner_id": person_id(AUTHOR),
        "deadlines": deadlines,
    }
    return replace(a_complaint(), **{**facts, **changes})  # type: ignore[arg-type]


def reminded(now: datetime, deadline: str, case: Complaint | None = None, **staff: Any) -> ReminderDue | None:
    """What the watcher of a deadline finds due at an instant."""
    bench = Bench(case or an_untouched_complaint(), a_house_on(now, **staff))
    events = bench.machine(Remind(deadline=deadline, generation=1))
    assert len(events) <= 1
    assert all(isinstance(event, ReminderDue) for event in events)
    return events[0] if events else None  # type: ignore[return-value]


def logins(people: tuple[object, ...]) -> set[str]:
    """Who these people are."""
    return {p.login for p in a_house().staff if p.id in people}


# The ladder, each rung the minute before and the minute itself.


@pytest.mark.parametrize(
    ("deadline", "instant", "rungs_due", "to"),
    [
        ("acknowledgement", at("2031-05-02", "08:00"), {"half_way", "day_before"}, {AUTHOR}),
        ("acknowledgement", at("2031-05-05", "17:00"), {"due"}, {AUTHOR, MANAGER}),
        ("acknowledgement", at("2031-05-06", "08:00"), {"day_after"}, {OPERATIONS}),
        ("answer", at("2031-05-09", "08:00"), {"half_way"}, {AUTHOR}),
        ("answer", at("2031-05-15", "08:00"), {"day_before"}, {AUTHOR}),
        ("answer", at("2031-05-16", "17:00"), {"due"}, {AUTHOR, MANAGER}),
        ("answer", at("2031-05-19", "08:00"), {"day_after"}, {OPERATIONS}),
        ("answer_target", at("2031-06-16", "08:00"), {"ten_days_before"}, {GENERAL}),
    ],
)
def test_a_rung_is_due_from_its_minute_on(deadline: str, instant: datetime, rungs_due: set[str], to: set[str]) -> None:
    before = instant - timedelta(minutes=1)
    fired = replace_fired(an_untouched_complaint(), before)
    assert reminded(before, deadline, fired) is None
    reminder = reminded(instant, deadline, fired)
    assert reminder is not None
    assert (set(reminder.rungs), logins(reminder.to)) == (rungs_due, to)


def replace_fired(case: Complaint, until: datetime) -> Complaint:
    """The same complaint whose rungs up to an instant have fired."""
    return replace(case, deadlines=tuple(replace(d, fired_until=until) for d in case.deadlines))


def test_what_an_outage_has_piled_up_is_one_message_to_the_highest_the_others_in_copy() -> None:
    reminder = reminded(at("2031-05-20"), "answer")
    assert reminder is not None
    assert reminder.rungs == ("half_way", "day_before", "due", "day_after")
    assert logins(reminder.to) == {OPERATIONS}
    assert logins(reminder.copies) == {AUTHOR, MANAGER}


def test_nobody_is_reminded_of_what_is_done_or_replaced() -> None:
    done = replace(an_untouched_complaint(), deadlines=())
    assert reminded(at("2031-05-16", "17:00"), "answer", done) is None
    replaced = an_untouched_complaint()
    bench = Bench(replaced, a_house_on(at("2031-05-16", "17:00")))
    assert bench.machine(Remind(deadline="answer", generation=2)) == []


def test_an_absent_owner_s_deputy_is_reminded_and_one_level_up_where_there_is_none() -> None:
    instant = at("2031-05-09", "08:00")
    with_deputy = reminded(instant, "answer", absent=[AUTHOR])
    assert with_deputy is not None
    assert logins(with_deputy.to) == {COLLEAGUE}
    alone = reminded(instant, "answer", absent=[AUTHOR, COLLEAGUE], deputies={AUTHOR: None})
    assert alone is not None
    assert logins(alone.to) == {MANAGER}


def test_a_complaint_that_found_no_owner_reminds_the_manager_of_its_pole() -> None:
    reminder = reminded(at("2031-05-09", "08:00"), "answer", an_untouched_complaint(owner_id=None))
    assert reminder is not None
    assert logins(reminder.to) == {MANAGER}


# When messages to staff leave.


@pytest.mark.parametrize(
    ("ready", "at_once", "leaves"),
    [
        (at("2031-05-05", "07:59"), True, at("2031-05-05", "08:10")),
        (at("2031-05-05", "08:00"), True, at("2031-05-05", "08:00")),
        (at("2031-05-05", "17:00"), True, at("2031-05-05", "17:00")),
        (at("2031-05-05", "17:59"), True, at("2031-05-05", "17:59")),
        (at("2031-05-05", "18:00"), True, at("2031-05-06", "08:10")),
        (at("2031-05-05", "08:04"), False, at("2031-05-05", "08:10")),
        (at("2031-05-05", "08:10"), False, at("2031-05-05", "08:10")),
        (at("2031-05-05", "08:11"), False, at("2031-05-05", "08:11")),
        (at("2031-05-03", "10:00"), True, at("2031-05-05", "08:10")),  # a Saturday
        (at("2031-05-01", "10:00"), False, at("2031-05-02", "08:10")),  # Labour Day
        (at("2031-03-30", "02:30"), False, at("2031-03-31", "08:10")),  # the clocks go forward
        (at("2031-10-26", "02:30"), False, at("2031-10-27", "08:10")),  # and back
    ],
)
def test_messages_leave_on_working_days_from_eight_to_six(ready: datetime, at_once: bool, leaves: datetime) -> None:
    assert leaves_at(ready, a_calendar(), VERSION.office, at_once=at_once) == leaves


@given(st.datetimes(datetime(2026, 1, 1), datetime(2039, 1, 1)), st.booleans())  # noqa: DTZ001  (hypothesis wants naive ones)
def test_no_message_ever_leaves_outside_the_window(ready: datetime, at_once: bool) -> None:
    instant = ready.replace(tzinfo=ZoneInfo("UTC")).astimezone(PARIS)
    leaves = leaves_at(instant, a_calendar(), VERSION.office, at_once=at_once).astimezone(PARIS)
    assert leaves >= instant
    assert a_calendar().is_working_day(leaves.date())
    assert time(8) <= leaves.time() < time(18)


# The holding letter.

IN_TIME = at("2031-05-14", "10:00")


def extend(now: datetime = IN_TIME, login: str = AUTHOR, case: Complaint | None = None, **asked: object) -> Bench:
    """Somebody sends a holding letter."""
    bench = Bench(case or an_untouched_complaint(), a_house_on(now))
    facts = {"dispatch": Dispatch.EMAIL, "reason": HoldingReason.EXPERT_OPINION, **asked}
    bench.on_case(login, SendHoldingLetter.model_validate(facts))
    return bench


def test_a_holding_letter_moves_the_answer_to_its_second_generation() -> None:
    bench = extend(answer_by=date(2031, 6, 6))
    opened = next(event for event in bench.said if isinstance(event, DeadlineOpened))
    assert (opened.generation, opened.deadline.due_on) == (2, date(2031, 6, 6))
    assert opened.deadline.due_at == at("2031-06-06", "17:00")
    assert DeadlineCancelled("answer") in bench.said
    assert TasksRescheduled(at("2031-05-16", "17:00"), at("2031-06-06", "17:00")) in bench.said
    letters = [event for event in bench.said if isinstance(event, LetterRequested)]
    assert [(letter.kind, letter.reason) for letter in letters] == [(LetterKind.HOLDING_LETTER, "expert_opinion")]


def test_without_a_date_it_takes_the_last_working_day_of_the_two_months() -> None:
    opened = next(event for event in extend().said if isinstance(event, DeadlineOpened))
    assert opened.deadline.due_on == date(2031, 6, 30)


def test_the_explanation_counts_from_the_holding_letter() -> None:
    opened = next(e for e in extend(answer_by=date(2031, 5, 20)).said if isinstance(e, DeadlineOpened))
    counted = [step.on for step in opened.deadline.explanation if step.counted]
    assert counted == [date(2031, 5, 15), date(2031, 5, 16), date(2031, 5, 19), date(2031, 5, 20)]
    assert opened.deadline.count == 4


@pytest.mark.parametrize(("clock", "in_time"), [("16:59", True), ("17:00", True), ("17:01", False)])
def test_it_is_sent_before_the_date_that_it_moves(clock: str, in_time: bool) -> None:
    if in_time:
        extend(at("2031-05-16", clock))
        return
    with pytest.raises(ExtensionRefused, match="was due on 2031-05-16"):
        extend(at("2031-05-16", clock))


def test_a_second_extension_is_refused() -> None:
    bench = extend(answer_by=date(2031, 6, 6))
    with pytest.raises(ExtensionRefused, match="once only"):
        bench.on_case(AUTHOR, SendHoldingLetter(dispatch=Dispatch.EMAIL, reason=HoldingReason.COMPLEX_FILE))


@pytest.mark.parametrize(
    ("answer_by", "allowed"),
    [
        (date(2031, 5, 15), False),
        (date(2031, 5, 16), False),  # the present date
        (date(2031, 5, 19), True),
        (date(2031, 6, 2), False),  # Whit Monday
        (date(2031, 6, 7), False),  # a Saturday
        (date(2031, 6, 30), True),  # the two months
        (date(2031, 7, 1), False),
    ],
)
def test_the_new_date_is_a_working_day_within_the_two_months(answer_by: date, allowed: bool) -> None:
    if allowed:
        extend(answer_by=answer_by)
        return
    with pytest.raises(Invalid) as refusal:
        extend(answer_by=answer_by)
    assert refusal.value.field == "answer_by"


def test_only_the_owner_their_deputy_or_a_pole_manager_sends_it() -> None:
    extend(login=MANAGER)
    with pytest.raises(RoleMissing):
        extend(login=REFERENT)


def test_an_approved_answer_is_not_extended() -> None:
    with pytest.raises(WrongStep):
        extend(case=an_untouched_complaint(state=ComplaintState.APPROVED))


def test_progress_calls_follow_every_ten_working_days_until_the_answer() -> None:
    bench = extend()
    opened = [event for event in bench.said if isinstance(event, TaskOpened)]
    assert [(task.kind, task.due_at) for task in opened] == [(TaskKind.PROGRESS_CALL, at("2031-05-29", "17:00"))]
    bench.house = a_house_on(at("2031-05-27"))
    bench.does(AUTHOR, TaskKind.PROGRESS_CALL, ProgressCalled(reached=False))
    assert bench.task(TaskKind.PROGRESS_CALL).due_at == at("2031-06-11", "17:00")


# A calendar that changes.


def recounted(now: datetime, closing: dict[date, str], case: Complaint | None = None) -> dict[str, date]:
    """Where the open deadlines move when these days are closed."""
    bench = Bench(case or an_untouched_complaint(), a_house_on(now, a_calendar_closed_on(closing)))
    events = bench.machine(Recount(because="closing day"))
    return {event.deadline.name: event.deadline.due_on for event in events if isinstance(event, DeadlineMoved)}


def test_a_closing_day_moves_what_is_not_yet_due() -> None:
    moved = recounted(at("2031-04-30"), {date(2031, 5, 2): "Pont"})
    assert moved == {"acknowledgement": date(2031, 5, 6), "answer": date(2031, 5, 19)}


def test_what_is_past_is_not_rewritten() -> None:
    moved = recounted(at("2031-05-05", "17:00"), {date(2031, 5, 2): "Pont", date(2031, 5, 12): "Inventaire"})
    assert moved == {"answer": date(2031, 5, 20)}


def test_our_own_deadlines_never_pass_the_limits() -> None:
    closed = {date(2031, 5, 1) + timedelta(days=n): "Fermeture" for n in range(55)}
    moved = recounted(at("2031-04-30"), closed)
    limits = deadlines_of(RECEIVED)
    assert moved["acknowledgement"] == limits["acknowledgement_limit"].due_on  # type: ignore[index]
    assert moved["answer"] == date(2031, 6, 30)


def test_a_closed_last_day_brings_the_target_back() -> None:
    moved = recounted(at("2031-04-30"), {date(2031, 6, 30): "Fermeture"})
    assert moved == {"answer_target": date(2031, 6, 27)}


def test_a_date_that_a_letter_has_promised_stays() -> None:
    promised = an_untouched_complaint()
    promised = replace(
        promised, deadlines=tuple(replace(d, generation=2) if d.name == "answer" else d for d in promised.deadlines)
    )
    assert "answer" not in recounted(at("2031-05-14"), {date(2031, 5, 15): "Fermeture"}, promised)
