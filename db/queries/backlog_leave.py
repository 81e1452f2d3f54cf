"""Which days of absence the pay files of an operation count as paid leave."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import PayFileRow
from db.queries.backlog_lists import last_version_validated, pay_file
from db.vault import about_pay, case_cipher
from domain.backlog.leave import NamedLeave, PaidLeaves, together
from domain.backlog.slips import read_leave
from domain.refusals import Erased
from keys.sealing import unseal


def leave_of_file(session: Session, operation_id: UUID, version: int) -> NamedLeave | None:
    """What a version names; None where that was not kept yet. Raises Erased."""
    row = pay_file(session, operation_id, version)
    if row is None:
        return None
    return read_leave(unseal(case_cipher(session, operation_id), row.slips, about_pay(operation_id, version, "slips")))


def leave_so_far(session: Session, operation_id: UUID, links: int) -> PaidLeaves:
    """The days that the last file that all validators have let go, or the newest one, counts as paid leave.

    Source: procedures, section 4 step 5
    """
    newest = session.scalar(select(func.max(PayFileRow.version)).where(PayFileRow.operation_id == operation_id))
    versions = {last_version_validated(session, operation_id, links), newest} - {None}
    try:
        named = [leave_of_file(session, operation_id, version) for version in versions if version is not None]
    except Erased:
        return {}
    return together(*(one.days for one in named if one is not None))
