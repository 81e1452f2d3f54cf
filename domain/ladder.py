"""The ladder: which reminders a deadline has, when each leaves, and whom it addresses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Self
from zoneinfo import ZoneInfo

from domain.calendar import Calendar
from domain.deadlines import Deadline
from domain.policy import DeadlineName, PolicyVersion, RungAddressee, RungMoment, RungRule


@dataclass(frozen=True)
class Rung:
    """One message: the rungs that it stands for, its instant, its addressees and those in copy.

    `names` are the policy's, in the ladder's order; more than one where rungs fell on one day. `at_once` is the
    message of the due instant; the others join the morning's digest.
    """

    names: tuple[str, ...]
    fires_at: datetime
    to: tuple[RungAddressee, ...]
    copies: tuple[RungAddressee, ...] = ()
    at_once: bool = False

    @property
    def fires_on(self) -> date:
        """The local day on which it leaves."""
        return self.fires_at.date()

    def as_json(self) -> dict[str, Any]:
        """What is stored beside a deadline; `from_json` reads it back."""
        return {
            "names": list(self.names),
            "fires_at": self.fires_at.isoformat(),
            "to": list(self.to),
            "copies": list(self.copies),
            "at_once": self.at_once,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        return cls(
            names=tuple(row["names"]),
            fires_at=datetime.fromisoformat(row["fires_at"]),
            to=tuple(RungAddressee(who) for who in row["to"]),
            copies=tuple(RungAddressee(who) for who in row["copies"]),
            at_once=row["at_once"],
        )


def rungs(
    deadline: Deadline, calendar: Calendar, version: PolicyVersion, known_on: date | None = None
) -> tuple[Rung, ...]:
    """Half of the working days, the day before, the due instant, the day after: the reminders in their order.

    `known_on` is the day on which the insurer learned of the case (by default, the day that the deadline counts
    from): a rung that this day has overtaken is not lost but waits for the first working morning after it. Rungs of
    one day merge into one message to the highest addressee, the others in copy. Empty where no ladder runs.
    Source: procedures, the ladder; the policy file.
    """
    known = known_on or deadline.starts_on
    rules = version.complaint.ladder.rungs_of(DeadlineName(deadline.name))
    return merged(_single(rule, deadline, calendar, version, known) for rule in rules)


def merged(single: Iterable[Rung]) -> tuple[Rung, ...]:
    """Rungs in the order in which they fire; those of one day are one message to the highest addressee."""
    by_day = groupby(sorted(single, key=lambda rung: rung.fires_at), key=lambda rung: rung.fires_on)
    return tuple(_merge(list(same_day)) for _, same_day in by_day)


def _single(rule: RungRule, deadline: Deadline, calendar: Calendar, version: PolicyVersion, known_on: date) -> Rung:
    at_once = rule.at is RungMoment.DUE_INSTANT and deadline.due_on >= known_on
    day = _not_overtaken(_day(rule, deadline, calendar), known_on, calendar)
    morning = datetime.combine(day, version.complaint.ladder.fires_at.at, tzinfo=ZoneInfo(version.office.zone))
    return Rung((rule.name,), deadline.due_at if at_once else morning, rule.to, at_once=at_once)


def _day(rule: RungRule, deadline: Deadline, calendar: Calendar) -> date:
    if rule.at is RungMoment.DUE_INSTANT:
        return deadline.due_on
    if rule.at is RungMoment.HALF_WAY:
        return calendar.half_of_working_days(deadline.starts_on, deadline.due_on)
    return calendar.add_working_days(deadline.due_on, rule.at)


def _not_overtaken(day: date, known_on: date, calendar: Calendar) -> date:
    return day if day > known_on else calendar.next_working_day(known_on)


def overdue(planned: Iterable[Rung], fired_until: datetime | None, at: datetime) -> Rung | None:
    """The one message that is due at an instant: what an outage has piled up merges as rungs of one day do.

    `fired_until` is the instant of the last rung that has fired. None when nothing is due.
    """
    due = [rung for rung in planned if rung.fires_at <= at and (fired_until is None or rung.fires_at > fired_until)]
    return _merge(due) if due else None


def next_instant(planned: Iterable[Rung], fired_until: datetime | None) -> datetime | None:
    """When the next rung fires; None after the last."""
    return min((r.fires_at for r in planned if fired_until is None or r.fires_at > fired_until), default=None)


def _merge(same_day: list[Rung]) -> Rung:
    if len(same_day) == 1:
        return same_day[0]
    highest, *others = _from_the_highest(who for rung in same_day for who in (*rung.to, *rung.copies))
    return Rung(
        names=tuple(name for rung in same_day for name in rung.names),
        fires_at=same_day[-1].fires_at,
        to=(highest,),
        copies=tuple(others),
        at_once=any(rung.at_once for rung in same_day),
    )


def _from_the_highest(addressees: Iterable[RungAddressee]) -> list[RungAddressee]:
    return sorted(set(addressees), key=lambda who: who.height, reverse=True)
