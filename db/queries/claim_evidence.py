"""The facts that the automatic checks look at: each an indexed look-up, however many claims there are."""

from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, func, select, union
from sqlalchemy.orm import Session

from db.models import (
    Beneficiary,
    ClaimRow,
    Contract,
    ContractRights,
    Contribution,
    MemberIban,
    StaffIban,
)
from domain.claim import checks
from domain.claim.checks import CheckedClaim, Evidence, KnownIban, OtherClaim, Rights
from domain.claim.states import ClaimState
from domain.claim.words import ChangedThrough
from domain.policy import PolicyVersion

FORGOTTEN = (ClaimState.REFUSED, ClaimState.ABANDONED)
"""Claims that nothing is paid for: none is a duplicate of them."""


def evidence(session: Session, claim: CheckedClaim, today: date, version: PolicyVersion) -> Evidence:
    """All that the checks look at, of a claim that is not in the register yet."""
    rules = version.claim.checks
    iban_members = members_paid_to(session, claim)
    return Evidence(
        on=today,
        claim=claim,
        rights=_rights(session, claim),
        others=alike(session, claim, rules.duplicate.care_within.days),
        iban_members=iban_members,
        related_members=_related_members(session, claim) if iban_members - {claim.member_number} else frozenset(),
        known_iban=_known_iban(session, claim, ZoneInfo(version.office.zone)),
        staff=_staff(session, claim),
        consumed_cents=_consumed(session, claim, today - timedelta(days=rules.contributions.consumed_within.days)),
        contributions=_contributions(session, claim, today),
    )


def alike(session: Session, claim: CheckedClaim, within_days: int) -> tuple[OtherClaim, ...]:
    """The beneficiary's other claims of the same act near the care date, by whatever way they came."""
    return tuple(OtherClaim(*row) for row in session.execute(_alike(), named(claim, within_days)))


def named(claim: CheckedClaim, within_days: int) -> dict[str, object]:
    """What the look-up of those that are alike is bound to."""
    near = timedelta(days=within_days)
    return {
        "beneficiary": claim.beneficiary_number,
        "act": claim.act,
        "from_on": claim.care_on - near,
        "until_on": claim.care_on + near,
    }


@cache
def _alike() -> Select[str, str, str, date, int]:
    """Built once, as every claim asks it; its index leads there."""
    return (
        select(ClaimRow.reference, ClaimRow.beneficiary_number, ClaimRow.act, ClaimRow.care_on, ClaimRow.amount_cents)
        .where(
            ClaimRow.beneficiary_number == bindparam("beneficiary", type_=ClaimRow.beneficiary_number.type),
            ClaimRow.act == bindparam("act", type_=ClaimRow.act.type),
            ClaimRow.care_on.between(
                bindparam("from_on", type_=ClaimRow.care_on.type), bindparam("until_on", type_=ClaimRow.care_on.type)
            ),
            ClaimRow.state.not_in(FORGOTTEN),
        )
        .order_by(ClaimRow.care_on, ClaimRow.reference)
    )


def members_paid_to(session: Session, claim: CheckedClaim) -> frozenset[str]:
    """All members whose account this is, or was asked to be."""
    iban_hash = bytes.fromhex(claim.iban_hash)
    known = select(MemberIban.member_number).where(MemberIban.iban_hash == iban_hash, MemberIban.until_at.is_(None))
    asked = select(ClaimRow.member_number).where(ClaimRow.iban_hash == iban_hash)
    return frozenset(session.scalars(union(known, asked)))


def _rights(session: Session, claim: CheckedClaim) -> tuple[Rights, ...]:
    columns = (ContractRights.contract_number, ContractRights.from_on, ContractRights.until_on)
    rows = session.execute(
        select(*columns).where(ContractRights.contract_number.in_(_contracts(claim))).order_by(*columns[:2])
    )
    return tuple(Rights(*row) for row in rows)


def _contracts(claim: CheckedClaim) -> Select[str]:
    """The claim's contract, or all of the member's where it names none."""
    wanted = select(Contract.number).where(Contract.member_number == claim.member_number)
    return wanted if claim.contract_number is None else wanted.where(Contract.number == claim.contract_number)


def _related_members(session: Session, claim: CheckedClaim) -> frozenset[str]:
    """The members for whose beneficiaries this one has claimed, and those who have claimed for this one's."""
    claimed_for = (
        select(Beneficiary.member_number)
        .join(ClaimRow, ClaimRow.beneficiary_number == Beneficiary.number)
        .where(ClaimRow.member_number == claim.member_number)
    )
    claimed_by = (
        select(ClaimRow.member_number)
        .join(Beneficiary, ClaimRow.beneficiary_number == Beneficiary.number)
        .where(Beneficiary.member_number == claim.member_number)
    )
    return frozenset(session.scalars(union(claimed_for, claimed_by)))


def _known_iban(session: Session, claim: CheckedClaim, zone: ZoneInfo) -> KnownIban | None:
    """The member's account of today: the first of all, or one that took another's place."""
    earlier = select(MemberIban.id).where(MemberIban.member_number == claim.member_number).limit(2).subquery()
    row = session.execute(
        select(MemberIban, select(func.count()).select_from(earlier).scalar_subquery()).where(
            MemberIban.member_number == claim.member_number, MemberIban.until_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    account, accounts = row
    return KnownIban(
        iban_hash=account.iban_hash.hex(),
        from_on=account.from_at.astimezone(zone).date(),
        is_first=accounts == 1,
        changed_by=account.changed_by,
        changed_through=ChangedThrough(account.changed_through),
    )


def _staff(session: Session, claim: CheckedClaim) -> tuple[checks.StaffIban, ...]:
    wanted = select(StaffIban.staff_id, StaffIban.member_number)
    rows = session.execute(wanted.where(StaffIban.iban_hash == bytes.fromhex(claim.iban_hash)))
    return tuple(checks.StaffIban(*row) for row in rows.all())


def _consumed(session: Session, claim: CheckedClaim, after: date) -> int:
    """What is paid or to be paid for the contract since a day, in euro cents."""
    wanted = select(func.coalesce(func.sum(ClaimRow.payable_cents), 0)).where(
        ClaimRow.member_number == claim.member_number, ClaimRow.care_on > after
    )
    if claim.contract_number is not None:
        wanted = wanted.where(ClaimRow.contract_number == claim.contract_number)
    return int(session.scalars(wanted).one() or 0)


def _contributions(session: Session, claim: CheckedClaim, today: date) -> tuple[checks.Contribution, ...]:
    """The months that have begun and are not paid whole."""
    columns = (Contribution.period_on, Contribution.due_cents, Contribution.paid_cents)
    rows = session.execute(
        select(*columns)
        .where(
            Contribution.contract_number.in_(_contracts(claim)),
            Contribution.period_on <= today,
            Contribution.paid_cents < Contribution.due_cents,
        )
        .order_by(Contribution.period_on)
    )
    return tuple(checks.Contribution(*row) for row in rows)
