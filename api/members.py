"""One member: who is covered, contracts, contributions, accounts; and an account, changed by hand."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.commands import Key, key_or_new
from api.house import TheHouse
from db.commands.administration import Act
from db.commands.command import Ask
from db.commands.reference.ibans import NewIban, change_iban
from db.models import Member, MemberIban, ReferenceChange
from db.queries.reference.members import KnownContract, KnownMember, known_member
from domain.claim.words import ChangedThrough
from domain.forms import Form
from domain.people import Actor
from domain.permissions import Action
from domain.reference.iban import Iban, last_four

router = APIRouter(tags=["reference data"])
Reader = Annotated[Actor, Depends(Allowed(Action.READ_CASES))]
Changer = Annotated[Actor, Depends(Allowed(Action.CHANGE_IBAN))]
_NOT_TOLD = {"iban_hash"}
"""What accounts are compared by is for comparing only."""


class BeneficiaryView(BaseModel):
    """Somebody who is covered: the member under their own number, or a dependant."""

    number: str = Field(examples=["M0000042"])
    name: str
    sensitive: str | None = Field(description="administrator or client_decision_maker: every claim is reinforced")


class RightsView(BaseModel):
    """Rights are open from a day until a day that is no longer one of them; null while no end is known."""

    from_on: date
    until_on: date | None


class ContributionView(BaseModel):
    """A month, named by its first day: what was due, what was paid."""

    period_on: date
    due_cents: int
    paid_cents: int


class ContractView(BaseModel):
    """A contract, its rights and its months, the earliest first."""

    number: str
    guarantee: str
    rights: list[RightsView]
    contributions: list[ContributionView]


class IbanView(BaseModel):
    """An account, by its last four characters: since when and until when it was the member's, and who changed it."""

    last_four: str
    from_at: datetime
    until_at: datetime | None
    changed_by: str | None = Field(description="login; null where nobody of the staff has")
    changed_through: ChangedThrough


class ReferenceChangeView(BaseModel):
    """Something that changed, by a file or by hand: what was there before, what after."""

    kind: str
    key: str
    at: datetime
    by: str | None = Field(description="login; null: whoever runs the programs")
    import_id: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class MemberView(BaseModel):
    """A member and all that belongs to them; the newest account and the newest change first."""

    number: str = Field(examples=["M0000042"])
    name: str
    email: str | None
    address: list[str]
    language: str
    vip: bool
    company_contact: str | None
    beneficiaries: list[BeneficiaryView]
    contracts: list[ContractView]
    ibans: list[IbanView]
    history: list[ReferenceChangeView] = Field(description="the latest 200 changes")


class IbanGiven(Form):
    """The account that a member is to be paid on from now on, and through whom that was asked."""

    iban: Iban = Field(examples=["FR76 3000 6000 0112 3456 7890 189"])
    through: ChangedThrough = Field(examples=["member"])


@router.get("/members/{number}")
def member(number: str, house: TheHouse, _actor: Reader) -> MemberView:
    """A member: beneficiaries, contracts with their rights and contributions, accounts, and what has changed."""
    with house.reading() as session:
        return _shown(session, number)


@router.post("/members/{number}/iban")
def iban(number: str, asked: IbanGiven, house: TheHouse, actor: Changer, key: Key = None) -> MemberView:
    """From now on the member is paid on this account. Whoever changes it neither controls nor releases what is paid on
    it, and nobody changes the one of their own membership.
    """
    ask = Ask("change_iban", {"member": number, **asked.model_dump(mode="json")}, key_or_new(key))
    with house.sessions.begin() as session:
        if session.get(Member, number) is None:
            raise _no_member()
        act = Act(actor, ask, house.now(), house.today())
        change_iban(session, NewIban(number, asked.iban, asked.through), act)
        return _shown(session, number)


def _no_member() -> HTTPException:
    return HTTPException(404, "No member has this number.")


def _shown(session: Session, number: str) -> MemberView:
    known = known_member(session, number)
    if known is None:
        raise _no_member()
    return _view(known)


def _view(known: KnownMember) -> MemberView:
    row = known.member
    return MemberView(
        number=row.number,
        name=row.name,
        email=row.email,
        address=row.address,
        language=row.language,
        vip=row.vip,
        company_contact=row.company_contact,
        beneficiaries=[
            BeneficiaryView(number=one.number, name=one.name, sensitive=one.sensitive) for one in known.beneficiaries
        ],
        contracts=[_contract(one) for one in known.contracts],
        ibans=[_iban(one, login) for one, login in known.ibans],
        history=[_change(one, login) for one, login in known.changes],
    )


def _contract(known: KnownContract) -> ContractView:
    return ContractView(
        number=known.contract.number,
        guarantee=known.contract.guarantee,
        rights=[RightsView(from_on=one.from_on, until_on=one.until_on) for one in known.rights],
        contributions=[
            ContributionView(period_on=one.period_on, due_cents=one.due_cents, paid_cents=one.paid_cents)
            for one in known.contributions
        ],
    )


def _iban(row: MemberIban, login: str | None) -> IbanView:
    return IbanView(
        last_four=last_four(row.iban),
        from_at=row.from_at,
        until_at=row.until_at,
        changed_by=login,
        changed_through=ChangedThrough(row.changed_through),
    )


def _change(row: ReferenceChange, login: str | None) -> ReferenceChangeView:
    return ReferenceChangeView(
        kind=row.kind,
        key=row.key,
        at=row.at,
        by=login,
        import_id=str(row.import_id) if row.import_id else None,
        before=_without_hash(row.before),
        after=_without_hash(row.after),
    )


def _without_hash(told: dict[str, Any] | None) -> dict[str, Any] | None:
    return told and {name: value for name, value in told.items() if name not in _NOT_TOLD}
