"""A bench on which commands follow one another on one claim: no register, no engine, and a clock that it is given."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.claim.case import Claim, DecisionVersion
from domain.claim.commands import AskDocuments, Confirm, Decide, SendBack
from domain.claim.deadlines import DecisionDates, decision_deadline
from domain.claim.decide import decide
from domain.claim.machine import Instruct, Register
from domain.claim.states import ClaimState
from domain.claim.words import CareCategory, ClaimDeadline, ClaimKind, ClaimTask, DocumentKind, ItemAnswer, Verdict
from domain.events import Event, LetterRequested
from domain.forms import Form
from domain.house import House
from domain.people import Actor
from domain.position import OpenDeadline
from domain.tasks import Task
from local.demo_staff import person_id
from tests.factories.claim_folding import fold
from tests.factories.complaints import some_staff
from tests.factories.rules import a_calendar, the_book

MONDAY = date(2026, 11, 23)
CASE = UUID(int=2027)
LINE = UUID(int=501)
OTHER_LINE = UUID(int=502)
BATCH = UUID(int=600)

HANDLER = "claire.morvan"
REFERENT = "gwenola.prigent"
MANAGER = "anne.le.goff"
EXPERT = "soizic.le.dantec"
OTHER_EXPERT = "tangi.riou"
OPERATIONS = "isabelle.kermarrec"
GENERAL = "francois.le.bihan"
ADMINISTRATOR = "alexis.cozic"


def noon_of(day: date) -> datetime:
    """Noon of a day, in UTC."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def a_house(day: date = MONDAY, **staff: Any) -> House:
    """The insurer of the shipped policy, at noon of a day; other keyword arguments as for `some_staff`."""
    book = the_book()
    return House(book, book.in_force_on(day), lambda: some_staff(**staff), a_calendar, noon_of(day), day)


def a_claim(**changes: Any) -> Claim:
    """A claim of 2,000 € for hearing aids, entered by a handler of benefits, that has just been registered."""
    claim = Claim(
        id=CASE,
        state=ClaimState.REGISTERED,
        category=CareCategory.HEARING,
        kind=ClaimKind.REIMBURSEMENT,
        pole="benefits",
        amount_cents=200_000,
        links=1,
        received_on=MONDAY,
        entered_by=person_id(HANDLER),
        iban_hash="iban-1",
        has_email=True,
        has_address=True,
    )
    claim = replace(claim, **changes)
    dates = DecisionDates(claim.category, claim.kind, claim.received_on)
    counted = decision_deadline(dates, a_calendar(), the_book().in_force_on(claim.received_on))
    decision = OpenDeadline(ClaimDeadline.DECISION, 1, counted.due_on, counted.due_at, counted.starts_on)
    return replace(claim, deadlines=(decision,), generations={ClaimDeadline.DECISION: 1})


def answers(category: CareCategory = CareCategory.HEARING, **other: ItemAnswer) -> list[dict[str, Any]]:
    """Everything is right on the checklist but what is named."""
    items = the_book().in_force_on(MONDAY).claim.checklists[category].items
    return [{"item": item.id, "answer": other.get(item.id, ItemAnswer.OK)} for item in items]


def a_decision(category: CareCategory = CareCategory.HEARING, **said: Any) -> Decide:
    """To pay, with the whole checklist answered, unless said otherwise."""
    return Decide.model_validate({"decision": Verdict.PAY, "checklist": answers(category), **said})


