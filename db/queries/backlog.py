"""What is known of an operation: for a decision, and for the workflow's position."""

from datetime import date, datetime
from decimal import Decimal
from functools import partial
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    ActivityRow,
    Case,
    DeadlineRow,
    ExtensionRow,
    OperationApprovalRow,
    OperationAuthorRow,
    OperationDayRow,
    OperationRow,
    PayFileRow,
    PayValidationRow,
)
from db.queries.backlog_beside import sessions_beside
from db.queries.backlog_leave import leave_of_file, leave_so_far
from db.queries.backlog_lending import dispatched_sessions, held_in
from db.queries.backlog_lists import last_validated
from db.queries.backlog_outlook import put_off_on
from db.queries.backlog_report import operation_report
from db.queries.backlog_seats import day_beside
from db.queries.backlog_sessions import last_number_of, sessions_of
from db.queries.backlog_terms import dearest_hour, prices
from db.queries.backlog_workers import workers_asked
from db.queries.delay import waiting_message
from db.queries.figures import days_of
from db.queries.lendable import waiting_cases
from db.queries.standing import (
    deadlines_open,
    open_deadlines,
    read_deadlines,
    read_task,
    spread,
    tasks_of_case,
    unsent_messages,
    watched,
)
from domain.backlog.case import BacklogPosition, OpenExtension, OpenMessage, Operation, PayVersion
from domain.backlog.plan import reinforcements_in
from domain.backlog.states import BacklogState
from domain.backlog.watch import Activity, DailyFigures
from domain.policy import PolicyBook


def operation(session: Session, case: Case, book: PolicyBook, task_id: UUID | None, at: datetime) -> Operation:
    """Everything that a decision at this instant can depend on: its open tasks, and the one the command is about even
    if closed."""
    row = session.get_one(OperationRow, case.id, populate_existing=True)
    tasks = session.execute(select(tasks_of_case()), {"case_id": case.id, "task_id": task_id}).scalar_one()
    zone = book.version(case.policy).office.zone
    validators = len(book.version(case.policy).backlog.pay.validated_by)
    procedure = session.get_one(ActivityRow, row.activity).procedure
    return Operation(
        id=case.id,
        reference=case.reference,
        state=BacklogState(case.state),
        pole=case.pole,
        activity=Activity(row.standard, row.hours),
        authors=_authors(session, row),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        plan_version=row.plan_version,
        plan_hash=row.plan_hash,
        look_up_figures=partial(_figures, session, row.activity, zone),
        look_up_validated=partial(last_validated, session, case.id, validators),
        look_up_workers=partial(workers_asked, session, case.id, zone),
        look_up_named=partial(leave_so_far, session, case.id, validators),
        look_up_leave=partial(leave_of_file, session, case.id),
        look_up_report=partial(operation_report, session, case, book, at, closing=True),
        look_up_waiting=partial(waiting_cases, session, procedure),
        look_up_held=partial(held_in, session, case.id),
        look_up_day=partial(day_beside, session, zone),
        look_up_dearest_hour=partial(dearest_hour, session, row.starts_on),
        look_up_prices=partial(prices, session, row.starts_on, book.version(case.policy).backlog.pay),
        look_up_beside=partial(sessions_beside, session, row),
        budget_cents=row.budget_cents,
        planned=_planned(session, row),
        approvals=_approvals(session, row),
        sessions=sessions_of(session, case.id),
        last_number=last_number_of(session, case.id),
        extension=_extension(session, case.id),
        put_off_on=put_off_on(session, case.id, zone),
        procedure=procedure,
        minutes_per_case=Decimal(row.plan["situation"]["minutes"]),
        reinforcements=reinforcements_in(row.plan),
        dispatched=dispatched_sessions(session, case.id) if procedure else frozenset(),
        pay=_pay(session, case.id),
        message=_message(session, case.id),
        generations=_generations(session, case.id),
        tasks=tuple(read_task(told) for told in tasks),
        deadlines=open_deadlines(session, case.id),
    )


