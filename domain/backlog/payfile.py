"""The pay file: what payroll has to pay now, as it reads it; its hash is what is validated.

What somebody is owed is computed whole, from the operation's first day on. What both validators have let go before is
payroll's already: the file is the difference to it, so that no minute is paid twice.
Source: procedures, section 4 step 5
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from io import StringIO
from uuid import UUID

from domain.backlog.leave import NamedLeave
from domain.backlog.pay import PayChange, PayLine, PaySlip
from domain.backlog.payroll import Owed, Payroll
from domain.backlog.slips import changed
from domain.backlog.words import PayKind
from domain.refusals import WrongStep

COLUMNS = (
    *("operation", "version", "depuis_version", "identifiant", "nom", "rubrique", "jour", "minutes", "taux", "euros"),
    *("jours_repos", "du", "au"),
)
"""French, small letters without accents: French payroll maps columns by their names, in whatever character set."""
_PAY_CODES: Mapping[PayKind, str] = {
    PayKind.ORDINARY: "heures_normales",
    PayKind.OVERTIME: "heures_supplementaires",
    PayKind.SATURDAY_BONUS: "prime_samedi",
    PayKind.RECOVERY_DAY: "jour_recuperation",
    PayKind.BY_PAYROLL: "a_calculer",
}
"""What a line is for, as it stands in the file. They are never renamed: payroll maps them once."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is computed by a spreadsheet."""


@dataclass(frozen=True)
class Validated:
    """The last pay file of the operation that both validators have let go: what payroll has been told in all."""

    version: int
    payroll: Payroll


@dataclass(frozen=True)
class PayFile:
    """A version of an operation's pay file: what everybody is owed in all, what payroll was told before, and which
    days it counts as paid leave."""

    reference: str
    version: int
    payroll: Payroll
    validated: Validated | None = None
    leave: NamedLeave = NamedLeave()

    @property
    def since_version(self) -> int | None:
        """The version from which on it pays; None where nothing has been paid."""
        return self.validated.version if self.validated else None

    @property
    def people(self) -> frozenset[UUID]:
        """Whom it concerns: who is owed something, and who was told to be."""
        return frozenset(one.person_id for one in (*self.payroll.owed, *self.to_pay.owed))

    @cached_property
    def to_pay(self) -> Payroll:
        """What is owed beyond what payroll was told before; below zero, what it was told too much.

        Source: procedures, section 4 step 5
        """
        if self.validated is None:
            return self.payroll
        known = {one.person_id: one for one in (*self.validated.payroll.owed, *self.payroll.owed)}
        return Payroll(
            tuple(
                _owed_more(known[told.person_id], told.difference.changes)
                for told in changed(self.validated.payroll, self.payroll)
            )
        )

    @cached_property
    def file(self) -> bytes:
        """The file as payroll gets it: CSV in UTF-8 parted by `;`, euros with a decimal comma.

        Headers and codes are French, as payroll has them. No cell of it is a formula, whatever somebody is called; a
        minus stands before numbers alone.
        Source: procedures, section 4 step 5
        """
        told = StringIO()
        writer = csv.writer(told, delimiter=";", lineterminator="\r\n")
        writer.writerow(COLUMNS)
        head = [self.reference, str(self.version), str(self.since_version or "")]
        writer.writerows(head + row for one in self.to_pay.owed for row in _rows(one))
        return told.getvalue().encode()

    @cached_property
    def sha256(self) -> str:
        """What the validators name."""
        return sha256(self.file).hexdigest()


def check_may_be_paid(validators: int, wanted: int, *, void: bool) -> None:
    """A file goes to payroll once both have let it go, and never when it is void. Raises WrongStep.

    Source: procedures, section 4 step 5
    """
    if void:
        raise WrongStep("A void pay file is never paid.", "Take the version that has replaced it.")
    if validators < wanted:
        raise WrongStep("A pay file goes to payroll once both have validated it.", "Have it validated, then fetch it.")


def _owed_more(known: Owed, changes: tuple[PayChange, ...]) -> Owed:
    return replace(known, slip=PaySlip(tuple(_line_of(change) for change in changes)))


def _line_of(change: PayChange) -> PayLine:
    """A line as it is, with the minutes, the money and the days by which it differs."""
    line = change.after or change.before
    assert line is not None, "a change has a line before it, or after"
    before = change.before.minutes if change.before else 0
    after = change.after.minutes if change.after else 0
    return replace(line, minutes=after - before, cents=change.cents, days=change.days)


def _rows(one: Owed) -> Iterator[list[str]]:
    for line in one.slip.lines:
        yield [
            plain(one.login),
            plain(one.name),
            _PAY_CODES[line.kind],
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
