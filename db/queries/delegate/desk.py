"""The delegate's desk: the tasks of its people, their cases' dates, and who they are."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, all_, cast, exists, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.models import AuditRow, Case, DeadlineRow, DelegateRow, FindingRow, StaffMember, TaskRow
from db.queries.tasks import NEVER
from domain.audit.words import AuditTask
from domain.finding.words import FindingTask
from domain.people import Actor

MOST = 500
"""So many tasks are listed at most: more than a delegate's people have."""

_TASK = (
    TaskRow.id,
    TaskRow.case_id,
    TaskRow.kind,
    TaskRow.offered_to,
    TaskRow.excluded,
    TaskRow.due_at,
    TaskRow.opened_at,
    TaskRow.detail,
    TaskRow.claimed_by,
    TaskRow.closed_at,
    Case.reference,
    Case.procedure,
)
_DEADLINE = (
    DeadlineRow.name,
    DeadlineRow.generation,
    DeadlineRow.due_on,
    DeadlineRow.due_at,
    DeadlineRow.zone,
    DeadlineRow.unit,
    DeadlineRow.count,
    DeadlineRow.starts_on,
    DeadlineRow.source,
    DeadlineRow.explanation,
    DeadlineRow.met_at,
    DeadlineRow.cancelled_at,
)


def inbox(session: Session, actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """The open tasks that somebody of a delegate may do, the earliest due first."""
    wanted = _tasks().where(TaskRow.closed_at.is_(None), *_offered_to(actor))
    return session.execute(wanted.order_by(func.coalesce(TaskRow.due_at, NEVER), TaskRow.id).limit(MOST)).all()


def tasks_on(session: Session, case_id: UUID, actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """The same, on one case."""
    wanted = _tasks().where(TaskRow.case_id == case_id, TaskRow.closed_at.is_(None), *_offered_to(actor))
    return session.execute(wanted.order_by(TaskRow.id)).all()


def task(session: Session, task_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """A task of the delegate's, open or not; None where there is none of theirs."""
    return session.execute(_tasks().where(TaskRow.id == task_id)).one_or_none()


def case_of(session: Session, reference: str, procedure: str) -> Row[*tuple[Any, ...]] | None:
    """The delegate's case with this reference: id, reference, state."""
    wanted = select(Case.id, Case.reference, Case.state).where(Case.reference == reference)
    return session.execute(wanted.where(Case.procedure == procedure)).one_or_none()


def deadlines(session: Session, case_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """The dates of a case that concern the delegate, the earliest first."""
    wanted = select(*_DEADLINE).where(DeadlineRow.case_id == case_id)
    return session.execute(wanted.order_by(DeadlineRow.due_at, DeadlineRow.name)).all()


def next_dates(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """What is still to come on all the delegate's cases, the earliest first: name, day, instant, reference."""
    wanted = select(DeadlineRow.name, DeadlineRow.due_on, DeadlineRow.due_at, Case.reference, Case.procedure)
    is_open = (DeadlineRow.met_at.is_(None), DeadlineRow.cancelled_at.is_(None))
    ordered = wanted.join(Case, Case.id == DeadlineRow.case_id).where(*is_open).order_by(DeadlineRow.due_at)
    return session.execute(ordered.order_by(Case.reference, DeadlineRow.name).limit(MOST)).all()


def delegate_s(session: Session, code: str) -> Row[*tuple[Any, ...]]:
    """A delegate: its code, its name, the contracts that it manages."""
    wanted = select(DelegateRow.code, DelegateRow.name, DelegateRow.contracts)
    return session.execute(wanted.where(DelegateRow.code == code)).one()


def account(session: Session, person_id: UUID) -> Row[*tuple[Any, ...]]:
    """Somebody's own account: login, name, title, where they are reached."""
    me = (StaffMember.login, StaffMember.name, StaffMember.title, StaffMember.email, StaffMember.phone)
    return session.execute(select(*me, StaffMember.deputy_id).where(StaffMember.id == person_id)).one()


def is_asked(case_id: ColumnElement[Any] | InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Whether something is asked of the delegate on a case: a task of one of its people's is open."""
    mine = TaskRow.kind.in_((*FindingTask.of_delegate(), *AuditTask.of_delegate()))
    return exists(TaskRow.id).where(TaskRow.case_id == case_id, TaskRow.closed_at.is_(None), mine)


def state_of(session: Session, case_id: UUID) -> str:
    """Where a case of the delegate's stands."""
    return session.execute(select(Case.state).where(Case.id == case_id)).scalar_one()


def _tasks() -> Select[*tuple[Any, ...]]:
    about = func.coalesce(FindingRow.subject, cast(AuditRow.year, TEXT)).label("subject")
    return (
        select(*_TASK, about)
        .join(Case, Case.id == TaskRow.case_id)
        .join(FindingRow, FindingRow.case_id == Case.id, isouter=True)
        .join(AuditRow, AuditRow.case_id == Case.id, isouter=True)
    )


def _offered_to(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """`domain.tasks.may_do`, in the database's words."""
    hats: ColumnElement[Any] = cast(sorted(actor.hats), ARRAY(TEXT))
    return (TaskRow.offered_to.op("&&")(hats), literal(actor.id) != all_(TaskRow.excluded))
