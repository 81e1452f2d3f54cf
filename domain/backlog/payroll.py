"""The pay file: one line for each thing that somebody is owed, as payroll reads it; its hash is what is validated.

Source: procedures, section 4 step 5
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from io import StringIO
from uuid import UUID

from domain.backlog.pay import PayDifference, PayLine, PaySlip, Work, difference, pay_of
from domain.backlog.words import PayKind
from domain.policy.backlog import PayRules

COLUMNS = ("login", "name", "kind", "on", "minutes", "percent", "euros", "days_off", "from", "until")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is computed by a spreadsheet."""


@dataclass(frozen=True)
class Worker:
    """Somebody who has worked in the operation, and what their pay is made of."""

    person_id: UUID
    login: str
    name: str
    work: Work


@dataclass(frozen=True)
class Owed:
    """What one person is owed; `hourly_cents` is the pay of an hour of which it was made, where that is known."""

    person_id: UUID
    login: str
    name: str
    slip: PaySlip
    hourly_cents: int | None = None


@dataclass(frozen=True)
class Payroll:
    """What everybody is owed, by login."""

    owed: tuple[Owed, ...] = ()

    @property
    def people(self) -> int:
        """How many people are owed something."""
        return len(self.owed)

    @property
    def cents(self) -> int:
        """The money of all, gross."""
        return sum(one.slip.cents for one in self.owed)

    @property
    def days(self) -> int:
        """The days off of all."""
        return sum(one.slip.days for one in self.owed)

    @cached_property
    def file(self) -> bytes:
        """The file as payroll gets it: CSV in UTF-8 parted by `;`, euros with a decimal comma.

        No cell of it is a formula, whatever somebody is called.
        """
        told = StringIO()
        writer = csv.writer(told, delimiter=";", lineterminator="\r\n")
        writer.writerow(COLUMNS)
        writer.writerows(row for one in self.owed for row in _rows(one))
        return told.getvalue().encode()

    @cached_property
    def sha256(self) -> str:
        """What the validators name."""
        return sha256(self.file).hexdigest()


def payroll_of(workers: Iterable[Worker], rules: PayRules) -> Payroll:
    """What everybody who has worked is owed, by login; whoever is owed nothing is left out.

    A part-time contract is paid by rules of its own: payroll is told the minutes, and computes what they are worth.
    Source: procedures, section 4 step 5
    """
    ordered = sorted(workers, key=lambda one: one.login)
    owed = (Owed(one.person_id, one.login, one.name, _slip(one.work, rules), one.work.hourly_cents) for one in ordered)
    return Payroll(tuple(one for one in owed if one.slip.lines))


def correction(worker: Worker, session: str, minutes_before: int, rules: PayRules) -> PayDifference:
    """What it changes of somebody's pay that they worked otherwise in one session than was said before.

    Source: procedures, section 4 step 5
    """
    before = tuple(
        replace(one, minutes=minutes_before) if one.session == session else one for one in worker.work.attended
    )
    return difference(_slip(replace(worker.work, attended=before), rules), _slip(worker.work, rules))


def _slip(work: Work, rules: PayRules) -> PaySlip:
    if work.contract_minutes >= rules.overtime.above.minutes:
        return pay_of(work, rules)
    return PaySlip(
        tuple(PayLine(PayKind.BY_PAYROLL, one.on, minutes=one.minutes) for one in work.attended if one.minutes)
    )


def _rows(one: Owed) -> Iterator[list[str]]:
    for line in one.slip.lines:
        yield [
            plain(one.login),
            plain(one.name),
            line.kind,
            line.on.isoformat(),
            str(line.minutes or ""),
            str(line.percent or ""),
            euros(line.cents) if line.cents else "",
            str(line.days or ""),
            line.first.isoformat() if line.first else "",
            line.last.isoformat() if line.last else "",
        ]


def plain(cell: str) -> str:
    """The text, so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def euros(cents: int) -> str:
    """An amount as French payroll reads it: "1234,56"."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100},{abs(cents) % 100:02}"
