"""Pay slips as they are kept beside the pay file that was made of them: another version is compared with them.

Source: procedures, section 4 step 5
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain.backlog.leave import NamedLeave, PaidLeaves
from domain.backlog.pay import PayDifference, PayLine, PaySlip, difference
from domain.backlog.payroll import Owed, Payroll
from domain.backlog.terms import Terms
from domain.backlog.words import PayKind


@dataclass(frozen=True)
class Changed:
    """What one person is owed more or less than in an earlier pay file."""

    person_id: UUID
    login: str
    name: str
    difference: PayDifference


def write_slips(payroll: Payroll, leave: NamedLeave | None = None) -> bytes:
    """Everybody's lines, and which days were paid leave; `read_slips` and `read_leave` read them back."""
    owed = [
        {
            "person_id": str(one.person_id),
            "login": one.login,
            "name": one.name,
            "terms": [_terms(each) for each in one.terms],
            "lines": [_line(line) for line in one.slip.lines],
        }
        for one in payroll.owed
    ]
    return json.dumps({"owed": owed, "leave": _leave(leave) if leave else None}, sort_keys=True).encode()


def read_slips(kept: bytes) -> Payroll:
    """What `write_slips` wrote, now or before terms had a first day: each slip then had one pay of an hour, or none."""
    told = json.loads(kept)
    owed = told if isinstance(told, list) else told["owed"]
    return Payroll(tuple(_owed(one) for one in owed))


def read_leave(kept: bytes) -> NamedLeave | None:
    """Which days were paid leave; None where that was not kept yet."""
    told = json.loads(kept)
    leave = None if isinstance(told, list) else told["leave"]
    if leave is None:
        return None
    return NamedLeave(_days(leave["days"]), _days(leave["taken_away"]), leave["reason"])


def _leave(leave: NamedLeave) -> dict[str, Any]:
    return {"days": _written(leave.days), "taken_away": _written(leave.taken_away), "reason": leave.reason}


def _written(leaves: PaidLeaves) -> dict[str, list[str]]:
    return {login: sorted(day.isoformat() for day in days) for login, days in leaves.items()}


def _days(told: dict[str, list[str]]) -> PaidLeaves:
    return {login: frozenset(date.fromisoformat(day) for day in days) for login, days in told.items()}


def _owed(one: dict[str, Any]) -> Owed:
    lines = tuple(_read(line, one.get("hourly_cents") or 0) for line in one["lines"])
    terms = tuple(_terms_read(each) for each in one.get("terms", ()))
    return Owed(UUID(one["person_id"]), one["login"], one["name"], PaySlip(lines), terms)


def _terms(one: Terms) -> dict[str, Any]:
    from_on = one.from_on.isoformat() if one.from_on else None
    return {"from_on": from_on, "contract_minutes": one.contract_minutes, "hourly_cents": one.hourly_cents}


def _terms_read(told: dict[str, Any]) -> Terms:
    from_on = date.fromisoformat(told["from_on"]) if told["from_on"] else None
    return Terms(told["contract_minutes"], told["hourly_cents"], from_on)


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
        "hourly_cents": line.hourly_cents,
    }


def _read(told: dict[str, Any], hourly_cents: int) -> PayLine:
    """A line; of before each had its pay of an hour, with that of its slip."""
    hours = hourly_cents if told["percent"] else 0
    return PayLine(
        PayKind(told["kind"]),
        date.fromisoformat(told["on"]),
        told["minutes"],
        told["percent"],
        told["cents"],
        told["days"],
        date.fromisoformat(told["first"]) if told["first"] else None,
        date.fromisoformat(told["last"]) if told["last"] else None,
        told.get("hourly_cents", hours),
    )
