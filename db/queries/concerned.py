"""Whose claims are a member of staff's own, in the database's words."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from db.models import ClaimRow, MemberIban, StaffIban

HAVE_A_SHARE: ColumnElement[bool] = or_(
    StaffIban.member_number.in_([ClaimRow.member_number, ClaimRow.beneficiary_number]),
    StaffIban.iban_hash == ClaimRow.iban_hash,
    StaffIban.iban_hash.in_(
        select(MemberIban.iban_hash).where(MemberIban.member_number == ClaimRow.member_number).correlate(ClaimRow)
    ),
)
"""A member of staff is the claim's member or beneficiary, or has an account that it is or was to be paid to."""


def concerns(person_id: UUID) -> ColumnElement[bool]:
    """Whether a member of staff is the claim's member or beneficiary, or has its account: they do not see it."""
    own = select(StaffIban.member_number).where(StaffIban.staff_id == person_id, StaffIban.member_number.is_not(None))
    accounts = select(StaffIban.iban_hash).where(StaffIban.staff_id == person_id)
    paid_there = select(MemberIban.member_number).where(MemberIban.iban_hash.in_(accounts))
    is_theirs = ClaimRow.member_number.in_(own) | ClaimRow.beneficiary_number.in_(own)
    return is_theirs | ClaimRow.iban_hash.in_(accounts) | ClaimRow.member_number.in_(paid_there)


def staff_concerned(which: ColumnElement[bool]) -> Select[UUID]:
    """The members of staff who are member or beneficiary of these claims, or have the account that they are paid to."""
    return select(StaffIban.staff_id).join(ClaimRow, HAVE_A_SHARE).where(which)
