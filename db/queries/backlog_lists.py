"""Operations as people list and read them, with their sessions, days and pay files; sessions as volunteers see them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.orm import Session, undefer

from db.models import (
    AttendanceRow,
    Case,
    DailyPointRow,
    ExtensionRow,
    OperationApprovalRow,
    OperationRow,
    PayFileRow,
    PayValidationRow,
    SessionRow,
    SignUpRow,
    StaffMember,
)
from db.queries.paging import read_cursor, write_cursor
from db.vault import about_pay, case_cipher
from domain.backlog.payfile import Validated
from domain.backlog.payroll import Payroll
from domain.backlog.slips import read_slips
from domain.backlog.states import BacklogState
from domain.backlog.words import SignUpStatus
from keys.sealing import unseal

Rows = Sequence[Row[*tuple[Any, ...]]]


@dataclass(frozen=True)
class WantedOperations:
    """Which operations."""

    activity: str | None = None
    state: str | None = None
    cursor: str | None = None
    limit: int = 50


def _with_case() -> Select[OperationRow, Case]:
    return select(OperationRow, Case).join(Case, Case.id == OperationRow.case_id)


def listed(session: Session, wanted: WantedOperations) -> Rows:
    """Operations, the newest first; one more than the limit where more follow."""
    query = _with_case()
    for column, value in ((OperationRow.activity, wanted.activity), (OperationRow.state, wanted.state)):
        query = query.where(column == value) if value is not None else query
    if wanted.cursor is not None:
        before = tuple_(*read_cursor(wanted.cursor, datetime.fromisoformat))
        query = query.where(tuple_(OperationRow.proposed_at, OperationRow.case_id) < before)
    newest = (OperationRow.proposed_at.desc(), OperationRow.case_id.desc())
    return session.execute(query.order_by(*newest).limit(wanted.limit + 1)).all()


def next_page(rows: Rows, limit: int) -> str | None:
    """Where the next page goes on, if more follow than these."""
    last = rows[limit - 1].OperationRow if len(rows) > limit else None
    return write_cursor(last.proposed_at, last.case_id) if last is not None else None


def one(session: Session, reference: str) -> Row[*tuple[Any, ...]] | None:
    """An operation with its case."""
    return session.execute(_with_case().where(Case.reference == reference)).one_or_none()


@dataclass(frozen=True)
class Told:
    """Everything that belongs to an operation, each in its order."""

    approvals: Sequence[OperationApprovalRow]
    sessions: Sequence[SessionRow]
    sign_ups: dict[UUID, list[SignUpRow]]
    attended: dict[UUID, dict[UUID, AttendanceRow]]
    points: Sequence[DailyPointRow]
    extensions: Sequence[ExtensionRow]
    pay: Sequence[PayFileRow]
    validations: Sequence[PayValidationRow]


def told(session: Session, operation_id: UUID) -> Told:
    """Everything that belongs to it; what it pays, without the files themselves."""
    standing = select(SessionRow).where(SessionRow.operation_id == operation_id, SessionRow.dropped_at.is_(None))
    sessions = session.scalars(standing.order_by(SessionRow.day, SessionRow.number)).all()
    ids = [one.id for one in sessions]
    return Told(
        _of(session, OperationApprovalRow, operation_id, OperationApprovalRow.at),
        sessions,
        sign_ups_of(session, ids),
        _attended(session, ids),
        _of(session, DailyPointRow, operation_id, DailyPointRow.day),
        _of(session, ExtensionRow, operation_id, ExtensionRow.asked_at),
        _of(session, PayFileRow, operation_id, PayFileRow.version),
        _of(session, PayValidationRow, operation_id, PayValidationRow.version, PayValidationRow.link),
    )


def _of(session: Session, model: Any, operation_id: UUID, *by: Any) -> Sequence[Any]:
    return session.scalars(select(model).where(model.operation_id == operation_id).order_by(*by)).all()


def sign_ups_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[SignUpRow]]:
    """By session, who has a place and who waits, the earliest first."""
    wanted = select(SignUpRow).where(SignUpRow.session_id.in_(ids), SignUpRow.status != SignUpStatus.GIVEN_BACK)
    found: defaultdict[UUID, list[SignUpRow]] = defaultdict(list)
    for row in session.scalars(wanted.order_by(SignUpRow.asked_at, SignUpRow.id)):
        found[row.session_id].append(row)
    return found


def _attended(session: Session, ids: Sequence[UUID]) -> dict[UUID, dict[UUID, AttendanceRow]]:
    wanted = select(AttendanceRow).where(AttendanceRow.session_id.in_(ids)).order_by(AttendanceRow.version)
    found: defaultdict[UUID, dict[UUID, AttendanceRow]] = defaultdict(dict)
    for row in session.scalars(wanted):
        found[row.session_id][row.person_id] = row
    return found


def open_sessions(session: Session, today: date) -> Rows:
    """The sessions to come of every operation that takes volunteers, the earliest first, with their reference."""
    wanted = (
        select(SessionRow, OperationRow.activity, OperationRow.state, Case.reference, Case.policy)
        .join(OperationRow, OperationRow.case_id == SessionRow.operation_id)
        .join(Case, Case.id == OperationRow.case_id)
        .where(
            OperationRow.state.in_([one.value for one in BacklogState.taking_sign_ups()]),
            SessionRow.day >= today,
            SessionRow.dropped_at.is_(None),
        )
    )
    return session.execute(wanted.order_by(SessionRow.day, SessionRow.id).limit(500)).all()


def pay_file(session: Session, operation_id: UUID, version: int) -> PayFileRow | None:
    """A pay file with its sealed content."""
    wanted = select(PayFileRow).where(PayFileRow.operation_id == operation_id, PayFileRow.version == version)
    return session.scalar(wanted.options(undefer(PayFileRow.file), undefer(PayFileRow.slips)))


def validators_of(session: Session, row: PayFileRow) -> list[UUID]:
    """Who has let this very file go, in their order."""
    of_file = (PayValidationRow.operation_id == row.operation_id, PayValidationRow.version == row.version)
    return list(session.scalars(select(PayValidationRow.person_id).where(*of_file).order_by(PayValidationRow.link)))


def file_content(session: Session, row: PayFileRow) -> bytes:
    """The pay file as it was made, byte for byte. Raises Erased."""
    about = about_pay(row.operation_id, row.version, "file")
    return unseal(case_cipher(session, row.operation_id), row.file, about)


def slips_of(session: Session, row: PayFileRow) -> Payroll:
    """What the pay file was made of. Raises Erased."""
    about = about_pay(row.operation_id, row.version, "slips")
    return read_slips(unseal(case_cipher(session, row.operation_id), row.slips, about))


def last_validated(session: Session, operation_id: UUID, links: int) -> Validated | None:
    """The last pay file that all validators have let go: what payroll has been told in all. Raises Erased."""
    version = last_version_validated(session, operation_id, links)
    row = pay_file(session, operation_id, version) if version is not None else None
    return Validated(row.version, slips_of(session, row)) if row else None


def compared_with(session: Session, operation_id: UUID, version: int, links: int) -> PayFileRow | None:
    """What a pay file is compared with: the last one before it that all validators have let go, else the one before."""
    known = last_version_validated(session, operation_id, links, version)
    return pay_file(session, operation_id, version - 1 if known is None else known)


def last_version_validated(session: Session, operation_id: UUID, links: int, before: int = 10**9) -> int | None:
    """The last version, before another, that all validators have let go."""
    validated = (
        select(PayValidationRow.version)
        .where(PayValidationRow.operation_id == operation_id, PayValidationRow.version < before)
        .group_by(PayValidationRow.version)
        .having(func.count() >= links)
        .order_by(PayValidationRow.version.desc())
        .limit(1)
    )
    return session.scalar(validated)


def logins(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    """The logins of these people."""
    rows = session.execute(select(StaffMember.id, StaffMember.login).where(StaffMember.id.in_(ids)))
    return {row.id: row.login for row in rows}
