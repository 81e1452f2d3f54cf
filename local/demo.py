"""A demo insurer that doesn't exist: staff in every role, four poles, members. Every name is invented."""

from dataclasses import dataclass
from unicodedata import normalize
from uuid import NAMESPACE_URL, UUID, uuid5

from faker import Faker
from pwdlib import PasswordHash
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.commands.calendar import fill
from db.models import Member, StaffMember
from domain.roles import Role

DEMO_PASSWORD = "embruns-2026"  # noqa: S105  (everyone's, in a house that doesn't exist)
YEARS = (2015, 2036)
MEMBERS = 500
_SEED = 20220701
_HOUSE = uuid5(NAMESPACE_URL, "https://www.mutuelle-des-embruns.example")


@dataclass(frozen=True)
class Account:
    """Who can sign in to the demo."""

    login: str
    password: str
    title: str


@dataclass(frozen=True)
class Someone:
    """A member of the demo's staff; `deputy` is the login of whoever stands in for them."""

    name: str
    title: str
    roles: tuple[Role, ...]
    pole: str | None = None
    skills: tuple[str, ...] = ()
    deputy: str | None = None

    @property
    def login(self) -> str:
        """First name, dot, last name, without accents."""
        plain = normalize("NFD", self.name.partition(" ")[2].lower()).encode("ascii", "ignore").decode()
        return plain.replace(" ", ".")


HANDLER, EXPERT = (Role.HANDLER,), (Role.HANDLER, Role.EXPERT_HANDLER)
REFERENT, MANAGER = (Role.TECHNICAL_REFERENT,), (Role.POLE_MANAGER,)

STAFF = (
    Someone("Mme Claire Morvan", "Gestionnaire prestations", HANDLER, "benefits", ("english",), "yann.kerloch"),
    Someone("M. Yann Kerloch", "Gestionnaire prestations", HANDLER, "benefits", ("german",), "claire.morvan"),
    Someone(
        "Mme Soizic Le Dantec",
        "Gestionnaire experte",
        EXPERT,
        "benefits",
        ("optical", "dental", "hospital"),
        "tangi.riou",
    ),
    Someone("M. Tangi Riou", "Gestionnaire expert", EXPERT, "benefits", ("optical", "hospital"), "soizic.le.dantec"),
    Someone("Mme Nolwenn Salaün", "Gestionnaire adhésions", HANDLER, "memberships", ("spanish",), "erwan.tanguy"),
    Someone("M. Erwan Tanguy", "Gestionnaire cotisations", HANDLER, "memberships", (), "nolwenn.salaun"),
    Someone("Mme Rozenn Abgrall", "Gestionnaire support", HANDLER, "support", ("arabic",), "malo.quere"),
    Someone("M. Malo Quéré", "Gestionnaire relation adhérents", HANDLER, "member_relations", (), "rozenn.abgrall"),
    Someone("Mme Gwenola Prigent", "Référente technique prestations", REFERENT, "benefits", (), "alan.cadiou"),
    Someone("M. Alan Cadiou", "Référent technique adhésions", REFERENT, "memberships", (), "gwenola.prigent"),
    Someone("Mme Anne Le Goff", "Responsable du pôle prestations", MANAGER, "benefits", (), "gwenola.prigent"),
    Someone("M. Pierre Jaouen", "Responsable du pôle adhésions", MANAGER, "memberships", (), "alan.cadiou"),
    Someone("Mme Maud Corre", "Responsable du pôle support", MANAGER, "support", (), "herve.stephan"),
    Someone("M. Hervé Stéphan", "Responsable du pôle relation adhérent", MANAGER, "member_relations", (), "maud.corre"),
    Someone("Mme Odile Bescond", "Directrice juridique", (Role.LEGAL,), None, (), "loic.hamon"),
    Someone("M. Loïc Hamon", "Juriste", (Role.LEGAL,), None, (), "odile.bescond"),
    Someone(
        "Mme Isabelle Kermarrec",
        "Directrice des opérations clients",
        (Role.OPERATIONS_DIRECTOR, Role.TRACFIN_CORRESPONDENT, Role.PROCESS_PILOT),
        None,
        (),
        "anne.le.goff",
    ),
    Someone("M. François Le Bihan", "Directeur général", (Role.GENERAL_DIRECTOR,), None, (), "isabelle.kermarrec"),
    Someone("Mme Solène Guivarch", "Comptable", (Role.ACCOUNTING,), None, (), "ronan.postec"),
    Someone("M. Ronan Postec", "Responsable comptable", (Role.ACCOUNTING,), None, (), "solene.guivarch"),
    Someone("Mme Katell Rolland", "Contrôle interne", (Role.INTERNAL_CONTROL,)),
    Someone("M. Gildas Madec", "Auditeur", (Role.AUDITOR,)),
    Someone("Mme Enora Lagadec", "Utilisatrice chez un délégataire", (Role.DELEGATE_USER,)),
    Someone("M. Alexis Cozic", "Administrateur", (Role.ADMINISTRATOR,)),
)


def accounts() -> list[Account]:
    """Everyone who can sign in."""
    return [Account(person.login, DEMO_PASSWORD, person.title) for person in STAFF]


def person_id(login: str) -> UUID:
    """The same person has the same id on every machine."""
    return uuid5(_HOUSE, login)


def seed(session: Session) -> None:
    """Load calendar, staff and members; what is there already is left as it is."""
    fill(session, *YEARS)
    if session.scalar(select(StaffMember.id).limit(1)) is None:
        _hire(session)
    if session.scalar(select(Member.number).limit(1)) is None:
        session.add_all(_members())


def _hire(session: Session) -> None:
    password_hash = PasswordHash.recommended().hash(DEMO_PASSWORD)
    rows = {person.login: _staff_member(person, number, password_hash) for number, person in enumerate(STAFF)}
    session.add_all(rows.values())
    session.flush()
    for person in STAFF:
        rows[person.login].deputy_id = person_id(person.deputy) if person.deputy else None


def _staff_member(person: Someone, number: int, password_hash: str) -> StaffMember:
    return StaffMember(
        id=person_id(person.login),
        login=person.login,
        password_hash=password_hash,
        name=person.name,
        title=person.title,
        email=f"{person.login}@mutuelle-des-embruns.example",
        phone=f"02 61 91 00 {20 + number:02d}",
        roles=sorted(person.roles),
        pole=person.pole,
        skills=sorted(person.skills),
        active=True,
    )


def _members() -> list[Member]:
    """Invented people, always the same."""
    fake = Faker("fr_FR")
    fake.seed_instance(_SEED)
    return [_member(fake, number) for number in range(1, MEMBERS + 1)]


def _member(fake: Faker, number: int) -> Member:
    woman = number % 2 == 0
    first = fake.first_name_female() if woman else fake.first_name_male()
    last = fake.last_name()
    return Member(
        number=f"M{number:07d}",
        name=f"{'Mme' if woman else 'M.'} {first} {last}",
        email=f"adherent{number}@boite-postale.example" if number % 5 else None,
        address=[fake.street_address().replace("\n", " "), f"{fake.postcode()} {fake.city()}"],
        language="fr",
        vip=number % 97 == 0,
        company_contact="Mme Anne Le Goff" if number % 50 == 0 else None,
    )
