"""What the closing report of an operation says, as the register stands; and the one that was kept at its closing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from db.models import (
    ActivityRow,
    Case,
    DailyPointRow,
    OperationDayRow,
    OperationReportRow,
    OperationRow,
    PayFileRow,
    PayValidationRow,
    SessionRow,
    SignUpRow,
)
from db.queries.backlog_decisions import decisions_of, ended_at
from db.queries.backlog_lending import handled_by_volunteers
from db.queries.backlog_lists import slips_of
from db.queries.backlog_sessions import sessions_of
from db.queries.calendar import calendar
from db.queries.deadlines_met import deadline_effect
from db.queries.delay import members_told
from db.queries.figures import days_of
from db.vault import about_operation_report, case_cipher
from domain.backlog.case import HeldSession
from domain.backlog.closing import Attendances, ClosingReport, Cost, Measured, closing_report
from domain.backlog.hours import days
from domain.backlog.numbers import rounded
from domain.backlog.report import (
    Ending,
    OperationReport,
    ReportedCost,
    ReportedDay,
    ReportedEvening,
    ReportedPeople,
    ReportedSession,
)
from domain.backlog.states import BacklogState
from domain.backlog.watch import Activity, DailyFigures, situation_of
from domain.backlog.words import EndReason, SignUpStatus
from domain.civil import local_date
from domain.policy import PolicyBook
from keys.sealing import unseal

LOOKS_BACK = timedelta(weeks=4)


@dataclass(frozen=True)
class _Subject:
    """The operation that is reported on: up to which day and instant, and how it ends where that is just decided."""

    session: Session
    case: Case
    row: OperationRow
    activity: ActivityRow
    zone: ZoneInfo
    until: date
    at: datetime
    ending: Ending | None


def kept_report(session: Session, operation_id: UUID) -> OperationReport | None:
    """The report as it was when the operation was closed; None while it is not. Raises Erased."""
    wanted = select(OperationReportRow).where(OperationReportRow.operation_id == operation_id)
    row = session.scalar(wanted.options(undefer(OperationReportRow.content)))
    if row is None:
        return None
    content = unseal(case_cipher(session, operation_id), row.content, about_operation_report(operation_id))
    return TypeAdapter(OperationReport).validate_json(content)


def operation_report(
    session: Session, case: Case, book: PolicyBook, at: datetime, ending: Ending | None = None, *, closing: bool = False
) -> OperationReport:
    """Everything that the report says at an instant. Made again of the same register, it says the same.

    Of an operation that has ended, what is told of deadlines is told as of the instant at which it did. `closing`: it
    is just being closed, its pay validated; `ending`: it ends by the same command.
    Source: procedures, section 4 step 6
    """
    one = _subject(session, case, book, at, ending)
    figures = days_of(session, one.activity, one.row.starts_on - LOOKS_BACK, one.until, one.zone.key)
    held = [each for each in sessions_of(session, case.id) if each.entered]
    lent, by_volunteers = handled_by_volunteers(session, case.id) if one.activity.procedure else (None, None)
    cost = _cost(one, len(book.version(case.policy).backlog.pay.validated_by), closing=closing)
    told = _measured(one, figures, held, cost)
    why = one.ending.why if one.ending else EndReason(one.row.end_reason) if one.row.end_reason else None
    return OperationReport(
        reference=case.reference,
        insurer=book.insurer.letterhead.name,
        activity_fr=one.activity.name_fr,
        activity_en=one.activity.name_en,
        objective=one.row.objective,
        final=closing or case.state == BacklogState.CLOSED,
        starts_on=one.row.starts_on,
        ends_on=one.row.ends_on,
        until=one.until,
        end_reason=why,
        lessons=one.ending.words if one.ending else one.row.lessons,
        standard=rounded(Fraction(one.row.standard)),
        planned_back_under_on=one.row.back_under_on,
        before=_evening(told.before),
        after=_evening(told.after),
        handled=told.handled,
        days_over=told.days_over,
        days_within=told.days_within,
        days_without_figures=told.days_without_figures,
        days=_days(one, figures),
        sessions=tuple(_session(one, each) for each in held),
        people=_people(one, held),
        cost=cost,
        effect=deadline_effect(session, one.activity.procedure, (one.row.starts_on, one.until), one.at, one.zone),
        decisions=decisions_of(session, case, book, one.ending),
        cases_lent=lent,
        cases_handled=by_volunteers,
        members_told=members_told(session, case.id) if one.activity.procedure else None,
    )


def _subject(session: Session, case: Case, book: PolicyBook, at: datetime, ending: Ending | None) -> _Subject:
    row = session.get_one(OperationRow, case.id, populate_existing=True)
    zone = ZoneInfo(book.version(case.policy).office.zone)
    until = ending.on if ending else row.ended_on or min(local_date(at, zone.key), row.ends_on)
    return _Subject(
        session,
        case,
        row,
        session.get_one(ActivityRow, row.activity),
        zone,
        until,
        at if ending else ended_at(session, case.id) or at,
        ending,
    )


def _measured(
    one: _Subject, figures: Sequence[DailyFigures], held: Sequence[HeldSession], cost: ReportedCost
) -> ClosingReport:
    known = calendar(one.session)
    return closing_report(
        Activity(one.row.standard, one.row.hours),
        figures,
        one.row.starts_on,
        [day for day in days(one.row.starts_on, one.until) if known.is_working_day(day)],
        [Attendances(each.planned.places, tuple(each.attended.values())) for each in held],
        Cost(cost.pay_cents, cost.recovery_days, cost.budget_cents),
    )


def _evening(told: Measured | None) -> ReportedEvening | None:
    if told is None:
        return None
    backlog = None if told.backlog_days is None else rounded(told.backlog_days)
    return ReportedEvening(told.on, told.stock, backlog, told.is_over)


def _days(one: _Subject, figures: Sequence[DailyFigures]) -> tuple[ReportedDay, ...]:
    """Every working day, and every other that has figures, up to the last one."""
    of_plan = select(OperationDayRow.day, OperationDayRow.stock).where(
        OperationDayRow.operation_id == one.case.id, OperationDayRow.plan_version == one.row.plan_version
    )
    planned = {row.day: row.stock for row in one.session.execute(of_plan)}
    off = select(DailyPointRow.judged_on).where(DailyPointRow.operation_id == one.case.id, DailyPointRow.off_track)
    off_track, given = set(one.session.scalars(off)), {each.on: each for each in figures}
    known = calendar(one.session)
    wanted = [day for day in days(one.row.starts_on, one.until) if known.is_working_day(day) or day in given]
    return tuple(_day(one, day, planned.get(day), given.get(day), day in off_track) for day in wanted)


def _day(one: _Subject, day: date, planned: Decimal | None, given: DailyFigures | None, off: bool) -> ReportedDay:
    plan = None if planned is None else int(rounded(Fraction(planned), 0))
    if given is None:
        return ReportedDay(day, plan, off_track=off)
    here = situation_of(Activity(one.row.standard, one.row.hours), [given], day)
    allowed = int(here.per_day * Fraction(one.row.standard))
    return ReportedDay(day, plan, given.stock, given.inflow, given.handled, allowed, off)


def _session(one: _Subject, held: HeldSession) -> ReportedSession:
    worked = [minutes for minutes in held.attended.values() if minutes]
    per_case = Fraction(str(one.row.plan["situation"]["minutes"]))
    return ReportedSession(
        number=held.number,
        day=held.day,
        hours=tuple((f"{span.starts_at:%H:%M}", f"{span.ends_at:%H:%M}") for span in held.session.spans),
        places=held.planned.places,
        signed_up=len(held.seats),
        came=len(worked),
        minutes=sum(worked),
        cases=int(sum(worked) / per_case),
    )


def _people(one: _Subject, held: Sequence[HeldSession]) -> ReportedPeople:
    wanted = (
        select(SignUpRow.person_id, SignUpRow.status)
        .join(SessionRow, SessionRow.id == SignUpRow.session_id)
        .where(SessionRow.operation_id == one.case.id)
    )
    rows = one.session.execute(wanted).all()
    seated = {person for each in held for person in each.seats}
    had = seated | {row.person_id for row in rows if row.status == SignUpStatus.SEATED}
    return ReportedPeople(
        seated=len(had),
        came=len({person for each in held for person, minutes in each.attended.items() if minutes}),
        in_vain=len({row.person_id for row in rows if row.status == SignUpStatus.WAITING} - had),
        given_back=sum(row.status == SignUpStatus.GIVEN_BACK for row in rows),
        stayed_away=sum(not minutes for each in held for minutes in each.attended.values()),
    )


def _cost(one: _Subject, validators: int, *, closing: bool) -> ReportedCost:
    newest = select(PayFileRow).where(PayFileRow.operation_id == one.case.id, PayFileRow.void_at.is_(None))
    ordered = newest.order_by(PayFileRow.version.desc()).limit(1)
    row = one.session.scalar(ordered.options(undefer(PayFileRow.slips)))
    if row is None:
        return ReportedCost(0, one.row.budget_cents, 0, 0, 0, validated=False)
    validated = select(func.count()).where(
        PayValidationRow.operation_id == one.case.id, PayValidationRow.version == row.version
    )
    return ReportedCost(
        pay_cents=row.cents,
        budget_cents=one.row.budget_cents,
        people_paid=len(row.paid),
        recovery_days=row.days,
        by_payroll_minutes=slips_of(one.session, row).by_payroll_minutes,
        validated=closing or (one.session.scalar(validated) or 0) >= validators,
    )
