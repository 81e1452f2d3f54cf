"""By when the bank answers: the days before, on and after; who is told when it has not."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.calendar import Reason
from domain.events import DeadlineMoved, DeadlineOpened, Event, ReminderDue
from domain.explanations import tell
from domain.house import House
from domain.payment.case import Payment
from domain.payment.deadlines import bank_answer, bank_answer_rungs
from domain.payment.decide import decide
from domain.payment.machine import RecordBankHandover, Recount, Remind
from domain.payment.states import PaymentState
from domain.policy import RungAddressee
from domain.position import OpenDeadline
from local.demo_staff import person_id
from tests.factories.batches import a_batch
from tests.factories.complaints import OPERATIONS, a_house
from tests.factories.rules import a_calendar, a_calendar_closed_on, the_book

VERSION = the_book().versions[-1]
PARIS = ZoneInfo("Europe/Paris")
FRIDAY, TUESDAY = date(2026, 11, 27), date(2026, 12, 1)
ACCOUNTANTS = {person_id("solene.guivarch"), person_id("ronan.postec")}


@pytest.mark.parametrize(
    ("executes_on", "laid_on", "due_on"),
    [
        (date(2026, 11, 26), date(2026, 11, 25), date(2026, 11, 30)),
        (FRIDAY, date(2026, 11, 25), TUESDAY),
        (FRIDAY, FRIDAY, TUESDAY),
        (FRIDAY, date(2026, 11, 30), date(2026, 12, 2)),
        (date(2026, 12, 23), date(2026, 12, 23), date(2026, 12, 28)),
    ],
)
def test_the_bank_answers_within_two_working_days_of_execution_or_of_the_later_laying(
    executes_on: date, laid_on: date, due_on: date
) -> None:
    deadline = bank_answer(executes_on, laid_on, a_calendar(), VERSION)
    assert (deadline.due_on, deadline.due_at) == (due_on, datetime.combine(due_on, time(17), PARIS))
    assert deadline.explanation[0].reason is Reason.EXECUTION_DAY
    assert "jour de l’exécution" in tell(deadline.explanation[0])


def test_accounting_is_reminded_when_it_is_due_and_the_operations_director_told_the_working_day_after() -> None:
    deadline = bank_answer(FRIDAY, FRIDAY, a_calendar(), VERSION)
    due, escalation = bank_answer_rungs(deadline, a_calendar(), VERSION)
    assert (due.fires_at, due.to, due.at_once) == (deadline.due_at, (RungAddressee.ACCOUNTING,), True)
    assert escalation.fires_at == datetime(2026, 12, 2, 8, tzinfo=PARIS)
    assert (escalation.to, escalation.copies) == ((RungAddressee.OPERATIONS_DIRECTOR,), (RungAddressee.ACCOUNTING,))


def at(instant: datetime, **staff: tuple[str, ...]) -> House:
    """The house at an instant."""
    return replace(a_house(**staff), now=instant, today=instant.astimezone(PARIS).date())


def with_the_bank() -> Payment:
    """A batch whose answer is due on Tuesday 1 December at 17:00."""
    deadline = bank_answer(FRIDAY, FRIDAY, a_calendar(), VERSION)
    rungs = bank_answer_rungs(deadline, a_calendar(), VERSION)
    opened = OpenDeadline("bank_answer", 1, deadline.due_on, deadline.due_at, FRIDAY, rungs)
    return a_batch(PaymentState.HANDED_OVER, executes_on=FRIDAY, deadlines=(opened,))


def reminded(batch: Payment, house: House) -> list[Event]:
    """What a reminder does at this instant."""
    return list(decide(batch, Remind(deadline="bank_answer", generation=1), None, None, house))


DUE = datetime(2026, 12, 1, 17, tzinfo=PARIS)


def test_before_it_is_due_nobody_is_reminded() -> None:
    assert reminded(with_the_bank(), at(DUE - timedelta(seconds=1))) == []


def test_at_the_due_instant_accounting_is() -> None:
    [told] = reminded(with_the_bank(), at(DUE))
    assert isinstance(told, ReminderDue)
    assert (set(told.to), told.copies, told.rungs, told.at_once) == (ACCOUNTANTS, (), ("due",), True)


def test_the_day_after_the_operations_director_is_with_accounting_in_copy() -> None:
    batch = with_the_bank()
    fired = replace(batch, deadlines=(replace(batch.deadlines[0], fired_until=DUE),))
    [told] = reminded(fired, at(datetime(2026, 12, 2, 8, tzinfo=PARIS)))
    assert isinstance(told, ReminderDue)
    assert (told.to, set(told.copies), told.rungs) == ((person_id(OPERATIONS),), ACCOUNTANTS, ("escalation",))


def test_after_an_outage_one_message_stands_for_both() -> None:
    [told] = reminded(with_the_bank(), at(datetime(2026, 12, 3, 12, tzinfo=UTC)))
    assert isinstance(told, ReminderDue)
    assert (told.to, set(told.copies)) == ((person_id(OPERATIONS),), ACCOUNTANTS)


def test_what_is_answered_reminds_nobody() -> None:
    assert reminded(replace(with_the_bank(), deadlines=()), at(DUE)) == []


def test_the_clock_starts_when_the_file_is_laid() -> None:
    batch = a_batch(PaymentState.RELEASED, executes_on=FRIDAY)
    events = decide(batch, RecordBankHandover(), None, None, at(datetime(2026, 11, 27, 12, tzinfo=UTC)))
    [opened] = [one for one in events if isinstance(one, DeadlineOpened)]
    assert (opened.deadline.due_on, len(opened.planned)) == (TUESDAY, 2)


def test_a_closing_day_moves_what_is_not_yet_due() -> None:
    house = at(datetime(2026, 11, 27, 12, tzinfo=UTC))
    closed = replace(house, look_up_calendar=lambda: a_calendar_closed_on({date(2026, 11, 30): "Inventaire"}))
    [moved] = decide(with_the_bank(), Recount(because="closing day 2026-11-30"), None, None, closed)
    assert isinstance(moved, DeadlineMoved)
    assert (moved.from_on, moved.deadline.due_on) == (TUESDAY, date(2026, 12, 2))
    assert list(decide(with_the_bank(), Recount(because="nothing"), None, None, house)) == []
