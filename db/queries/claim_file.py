"""What a controller needs beside a claim to decide in two minutes: rights, guarantee, account, whom the checks name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from db.models import (
    Beneficiary,
    ClaimRow,
    Contract,
    ContractRights,
    GuaranteeLine,
    Member,
    MemberIban,
    StaffIban,
)
from db.queries.claim_checks import standing_checks
from db.queries.people import names_of
from domain.policy import PolicyVersion


@dataclass(frozen=True)
class RightsThen:
    """A contract of the member's, and its period of rights on the care date; without one, they were closed."""

    contract: str
    guarantee: str
    from_on: date | None
    until_on: date | None
    ceiling_cents: int | None


@dataclass(frozen=True)
class AccountNow:
    """The account to which it would be paid today: its end, since when, changed by whom and through whom."""

    iban: str
    from_at: datetime
    changed_by: str | None
    changed_through: str
    is_the_claim_s: bool


@dataclass(frozen=True)
class ClaimFile:
    """The facts around a claim. `alike` are the claims that the checks name, `staff` the people and `others` the
    members that they name."""

    member: Member
    beneficiary: Beneficiary
    rights: Sequence[RightsThen]
    account: AccountNow | None
    alike: Mapping[str, Row[*tuple[Any, ...]]]
    staff: Mapping[str, str]
    own_numbers: Mapping[str, str]
    others: Mapping[str, str]


def claim_file(session: Session, claim: ClaimRow, version: PolicyVersion) -> ClaimFile:
    """All of it, as of now."""
    proofs = {one.name.value: dict(one.evidence) for one in standing_checks(session, claim, version)}
    staff = _staff_named(proofs)
    return ClaimFile(
        member=session.get_one(Member, claim.member_number),
        beneficiary=session.get_one(Beneficiary, claim.beneficiary_number),
        rights=_rights(session, claim),
        account=_account(session, claim),
        alike=_alike(session, proofs),
        staff={str(one): name for one, name in names_of(session, staff).items()},
        own_numbers=_own_numbers(session, staff),
        others=_names_of_members(session, proofs),
    )


def _rights(session: Session, claim: ClaimRow) -> list[RightsThen]:
    """The claim's contract, or all of the member's where it names none; with what each pays for the act at most."""
    wanted = (
        select(
            Contract.number,
            Contract.guarantee,
            ContractRights.from_on,
            ContractRights.until_on,
            GuaranteeLine.ceiling_cents,
        )
        .outerjoin(
            ContractRights,
            (ContractRights.contract_number == Contract.number)
            & (ContractRights.from_on <= claim.care_on)
            & (ContractRights.until_on.is_(None) | (ContractRights.until_on > claim.care_on)),
        )
        .outerjoin(
            GuaranteeLine,
            (GuaranteeLine.guarantee == Contract.guarantee)
            & (GuaranteeLine.category == claim.category)
            & (GuaranteeLine.act == claim.act),
        )
        .where(Contract.member_number == claim.member_number)
        .order_by(Contract.number)
    )
    if claim.contract_number is not None:
        wanted = wanted.where(Contract.number == claim.contract_number)
    return [RightsThen(*row) for row in session.execute(wanted)]


def _account(session: Session, claim: ClaimRow) -> AccountNow | None:
    in_force = (MemberIban.member_number == claim.member_number, MemberIban.until_at.is_(None))
    row = session.scalar(select(MemberIban).where(*in_force))
    if row is None:
        return None
    changed_by = names_of(session, {row.changed_by}).get(row.changed_by) if row.changed_by else None
    return AccountNow(row.iban, row.from_at, changed_by, row.changed_through, row.iban_hash == claim.iban_hash)


def _alike(session: Session, proofs: Mapping[str, Any]) -> dict[str, Row[*tuple[Any, ...]]]:
    references = [one["claim"] for one in proofs.get("duplicate", {}).get("claims", ())]
    if not references:
        return {}
    columns = (ClaimRow.reference, ClaimRow.state, ClaimRow.received_on, ClaimRow.act)
    rows = session.execute(select(*columns).where(ClaimRow.reference.in_(references)))
    return {row.reference: row for row in rows}


def _staff_named(proofs: Mapping[str, Any]) -> set[UUID]:
    """Whose account it is, and who changed it."""
    changed_by = proofs.get("iban_changed", {}).get("changed_by")
    named = {*proofs.get("staff_iban", {}).get("staff", ()), *([changed_by] if changed_by else ())}
    return {UUID(one) for one in named}


def _own_numbers(session: Session, staff: set[UUID]) -> dict[str, str]:
    """The memberships of those people: whose contract would be their own."""
    if not staff:
        return {}
    wanted = select(StaffIban.staff_id, StaffIban.member_number).where(
        StaffIban.staff_id.in_(staff), StaffIban.member_number.is_not(None)
    )
    return {str(person): number for person, number in session.execute(wanted) if number}


def _names_of_members(session: Session, proofs: Mapping[str, Any]) -> dict[str, str]:
    numbers = proofs.get("iban_shared", {}).get("members", ())
    if not numbers:
        return {}
    return dict(session.execute(select(Member.number, Member.name).where(Member.number.in_(numbers))).all())
