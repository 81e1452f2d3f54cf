"""The procedures that the register knows: how a command on a case of each is read, decided and answered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

import db.commands.audit
import db.commands.backlog
import db.commands.backlog_message
import db.commands.backlog_pay
import db.commands.claim
import db.commands.complaint
import db.commands.delay
import db.commands.finding
import db.commands.lending
import db.commands.payment  # noqa: F401  (they register how their events are written)
from db.commands.finding import open_finding
from db.commands.opening import OPENERS, FromAudit
from db.models import Case, CommandRow
from db.queries import audit as audit_queries
from db.queries import backlog as backlog_queries
from db.queries import claim as claim_queries
from db.queries import complaint as complaint_queries
from db.queries import finding as finding_queries
from db.queries import payment as payment_queries
from db.queries.calendar import calendar
from db.queries.people import staff_on
from domain.audit import commands as audit_asks
from domain.audit import decide as audit_decisions
from domain.audit import machine as audit_machine
from domain.audit import states as audit_states
from domain.audit.words import AuditTask
from domain.backlog import commands as backlog_asks
from domain.backlog import decide as backlog_decisions
from domain.backlog import machine as backlog_machine
from domain.backlog import states as backlog_states
from domain.backlog.words import BacklogTask
from domain.claim import commands as claim_asks
from domain.claim import decide as claim_decisions
from domain.claim import machine as claim_machine
from domain.claim import states as claim_states
from domain.claim.words import ClaimTask
from domain.complaint import decide as complaint_decisions
from domain.complaint.commands import CASE_COMMANDS, OUTCOMES
from domain.complaint.machine import MACHINE_COMMANDS, Register
from domain.complaint.states import ComplaintState, steps
from domain.complaint.words import TaskKind
from domain.desk import OnTheDesk
from domain.events import Event
from domain.finding import commands as finding_asks
from domain.finding import decide as finding_decisions
from domain.finding import machine as finding_machine
from domain.finding import states as finding_states
from domain.finding.intake import NewFinding
from domain.finding.words import FindingOrigin, FindingTask
from domain.forms import Form
from domain.house import House
from domain.payment import commands as payment_commands
from domain.payment import decide as payment_decisions
from domain.payment import machine as payment_machine
from domain.payment import states as payment_states
from domain.payment.words import PaymentTask
from domain.people import Actor
from domain.policy import PolicyBook
from domain.recommended import Recommended
from domain.tasks import Task

Forms = Mapping[str, type[Form]]
Decide = Callable[[Session, Case, CommandRow, Actor | None, PolicyBook, date], Sequence[Event]]
Steps = tuple[Sequence[str], Sequence[str]]
Known = TypeVar("Known", bound=OnTheDesk)
Read = Callable[[Session, Case, PolicyBook, CommandRow], Known]
Rule = Callable[[Known, Form, Task | None, Actor | None, House], Sequence[Event]]


@dataclass(frozen=True)
class Procedure:
    """One procedure: `decide` turns a command into events or raises Refusal; `position` is where its run stands.

    `outcomes` are the forms that complete each kind of task, `commands` those that are given on the case itself;
    `steps` tells which are behind a state and which are to come.
    """

    name: str
    ended: frozenset[str]
    kinds: type[StrEnum]
    outcomes: Mapping[str, tuple[type[Form], ...]]
    commands: Forms
    steps: Callable[[str], Steps]
    decide: Decide
    position: Callable[[Session, Case, PolicyBook], Any]

    def forms_of(self, kind: str) -> Forms:
        """The forms that complete a task of this kind, by the outcome that each names."""
        return by_outcome({kind: self.outcomes[kind]})

    def is_for_people(self, command: str) -> bool:
        """Whether people give this command: on the case, or to complete a task."""
        return command in self.commands or command in by_outcome(self.outcomes)

    def what(self, kind: str) -> str:
        """The French words of a kind of task."""
        return str(getattr(self.kinds(kind), "label", kind))


def by_outcome(outcomes: Mapping[str, tuple[type[Form], ...]]) -> Forms:
    """Every form that completes a task, by the outcome that it names."""
    return {form.model_fields["outcome"].default: form for forms in outcomes.values() for form in forms}


def house_of(
    session: Session, case: Case, command: CommandRow, book: PolicyBook, today: date, *, with_load: bool = False
) -> House:
    """The house in which a command on this case is decided."""
    staff = partial(staff_on, session, today, with_load=with_load)
    return House(book, book.version(case.policy), staff, partial(calendar, session), command.at, today)


def task_of(tasks: Sequence[Task], task_id: UUID | None) -> Task | None:
    """The task that a command is about."""
    return next((task for task in tasks if task.id == task_id), None)


def _about_task(query: Callable[[Session, Case, PolicyBook, UUID | None], Known]) -> Read[Known]:
    """What is known of a case, and of the task that a command is about."""
    return lambda session, case, book, command: query(session, case, book, command.task_id)


def _about_task_and_files(
    query: Callable[[Session, Case, PolicyBook, UUID | None, UUID | None], Known],
) -> Read[Known]:
    """The same, and the files that came with the command."""
    return lambda session, case, book, command: query(session, case, book, command.task_id, command.id)


def _about_task_and_instant(
    query: Callable[[Session, Case, PolicyBook, UUID | None, datetime], Known],
) -> Read[Known]:
    """The same, and what is so at the command's instant."""
    return lambda session, case, book, command: query(session, case, book, command.task_id, command.at)


