"""Complaints played purely: the demo's staff as rules see it, what people say, and a bench that remembers.

A `Bench` plays commands on one complaint without register, engine or clock: it folds each event back into the facts,
as `db/commands` writes them. What it cannot fold it refuses to play.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import singledispatch
from typing import Any
from uuid import UUID, uuid5

from domain import events as happened
from domain.complaint import events as told
from domain.complaint.case import AnswerVersion, Complaint, House, LetterInHand, OpenDeadline
from domain.complaint.commands import Acknowledge, Amend, Analyse, Approve, DraftAnswer, SendBack
from domain.complaint.decide import decide
from domain.complaint.intake import Form
from domain.complaint.machine import Register
from domain.complaint.states import ComplaintState
from domain.complaint.words import Category, Channel, Dispatch, Finding, TaskKind, Theme
from domain.deadlines import Deadline
from domain.events import Event
from domain.ladder import Rung
from domain.people import Actor, Person, Staff
from domain.tasks import Task
from local.demo import STAFF, Someone, person_id
from tests.factories.rules import a_calendar, deadlines_of, the_book

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CASE = UUID(int=2026)

AUTHOR = "claire.morvan"
REFERENT = "gwenola.prigent"
MANAGER = "anne.le.goff"
OTHER_MANAGER = "pierre.jaouen"
LAWYER = "odile.bescond"
OPERATIONS = "isabelle.kermarrec"
GENERAL = "francois.le.bihan"
ACCOUNTANT = "solene.guivarch"
ADMINISTRATOR = "alexis.cozic"
"""The demo's people by what they are for; the pole of all complaints here is `benefits`."""


def some_staff(
    *,
    absent: Iterable[str] = (),
    deputies: Mapping[str, str | None] | None = None,
    load: Mapping[str, int] | None = None,
    only: Iterable[str] | None = None,
) -> Staff:
    """The demo's staff; `deputies` replaces who stands in for whom, `only` leaves all others out."""
    wanted = {person.login for person in STAFF} if only is None else frozenset(only)
    away, stand_ins, loads = frozenset(absent), deputies or {}, load or {}

    def as_of_today(someone: Someone) -> Person:
        deputy = stand_ins.get(someone.login, someone.deputy)
        return Person(
            id=person_id(someone.login),
            login=someone.login,
            roles=frozenset(someone.roles),
            pole=someone.pole,
            skills=frozenset(someone.skills),
            absent=someone.login in away,
            deputy_id=person_id(deputy) if deputy else None,
            load=loads.get(someone.login, 0),
        )

    return Staff(tuple(as_of_today(someone) for someone in STAFF if someone.login in wanted))


def a_house(**staff: Any) -> House:
    """The insurer of the shipped policy, at noon; keyword arguments as for `some_staff`."""
    book = the_book()
    return House(book, book.in_force_on(TODAY), some_staff(**staff), a_calendar(), NOON, TODAY)


def a_complaint(**changes: Any) -> Complaint:
    """A complaint that has just been registered, by letter, for the pole of benefits."""
    return replace(
        Complaint(
            id=CASE,
            state=ComplaintState.REGISTERED,
            category=Category.BUSINESS,
            pole="benefits",
            skills=frozenset(),
            received_on=TODAY,
            sent_on=None,
            channel=Channel.LETTER,
            known_on=TODAY,
            has_email=True,
            has_address=True,
            deadlines=tuple(_open(deadline) for deadline in deadlines_of(TODAY).values()),
        ),
        **changes,
    )


def _open(deadline: Deadline, generation: int = 1, planned: tuple[Rung, ...] = ()) -> OpenDeadline:
    return OpenDeadline(
        deadline.name, generation, deadline.due_on, deadline.due_at, deadline.starts_on, planned
    )


def what_is_said(**changes: Any) -> dict[str, Any]:
    """The words of an answer."""
    return {
        "dispatch": Dispatch.EMAIL,
        "asked": "Vous demandez le remboursement de vos soins.",
        "found": "Votre dossier est resté sans suite.",
        "decision": "Nous vous remboursons sans délai.",
        "reasons": "Le retard est de notre fait.",
        "next_steps": "Le virement part cette semaine.",
        **changes,
    }


def an_acknowledgement(dispatch: Dispatch = Dispatch.EMAIL) -> Acknowledge:
    """Told by e-mail, unless said otherwise."""
    return Acknowledge(dispatch=dispatch)


def an_analysis(**changes: Any) -> Analyse:
    """Founded, unless said otherwise."""
    said = {
        "category": Category.BUSINESS,
        "finding": Finding.FOUNDED,
        "theme": Theme.REIMBURSEMENT_DELAY,
        "cause": "Dossier resté sans suite",
        "facts": "Le devis n'a pas été traité.",
    }
    return Analyse.model_validate(said | changes)


def a_draft(**changes: Any) -> DraftAnswer:
    """The owner's answer, without compensation unless one is given."""
    return DraftAnswer.model_validate(what_is_said(**changes))


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


# How each event changes what is known: the bench's own reading of `db/commands/case.py` and `complaint.py`.


