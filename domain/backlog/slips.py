"""Pay slips as they are kept beside the pay file that was made of them: another version is compared with them.

Source: procedures, section 4 step 5
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain.backlog.pay import PayDifference, PayLine, PaySlip, difference
from domain.backlog.payroll import Owed, Payroll
from domain.backlog.words import PayKind


@dataclass(frozen=True)
class Changed:
    """What one person is owed more or less than in an earlier pay file."""

    person_id: UUID
    login: str
    name: str
    difference: PayDifference


def write_slips(payroll: Payroll) -> bytes:
    """Everybody's lines; `read_slips` reads them back."""
    told = [
        {
            "person_id": str(one.person_id),
            "login": one.login,
            "name": one.name,
            "hourly_cents": one.hourly_cents,
            "lines": [_line(line) for line in one.slip.lines],
        }
        for one in payroll.owed
    ]
    return json.dumps(told, sort_keys=True).encode()


def read_slips(kept: bytes) -> Payroll:
    """What `write_slips` wrote."""
    return Payroll(
        tuple(
            Owed(
                UUID(one["person_id"]),
                one["login"],
                one["name"],
                PaySlip(tuple(_read(line) for line in one["lines"])),
                one.get("hourly_cents"),
            )
            for one in json.loads(kept)
        )
    )


def changed(before: Payroll, after: Payroll) -> tuple[Changed, ...]:
    """What a corrected attendance changes, person by person; whoever is owed the same is left out.

    Source: procedures, section 4 step 5
    """
    old, new = _by_person(before.owed), _by_person(after.owed)
    known = sorted({**old, **new}.values(), key=lambda one: one.login)
    found = (_changed(one, old.get(one.person_id), new.get(one.person_id)) for one in known)
    return tuple(one for one in found if one.difference.changes)


def _changed(one: Owed, before: Owed | None, after: Owed | None) -> Changed:
    return Changed(one.person_id, one.login, one.name, difference(_slip(before), _slip(after)))


def _by_person(owed: Iterable[Owed]) -> dict[UUID, Owed]:
    return {one.person_id: one for one in owed}


def _slip(one: Owed | None) -> PaySlip:
    return one.slip if one else PaySlip()


def _line(line: PayLine) -> dict[str, Any]:
    return {
        "kind": line.kind.value,
        "on": line.on.isoformat(),
        "minutes": line.minutes,
        "percent": line.percent,
        "cents": line.cents,
        "days": line.days,
        "first": line.first.isoformat() if line.first else None,
        "last": line.last.isoformat() if line.last else None,
    }


def _read(told: dict[str, Any]) -> PayLine:
    return PayLine(
        PayKind(told["kind"]),
        date.fromisoformat(told["on"]),
        told["minutes"],
        told["percent"],
        told["cents"],
        told["days"],
        date.fromisoformat(told["first"]) if told["first"] else None,
        date.fromisoformat(told["last"]) if told["last"] else None,
    )