def _procedure(
    name: str,
    *,
    ended: frozenset[str],
    kinds: type[StrEnum],
    outcomes: Mapping[str, tuple[type[Form], ...]],
    commands: Forms,
    machine: Forms,
    steps: Callable[[str], Steps],
    read: Read[Known],
    rule: Rule[Known],
    position: Callable[[Session, Case, PolicyBook], Any],
    weighing: tuple[type[Form], ...] = (),
) -> Procedure:
    """A procedure: every command on it is read as its form, and decided by its rule on what is known of the case.

    The forms that are `weighing` are decided by how much everybody has to do.
    """
    forms: Forms = {**by_outcome(outcomes), **commands, **machine}

    def decide(
        session: Session, case: Case, command: CommandRow, actor: Actor | None, book: PolicyBook, today: date
    ) -> Sequence[Event]:
        form = forms[command.kind].model_validate(command.body)
        known = read(session, case, book, command)
        house = house_of(session, case, command, book, today, with_load=isinstance(form, weighing))
        return rule(known, form, task_of(known.tasks, command.task_id), actor, house)

    return Procedure(name, ended, kinds, outcomes, commands, steps, decide, position)


def _open_finding(session: Session, one: Recommended, source: FromAudit, at: datetime, book: PolicyBook) -> UUID:
    """A finding of an audit, opened by whoever agreed on its date: somebody else has approved one that is late."""
    new = NewFinding(
        delegate=source.delegate,
        contract=one.contract,
        origin=FindingOrigin(one.origin),
        subject=one.subject,
        words=one.words,
        risk=one.risk,
        agreed_on=one.agreed_on,
        due_on=one.due_on,
        piece=one.piece,
        due_validated_by=one.due_validated_by,
        audit_id=source.case_id,
        audit_reference=source.reference,
        number=one.number,
    )
    case_id: UUID = open_finding(session, new, one.agreed_by, at, book).id
    return case_id


OPENERS["finding"] = _open_finding


_COMPLAINT = _procedure(
    "complaint",
    ended=frozenset(ComplaintState.ended()),
    kinds=TaskKind,
    outcomes=OUTCOMES,
    commands=CASE_COMMANDS,
    machine=MACHINE_COMMANDS,
    steps=steps,
    read=_about_task(complaint_queries.complaint),
    rule=complaint_decisions.decide,
    position=complaint_queries.position,
    weighing=(Register,),
)
_CLAIM = _procedure(
    "claim",
    ended=frozenset(claim_states.ClaimState.ended()),
    kinds=ClaimTask,
    outcomes=claim_asks.OUTCOMES,
    commands=claim_asks.CASE_COMMANDS,
    machine=claim_machine.MACHINE_COMMANDS,
    steps=claim_states.steps,
    read=_about_task(claim_queries.claim),
    rule=claim_decisions.decide,
    position=claim_queries.position,
)
_PAYMENT = _procedure(
    "payment",
    ended=frozenset(payment_states.PaymentState.ended()),
    kinds=PaymentTask,
    outcomes=payment_commands.OUTCOMES,
    commands=payment_commands.CASE_COMMANDS,
    machine=payment_machine.MACHINE_COMMANDS,
    steps=payment_states.steps,
    read=_about_task(payment_queries.payment),
    rule=payment_decisions.decide,
    position=payment_queries.position,
)
_AUDIT = _procedure(
    "audit",
    ended=frozenset(audit_states.AuditState.ended()),
    kinds=AuditTask,
    outcomes=audit_asks.OUTCOMES,
    commands=audit_asks.CASE_COMMANDS,
    machine=audit_machine.MACHINE_COMMANDS,
    steps=audit_states.steps,
    read=_about_task_and_files(audit_queries.audit),
    rule=audit_decisions.decide,
    position=audit_queries.position,
)
_FINDING = _procedure(
    "finding",
    ended=frozenset(finding_states.FindingState.ended()),
    kinds=FindingTask,
    outcomes=finding_asks.OUTCOMES,
    commands=finding_asks.CASE_COMMANDS,
    machine=finding_machine.MACHINE_COMMANDS,
    steps=finding_states.steps,
    read=_about_task_and_files(finding_queries.finding),
    rule=finding_decisions.decide,
    position=finding_queries.position,
)
_BACKLOG = _procedure(
    "backlog",
    ended=frozenset(backlog_states.BacklogState.ended()),
    kinds=BacklogTask,
    outcomes=backlog_asks.OUTCOMES,
    commands=backlog_asks.CASE_COMMANDS,
    machine=backlog_machine.MACHINE_COMMANDS,
    steps=backlog_states.steps,
    read=_about_task_and_instant(backlog_queries.operation),
    rule=backlog_decisions.decide,
    position=backlog_queries.position,
)
PROCEDURES: Mapping[str, Procedure] = MappingProxyType(
    {one.name: one for one in (_COMPLAINT, _CLAIM, _PAYMENT, _AUDIT, _FINDING, _BACKLOG)}
)
