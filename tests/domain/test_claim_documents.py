"""Documents: asked for, awaited, come or not; the clock that stands still; reminders and the closing, to the minute."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.claim.commands import AddDocument, AskDocuments, StopWaiting
from domain.claim.events import ClaimAbandoned, ClockStopped, DocumentAdded, DocumentsAsked, WaitingStopped
from domain.claim.machine import Recount, Remind
from domain.claim.possible import possible
from domain.claim.states import ClaimState
from domain.claim.words import ClaimDeadline, ClaimLetter, ClaimTask, DocumentKind
from domain.events import DeadlineMet, Event, LetterRequested
from domain.permissions import Action
from domain.refusals import FourEyes, RoleMissing, WrongStep
from local.demo_staff import person_id
from tests.factories.claim_bench import (
    HANDLER,
    MANAGER,
    MONDAY,
    REFERENT,
    ClaimBench,
    a_claim_for_two,
    a_claim_in_control,
    a_house,
    a_payable_claim,
)
from tests.factories.rules import a_calendar_closed_on

PARIS = ZoneInfo("Europe/Paris")
REMIND = Remind(deadline="documents", generation=1)


def a_document(kind: DocumentKind) -> AddDocument:
    """A document that has come."""
    return AddDocument(kind=kind, name="facture.pdf", sha256="a" * 64)


def awaiting(*kinds: DocumentKind, **facts: Any) -> ClaimBench:
    """A claim whose member was asked for documents on Monday 23 November, by default for the invoice."""
    bench = a_claim_in_control(**facts)
    bench.asks(REFERENT, *(kinds or (DocumentKind.INVOICE,)))
    return bench


def at(bench: ClaimBench, day: date, hour: int, minute: int = 0, second: int = 0) -> ClaimBench:
    """The claim at an instant of a day, by the clocks of Paris."""
    now = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=PARIS)
    bench.house = replace(bench.house, now=now, today=day)
    return bench


def test_the_member_is_asked_and_the_clock_stands_still() -> None:
    bench = a_claim_in_control()
    told = bench.asks(REFERENT, DocumentKind.PRESCRIPTION, DocumentKind.INVOICE, DocumentKind.INVOICE)
    assert bench.stands() is ClaimState.AWAITING_DOCUMENTS
    assert bench.case.awaited == {DocumentKind.INVOICE, DocumentKind.PRESCRIPTION}
    (asked,) = [one for one in told if isinstance(one, DocumentsAsked)]
    assert asked.documents == (DocumentKind.INVOICE, DocumentKind.PRESCRIPTION)
    assert any(isinstance(one, ClockStopped) for one in told)
    assert set(bench.case.open_deadlines) == {ClaimDeadline.DOCUMENTS}
    assert bench.case.due_at is None
    assert (bench.open_kinds(), bench.letters()) == ([], [ClaimLetter.DOCUMENTS_REQUEST])


def test_the_last_document_sends_the_claim_back_with_the_days_that_were_left() -> None:
    bench = a_claim_in_control().after(2)
    bench.asks(REFERENT, DocumentKind.INVOICE, DocumentKind.PRESCRIPTION)
    bench.after(14)
    bench.on_case(HANDLER, a_document(DocumentKind.PRESCRIPTION))
    assert bench.stands() is ClaimState.AWAITING_DOCUMENTS
    told = bench.on_case(HANDLER, a_document(DocumentKind.INVOICE))
    assert bench.stands() is ClaimState.IN_CONTROL
    assert DeadlineMet(ClaimDeadline.DOCUMENTS) in told
    decision = bench.case.deadline(ClaimDeadline.DECISION)
    assert decision is not None
    assert (decision.generation, decision.due_on) == (2, date(2026, 12, 14))
    assert bench.task(ClaimTask.CONTROL).due_at == decision.due_at
    assert bench.who_can_do(ClaimTask.CONTROL) == {REFERENT}


def test_a_document_that_nobody_asked_for_is_kept_and_changes_nothing() -> None:
    bench = awaiting()
    (added,) = bench.on_case(HANDLER, a_document(DocumentKind.QUOTE))
    assert isinstance(added, DocumentAdded)
    assert not added.awaited
    assert bench.stands() is ClaimState.AWAITING_DOCUMENTS


@pytest.mark.parametrize("bench", [a_claim_in_control, a_claim_for_two])
def test_a_document_may_come_while_people_decide(bench: Any) -> None:
    claim = bench()
    state, tasks = claim.case.state, claim.open_kinds()
    claim.on_case(HANDLER, a_document(DocumentKind.INVOICE))
    assert (claim.case.state, claim.open_kinds()) == (state, tasks)


def test_what_is_decided_takes_no_document() -> None:
    with pytest.raises(WrongStep):
        a_payable_claim().on_case(HANDLER, a_document(DocumentKind.INVOICE))


def test_nobody_adds_documents_to_their_own_claim() -> None:
    with pytest.raises(FourEyes):
        awaiting(about=frozenset({person_id(HANDLER)})).on_case(HANDLER, a_document(DocumentKind.INVOICE))


def test_the_controller_decides_on_what_is_there() -> None:
    bench = awaiting(DocumentKind.INVOICE, DocumentKind.PRESCRIPTION)
    bench.on_case(HANDLER, a_document(DocumentKind.INVOICE))
    told = bench.after(5).on_case(REFERENT, StopWaiting())
    assert WaitingStopped((DocumentKind.PRESCRIPTION,), person_id(REFERENT)) in told
    assert bench.stands() is ClaimState.IN_CONTROL
    assert bench.case.awaited == set()
    bench.decides(REFERENT)
    assert bench.stands() is ClaimState.PAYABLE


@pytest.mark.parametrize(
    ("login", "facts", "refusal"),
    [
        (MANAGER, {}, RoleMissing),
        (HANDLER, {}, FourEyes),
        (REFERENT, {"iban_changed_by": person_id(REFERENT)}, FourEyes),
    ],
)
def test_only_who_may_control_it_stops_waiting(login: str, facts: dict[str, Any], refusal: type[Exception]) -> None:
    bench = awaiting().knows(**facts)
    with pytest.raises(refusal):
        bench.on_case(login, StopWaiting())


def test_a_page_asks_the_very_checks_of_the_commands() -> None:
    bench = awaiting()
    of_referent = possible(bench.case, bench.actor(REFERENT), bench.house)
    assert of_referent == {Action.ADD_DOCUMENT: None, Action.STOP_WAITING: None}
    of_handler = possible(bench.case, bench.actor(HANDLER), bench.house)
    assert of_handler[Action.ADD_DOCUMENT] is None
    assert isinstance(of_handler[Action.STOP_WAITING], FourEyes)
    paid = a_payable_claim()
    both = possible(paid.case, paid.actor(REFERENT), paid.house)
    assert all(isinstance(refusal, WrongStep) for refusal in both.values())


def test_who_asked_may_ask_again_and_the_sixty_days_begin_anew() -> None:
    bench = awaiting().after(3)
    bench.on_case(HANDLER, a_document(DocumentKind.INVOICE))
    bench.asks(REFERENT, DocumentKind.QUOTE)
    documents = bench.case.deadline(ClaimDeadline.DOCUMENTS)
    assert documents is not None
    assert (documents.generation, documents.due_on) == (2, date(2027, 1, 25))
    assert bench.case.awaited == {DocumentKind.QUOTE}
    bench.after(1).on_case(HANDLER, a_document(DocumentKind.QUOTE))
    decision = bench.case.deadline(ClaimDeadline.DECISION)
    assert decision is not None
    assert (decision.generation, decision.due_on) == (3, date(2026, 12, 4))


DAY_10, DAY_20, DAY_60 = (MONDAY + timedelta(days=days) for days in (10, 20, 60))


@pytest.mark.parametrize(
    ("day", "hour", "minute", "second", "letters"),
    [
        (DAY_10 - timedelta(days=1), 23, 59, 59, []),
        (DAY_10, 7, 59, 59, []),
        (DAY_10, 8, 0, 0, ["documents_reminder"]),
        (DAY_20, 7, 59, 59, ["documents_reminder"]),
        (DAY_20, 8, 0, 0, ["documents_reminder"]),
        (DAY_60, 16, 59, 59, ["documents_reminder"]),
        (DAY_60, 17, 0, 0, ["claim_closed"]),
        (DAY_60 + timedelta(days=9), 12, 0, 0, ["claim_closed"]),
    ],
)
def test_one_letter_whatever_an_outage_has_piled_up(
    day: date, hour: int, minute: int, second: int, letters: list[str]
) -> None:
    bench = at(awaiting(), day, hour, minute, second)
    told = bench.machine(REMIND)
    assert letters_of(told) == letters
    assert bench.machine(REMIND) == [], "a rung fires once"


def letters_of(told: list[Event]) -> list[str]:
    """The kinds of letters in these events."""
    return [one.kind for one in told if isinstance(one, LetterRequested)]


def test_the_member_is_reminded_twice_then_the_claim_is_abandoned_with_notice() -> None:
    bench = awaiting(DocumentKind.INVOICE, DocumentKind.QUOTE)
    bench.on_case(HANDLER, a_document(DocumentKind.QUOTE))
    for day in (DAY_10, DAY_20):
        at(bench, day, 8).machine(REMIND)
    assert bench.letters() == ["documents_request", "documents_reminder", "documents_reminder"]
    told = at(bench, DAY_60, 17).machine(REMIND)
    assert ClaimAbandoned((DocumentKind.INVOICE,)) in told
    assert bench.stands() is ClaimState.ABANDONED
    assert (bench.case.deadlines, bench.open_kinds()) == ((), [])
    assert bench.case.pauses[-1].until_on == DAY_60


def test_what_comes_on_the_last_day_is_in_time_and_nobody_is_reminded_of_what_is_there() -> None:
    bench = at(awaiting(), DAY_60, 16, 59, 59)
    bench.on_case(HANDLER, a_document(DocumentKind.INVOICE))
    assert at(bench, DAY_60, 17).machine(REMIND) == []
    assert bench.stands() is ClaimState.IN_CONTROL


def test_a_reminder_of_an_earlier_request_is_dropped() -> None:
    bench = awaiting()
    bench.on_case(HANDLER, a_document(DocumentKind.INVOICE))
    bench.asks(REFERENT, DocumentKind.QUOTE)
    assert at(bench, DAY_10, 8).machine(REMIND) == []
    assert letters_of(bench.machine(Remind(deadline="documents", generation=2))) == ["documents_reminder"]
    assert bench.machine(Remind(deadline="decision", generation=1)) == []


def test_a_calendar_that_changes_moves_the_decision_and_keeps_its_pauses() -> None:
    bench = awaiting().after(1)
    bench.on_case(HANDLER, a_document(DocumentKind.INVOICE))
    assert bench.case.due_at is not None
    assert bench.case.due_at.date() == date(2026, 12, 1)
    closed = a_calendar_closed_on({date(2026, 11, 27): "pont"})
    bench.house = replace(bench.house, look_up_calendar=lambda: closed)
    bench.machine(Recount(because="closing_day"))
    assert bench.case.due_at.date() == date(2026, 12, 2)
    assert bench.task(ClaimTask.CONTROL).due_at == bench.case.due_at
    assert bench.machine(Recount(because="closing_day")) == []


def test_a_calendar_moves_nothing_that_is_past_or_stands_still() -> None:
    assert awaiting().machine(Recount(because="closing_day")) == []
    assert a_claim_in_control().after(30).machine(Recount(because="closing_day")) == []


def test_documents_are_asked_by_whoever_controls() -> None:
    command = AskDocuments(documents=(DocumentKind.INVOICE,), note="La facture est illisible.")
    bench = a_claim_in_control(a_house())
    told = bench.does(REFERENT, ClaimTask.CONTROL, command)
    (asked,) = [one for one in told if isinstance(one, DocumentsAsked)]
    assert asked.private_facts() == {"note": "La facture est illisible."}
