"""A register of many claims, put in by COPY: 100,000 invented members, two years of claims, nearly all paid long ago.

The past has cleared claims only, up to the threshold: the controlled ones, one in twelve, would bring their cases,
which no look-up of the intake reads. Some members ask far more often than others.
"""

import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from domain.claim.words import CareCategory, CheckName, CheckResult
from local.demo.claims_day import Insured, World, asked
from local.demo.reference import invented_iban
from local.demo_staff import person_id

MEMBERS, PROVIDERS, MONTHS = 100_000, 2_000, 12
DAYS = 730
_SEED = 20261125
_ENDED_EVERY, _UNPAID_EVERY, _CHANGED_EVERY = 40, 25, 30
_CLERK = person_id("claire.morvan")
_CHECKS = json.dumps([{"name": one, "result": CheckResult.PASS, "evidence": {"seen": True}} for one in CheckName])
Row = tuple[Any, ...]
Hasher = Callable[[str], bytes]


@dataclass(frozen=True)
class Table:
    """Rows of one table, with the names of their columns."""

    name: str
    columns: str
    rows: Iterable[Row]


def copy(url: str, tables: Iterable[Table]) -> None:
    """Put rows in without asking what they refer to: they are made to fit."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for table in tables:
            columns = sql.SQL(", ").join(map(sql.Identifier, table.columns.split()))
            into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
            with connection.cursor() as cursor, cursor.copy(into) as put:
                for row in table.rows:
                    put.write_row(row)
            connection.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table.name)))


def the_world() -> World:
    """Everybody who can ask, each with an account of their own, and who gives care."""
    insured = [Insured(_member(n), _member(n), _contract(n), invented_iban(n)) for n in range(1, MEMBERS + 1)]
    categories = tuple(CareCategory)
    by_category: dict[CareCategory, list[str]] = {one: [] for one in categories}
    for number in range(1, PROVIDERS + 1):
        by_category[categories[number % len(categories)]].append(_provider(number))
    return World(insured, by_category)


def reference_data(world: World, today: date, hasher: Hasher) -> Iterator[Table]:
    """What claims refer to, and what their checks look at."""
    numbers = range(1, MEMBERS + 1)
    begin = date(today.year - 4, 1, 1)
    yield Table(
        "members",
        "number name email address language vip",
        ((_member(n), f"M. Membre {n}", None, ["29200 Brest"], "fr", False) for n in numbers),
    )
    yield Table(
        "beneficiaries", "number member_number name", ((_member(n), _member(n), f"M. Membre {n}") for n in numbers)
    )
    yield Table("contracts", "number member_number guarantee", ((_contract(n), _member(n), "CONFORT") for n in numbers))
    yield Table(
        "contract_rights",
        "contract_number from_on until_on",
        ((_contract(n), begin, None if n % _ENDED_EVERY else today - timedelta(days=30)) for n in numbers),
    )
    yield Table(
        "contributions",
        "contract_number period_on due_cents paid_cents",
        (
            (_contract(n), _month(today, back), 4_900, 0 if back < 4 and n % _UNPAID_EVERY == 0 else 4_900)
            for n in numbers
            for back in range(MONTHS)
        ),
    )
    yield Table(
        "member_ibans",
        "id member_number iban iban_hash from_at until_at changed_by changed_through",
        (
            account
            for n, one in zip(numbers, world.insured, strict=True)
            for account in _accounts(n, one, today, hasher)
        ),
    )
    yield Table(
        "providers",
        "number name category",
        ((number, f"Cabinet {number}", category) for category, some in world.providers.items() for number in some),
    )


def claims(world: World, today: date, numbers: range, hasher: Hasher) -> Table:
    """Claims of the past, by their number in the register."""
    return Table(
        "claims",
        "id reference number content_hash member_number beneficiary_number contract_number category kind act care_on "
        "provider_number amount_cents iban iban_hash entered_by entered_at pole received_on state reasons links checks "
        "draw policy control_above_cents second_above_cents payable_cents payable_at",
        _claims(world, today, numbers, [hasher(one.iban) for one in world.insured]),
    )


def _claims(world: World, today: date, numbers: range, hashes: Sequence[bytes]) -> Iterator[Row]:
    chance = random.Random(f"{_SEED}:{numbers.start}")  # noqa: S311  (invented claims, always the same)
    for number in numbers:
        place = int(MEMBERS * chance.random() ** 1.5)
        who, care_on = world.insured[place], today - timedelta(days=chance.randrange(2, DAYS))
        received_on = min(today - timedelta(days=1), care_on + timedelta(days=chance.randrange(20)))
        at = datetime.combine(received_on, time(10), UTC)
        category, act, cents = asked(chance)
        while cents > 100_000:
            category, act, cents = asked(chance)
        yield (
            *(_ordered_id(at, number), f"PRE-{received_on.year}-{number:08d}", f"R{number:09d}"),
            *(number.to_bytes(32), who.member, who.beneficiary, who.contract, category, "reimbursement", act, care_on),
            *(chance.choice(world.providers[category]), cents, who.iban, hashes[place], _CLERK, at, "benefits"),
            *(received_on, "paid", [], 0, _CHECKS, chance.randrange(10_000), "procedure-2", 100_000, 500_000),
            *(cents, at),
        )


def _accounts(number: int, who: Insured, today: date, hasher: Hasher) -> Iterator[Row]:
    """One each; of every thirtieth the one in force is a week old."""
    begin, changed = datetime(today.year - 3, 3, 1, tzinfo=UTC), datetime.combine(today, time(), UTC) - timedelta(7)
    since = begin
    if number % _CHANGED_EVERY == 0:
        before, since = invented_iban(number + 500_000), changed
        yield UUID(int=number << 64), who.member, before, hasher(before), begin, changed, None, "member"
    yield UUID(int=number), who.member, who.iban, hasher(who.iban), since, None, None, "member"


def _month(today: date, back: int) -> date:
    months = today.year * 12 + today.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def _member(number: int) -> str:
    return f"M{number:07d}"


def _contract(number: int) -> str:
    return f"C{number:07d}"


def _provider(number: int) -> str:
    return f"99{number:07d}"


def _ordered_id(at: datetime, number: int) -> UUID:
    """An id as uuid7 gives it: in the order of time."""
    return UUID(int=int(at.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62 | number)
