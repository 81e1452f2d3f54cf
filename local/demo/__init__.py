"""A demo insurer that doesn't exist: staff in every role, four poles, members. Every name is invented.

`seed` loads those whom the documents speak of · `local.demo_staff` who they are · `colleagues` the rest of the house ·
`texts` what people write · `courses` what becomes of it · `plan` when · `past` played · `history` loaded, once ·
`reference` who is insured by which contract, and paid where.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.commands.calendar import fill
from db.models import DelegateRow, Member, StaffMember
from local.demo_staff import DELEGATES, STAFF, Someone, person_id

if TYPE_CHECKING:
    from faker import Faker

DEMO_PASSWORD = "embruns-2026"  # noqa: S105  (everyone's, in a house that doesn't exist)
YEARS = (2015, 2036)
MEMBERS = 500
_SEED = 20220701
_ENGLISH_EVERY = 45


@dataclass(frozen=True)
class Account:
    """Who can sign in to the demo."""

    login: str
    password: str
    title: str


def accounts(people: Iterable[Someone] = STAFF) -> list[Account]:
    """Those of these people who can sign in: everyone."""
    return [Account(person.login, DEMO_PASSWORD, person.title) for person in people]


def seed(session: Session) -> None:
    """Load calendar, staff and members; what is there already is left as it is."""
    fill(session, *YEARS)
    if session.scalar(select(StaffMember.id).limit(1)) is None:
        hire(session, STAFF)
    if session.scalar(select(Member.number).limit(1)) is None:
        session.add_all(_members())


def hire(session: Session, people: Iterable[Someone]) -> None:
    """Take these people on, each with the phone of their place in line; whoever works here already stays as is."""
    from pwdlib import PasswordHash

    known = set(session.scalars(select(StaffMember.login)))
    new = {number: one for number, one in enumerate(people) if one.login not in known}
    if not new:
        return
    _delegate(session)
    password_hash = PasswordHash.recommended().hash(DEMO_PASSWORD)
    rows = {one.login: _staff_member(one, number, password_hash) for number, one in new.items()}
    session.add_all(rows.values())
    session.flush()
    for one in new.values():
        rows[one.login].deputy_id = person_id(one.deputy) if one.deputy else None


def _delegate(session: Session) -> None:
    """The delegates come before their people."""
    known = set(session.scalars(select(DelegateRow.code)))
    session.add_all(
        DelegateRow(code=one.code, name=one.name, broker=one.broker, contracts=list(one.contracts))
        for one in DELEGATES
        if one.code not in known
    )
    session.flush()


def _staff_member(person: Someone, number: int, password_hash: str) -> StaffMember:
    return StaffMember(
        id=person_id(person.login),
        login=person.login,
        password_hash=password_hash,
        name=person.name,
        title=person.title,
        email=f"{person.login}@{_mail_domain(person)}",
        phone=f"02 61 91 00 {20 + number:02d}",
        roles=sorted(person.roles),
        pole=person.pole,
        skills=sorted(person.skills),
        delegate=person.delegate,
        active=True,
    )


def _mail_domain(person: Someone) -> str:
    houses = {one.code: one.domain for one in DELEGATES}
    return houses[person.delegate] if person.delegate else "mutuelle-des-embruns.example"


def _members() -> list[Member]:
    """Invented people, always the same."""
    from faker import Faker

    fake = Faker("fr_FR")
    fake.seed_instance(_SEED)
    return [_member(fake, number) for number in range(1, MEMBERS + 1)]


def _member(fake: "Faker", number: int) -> Member:
    woman = number % 2 == 0
    first = fake.first_name_female() if woman else fake.first_name_male()
    last = fake.last_name()
    language = "en" if number % _ENGLISH_EVERY == 0 else "fr"
    return Member(
        number=f"M{number:07d}",
        name=f"{'Mme' if woman else 'M.'} {first} {last}",
        email=f"adherent{number}@boite-postale.example" if number % 5 else None,
        address=[fake.street_address().replace("\n", " "), f"{fake.postcode()} {fake.city()}"],
        language=language,
        vip=number % 97 == 0,
        company_contact="Mme Anne Le Goff" if number % 50 == 0 else None,
    )
