"""The demo's reference data: contracts, rights, contributions, accounts, providers and guarantees of its 500 members.

All of it is invented and always the same; its days slide with the day on which it is loaded. It goes the way of every
file. Hidden in it for whoever looks: an account that two strangers share, one of a member of staff on somebody else's
contract, rights that have ended, months that nobody has paid, accounts that were changed last week.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import product
from json import dumps
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.commands.reference.imports import File, take_in
from db.models import Import, Member
from domain.claim.words import CareCategory
from domain.reference.reading import Reading
from domain.reference.words import ReferenceKind
from local.demo_staff import STAFF

Row = dict[str, Any]
MONTHS = 24
INVENTED_BANK = "99999"
"""No bank has this code."""
MONTHLY_CENTS = {"ESSENTIEL": 3_200, "CONFORT": 4_900, "PREMIUM": 7_800}
OWN_MEMBERSHIPS = {"claire.morvan": 12, "tangi.riou": 77, "gwenola.prigent": 203, "solene.guivarch": 318}
"""Of the staff, those who are members themselves."""
STAFF_IBAN_ELSEWHERE = (300, "erwan.tanguy")
"""This member is paid on the account of somebody of the staff, whose membership it is not."""
SHARED_IBAN = (140, 141)
"""These two have nothing to do with each other, and one account."""
_CHANGED_EVERY, _UNPAID_EVERY, _ENDED_EVERY, _DEPENDANTS_EVERY = 29, 23, 37, 3
_SENSITIVE = {7: "administrator", 132: "administrator", 255: "client_decision_maker", 401: "client_decision_maker"}
_SENSITIVE_DEPENDANTS = {33: "client_decision_maker", 333: "administrator"}
_ACTS: dict[CareCategory, dict[str, int]] = {
    CareCategory.OPTICAL: {"LUNETTES-SIMPLES": 18_000, "LUNETTES-COMPLEXES": 42_000, "LENTILLES": 12_000},
    CareCategory.DENTAL: {"COURONNE": 48_000, "IMPLANT": 90_000, "ORTHODONTIE": 64_000},
    CareCategory.HOSPITAL: {"SEJOUR": 320_000, "CHAMBRE-PARTICULIERE": 9_000, "HONORAIRES": 180_000},
    CareCategory.HEARING: {"APPAREIL": 140_000},
    CareCategory.ROUTINE: {"CONSULTATION": 3_500, "KINESITHERAPIE": 4_200},
    CareCategory.PHARMACY: {"VIGNETTE-30": 6_000},
    CareCategory.ALTERNATIVE: {"OSTEOPATHIE": 4_000, "ACUPUNCTURE": 3_500},
}
_PLACES = ("de la Rade", "du Port", "des Abers", "de l’Aulne", "du Ponant", "de Recouvrance")
_TRADES = {
    CareCategory.OPTICAL: "Optique",
    CareCategory.DENTAL: "Cabinet dentaire",
    CareCategory.HOSPITAL: "Clinique",
    CareCategory.HEARING: "Centre auditif",
    CareCategory.ROUTINE: "Maison médicale",
    CareCategory.PHARMACY: "Pharmacie",
    CareCategory.ALTERNATIVE: "Cabinet d’ostéopathie",
}
PROVIDERS = 40


def load(session: Session, now: datetime, zone: ZoneInfo) -> bool:
    """Load it all, once; False where reference data was imported before."""
    if session.scalar(select(Import.id).limit(1)) is not None:
        return False
    members = session.scalars(select(Member).order_by(Member.number)).all()
    for kind, rows in rows_of(members, now.astimezone(zone).date()).items():
        lines = (dumps(row).encode() + b"\n" for row in rows)
        taken = take_in(session, Reading(kind, now, zone), File(f"{kind}.jsonl", lines))
        assert taken.refused == 0
    return True


def rows_of(members: Sequence[Member], today: date) -> dict[ReferenceKind, Iterator[Row]]:
    """The lines of each file, in the order in which they go."""
    numbers = range(1, len(members) + 1)
    return {
        ReferenceKind.MEMBERS: _covered(members),
        ReferenceKind.CONTRACTS: _each(numbers, lambda n: _contract(n, today)),
        ReferenceKind.CONTRIBUTIONS: _each(numbers, lambda n: _months(n, today)),
        ReferenceKind.IBANS: _each(numbers, lambda n: _accounts(n, today)),
        ReferenceKind.PROVIDERS: _providers(),
        ReferenceKind.GUARANTEES: _guarantees(),
        ReferenceKind.STAFF: _staff(len(members)),
    }


def invented_iban(number: int) -> str:
    """A French IBAN with its right check digits, of a bank that does not exist."""
    from schwifty import IBAN

    return str(IBAN.generate("FR", bank_code=INVENTED_BANK, branch_code="00001", account_code=f"{number:011d}"))


def iban_of_staff(login: str) -> str:
    """The account of somebody of the staff."""
    return invented_iban(900_000 + [one.login for one in STAFF].index(login))


def _each(numbers: range, rows: Callable[[int], Sequence[Row]]) -> Iterator[Row]:
    return (row for number in numbers for row in rows(number))


def _member(number: int) -> str:
    return f"M{number:07d}"


def _guarantee(number: int) -> str:
    return tuple(MONTHLY_CENTS)[number % len(MONTHLY_CENTS)]


def _covered(members: Sequence[Member]) -> Iterator[Row]:
    """Whoever is sensitive, and the dependants."""
    for number, one in enumerate(members, 1):
        if number in _SENSITIVE:
            yield _whole(one) | {"sensitive": _SENSITIVE[number]}
        if number % _DEPENDANTS_EVERY == 0:
            name = f"{'M.' if number % 2 == 0 else 'Mme'} Camille {one.name.rsplit(' ', 1)[-1]}"
            sensitive = _SENSITIVE_DEPENDANTS.get(number)
            yield {"number": f"B{number:07d}", "name": name, "holder": one.number, "sensitive": sensitive}


def _whole(one: Member) -> Row:
    names = ("number", "name", "email", "address", "language", "vip", "company_contact")
    return {name: getattr(one, name) for name in names}


def _contract(number: int, today: date) -> list[Row]:
    """Rights for some years; every 37th contract's have ended."""
    ended = date(today.year, 1, 1) if number % _ENDED_EVERY == 0 else None
    return [
        {
            "number": f"C{number:07d}",
            "member_number": _member(number),
            "guarantee": _guarantee(number),
            "from_on": f"{today.year - 3}-01-01",
            "until_on": ended.isoformat() if ended else None,
        }
    ]


