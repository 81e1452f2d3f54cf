"""A finding as the rules see it, and a bench on which people act on it without a register."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.events import Event
from domain.finding.case import Finding
from domain.finding.commands import (
    AcceptPlan,
    AddEvidence,
    Approve,
    Confirm,
    DeliverEvidence,
    Grant,
    ProposePlan,
    RequestPostponement,
    RequestRiskAcceptance,
    Verified,
)
from domain.finding.deadlines import finding_rungs, plan_deadline, remediation_deadline
from domain.finding.decide import decide
from domain.finding.machine import Register, Remind
from domain.finding.states import FindingState
from domain.finding.words import FindingTask, RiskLevel
from domain.forms import Form
from domain.house import House
from domain.position import OpenDeadline
from domain.tasks import Task
from local.demo_staff import person_id
from tests.factories.complaints import GENERAL, OPERATIONS, some_staff
from tests.factories.finding_folding import fold
from tests.factories.rules import a_calendar, the_book

CASE = UUID(int=3026)
AGREED_ON = date(2027, 3, 1)
"""A Monday."""
AUDITOR, OTHER_AUDITOR = "gildas.madec", "maiwenn.le.saux"
CONTROL = "katell.rolland"
ENORA, BASTIEN, SABINE = "enora.lagadec", "bastien.cloarec", "sabine.trevidic"
"""Armor's two users, and its director."""
STRANGER = "corentin.falhun"
"""A user of another delegate."""
PARIS = ZoneInfo("Europe/Paris")
PLAN = ProposePlan(plan="Corriger le bordereau, puis le contrôler chaque mois.")
PROOF = AddEvidence(name="bordereau.xlsx", sha256="a" * 64)

__all__ = ["GENERAL", "OPERATIONS"]


def a_house_on(day: date = AGREED_ON, at: time = time(12), **staff: Any) -> House:
    """The insurer on a day; keyword arguments as for `some_staff`."""
    book = the_book()
    now = datetime.combine(day, at, PARIS)
    return House(book, book.in_force_on(day), lambda: some_staff(**staff), a_calendar, now, day)


def a_finding(risk: RiskLevel = RiskLevel.HIGH, **changes: Any) -> Finding:
    """A finding of Armor's that has just been registered, due when its risk's days are over."""
    version = the_book().in_force_on(AGREED_ON)
    due_on = changes.pop("due_on", version.finding.latest_day(AGREED_ON, risk))
    counted = (remediation_deadline(AGREED_ON, due_on, version), plan_deadline(AGREED_ON, version))
    deadlines = tuple(
        OpenDeadline(
            one.name, 1, one.due_on, one.due_at, one.starts_on,
            finding_rungs(one, risk, a_calendar(), version, AGREED_ON),
        )
        for one in counted
    )  # fmt: skip
    known = Finding(
        id=CASE,
        state=FindingState.REGISTERED,
        pole="support",
        risk=risk,
        delegate="ARMOR",
        agreed_on=AGREED_ON,
        due_on=due_on,
        generations={one.name: 1 for one in counted},
        deadlines=deadlines,
    )
    return replace(known, **changes)


@dataclass
class FindingBench:
    """A finding on which people act, one day after another."""

    case: Finding = field(default_factory=a_finding)
    house: House = field(default_factory=a_house_on)
    events: list[Event] = field(default_factory=list)

    def copy(self) -> "FindingBench":
        """The same situation, to go on from in another way."""
        return FindingBench(self.case, self.house, list(self.events))

    def on(self, day: date, at: time = time(12)) -> "FindingBench":
        """It is another day."""
        now = datetime.combine(day, at, PARIS)
        self.house = replace(self.house, now=now, today=day)
        return self

    def later(self, days: int, at: time = time(12)) -> "FindingBench":
        """So many days later."""
        return self.on(self.house.today + timedelta(days=days), at)

    def machine(self, command: Form) -> list[Event]:
        """The system itself does something."""
        return self._happens(decide(self.case, command, None, None, self.house))

    def on_case(self, login: str, command: Form) -> list[Event]:
        """Somebody gives a command on the finding."""
        return self._happens(decide(self.case, command, None, self.house.staff.actor(person_id(login)), self.house))

    def does(self, login: str, kind: FindingTask, command: Form) -> list[Event]:
        """Somebody completes the open task of this kind."""
        actor = self.house.staff.actor(person_id(login))
        return self._happens(decide(self.case, command, self.task(kind), actor, self.house))

    def _happens(self, events: Any) -> list[Event]:
        happened = list(events)
        for event in happened:
            self.case = fold(event, self.case)
        self.events += happened
        return happened

    def task(self, kind: FindingTask) -> Task:
        """The open task of this kind."""
        return next(task for task in self.case.open_tasks if task.kind == kind)

    @property
    def kinds(self) -> set[str]:
        """What people are asked to do."""
        return {task.kind for task in self.case.open_tasks}

    def opens(self) -> "FindingBench":
        """The delegate is asked for a plan."""
        self.machine(Register())
        return self

    def plans(self) -> "FindingBench":
        """The delegate's plan is accepted."""
        self.does(ENORA, FindingTask.PROPOSE_PLAN, PLAN)
        self.does(AUDITOR, FindingTask.ACCEPT_PLAN, AcceptPlan())
        return self

    def delivers(self, login: str = ENORA, sha256: str = "a" * 64) -> "FindingBench":
        """Evidence is brought, and delivered."""
        self.on_case(login, AddEvidence(name="preuve.pdf", sha256=sha256))
        self.does(BASTIEN, FindingTask.DELIVER_EVIDENCE, DeliverEvidence())
        return self

    def verifies(self, login: str = AUDITOR) -> "FindingBench":
        """An auditor finds that it is put right."""
        self.does(login, FindingTask.VERIFY, Verified())
        return self

    def confirms(self, login: str = CONTROL) -> "FindingBench":
        """A second person agrees."""
        self.does(login, FindingTask.CONFIRM_REMEDIATION, Confirm())
        return self

    def asks_to_postpone(self, until: date, login: str = ENORA) -> "FindingBench":
        """Another date is asked for."""
        self.on_case(login, RequestPostponement(until=until, reason="Le prestataire livre en retard."))
        return self

    def grants(self, login: str = OPERATIONS) -> "FindingBench":
        """Another date is given."""
        self.does(login, FindingTask.DECIDE_POSTPONEMENT, Grant())
        return self

    def asks_to_accept(self, until: date, login: str = AUDITOR) -> "FindingBench":
        """It is asked that the risk be accepted."""
        self.on_case(login, RequestRiskAcceptance(until=until, reason="Le contrat prend fin cette année."))
        return self

    def approves(self, login: str) -> "FindingBench":
        """One of the two accepts the risk."""
        self.does(login, FindingTask.ACCEPT_RISK, Approve())
        return self

    def reminds(self, name: str) -> list[Event]:
        """The next rung of a deadline is due."""
        generation = self.case.generations.get(name, 1)
        return self.machine(Remind(deadline=name, generation=generation))