@singledispatch
def fold(event: Event, _case: Complaint) -> Complaint:
    """The facts after an event."""
    raise TypeError(f"the bench cannot fold {type(event).__name__}")


@fold.register(told.Acknowledged)
@fold.register(told.Reassigned)
@fold.register(told.VersionSentBack)
@fold.register(told.Requalified)
@fold.register(told.AnswerExtended)
@fold.register(told.ProgressCallMade)
@fold.register(happened.DeliveryFailed)
def _(_event: Event, case: Complaint) -> Complaint:
    return case


@fold.register
def _(event: told.StateReached, case: Complaint) -> Complaint:
    return replace(case, state=event.state)


@fold.register
def _(event: told.OwnerAssigned, case: Complaint) -> Complaint:
    return replace(case, owner_id=event.owner_id)


@fold.register
def _(event: told.Qualified, case: Complaint) -> Complaint:
    return replace(case, category=event.category)


@fold.register
def _(event: told.Analysed, case: Complaint) -> Complaint:
    return replace(case, finding=event.finding)


@fold.register
def _(event: told.AnswerDrafted, case: Complaint) -> Complaint:
    earlier = case.answer.authors if event.amends and case.answer else frozenset()
    authors = earlier | {event.author_id}
    answer = AnswerVersion(
        event.version, event.version_hash, authors, event.compensation_cents, event.content.dispatch
    )
    return replace(case, answer=answer, approvals={})


@fold.register
def _(event: told.VersionApproved, case: Complaint) -> Complaint:
    return replace(case, approvals={**case.approvals, event.link: event.person_id})


@fold.register
def _(event: told.AnswerApproved, case: Complaint) -> Complaint:
    return replace(case, signatory_id=event.signatory_id)


@fold.register
def _(_event: told.CompensationPaid, case: Complaint) -> Complaint:
    return replace(case, compensation_paid=True)


@fold.register
def _(event: happened.TaskOpened, case: Complaint) -> Complaint:
    task = Task(
        id=uuid5(case.id, f"task {len(case.tasks)}"),
        kind=event.kind,
        offered_to=event.offer.hats,
        excluded=event.offer.excluded,
        meant_for=frozenset(event.meant_for),
        nobody_left=event.offer.nobody_left,
        due_at=event.due_at,
        detail=event.detail,
    )
    return replace(case, tasks=(*case.tasks, task))


@fold.register
def _(event: happened.TaskCompleted, case: Complaint) -> Complaint:
    return _with_task(case, event.task_id, closed_at=NOON)


@fold.register
def _(event: happened.TaskWithdrawn, case: Complaint) -> Complaint:
    return _with_task(case, event.task_id, closed_at=NOON)


@fold.register
def _(event: happened.TaskOfferedAgain, case: Complaint) -> Complaint:
    (task,) = [task for task in case.tasks if task.id == event.task_id]
    meant_for = frozenset(event.meant_for) or task.meant_for
    return _with_task(
        case,
        task.id,
        offered_to=event.offer.hats,
        nobody_left=event.offer.nobody_left,
        meant_for=meant_for,
        claimed_by=None,
    )


def _with_task(case: Complaint, task_id: UUID, **changes: Any) -> Complaint:
    return replace(case, tasks=tuple(replace(t, **changes) if t.id == task_id else t for t in case.tasks))


@fold.register
def _(event: happened.DeadlineMet, case: Complaint) -> Complaint:
    return _without_deadline(case, event.name)


@fold.register
def _(event: happened.DeadlineCancelled, case: Complaint) -> Complaint:
    return _without_deadline(case, event.name)


@fold.register
def _(event: happened.DeadlineOpened, case: Complaint) -> Complaint:
    opened = _open(event.deadline, event.generation, event.planned)
    return replace(case, deadlines=(*case.deadlines, opened))


@fold.register
def _(event: happened.TasksRescheduled, case: Complaint) -> Complaint:
    def moved(task: Task) -> Task:
        return replace(task, due_at=event.due_at) if task.due_at == event.from_at else task

    return replace(case, tasks=tuple(moved(task) if task.closed_at is None else task for task in case.tasks))


def _without_deadline(case: Complaint, name: str) -> Complaint:
    return replace(case, deadlines=tuple(deadline for deadline in case.deadlines if deadline.name != name))


@fold.register
def _(event: happened.LetterRequested, case: Complaint) -> Complaint:
    letter = LetterInHand(uuid5(case.id, f"letter {event.kind} {event.version}"), event.kind, event.dispatch)
    return replace(case, letters=(*case.letters, letter))


@fold.register
def _(event: happened.LetterHandedOver, case: Complaint) -> Complaint:
    return replace(case, letters=tuple(letter for letter in case.letters if letter.id != event.letter_id))


@fold.register
def _(event: happened.LetterSentAgain, case: Complaint) -> Complaint:
    def again(letter: LetterInHand) -> LetterInHand:
        return replace(letter, dispatch=event.dispatch, round=letter.round + 1, posted=False)

    return replace(case, letters=tuple(again(one) if one.id == event.letter_id else one for one in case.letters))
