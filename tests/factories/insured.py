"""The insured, straight into the register: contracts with their rights, accounts, providers, the staff's own."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.keys import iban_hasher
from db.models import Beneficiary, Contract, ContractRights, Contribution, Member, MemberIban, Provider, StaffIban
from domain.claim.words import CareCategory
from local.demo_staff import person_id
from tests.factories.reference import an_iban

LONG_AGO = datetime(2021, 1, 4, tzinfo=UTC)
SINCE = date(2021, 1, 4)
PROVIDERS = {category: f"99{number:07d}" for number, category in enumerate(CareCategory, 1)}
"""One provider for each category."""


@dataclass(frozen=True)
class Insured:
    """A member with a contract and an account."""

    member: str
    contract: str
    iban: str


def provide(session: Session) -> None:
    """Somebody gives care of every category."""
    for category, number in PROVIDERS.items():
        session.merge(Provider(number=number, name=f"Cabinet {category}", category=category))
    session.flush()


def insure(session: Session, number: int, *, iban: int | None = None, since: date = SINCE) -> Insured:
    """Member number so-and-so of the demo is insured since long ago, and paid on an account of their own."""
    insured = Insured(f"M{number:07d}", f"C{number:07d}", an_iban(number if iban is None else iban))
    session.add(Contract(number=insured.contract, member_number=insured.member, guarantee="CONFORT"))
    session.flush()
    session.add(ContractRights(contract_number=insured.contract, from_on=since, until_on=None))
    pay_to(session, insured.member, insured.iban, LONG_AGO)
    return insured


def pay_to(session: Session, member: str, iban: str, since: datetime, changed_by: str | None = None) -> None:
    """From then on the member is paid on this account; somebody of the staff may have changed it."""
    session.flush()
    for earlier in session.scalars(
        select(MemberIban).where(MemberIban.member_number == member, MemberIban.until_at.is_(None))
    ):
        earlier.until_at = since
    session.flush()
    session.add(
        MemberIban(
            id=uuid7(),
            member_number=member,
            iban=iban,
            iban_hash=iban_hasher(session)(iban),
            from_at=since,
            changed_by=person_id(changed_by) if changed_by else None,
            changed_through="staff" if changed_by else "member",
        )
    )
    session.flush()


def owes(session: Session, insured: Insured, month: date, cents: int) -> None:
    """A month of the contract that nobody has paid."""
    session.add(Contribution(contract_number=insured.contract, period_on=month, due_cents=cents, paid_cents=0))


def employs(session: Session, login: str, iban: str, member: str | None = None) -> UUID:
    """Somebody of the staff has this account, and may be a member themselves."""
    hashed = iban_hasher(session)(iban)
    session.add(StaffIban(staff_id=person_id(login), iban_hash=hashed, member_number=member))
    session.flush()
    return person_id(login)


def covers(session: Session, member: str, number: str, sensitive: str | None = None) -> str:
    """The member has a dependant."""
    name = session.get_one(Member, member).name
    session.add(Beneficiary(number=number, member_number=member, name=f"Camille {name}", sensitive=sensitive))
    session.flush()
    return number
