"""A delegate that does not answer the report: from the day after its date on, an auditor goes on without it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from domain.audit import commands as ask
from domain.audit.case import AUDITORS, Audit, Piece, Recommendation
from domain.audit.decide import decide
from domain.audit.possible import possible
from domain.audit.states import AuditState
from domain.audit.words import AuditTask
from domain.events import Event
from domain.house import House
from domain.people import Actor, delegate_hat
from domain.permissions import Action
from domain.refusals import NotAllowed, Refusal, WrongStep
from domain.risk import RiskLevel
from domain.roles import Role
from domain.tasks import Task
from tests.factories.complaints import a_house

PARIS = ZoneInfo("Europe/Paris")
DUE = date(2027, 4, 13)
AUDITOR = Actor(UUID(int=9), "gildas.madec", frozenset({Role.AUDITOR}), AUDITORS)
OF_DELEGATE = frozenset({delegate_hat(Role.DELEGATE_USER, "ARMOR")})
DELEGATE_USER = Actor(UUID(int=8), "enora.lagadec", frozenset({Role.DELEGATE_USER}), OF_DELEGATE, delegate="ARMOR")
SAID = ask.EndAnswers(reason="Relancé trois fois, sans réponse.")


def asked(due_on: date = DUE) -> Task:
    """The delegate is asked to answer by five in the afternoon of this day."""
    due_at = datetime(due_on.year, due_on.month, due_on.day, 17, tzinfo=PARIS)
    return Task(UUID(int=7), AuditTask.ANSWER_FINDINGS, OF_DELEGATE, frozenset(), due_at=due_at)


def waiting(**facts: object) -> Audit:
    """Armor's audit, whose two recommendations wait for its answers; a third was dropped."""
    said = tuple(Recommendation(n, RiskLevel.LOW, "Écrire.", date(2027, 9, 1), UUID(int=9)) for n in (1, 2))
    gone = Recommendation(3, RiskLevel.LOW, "Écrire.", date(2027, 9, 1), UUID(int=9), dropped=True)
    pieces = (Piece("never", 1, "Jamais venue"),)
    case = Audit(UUID(int=1), AuditState.RESTITUTING, "ARMOR", 2027, "memberships", ("COL-2019-014",), pieces)
    return replace(case, recommendations=(*said, gone), tasks=(asked(),), **facts)  # type: ignore[arg-type]


def house_on(day: date, hour: int = 9) -> House:
    """The house at this hour of this day."""
    return replace(a_house(), now=datetime(day.year, day.month, day.day, hour, tzinfo=PARIS), today=day)


def named(events: list[Event]) -> dict[str, Event]:
    """What happened, by name."""
    return {type(event).__name__: event for event in events}


@pytest.mark.parametrize(
    ("days", "hour", "goes_on"), [(-1, 9, False), (0, 9, False), (0, 23, False), (1, 0, True), (1, 9, True)]
)
def test_an_auditor_goes_on_from_the_day_after_the_date_of_the_answers(days: int, hour: int, goes_on: bool) -> None:
    house = house_on(DUE + timedelta(days=days), hour)
    told = possible(waiting(), AUDITOR, house)[Action.END_ANSWERS]
    assert (told is None) is goes_on
    if goes_on:
        assert "AnswersEnded" in named(list(decide(waiting(), SAID, None, AUDITOR, house)))
    else:
        with pytest.raises(WrongStep, match="until 2027-04-13"):
            decide(waiting(), SAID, None, AUDITOR, house)


def test_what_was_not_answered_is_named_and_the_schedule_is_agreed_next() -> None:
    happened = named(list(decide(waiting(), SAID, None, AUDITOR, house_on(DUE + timedelta(days=1)))))
    assert happened["AnswersEnded"].facts() == {"ended_on": DUE + timedelta(days=1), "unanswered": (1, 2)}
    assert happened["AnswersEnded"].private_facts() == {"reason": SAID.reason}
    assert happened["TaskWithdrawn"].facts()["kind"] == AuditTask.ANSWER_FINDINGS
    assert happened["TaskOpened"].facts()["kind"] == AuditTask.AGREE_SCHEDULE
    assert "FindingsAnswered" not in happened


def test_the_delegate_does_not_end_its_answers_itself() -> None:
    with pytest.raises(NotAllowed):
        decide(waiting(), SAID, None, DELEGATE_USER, house_on(DUE + timedelta(days=1)))


@pytest.mark.parametrize("state", [state for state in AuditState if state is not AuditState.RESTITUTING])
def test_in_no_other_step_are_answers_ended(state: AuditState) -> None:
    with pytest.raises(Refusal):
        decide(waiting(state=state), SAID, None, AUDITOR, house_on(DUE + timedelta(days=1)))


def test_answers_that_have_come_are_not_ended() -> None:
    case = replace(waiting(), tasks=(replace(asked(), kind=AuditTask.AGREE_SCHEDULE),))
    with pytest.raises(WrongStep, match="No answer"):
        decide(case, SAID, None, AUDITOR, house_on(DUE + timedelta(days=1)))
