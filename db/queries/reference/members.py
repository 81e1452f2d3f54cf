"""What is known of a member: who is covered, contracts, contributions, accounts, and what has changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    Beneficiary,
    Contract,
    ContractRights,
    Contribution,
    Member,
    MemberIban,
    ReferenceChange,
    StaffMember,
)

LATEST_CHANGES = 200


@dataclass(frozen=True)
class KnownContract:
    """A contract with its periods of rights and its months, the earliest first."""

    contract: Contract
    rights: Sequence[ContractRights]
    contributions: Sequence[Contribution]


@dataclass(frozen=True)
class KnownMember:
    """A member, and all that belongs to them. Beside an account or a change stands the login of whoever made it."""

    member: Member
    beneficiaries: Sequence[Beneficiary]
    contracts: Sequence[KnownContract]
    ibans: Sequence[tuple[MemberIban, str | None]]
    changes: Sequence[tuple[ReferenceChange, str | None]]


def known_member(session: Session, number: str) -> KnownMember | None:
    """All of a member; of what has changed, the latest."""
    member = session.get(Member, number)
    if member is None:
        return None
    covered = select(Beneficiary).where(Beneficiary.member_number == number)
    return KnownMember(
        member=member,
        beneficiaries=session.scalars(covered.order_by(Beneficiary.number)).all(),
        contracts=_contracts(session, number),
        ibans=_ibans(session, number),
        changes=_changes(session, number),
    )


def _contracts(session: Session, number: str) -> list[KnownContract]:
    contracts = session.scalars(
        select(Contract).where(Contract.member_number == number).order_by(Contract.number)
    ).all()
    numbers = [one.number for one in contracts]
    rights = session.scalars(
        select(ContractRights).where(ContractRights.contract_number.in_(numbers)).order_by(ContractRights.from_on)
    ).all()
    months = session.scalars(
        select(Contribution).where(Contribution.contract_number.in_(numbers)).order_by(Contribution.period_on)
    ).all()
    return [
        KnownContract(
            one,
            [right for right in rights if right.contract_number == one.number],
            [month for month in months if month.contract_number == one.number],
        )
        for one in contracts
    ]


def _ibans(session: Session, number: str) -> list[tuple[MemberIban, str | None]]:
    wanted = select(MemberIban, StaffMember.login).outerjoin(StaffMember, StaffMember.id == MemberIban.changed_by)
    rows = session.execute(wanted.where(MemberIban.member_number == number).order_by(MemberIban.from_at.desc()))
    return [(row, login) for row, login in rows]


def _changes(session: Session, number: str) -> list[tuple[ReferenceChange, str | None]]:
    wanted = select(ReferenceChange, StaffMember.login).outerjoin(StaffMember, StaffMember.id == ReferenceChange.by_id)
    of_member = wanted.where(ReferenceChange.member_number == number)
    rows = session.execute(of_member.order_by(ReferenceChange.id.desc()).limit(LATEST_CHANGES))
    return [(row, login) for row, login in rows]