def _months(number: int, today: date) -> list[Row]:
    """Two years of contributions; of every 23rd contract the last four months are unpaid."""
    due = MONTHLY_CENTS[_guarantee(number)]
    unpaid = 4 if number % _UNPAID_EVERY == 0 else 0
    return [
        {
            "contract_number": f"C{number:07d}",
            "period_on": _month_before(today, back).isoformat(),
            "due_cents": due,
            "paid_cents": 0 if back < unpaid else due,
        }
        for back in reversed(range(MONTHS))
    ]


def _month_before(today: date, back: int) -> date:
    months = today.year * 12 + today.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def _accounts(number: int, today: date) -> list[Row]:
    """One account each; every 29th member's was changed last week, by a handler of memberships."""
    first = _account(number, f"{today.year - 2}-03-01")
    if number % _CHANGED_EVERY:
        return [first]
    changed = _account(number + 500_000, (today - timedelta(days=7)).isoformat())
    return [
        first,
        changed | {"member_number": _member(number), "changed_through": "staff", "changed_by": "nolwenn.salaun"},
    ]


def _account(number: int, since: str) -> Row:
    own = {member: login for login, member in OWN_MEMBERSHIPS.items()} | {
        STAFF_IBAN_ELSEWHERE[0]: STAFF_IBAN_ELSEWHERE[1]
    }
    of_staff = own.get(number)
    iban = iban_of_staff(of_staff) if of_staff else invented_iban(SHARED_IBAN[0] if number in SHARED_IBAN else number)
    return {"member_number": _member(number), "iban": iban, "changed_through": "member", "from_at": since}


def _providers() -> Iterator[Row]:
    """Forty, under numbers of a department that does not exist."""
    for number, (place, category) in zip(range(1, PROVIDERS + 1), product(_PLACES, CareCategory), strict=False):
        yield {"number": f"99{number:07d}", "name": f"{_TRADES[category]} {place}", "category": str(category)}


def _guarantees() -> Iterator[Row]:
    """The dearer the guarantee, the more it pays."""
    for share, guarantee in enumerate(MONTHLY_CENTS, 1):
        for category, acts in _ACTS.items():
            for act, ceiling in acts.items():
                told = {"guarantee": guarantee, "category": str(category), "act": act}
                yield told | {"ceiling_cents": ceiling * share // 2}


def _staff(members: int) -> Iterator[Row]:
    """Everybody's account; of those who are members, their own membership."""
    for one in STAFF:
        number = OWN_MEMBERSHIPS.get(one.login, 0)
        own = _member(number) if 0 < number <= members else None
        yield {"login": one.login, "iban": iban_of_staff(one.login), "member_number": own}
