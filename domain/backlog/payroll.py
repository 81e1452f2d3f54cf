"""What everybody is owed for an operation in all, from its first day on: a slip each, by login.

Source: procedures, section 4 step 5
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from domain.backlog.pay import (
    Attended,
    PayDifference,
    PayLine,
    PaySlip,
    Work,
    difference,
    is_full_time,
    of_saturdays,
    of_weeks,
)
from domain.backlog.terms import Terms, held_on, in_order
from domain.backlog.words import PayKind
from domain.policy.backlog import PayRules


@dataclass(frozen=True)
class Worker:
    """Somebody who has worked in the operation, and what their pay is made of; `entered_by` are those who have entered
    it: the terms that held in these weeks, the minutes worked."""

    person_id: UUID
    login: str
    name: str
    work: Work
    entered_by: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Owed:
    """What one person is owed; `terms` are those by which it was made, without the usual week, where they are known."""

    person_id: UUID
    login: str
    name: str
    slip: PaySlip
    terms: tuple[Terms, ...] = ()


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

    @property
    def by_payroll_minutes(self) -> int:
        """The minutes of all that payroll computes: what they cost is not in the money."""
        lines = (line for one in self.owed for line in one.slip.lines)
        return sum(line.minutes for line in lines if line.kind is PayKind.BY_PAYROLL)


def payroll_of(workers: Iterable[Worker], rules: PayRules) -> Payroll:
    """What everybody who has worked is owed, by login; whoever is owed nothing is left out.

    A part-time contract is paid by rules of its own: payroll is told the minutes, and computes what they are worth.
    Its Saturdays earn what everybody's do.
    Source: procedures, section 4 step 5
    """
    ordered = sorted(workers, key=lambda one: one.login)
    owed = (Owed(one.person_id, one.login, one.name, _slip(one.work, rules), _terms(one.work)) for one in ordered)
    return Payroll(tuple(one for one in owed if one.slip.lines))


def correction(worker: Worker, session: str, minutes_before: int, rules: PayRules) -> PayDifference:
    """What it changes of somebody's pay that they worked otherwise in one session than was said before.

    Source: procedures, section 4 step 5
    """
    before = tuple(
        replace(one, minutes=minutes_before) if one.session == session else one for one in worker.work.attended
    )
    return difference(_slip(replace(worker.work, attended=before), rules), _slip(worker.work, rules))


def _terms(work: Work) -> tuple[Terms, ...]:
    """Those by which the sessions of this work are paid, as they are told: without the usual week."""
    used = {held.from_on: held for held in (held_on(work.terms, one.on) for one in work.attended if one.minutes)}
    return in_order(replace(one, timetable={}) for one in used.values())


def _slip(work: Work, rules: PayRules) -> PaySlip:
    """Each session by the contract of its day: overtime where that was full-time, else payroll's to compute.

    What payroll computes has its place in the week all the same. Source: procedures, section 4 step 5
    """
    part = tuple(one for one in work.attended if not is_full_time(one, work, rules))
    full = tuple(one for one in work.attended if is_full_time(one, work, rules))
    overtime = of_weeks(replace(work, attended=full, elsewhere=(*work.elsewhere, *part)), rules)
    return PaySlip((*overtime, *_by_payroll(part), *of_saturdays(work, rules, rules.saturdays)))


def _by_payroll(attended: Iterable[Attended]) -> Iterator[PayLine]:
    """Day by day, the minutes that a part-time contract has payroll compute."""
    by_day: dict[date, int] = {}
    for one in attended:
        by_day[one.on] = by_day.get(one.on, 0) + one.minutes
    return (PayLine(PayKind.BY_PAYROLL, on, minutes=by_day[on]) for on in sorted(by_day) if by_day[on])
