"""A bench on which commands follow one another on one complaint: no register, no engine, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.complaint.case import AnswerVersion, Complaint
from domain.complaint.commands import Amend, Approve, SendBack
from domain.complaint.decide import decide
from domain.complaint.machine import Register
from domain.complaint.words import TaskKind
from domain.events import Event
from domain.forms import Form
from domain.house import House
from domain.people import Actor
from domain.tasks import Task
from local.demo_staff import person_id
from tests.factories.complaints import (
    AUTHOR,
    a_complaint,
    a_draft,
    a_house,
    an_acknowledgement,
    an_analysis,
    what_is_said,
)
from tests.factories.folding import fold


@dataclass
class Bench:
    """One complaint on the bench. `said` are all events so far, in order."""

    case: Complaint = field(default_factory=a_complaint)
    house: House = field(default_factory=a_house)
    said: list[Event] = field(default_factory=list)

    def machine(self, command: Form) -> list[Event]:
        """The system itself does this."""
        return self._fold(decide(self.case, command, None, None, self.house))

    def on_case(self, login: str, command: Form) -> list[Event]:
        """Somebody gives a command on the case. Raises Refusal; the facts then are as they were."""
        return self._fold(decide(self.case, command, None, self.actor(login), self.house))

    def on_task(self, login: str, command: Form, task: Task) -> list[Event]:
        """Somebody completes this task. Raises Refusal; the facts then are as they were."""
        return self._fold(decide(self.case, command, task, self.actor(login), self.house))

    def does(self, login: str, kind: TaskKind, command: Form) -> list[Event]:
        """Somebody completes the open task of this kind. Raises Refusal."""
        return self.on_task(login, command, self.task(kind))

    def actor(self, login: str) -> Actor:
        """The person with today's rights."""
        return self.house.staff.actor(person_id(login))

    def task(self, kind: TaskKind) -> Task:
        """The open task of this kind; there is one."""
        (task,) = [task for task in self.case.open_tasks if task.kind == kind]
        return task

    def open_kinds(self) -> list[str]:
        """The kinds of the open tasks."""
        return sorted(task.kind for task in self.case.open_tasks)

    def who_can_do(self, kind: TaskKind) -> set[str]:
        """The logins of those at work who may do the open task of this kind."""
        task = self.task(kind)
        return {person.login for person in self.house.staff.present_under(task.offered_to, task.excluded)}

    @property
    def signatory(self) -> str | None:
        """Who has signed the answer, once it is approved."""
        signed_by = self.case.signatory_id
        return self.house.staff.get(signed_by).login if signed_by else None

    def at(self, **staff: Any) -> "Bench":
        """The same complaint on a day with other people at work."""
        return Bench(self.case, a_house(**staff), list(self.said))

    def copy(self) -> "Bench":
        """The same complaint, to be played on another way."""
        return Bench(self.case, self.house, list(self.said))

    # What validators say about the version of the day.

    def approves(self, login: str) -> list[Event]:
        """Approve the current version."""
        return self.does(login, TaskKind.VALIDATE, Approve(version_hash=self.hash))

    def amends(self, login: str, **changes: Any) -> list[Event]:
        """Replace the current version; its compensation stays unless it is changed."""
        changes.setdefault("decision", f"Nous réglons votre dossier, {len(self.said)} fois relu.")
        changes.setdefault("compensation_cents", self.answer.compensation_cents)
        amended = Amend.model_validate({"version_hash": self.hash, **what_is_said(**changes)})
        return self.does(login, TaskKind.VALIDATE, amended)

    def sends_back(self, login: str, reason: str = "Les motifs manquent.") -> list[Event]:
        """Send the current version back."""
        return self.does(login, TaskKind.VALIDATE, SendBack(version_hash=self.hash, reason=reason))

    @property
    def answer(self) -> AnswerVersion:
        """The current version; there is one."""
        assert self.case.answer is not None
        return self.case.answer

    @property
    def hash(self) -> str:
        """The current version's hash."""
        return self.answer.hash

    def _fold(self, events: Iterable[Event]) -> list[Event]:
        told_now = list(events)
        for event in told_now:
            self.case = fold(event, self.case)
        self.said += told_now
        return told_now


def an_assigned_complaint(house: House | None = None, **facts: Any) -> Bench:
    """A complaint that its owner has to acknowledge: Claire Morvan, unless skills, loads or absences say otherwise."""
    bench = Bench(a_complaint(**facts), house or a_house())
    bench.machine(Register())
    return bench


def an_analysed_complaint(analysis: Mapping[str, Any] | None = None, **facts: Any) -> Bench:
    """A complaint whose answer Claire Morvan has to draft."""
    bench = an_assigned_complaint(**facts)
    bench.does(AUTHOR, TaskKind.ACKNOWLEDGE, an_acknowledgement())
    bench.does(AUTHOR, TaskKind.ANALYSE, an_analysis(**{"category": bench.case.category, **(analysis or {})}))
    return bench


def a_drafted_complaint(*, cents: int = 0, **facts: Any) -> Bench:
    """A complaint whose answer, drafted by Claire Morvan, waits for its first validator."""
    bench = an_analysed_complaint(**facts)
    bench.does(AUTHOR, TaskKind.DRAFT_ANSWER, a_draft(compensation_cents=cents))
    return bench
