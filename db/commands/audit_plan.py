"""Plan an audit: the case, its reference, its own copy of the pieces, its first deadline, in one go."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.case import add_deadline
from db.commands.command import Ask, receive
from db.commands.journal import Writing, gather_line
from db.commands.keys import make_case_key
from db.models import AuditMeetingRow, AuditPieceRow, AuditRow, Case, DelegateRow
from db.queries.calendar import calendar
from domain.audit.catalogue import AskedPiece, Catalogue
from domain.audit.commands import Plan
from domain.audit.deadlines import audit_rungs, launch_deadline
from domain.audit.planning import check_launch_is_near, check_meets_at, check_meets_on, check_scope
from domain.audit.states import AuditState
from domain.audit.words import Meeting
from domain.civil import local_date
from domain.people import Actor
from domain.policy import PolicyBook
from domain.refusals import AuditedAlready, Invalid


def plan_audit(
    session: Session, plan: Plan, ask: Ask, actor: Actor, at: datetime, book: PolicyBook, catalogue: Catalogue
) -> Case:
    """Check the scope, then keep the audit with what it asks for. Raises Invalid, AuditedAlready.

    Source: procedures, section 3 step 1
    """
    version = book.in_force_on(local_date(at, book.versions[0].office.zone))
    zone = version.office.zone
    today, launch_on = local_date(at, zone), local_date(plan.launch_at, zone)
    delegate = _delegate(session, plan)
    check_scope(plan, delegate.contracts)
    asked = catalogue.asked(plan.themes, plan.pieces)
    check_meets_on(launch_on, today, calendar(session), "launch_at")
    check_launch_is_near(launch_on, today)
    check_meets_at(plan.launch_at, version, "launch_at")
    _check_first_of_the_year(session, plan.delegate, launch_on.year)
    number = session.execute(text("SELECT nextval('audit_references')")).scalar_one()
    case = Case(
        id=uuid7(),
        reference=f"AUD-{launch_on.year}-{number:06d}",
        procedure="audit",
        state=AuditState.PLANNED,
        policy=version.name,
        pole=book.insurer.poles[0].id,
        received_on=today,
        opened_at=at,
        lines=0,
    )
    command_id = ask.id or uuid7()
    writing = Writing(session, case, at, command_id, actor.id)
    deadline = launch_deadline(launch_on, today, version)
    add_deadline(writing, deadline, audit_rungs(deadline, version))
    planned = _Planned(plan, launch_on.year, asked, catalogue.version, delegate, actor, at)
    gather_line(writing, "AuditPlanned", {"reference": case.reference, **planned.facts()})
    session.add(case)
    session.flush()
    make_case_key(session, case.id)
    _keep(session, case.id, planned)
    command = receive(session, case.id, ask, actor, at)
    command.id, command.body = command_id, {}
    session.flush()
    writing.batch.write(session)
    return case


def _delegate(session: Session, plan: Plan) -> DelegateRow:
    """Locked, so that of two plans for it at once the second one sees the first. Raises Invalid."""
    delegate = session.get(DelegateRow, plan.delegate, with_for_update={"key_share": False})
    if delegate is None:
        known = ", ".join(session.scalars(select(DelegateRow.code).order_by(DelegateRow.code)))
        raise Invalid(f"There is no delegate {plan.delegate}.", f"Take one of: {known}.", field="delegate")
    return delegate


def _check_first_of_the_year(session: Session, delegate: str, year: int) -> None:
    """One audit for each delegate and year, those cancelled aside. Raises AuditedAlready. Source: Memo"""
    wanted = (
        select(Case.reference)
        .join(AuditRow, AuditRow.case_id == Case.id)
        .where(AuditRow.delegate == delegate, AuditRow.year == year, AuditRow.cancelled_at.is_(None))
    )
    known = session.scalar(wanted)
    if known is not None:
        raise AuditedAlready(
            f"{delegate} has its audit of {year}: {known}. A delegate is audited once a year.",
            "Look at that audit; or plan the next one for the year after.",
            field="launch_at",
        )


@dataclass(frozen=True)
class _Planned:
    plan: Plan
    year: int
    asked: tuple[AskedPiece, ...]
    catalogue: str
    delegate: DelegateRow
    actor: Actor
    at: datetime

    def facts(self) -> dict[str, object]:
        return {
            "delegate": self.plan.delegate,
            "year": self.year,
            "contracts": self.plan.contracts,
            "themes": self.plan.themes,
            "pieces": len(self.asked),
            "catalogue": self.catalogue,
            "conflict_of_interest": self.delegate.broker,
        }


def _keep(session: Session, case_id: UUID, planned: _Planned) -> None:
    plan = planned.plan
    session.add(
        AuditRow(
            case_id=case_id,
            delegate=plan.delegate,
            year=planned.year,
            contracts=sorted(plan.contracts),
            themes=list(plan.themes),
            conflict_of_interest=planned.delegate.broker,
            catalogue=planned.catalogue,
            planned_by=planned.actor.id,
            planned_at=planned.at,
        )
    )
    session.flush()
    session.add_all(_piece(case_id, piece) for piece in planned.asked)
    meeting = {"meeting": Meeting.LAUNCH, "at": plan.launch_at, "place": plan.place, "sequence": 0}
    session.add(AuditMeetingRow(audit_id=case_id, fixed_at=planned.at, **meeting))


def _piece(case_id: UUID, piece: AskedPiece) -> AuditPieceRow:
    return AuditPieceRow(
        audit_id=case_id,
        piece=piece.id,
        number=piece.number,
        domain=piece.domain,
        label_fr=piece.label.fr,
        label_en=piece.label.en,
        checked_for_fr=piece.checked_for.fr,
        checked_for_en=piece.checked_for.en,
        lists_people=piece.lists_people,
    )
