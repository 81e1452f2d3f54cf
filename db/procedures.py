"""The procedures that the register knows: how a command on a case of each is read, decided and answered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import db.commands.audit
import db.commands.backlog
import db.commands.claim
import db.commands.complaint
import db.commands.finding
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


_COMPLAINT_FORMS = {**by_outcome(OUTCOMES), **CASE_COMMANDS, **MACHINE_COMMANDS}


def _decide_complaint(
    session: Session, case: Case, command: CommandRow, actor: Actor | None, book: PolicyBook, today: date
) -> Sequence[Event]:
    form = _COMPLAINT_FORMS[command.kind].model_validate(command.body)
    known = complaint_queries.complaint(session, case, book, command.task_id)
    house = house_of(session, case, command, book, today, with_load=isinstance(form, Register))
    return complaint_decisions.decide(known, form, task_of(known.tasks, command.task_id), actor, house)


_COMPLAINT = Procedure(
    "complaint",
    frozenset(ComplaintState.ended()),
    TaskKind,
    OUTCOMES,
    CASE_COMMANDS,
    steps,
    _decide_complaint,
    complaint_queries.position,
)

_PAYMENT_FORMS = {
    **by_outcome(payment_commands.OUTCOMES),
    **payment_commands.CASE_COMMANDS,
    **payment_machine.MACHINE_COMMANDS,
}


def _decide_payment(
    session: Session, case: Case, command: CommandRow, actor: Actor | None, book: PolicyBook, today: date
) -> Sequence[Event]:
    form = _PAYMENT_FORMS[command.kind].model_validate(command.body)
    known = payment_queries.payment(session, case, book, command.task_id)
    house = house_of(session, case, command, book, today)
    return payment_decisions.decide(known, form, task_of(known.tasks, command.task_id), actor, house)


_PAYMENT = Procedure(
    "payment",
    frozenset(payment_states.PaymentState.ended()),
    PaymentTask,
    payment_commands.OUTCOMES,
    payment_commands.CASE_COMMANDS,
    payment_states.steps,
    _decide_payment,
    payment_queries.position,
)

_CLAIM_FORMS = {
    **by_outcome(claim_asks.OUTCOMES),
    **claim_asks.CASE_COMMANDS,
    **claim_machine.MACHINE_COMMANDS,
}


def _decide_claim(
    session: Session, case: Case, command: CommandRow, actor: Actor | None, book: PolicyBook, today: date
) -> Sequence[Event]:
    form = _CLAIM_FORMS[command.kind].model_validate(command.body)
    known = claim_queries.claim(session, case, book, command.task_id)
    house = house_of(session, case, command, book, today)
    return claim_decisions.decide(known, form, task_of(known.tasks, command.task_id), actor, house)


_CLAIM = Procedure(
    "claim",
    frozenset(claim_states.ClaimState.ended()),
    ClaimTask,
    claim_asks.OUTCOMES,
    claim_asks.CASE_COMMANDS,
    claim_states.steps,
    _decide_claim,
    claim_queries.position,
)

_AUDIT_FORMS = {
    **by_outcome(audit_asks.OUTCOMES),
    **audit_asks.CASE_COMMANDS,
    **audit_machine.MACHINE_COMMANDS,
}


def _decide_audit(
    session: Session, case: Case, command: CommandRow, actor: Actor | None, book: PolicyBook, today: date
) -> Sequence[Event]:
    form = _AUDIT_FORMS[command.kind].model_validate(command.body)
    known = audit_queries.audit(session, case, book, command.task_id, command.id)
    house = house_of(session, case, command, book, today)
    return audit_decisions.decide(known, form, task_of(known.tasks, command.task_id), actor, house)


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


_AUDIT = Procedure(
    "audit",
    frozenset(audit_states.AuditState.ended()),
    AuditTask,
    audit_asks.OUTCOMES,
    audit_asks.CASE_COMMANDS,
    audit_states.steps,
    _decide_audit,
    audit_queries.position,
)

_FINDING_FORMS = {
    **by_outcome(finding_asks.OUTCOMES),
    **finding_asks.CASE_COMMANDS,
    **finding_machine.MACHINE_COMMANDS,
}


def _decide_finding(
    session: Session, case: Case, command: CommandRow, actor: Actor | None, book: PolicyBook, today: date
) -> Sequence[Event]:
    form = _FINDING_FORMS[command.kind].model_validate(command.body)
    known = finding_queries.finding(session, case, book, command.task_id, command.id)
    house = house_of(session, case, command, book, today)
    return finding_decisions.decide(known, form, task_of(known.tasks, command.task_id), actor, house)


_FINDING = Procedure(
    "finding",
    frozenset(finding_states.FindingState.ended()),
    FindingTask,
    finding_asks.OUTCOMES,
    finding_asks.CASE_COMMANDS,
    finding_states.steps,
    _decide_finding,
    finding_queries.position,
)

_BACKLOG_FORMS = {
    **by_outcome(backlog_asks.OUTCOMES),
    **backlog_asks.CASE_COMMANDS,
    **backlog_machine.MACHINE_COMMANDS,
}


def _decide_backlog(
    session: Session, case: Case, command: CommandRow, actor: Actor | None, book: PolicyBook, today: date
) -> Sequence[Event]:
    form = _BACKLOG_FORMS[command.kind].model_validate(command.body)
    known = backlog_queries.operation(session, case, book, command.task_id)
    house = house_of(session, case, command, book, today)
    return backlog_decisions.decide(known, form, task_of(known.tasks, command.task_id), actor, house)


_BACKLOG = Procedure(
    "backlog",
    frozenset(backlog_states.BacklogState.ended()),
    BacklogTask,
    backlog_asks.OUTCOMES,
    backlog_asks.CASE_COMMANDS,
    backlog_states.steps,
    _decide_backlog,
    backlog_queries.position,
)
PROCEDURES: Mapping[str, Procedure] = MappingProxyType(
    {one.name: one for one in (_COMPLAINT, _CLAIM, _PAYMENT, _AUDIT, _FINDING, _BACKLOG)}
)
