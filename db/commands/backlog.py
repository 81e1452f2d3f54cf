"""Propose operations, and write what has happened to them."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, select, text
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.backlog_lending import return_after_session, return_all, return_no_show
from db.commands.backlog_names import check_names
from db.commands.backlog_notice import gather_dropped
from db.commands.case import add_deadline, apply
from db.commands.command import Ask, receive
from db.commands.journal import Writing, gather_line
from db.commands.keys import case_cipher, make_case_key
from db.models import (
    AttendanceRow,
    Case,
    DailyPointRow,
    ExtensionRow,
    OperationApprovalRow,
    OperationDayRow,
    OperationReportRow,
    OperationRow,
    SessionRow,
)
from db.queries.backlog_sessions import last_number_of, sessions_of
from db.queries.backlog_terms import prices
from db.queries.calendar import calendar
from db.vault import about_operation_report
from domain.backlog import events as happened
from domain.backlog.commands import PlanAsked, ProposeOperation
from domain.backlog.deadlines import approval_deadline, backlog_rungs
from domain.backlog.labour import Law
from domain.backlog.notice import CANCELLED
from domain.backlog.plan import CheckedPlan, CheckedSession, Rules, checked
from domain.backlog.report import OperationReport
from domain.backlog.states import BacklogState
from domain.civil import local_date
from domain.people import Actor
from domain.policy import PolicyBook, PolicyVersion
from keys.sealing import seal


def propose_operation(
    session: Session, asked: ProposeOperation, ask: Ask, actor: Actor, at: datetime, book: PolicyBook
) -> Case:
    """Keep an operation with its plan, as it is proposed; the directors are asked by its first command.

    Raises Invalid, AgainstLabourLaw or BeyondBudget, naming rule and remedy. Source: procedures, section 4 step 3
    """
    zone = book.versions[-1].office.zone
    today = local_date(at, zone)
    version, days = book.in_force_on(today), calendar(session)
    law, hour = Law(version.backlog.labour, zone, days), prices(session, asked.starts_on, version.backlog.pay)
    wrong = check_names(session, asked, book)
    plan = wrong.of(lambda: checked(asked, Rules(version.backlog, law, days, today, hour)))
    wrong.tell()
    assert plan is not None, "what is refused is told"
    number = session.execute(text("SELECT nextval('operation_references')")).scalar_one()
    case = Case(
        id=uuid7(),
        reference=f"OPE-{today.year}-{number:06d}",
        procedure="backlog",
        state=BacklogState.PROPOSED,
        policy=version.name,
        pole=asked.pole,
        received_on=today,
        opened_at=at,
        lines=0,
    )
    command_id = ask.id or uuid7()
    writing = Writing(session, case, at, command_id, actor.id)
    deadline = approval_deadline(today, plan.starts_on, days, version)
    add_deadline(writing, deadline, backlog_rungs(deadline, days, version, today))
    gather_line(writing, "OperationProposed", _proposed(case, asked, plan, version))
    session.add(case)
    session.flush()
    make_case_key(session, case.id)
    session.add(_row(case, asked, plan, actor, at))
    command = receive(session, case.id, replace(ask, id=command_id), actor, at)
    command.body = {}
    session.flush()
    _keep_plan(writing, 1, plan)
    writing.batch.write(session)
    return case


def _proposed(case: Case, asked: ProposeOperation, plan: CheckedPlan, version: PolicyVersion) -> dict[str, Any]:
    return {
        "reference": case.reference,
        "activity": asked.activity,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "sessions": len(plan.sessions),
        "budget_cents": asked.budget_cents,
        "back_under_on": plan.back_under_on,
        "plan_hash": plan.hash,
        "policy": version.name,
    }


def _row(case: Case, asked: ProposeOperation, plan: CheckedPlan, actor: Actor, at: datetime) -> OperationRow:
    return OperationRow(
        case_id=case.id,
        activity=asked.activity,
        objective=asked.objective,
        put_aside=list(asked.put_aside),
        proposed_by=actor.id,
        proposed_at=at,
        state=case.state,
        **_of_plan(asked, plan, 1, actor.id),
    )


def _of_plan(asked: PlanAsked, plan: CheckedPlan, version: int, planned_by: UUID) -> dict[str, Any]:
    return {
        "standard": asked.situation.standard,
        "hours": asked.situation.hours,
        "plan": asked.model_dump(mode="json", include=set(PlanAsked.model_fields)),
        "plan_version": version,
        "plan_hash": plan.hash,
        "back_under_on": plan.back_under_on,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "budget_cents": asked.budget_cents,
        "planned_by": planned_by,
    }


def _keep_plan(writing: Writing, version: int, plan: CheckedPlan) -> None:
    _keep_days(writing, version, plan.planned)
    _keep_sessions(writing, plan.sessions)


def _keep_days(writing: Writing, version: int, planned: tuple[tuple[date, Decimal], ...]) -> None:
    for day, stock in planned:
        writing.batch.insert(OperationDayRow, operation_id=writing.case.id, plan_version=version, day=day, stock=stock)


def _keep_sessions(writing: Writing, sessions: tuple[CheckedSession, ...]) -> None:
    """New sessions, numbered on from those that there were."""
    before = last_number_of(writing.session, writing.case.id)
    for number, one in enumerate(sorted(sessions, key=lambda one: one.session.day), before + 1):
        writing.batch.insert(
            SessionRow,
            id=uuid7(),
            operation_id=writing.case.id,
            number=number,
            day=one.session.day,
            spans=[
                {"starts_at": span.starts_at.isoformat("minutes"), "ends_at": span.ends_at.isoformat("minutes")}
                for span in one.session.spans
            ],
            minutes=one.minutes,
            places=one.asked.places,
            no_show=one.asked.no_show,
            skill=one.asked.skill,
            added_at=writing.at,
        )


def _change(writing: Writing, **values: Any) -> None:
    writing.batch.change(OperationRow.case_id, writing.case.id, **values)


def _drop_sessions(writing: Writing, *which: ColumnElement[bool]) -> None:
    """Those that were not dropped yet, or those of them that are meant, take nobody any more."""
    writing.batch.change(SessionRow.operation_id, writing.case.id, *_STANDING, *which, dropped_at=writing.at)


_STANDING = (SessionRow.dropped_at.is_(None), SessionRow.entered_at.is_(None))
"""Sessions that are neither dropped nor held."""


@apply.register
def _(_event: happened.VolunteersTold, _writing: Writing) -> None:
    """The messages are written with what they tell of; now the run sees them."""


@apply.register
def _(event: happened.PlanChanged, writing: Writing) -> None:
    _drop_sessions(writing)
    _change(writing, **_of_plan(event.asked, event.plan, event.version, event.person_id))
    _keep_plan(writing, event.version, event.plan)


@apply.register
def _(event: happened.OperationApproved, writing: Writing) -> None:
    writing.batch.insert(
        OperationApprovalRow,
        operation_id=writing.case.id,
        plan_version=event.version,
        person_id=event.person_id,
        link=event.link,
        plan_hash=event.plan_hash,
        at=writing.at,
    )


@apply.register
def _(_event: happened.OperationRefused, _writing: Writing) -> None:
    """The end is an event of its own; this one says why."""


@apply.register
def _(_event: happened.OperationCancelled, writing: Writing) -> None:
    _drop_sessions(writing)
    gather_dropped(writing, CANCELLED, *_STANDING)


@apply.register
def _(event: happened.SessionsAdded, writing: Writing) -> None:
    _keep_sessions(writing, event.sessions)


@apply.register
def _(event: happened.AttendanceEntered, writing: Writing) -> None:
    writing.batch.change(SessionRow.id, event.session_id, entered_at=writing.at, entered_by=event.person_id)
    for person_id, minutes in event.minutes:
        _attend(writing, event.session_id, person_id, 1, minutes, None, event.person_id)
    return_after_session(writing, event)


@apply.register
def _(event: happened.AttendanceCorrected, writing: Writing) -> None:
    _attend(writing, event.session_id, event.volunteer_id, event.version, event.minutes, event.reason, event.person_id)
    if not event.minutes:
        return_no_show(writing, event.session_id, [event.volunteer_id])


def _attend(
    writing: Writing, session_id: UUID, person_id: UUID, version: int, minutes: int, reason: str | None, by_id: UUID
) -> None:
    writing.batch.insert(
        AttendanceRow,
        session_id=session_id,
        person_id=person_id,
        version=version,
        minutes=minutes,
        reason=reason,
        entered_by=by_id,
        entered_at=writing.at,
    )


@apply.register
def _(event: happened.DailyPointTaken, writing: Writing) -> None:
    writing.batch.insert(
        DailyPointRow,
        operation_id=writing.case.id,
        day=event.on,
        judged_on=event.judged_on,
        stock=event.stock,
        planned=event.planned,
        back_under_on=event.back_under_on,
        off_track=event.off_track,
        under_standard=event.under_standard,
        at=writing.at,
    )


@apply.register
def _(_event: happened.WentOn, _writing: Writing) -> None:
    """The task that was done says when; this one says why."""


@apply.register
def _(event: happened.ExtensionRequested, writing: Writing) -> None:
    writing.batch.insert(
        ExtensionRow,
        id=writing.command_id,
        operation_id=writing.case.id,
        from_on=event.from_on,
        until=event.until,
        reason=event.reason,
        asked_by=event.person_id,
        asked_at=writing.at,
        status="waiting",
    )


def _decide_extension(writing: Writing, request_id: UUID, status: str, **values: Any) -> None:
    decided = {"decided_by": writing.actor_id, "decided_at": writing.at}
    writing.batch.change(ExtensionRow.id, request_id, status=status, **decided, **values)


@apply.register
def _(event: happened.Extended, writing: Writing) -> None:
    _decide_extension(writing, event.request_id, "granted")
    _change(writing, ends_on=event.ends_on)
    wanted = select(OperationRow.plan_version).where(OperationRow.case_id == writing.case.id)
    _keep_days(writing, writing.session.scalars(wanted).one(), event.planned)


@apply.register
def _(event: happened.ExtensionRefused, writing: Writing) -> None:
    _decide_extension(writing, event.request_id, "refused", refusal=event.reason)


@apply.register
def _(event: happened.ExtensionLapsed, writing: Writing) -> None:
    _decide_extension(writing, event.request_id, "lapsed")


@apply.register
def _(event: happened.OperationEnded, writing: Writing) -> None:
    return_all(writing)
    assert writing.book is not None  # whatever is decided is decided by a policy
    zone = writing.book.version(writing.case.policy).office.zone
    known = sessions_of(writing.session, writing.case.id)
    to_come = SessionRow.id.in_([one.id for one in known if not one.has_begun(writing.at, zone)])
    _drop_sessions(writing, to_come)
    gather_dropped(writing, event.why.value, *_STANDING, to_come)
    ended = {"ended_on": event.on, "end_reason": event.why.value, "ended_by": event.person_id, "lessons": event.words}
    _change(writing, **ended)


@apply.register
def _(event: happened.ReportKept, writing: Writing) -> None:
    content, cipher = (
        TypeAdapter(OperationReport).dump_json(event.report),
        case_cipher(writing.session, writing.case.id),
    )
    writing.batch.insert(
        OperationReportRow,
        operation_id=writing.case.id,
        content_hash=event.report.hash_without_cost,
        content=seal(cipher, content, about_operation_report(writing.case.id)),
        made_at=writing.at,
    )