@dataclass
class ClaimBench:
    """One claim on the bench. `said` are all events so far, in order."""

    case: Claim = field(default_factory=a_claim)
    house: House = field(default_factory=a_house)
    said: list[Event] = field(default_factory=list)

    def machine(self, command: Form) -> list[Event]:
        """The system itself does this."""
        return self._fold(decide(self.case, command, None, None, self.house))

    def on_case(self, login: str, command: Form) -> list[Event]:
        """Somebody gives a command on the case. Raises Refusal; the facts then are as they were."""
        return self._fold(decide(self.case, command, None, self.actor(login), self.house))

    def does(self, login: str, kind: ClaimTask, command: Form) -> list[Event]:
        """Somebody completes the open task of this kind. Raises Refusal."""
        return self._fold(decide(self.case, command, self.task(kind), self.actor(login), self.house))

    def decides(self, login: str, **said: Any) -> list[Event]:
        """The first controller decides."""
        return self.does(login, ClaimTask.CONTROL, a_decision(self.case.category, **said))

    def asks(self, login: str, *documents: DocumentKind) -> list[Event]:
        """The first controller asks the member for documents."""
        return self.does(login, ClaimTask.CONTROL, AskDocuments(documents=documents))

    def confirms(self, login: str) -> list[Event]:
        """The second controller confirms the current decision."""
        return self.does(login, ClaimTask.CONFIRM, Confirm(decision_hash=self.decision.hash))

    def sends_back(self, login: str) -> list[Event]:
        """The second controller sends the current decision back."""
        command = SendBack(decision_hash=self.decision.hash, reason="Le plafond est dépassé.")
        return self.does(login, ClaimTask.CONFIRM, command)

    def actor(self, login: str) -> Actor:
        """The person with today's rights."""
        return self.house.staff.actor(person_id(login))

    def task(self, kind: ClaimTask) -> Task:
        """The open task of this kind; there is one."""
        (task,) = [task for task in self.case.open_tasks if task.kind == kind]
        return task

    def open_kinds(self) -> list[str]:
        """The kinds of the open tasks."""
        return sorted(task.kind for task in self.case.open_tasks)

    def who_can_do(self, kind: ClaimTask) -> set[str]:
        """The logins of those at work who may do the open task of this kind."""
        task = self.task(kind)
        return {person.login for person in self.house.staff.present_under(task.offered_to, task.excluded)}

    def stands(self) -> ClaimState:
        """The step that the claim has reached by now."""
        return self.case.state

    def letters(self) -> list[str]:
        """The kinds of all letters that were asked for, in order."""
        return [event.kind for event in self.said if isinstance(event, LetterRequested)]

    @property
    def decision(self) -> DecisionVersion:
        """The current decision; there is one."""
        assert self.case.decision is not None
        return self.case.decision

    def on(self, day: date) -> "ClaimBench":
        """The same claim at noon of another day."""
        self.house = replace(self.house, now=noon_of(day), today=day)
        return self

    def after(self, days: int) -> "ClaimBench":
        """The same claim so many days later."""
        return self.on(self.house.today + timedelta(days=days))

    def at(self, **staff: Any) -> "ClaimBench":
        """The same claim on a day with other people at work."""
        return ClaimBench(self.case, a_house(self.house.today, **staff), list(self.said))

    def knows(self, **facts: Any) -> "ClaimBench":
        """The same claim, of which something else is known by now."""
        self.case = replace(self.case, **facts)
        return self

    def copy(self) -> "ClaimBench":
        """The same claim, to be played on another way."""
        return ClaimBench(self.case, self.house, list(self.said))

    def _fold(self, events: Iterable[Event]) -> list[Event]:
        told_now = list(events)
        for event in told_now:
            self.case = fold(event, self.case)
        self.said += told_now
        return told_now


def a_claim_in_control(house: House | None = None, **facts: Any) -> ClaimBench:
    """A claim that waits for its first controller."""
    bench = ClaimBench(a_claim(**facts), house or a_house())
    bench.machine(Register())
    return bench


def a_claim_for_two(**facts: Any) -> ClaimBench:
    """A claim of 6,000 €, decided by the technical referent, that waits for its second controller."""
    bench = a_claim_in_control(**{"amount_cents": 600_000, "links": 2, **facts})
    bench.decides(REFERENT)
    return bench


def a_payable_claim(**facts: Any) -> ClaimBench:
    """A claim that is to be paid with the next batch."""
    bench = a_claim_in_control(**facts)
    bench.decides(REFERENT)
    return bench


def an_instructed_claim(**facts: Any) -> ClaimBench:
    """A claim that is a line of a batch."""
    bench = a_payable_claim(**facts)
    bench.machine(Instruct(payment_id=BATCH, instruction_id=LINE))
    return bench
