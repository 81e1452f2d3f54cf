"""Open findings, and write what has happened to them; whichever audit follows one is told of its end."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.case import add_deadline, apply
from db.commands.command import Ask, receive, receive_from_machine
from db.commands.journal import Writing, gather_line
from db.commands.keys import case_cipher, make_case_key
from db.models import (
    Case,
    DelegateRow,
    FindingApproval,
    FindingEvidence,
    FindingPlan,
    FindingRequest,
    FindingRound,
    FindingRow,
)
from db.queries.calendar import calendar
from db.vault import about_evidence
from domain.civil import local_date
from domain.commands import MachineCommand
from domain.finding import events as happened
from domain.finding.commands import OpenFinding
from domain.finding.deadlines import finding_rungs, plan_deadline, remediation_deadline
from domain.finding.intake import NewFinding, check_new, from_elsewhere
from domain.finding.states import FindingState
from domain.finding.words import FindingTask, RequestStatus
from domain.people import Actor
from domain.policy import PolicyBook, PolicyVersion
from domain.refusals import Invalid
from keys.sealing import seal

FINDING_ENDED = "finding_ended"
"""The command that the case of an audit gets when a finding that it follows has ended."""


def register_finding(
    session: Session, asked: OpenFinding, ask: Ask, actor: Actor, at: datetime, book: PolicyBook
) -> Case:
    """Open a finding that no audit has made: an auditor says so. Raises Invalid, naming field, rule and remedy."""
    version = book.in_force_on(local_date(at, book.versions[-1].office.zone))
    command_id = ask.id or uuid7()
    case = _keep(session, from_elsewhere(asked, version), actor.id, at, book, command_id)
    command = receive(session, case.id, replace(ask, id=command_id), actor, at)
    command.body = {}
    session.flush()
    return case


def open_finding(session: Session, new: NewFinding, opened_by: UUID | None, at: datetime, book: PolicyBook) -> Case:
    """Open a finding of an audit, in the audit's own transaction: case, reference, deadlines, journal, and the command
    that has its delegate asked, which the relay delivers. Raises Invalid, FourEyes.

    Source: procedures, section 3 steps 5 and 6
    """
    case = _keep(session, new, opened_by, at, book, None)
    receive_from_machine(session, MachineCommand(case.id, "register", at))
    return case


def _keep(
    session: Session, new: NewFinding, opened_by: UUID | None, at: datetime, book: PolicyBook, command_id: UUID | None
) -> Case:
    today = local_date(at, book.versions[-1].office.zone)
    version = book.in_force_on(today)
    check_new(new, opened_by, today, version)
    _check_contract(session, new)
    number = session.execute(text("SELECT nextval('finding_references')")).scalar_one()
    case = Case(
        id=uuid7(),
        reference=f"CST-{today.year}-{number:06d}",
        procedure="finding",
        state=FindingState.REGISTERED,
        policy=version.name,
        pole=book.insurer.poles[0].id,
        received_on=today,
        opened_at=at,
        lines=0,
    )
    writing = Writing(session, case, at, command_id, opened_by if command_id else None)
    _add_deadlines(writing, new, today, version)
    gather_line(writing, "FindingOpened", _opened(case, new, version))
    session.add(case)
    session.flush()
    make_case_key(session, case.id)
    session.add(_row(case, new, opened_by, version.finding.latest_day(new.agreed_on, new.risk)))
    session.flush()
    writing.batch.write(session)
    return case


def _check_contract(session: Session, new: NewFinding) -> None:
    """What is found concerns a contract of the delegate's. Raises Invalid. Source: Memo"""
    delegate = session.get(DelegateRow, new.delegate)
    if delegate is None:
        raise Invalid(f"There is no delegate {new.delegate}.", "Check its code.", field="delegate")
    if new.contract not in delegate.contracts:
        raise Invalid(
            f"The delegate {new.delegate} does not manage this contract.",
            f"Take one of its contracts: {', '.join(delegate.contracts)}.",
            field="contract",
        )


def _add_deadlines(writing: Writing, new: NewFinding, today: date, version: PolicyVersion) -> None:
    days = calendar(writing.session)
    for deadline in (remediation_deadline(new.agreed_on, new.due_on, version), plan_deadline(today, version)):
        add_deadline(writing, deadline, finding_rungs(deadline, new.risk, days, version, today))


def _opened(case: Case, new: NewFinding, version: PolicyVersion) -> dict[str, Any]:
    return {
        "reference": case.reference,
        "delegate": new.delegate,
        "origin": new.origin,
        "risk": new.risk,
        "agreed_on": new.agreed_on,
        "due_on": new.due_on,
        "due_validated_by": new.due_validated_by,
        "audit": new.audit_reference,
        "number": new.number,
        "policy": version.name,
    }


def _row(case: Case, new: NewFinding, opened_by: UUID | None, latest_on: date) -> FindingRow:
    return FindingRow(
        case_id=case.id,
        number=new.number,
        audit_id=new.audit_id,
        audit_reference=new.audit_reference,
        delegate=new.delegate,
        contract=new.contract,
        origin=new.origin,
        piece=new.piece,
        subject=new.subject,
        words=new.words,
        risk=new.risk,
        agreed_on=new.agreed_on,
        latest_on=latest_on,
        due_on=new.due_on,
        due_validated_by=new.due_validated_by,
        opened_by=opened_by,
        opened_at=case.opened_at,
        state=case.state,
    )


@dataclass(frozen=True)
class File:
    """A file as it came, and who brought it."""

    name: str
    media_type: str
    sha256: str
    content: bytes
    delivered_by: UUID


