"""Whose claims are a member of staff's own, in the database's words."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from db.models import ClaimRow, StaffIban


def concerns(person_id: UUID) -> ColumnElement[bool]:
    """Whether a member of staff is the claim's member or beneficiary: they do not see it."""
    own = select(StaffIban.member_number).where(StaffIban.staff_id == person_id, StaffIban.member_number.is_not(None))
    return ClaimRow.member_number.in_(own) | ClaimRow.beneficiary_number.in_(own)


def staff_concerned(which: ColumnElement[bool]) -> Select[UUID]:
    """The members of staff who are member or beneficiary of these claims."""
    theirs = StaffIban.member_number.in_([ClaimRow.member_number, ClaimRow.beneficiary_number])
    return select(StaffIban.staff_id).join(ClaimRow, theirs).where(which)
