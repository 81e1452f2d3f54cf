"""Those whom benefit requests name, as the register knows them; and the claims that are there already."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, any_, bindparam, select
from sqlalchemy.orm import Session

from db.models import Beneficiary, ClaimRow, Contract, Member, Provider, StaffIban, StaffMember
from domain.claim.intake import ClaimIntake
from domain.claim.parties import Covered, Parties
from domain.claim.words import Sensitive


@dataclass(frozen=True)
class KnownClaim:
    """A claim of the register: what it says, as a hash, and the file that it came with."""

    content_hash: str
    import_id: UUID | None


def parties_to(
    session: Session, requests: Collection[ClaimIntake], poles: Collection[str], giver: str | None
) -> Parties:
    """What the register knows of everybody whom these requests name, and of whoever gives them."""
    members = select(Member.number).where(_among(Member.number, (one.member_number for one in requests)))
    providers = select(Provider.number).where(_among(Provider.number, (one.provider_number for one in requests)))
    logins = [giver, *(one.entered_by for one in requests)]
    people = select(StaffMember.login, StaffMember.id).where(_among(StaffMember.login, logins))
    return Parties(
        members=frozenset(session.scalars(members)),
        beneficiaries=_beneficiaries(session, requests),
        contracts=_contracts(session, requests),
        providers=frozenset(session.scalars(providers)),
        people={row.login: row.id for row in session.execute(people)},
        own=_own(session),
        poles=poles,
    )


def known_claims(session: Session, numbers: Iterable[str | None]) -> dict[str, KnownClaim]:
    """The claims of the register that bear one of these numbers."""
    wanted = select(ClaimRow.number, ClaimRow.content_hash, ClaimRow.import_id).where(_among(ClaimRow.number, numbers))
    return {row.number: KnownClaim(row.content_hash.hex(), row.import_id) for row in session.execute(wanted)}


def lock_beneficiaries(session: Session, requests: Iterable[ClaimIntake]) -> None:
    """They stay locked to the end, taken in one order: of two claims for the same care, the second sees the first."""
    same = _among(Beneficiary.number, (one.beneficiary_number for one in requests))
    session.execute(
        select(Beneficiary.number).where(same).order_by(Beneficiary.number).with_for_update(key_share=True)
    ).all()


def _beneficiaries(session: Session, requests: Iterable[ClaimIntake]) -> dict[str, Covered]:
    columns = (Beneficiary.number, Beneficiary.member_number, Beneficiary.sensitive)
    same = _among(Beneficiary.number, (one.beneficiary_number for one in requests))
    return {
        row.number: Covered(row.member_number, Sensitive(row.sensitive) if row.sensitive else None)
        for row in session.execute(select(*columns).where(same))
    }


def _contracts(session: Session, requests: Iterable[ClaimIntake]) -> dict[str, str]:
    same = _among(Contract.number, (one.contract_number for one in requests))
    rows = session.execute(select(Contract.number, Contract.member_number).where(same))
    return {row.number: row.member_number for row in rows}


def _own(session: Session) -> dict[str, frozenset[str]]:
    """The memberships of the staff themselves, by login."""
    wanted = select(StaffMember.login, StaffIban.member_number).join(StaffIban, StaffIban.staff_id == StaffMember.id)
    found: dict[str, set[str]] = defaultdict(set)
    for login, member in session.execute(wanted.where(StaffIban.member_number.is_not(None))):
        found[login].add(str(member))
    return {login: frozenset(members) for login, members in found.items()}


def _among(column: Any, wanted: Iterable[str | None]) -> ColumnElement[bool]:
    """One parameter, however many there are."""
    values = sorted({one for one in wanted if one is not None})
    same: ColumnElement[bool] = column == any_(bindparam(None, values, ARRAY(Text)))
    return same