def keep_evidence(session: Session, finding_id: UUID, evidence_id: UUID, file: File) -> None:
    """Keep it sealed under its command's id; the second time it is the first. Raises Erased."""
    sealed = seal(case_cipher(session, finding_id), file.content, about_evidence(evidence_id))
    session.execute(
        insert(FindingEvidence)
        .values(
            id=evidence_id,
            finding_id=finding_id,
            name=file.name,
            media_type=file.media_type,
            size=len(file.content),
            sha256=file.sha256,
            content=sealed,
            delivered_by=file.delivered_by,
        )
        .on_conflict_do_nothing(index_elements=[FindingEvidence.id])
    )


def _change(writing: Writing, **values: Any) -> None:
    writing.batch.change(FindingRow.case_id, writing.case.id, **values)


def _of_plan(writing: Writing, version: int, **values: Any) -> None:
    is_this = FindingPlan.version == version
    writing.batch.change(FindingPlan.finding_id, writing.case.id, is_this, decided_at=writing.at, **values)


def _of_round(writing: Writing, number: int, **values: Any) -> None:
    writing.batch.change(FindingRound.finding_id, writing.case.id, FindingRound.round == number, **values)


def _of_request(writing: Writing, request_id: UUID, status: RequestStatus, **values: Any) -> None:
    decided = {"decided_by": writing.actor_id, "decided_at": writing.at}
    writing.batch.change(FindingRequest.id, request_id, status=status, **decided, **values)


@apply.register
def _(event: happened.PlanProposed, writing: Writing) -> None:
    writing.batch.insert(
        FindingPlan,
        finding_id=writing.case.id,
        version=event.version,
        plan=event.plan,
        proposed_by=event.person_id,
        proposed_at=writing.at,
    )


@apply.register
def _(event: happened.PlanAccepted, writing: Writing) -> None:
    _of_plan(writing, event.version, accepted=True, decided_by=event.person_id)
    _change(writing, plan_accepted_at=writing.at)


@apply.register
def _(event: happened.PlanSentBack, writing: Writing) -> None:
    _of_plan(writing, event.version, accepted=False, decided_by=event.person_id, reason=event.reason)


@apply.register
def _(event: happened.EvidenceAdded, writing: Writing) -> None:
    """The file that came with this command is the finding's."""
    writing.batch.change(FindingEvidence.id, writing.command_id, round=event.round, added_at=writing.at)


@apply.register
def _(event: happened.EvidenceDelivered, writing: Writing) -> None:
    writing.batch.insert(
        FindingRound,
        finding_id=writing.case.id,
        round=event.round,
        delivered_by=event.person_id,
        delivered_at=writing.at,
        comment=event.comment,
    )


@apply.register
def _(event: happened.EvidenceVerified, writing: Writing) -> None:
    _of_round(writing, event.round, verified_by=event.person_id, verified_at=writing.at)


@apply.register
def _(event: happened.EvidenceRefused, writing: Writing) -> None:
    refused = {"refused_by": event.person_id, "refused_at": writing.at, "refused_in": FindingTask(event.task).value}
    _of_round(writing, event.round, **refused, reason=event.reason)
    _change(writing, round=event.round + 1)


@apply.register
def _(event: happened.RemediationConfirmed, writing: Writing) -> None:
    _of_round(writing, event.round, confirmed_by=event.person_id, confirmed_at=writing.at)


@apply.register
def _(event: happened.RequestMade, writing: Writing) -> None:
    writing.batch.insert(
        FindingRequest,
        id=writing.command_id,
        finding_id=writing.case.id,
        kind=event.kind,
        until=event.until,
        reason=event.reason,
        asked_by=event.person_id,
        asked_at=writing.at,
        status=RequestStatus.WAITING,
    )


@apply.register
def _(event: happened.RequestApproved, writing: Writing) -> None:
    writing.batch.insert(
        FindingApproval, request_id=event.request_id, person_id=event.person_id, link=event.link, at=writing.at
    )


@apply.register
def _(event: happened.RequestRefused, writing: Writing) -> None:
    _of_request(writing, event.request_id, RequestStatus.REFUSED, refusal=event.reason)


@apply.register
def _(event: happened.RequestWithdrawn, writing: Writing) -> None:
    _of_request(writing, event.request_id, RequestStatus.WITHDRAWN)


@apply.register
def _(event: happened.RequestLapsed, writing: Writing) -> None:
    _of_request(writing, event.request_id, RequestStatus.LAPSED)


@apply.register
def _(event: happened.Postponed, writing: Writing) -> None:
    _of_request(writing, event.request_id, RequestStatus.GRANTED)
    _change(writing, due_on=event.due_on, postponements=FindingRow.postponements + 1)


@apply.register
def _(event: happened.RiskAccepted, writing: Writing) -> None:
    _of_request(writing, event.request_id, RequestStatus.GRANTED)


@apply.register
def _(event: happened.Reopened, writing: Writing) -> None:
    _change(writing, due_on=event.due_on)


@apply.register
def _(event: happened.CarriedOver, writing: Writing) -> None:
    _change(writing, carried_to=event.audit_id)


@apply.register
def _(_event: happened.FindingCancelled, _writing: Writing) -> None:
    """The end is an event of its own; this one says why."""


@apply.register
def _(event: happened.FindingEnded, writing: Writing) -> None:
    """The audit that follows it is told: the one that it was carried to, else its own."""
    wanted = select(FindingRow.carried_to, FindingRow.audit_id).where(FindingRow.case_id == writing.case.id)
    carried_to, audit_id = writing.session.execute(wanted).one()
    follows = carried_to or audit_id
    if follows is not None:
        body = {"finding_id": str(writing.case.id), "state": event.state.value}
        told = MachineCommand(follows, FINDING_ENDED, writing.at, str(writing.case.id), body)
        receive_from_machine(writing.session, told)
