"""A day's file of claims, invented and always the same for the same seed: what an insurer's other programs would send.

Known in it: four in a hundred are above the threshold; now and then one is asked for again under another number, stands
twice, or is malformed. Who is sensitive, whose account is of the staff, whose rights have ended, the register says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from json import dumps
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Beneficiary, Contract, MemberIban, Provider
from domain.claim.words import CareCategory

Row = dict[str, Any]
ABOVE = 0.04
THRESHOLD_CENTS, MOST_CENTS = 100_000, 900_000
AGAIN_EVERY, TWICE_EVERY, MALFORMED_EVERY = 250, 400, 200
_ACTS = (
    (CareCategory.ROUTINE, "CONSULTATION", 3_000, 40),
    (CareCategory.ROUTINE, "KINESITHERAPIE", 2_200, 12),
    (CareCategory.PHARMACY, "VIGNETTE-30", 1_900, 25),
    (CareCategory.OPTICAL, "LUNETTES-SIMPLES", 14_000, 6),
    (CareCategory.OPTICAL, "LUNETTES-COMPLEXES", 32_000, 3),
    (CareCategory.DENTAL, "COURONNE", 40_000, 4),
    (CareCategory.DENTAL, "IMPLANT", 80_000, 1),
    (CareCategory.HOSPITAL, "CHAMBRE-PARTICULIERE", 8_000, 3),
    (CareCategory.HEARING, "APPAREIL", 90_000, 1),
    (CareCategory.ALTERNATIVE, "OSTEOPATHIE", 4_000, 5),
)
"""Category, act, what it usually costs, how often it is among a hundred."""
_DEAR = (
    (CareCategory.HOSPITAL, "SEJOUR"),
    (CareCategory.DENTAL, "IMPLANT"),
    (CareCategory.HEARING, "APPAREIL"),
    (CareCategory.OPTICAL, "LUNETTES-COMPLEXES"),
)
_CLERKS = ("claire.morvan", "yann.kerloch")
_MALFORMED: tuple[Row, ...] = (
    {"amount_cents": 0},
    {"amount_cents": -4_550},
    {"amount_cents": 10**9},
    {"currency": "CHF"},
    {"beneficiary_number": "B0000000"},
    {"provider_number": "000000000"},
    {"entered_by": "nobody"},
    {"care_on": "31/12/2025"},
    {"category": "veterinary"},
)


@dataclass(frozen=True)
class Insured:
    """Somebody who can ask for a benefit: through which member, under which contract, paid where."""

    beneficiary: str
    member: str
    contract: str
    iban: str


@dataclass(frozen=True)
class World:
    """Who can ask, and who gives care of each category."""

    insured: Sequence[Insured]
    providers: Mapping[CareCategory, Sequence[str]]


def world(session: Session) -> World:
    """Those whom the register knows."""
    columns = (Beneficiary.number, Beneficiary.member_number, Contract.number, MemberIban.iban)
    rows = session.execute(
        select(*columns)
        .join(Contract, Contract.member_number == Beneficiary.member_number)
        .join(MemberIban, MemberIban.member_number == Beneficiary.member_number)
        .where(MemberIban.until_at.is_(None))
        .order_by(Beneficiary.number)
    )
    insured = [Insured(*row) for row in rows.all()]
    found = session.execute(select(Provider.category, Provider.number).order_by(Provider.number)).all()
    providers = {one: [number for category, number in found if category == one] for one in CareCategory}
    return World(insured, providers)


def rows_of(world: World, today: date, count: int, seed: int = 1) -> Iterator[Row]:
    """So many lines; among as many as there are insured, everybody asks once."""
    chance = Random(f"{today}:{seed}")  # noqa: S311  (an invented day)
    everybody = chance.sample(world.insured, len(world.insured))
    earlier: Row = {}
    for place in range(1, count + 1):
        row = _row(world, everybody[place % len(everybody)], today, chance) | {"number": _number(today, seed, place)}
        if place % TWICE_EVERY == 0:
            row = earlier
        elif place % AGAIN_EVERY == 0:
            row = earlier | {"number": row["number"]}
        elif place % MALFORMED_EVERY == 0:
            row |= _MALFORMED[place // MALFORMED_EVERY % len(_MALFORMED)]
        yield row
        earlier = row if place % MALFORMED_EVERY else earlier


def jsonl(rows: Iterator[Row]) -> Iterator[bytes]:
    """The lines as JSON, one object each."""
    return (dumps(row).encode() + b"\n" for row in rows)


def _number(today: date, seed: int, place: int) -> str:
    return f"J{today:%Y%m%d}-{seed}-{place:06d}"


def _row(world: World, who: Insured, today: date, chance: Random) -> Row:
    category, act, amount = asked(chance)
    return {
        "member_number": who.member,
        "beneficiary_number": who.beneficiary,
        "contract_number": who.contract,
        "category": str(category),
        "act": act,
        "care_on": (today - timedelta(days=chance.randrange(1, 60))).isoformat(),
        "provider_number": chance.choice(world.providers[category]),
        "amount_cents": amount,
        "iban": who.iban,
        "received_on": today.isoformat(),
        "pole": "benefits",
        "entered_by": chance.choice(_CLERKS),
    }


def asked(chance: Random) -> tuple[CareCategory, str, int]:
    """What somebody asks for: category, act, euro cents; four in a hundred are above the threshold."""
    if chance.random() < ABOVE:
        category, act = chance.choice(_DEAR)
        return category, act, chance.randrange(THRESHOLD_CENTS + 1, MOST_CENTS)
    category, act, usual, _ = chance.choices(_ACTS, [often for *_, often in _ACTS])[0]
    return category, act, min(THRESHOLD_CENTS, max(100, int(usual * chance.lognormvariate(0, 0.3))))