def _figures(session: Session, activity_id: str, zone: str, first: date, last: date) -> tuple[DailyFigures, ...]:
    return tuple(days_of(session, session.get_one(ActivityRow, activity_id), first, last, zone))


def position(session: Session, case: Case, book: PolicyBook) -> BacklogPosition:
    """Where the workflow of this operation stands; it can start from here at any step."""
    row = session.execute(select(deadlines_open(), unsent_messages()), {"case_id": case.id}).one()
    return BacklogPosition(
        case_id=case.id,
        state=BacklogState(case.state),
        spread=spread(case.reference, book.version(case.policy).office),
        watched=watched(read_deadlines(row.deadlines)),
        messages=tuple(row.messages),
    )


def _planned(session: Session, row: OperationRow) -> dict[date, Decimal]:
    """The plan's stock of each day, from the evening on that it starts from."""
    begins = row.plan["situation"]
    wanted = select(OperationDayRow.day, OperationDayRow.stock).where(
        OperationDayRow.operation_id == row.case_id, OperationDayRow.plan_version == row.plan_version
    )
    planned = {one.day: one.stock for one in session.execute(wanted)}
    return {date.fromisoformat(begins["as_of"]): Decimal(begins["stock"])} | planned


def _authors(session: Session, row: OperationRow) -> frozenset[UUID]:
    """Whoever has written any version of the plan, and who proposed it: a newer one makes nobody forget."""
    wanted = select(OperationAuthorRow.person_id).where(OperationAuthorRow.operation_id == row.case_id)
    return frozenset({row.proposed_by, *session.scalars(wanted)})


def _approvals(session: Session, row: OperationRow) -> dict[int, UUID]:
    wanted = select(OperationApprovalRow.link, OperationApprovalRow.person_id).where(
        OperationApprovalRow.operation_id == row.case_id, OperationApprovalRow.plan_version == row.plan_version
    )
    return {one.link: one.person_id for one in session.execute(wanted)}


def _extension(session: Session, operation_id: UUID) -> OpenExtension | None:
    wanted = select(ExtensionRow.id, ExtensionRow.until, ExtensionRow.asked_by).where(
        ExtensionRow.operation_id == operation_id, ExtensionRow.status == "waiting"
    )
    row = session.execute(wanted).one_or_none()
    return OpenExtension(row.id, row.until, row.asked_by) if row else None


def _message(session: Session, operation_id: UUID) -> OpenMessage | None:
    row = waiting_message(session, operation_id)
    if row is None:
        return None
    return OpenMessage(row.id, row.sha256, row.more_than_days, row.promised_on, row.quiet_days, row.proposed_by)


def _pay(session: Session, operation_id: UUID) -> PayVersion | None:
    """The newest pay file, with who has validated it."""
    newest = select(PayFileRow).where(PayFileRow.operation_id == operation_id).order_by(PayFileRow.version.desc())
    row = session.scalars(newest.limit(1).execution_options(populate_existing=True)).one_or_none()
    if row is None:
        return None
    wanted = select(PayValidationRow.link, PayValidationRow.person_id).where(
        PayValidationRow.operation_id == operation_id, PayValidationRow.version == row.version
    )
    validations = {one.link: one.person_id for one in session.execute(wanted)}
    return PayVersion(
        row.version,
        row.sha256,
        row.made_by,
        frozenset(row.paid),
        validations,
        void=row.void_at is not None,
        entered_by=frozenset(row.entered_by),
        made_at=row.made_at,
    )


def _generations(session: Session, operation_id: UUID) -> dict[str, int]:
    """How many deadlines of each name there have been."""
    wanted = select(DeadlineRow.name, func.max(DeadlineRow.generation)).where(DeadlineRow.case_id == operation_id)
    return {row[0]: row[1] for row in session.execute(wanted.group_by(DeadlineRow.name))}
