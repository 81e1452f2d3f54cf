"""What a person is owed for the sessions of an operation: overtime, Saturdays, days off; to the cent.

The salary pays the usual week; sessions are paid on top of it. An amount is rounded once, where a line is made: half a
cent and more is a cent (`ROUNDING`). A total is the sum of its lines.
Source: Memo; Code du travail (L3121-28, L3121-35, L3121-36); procedures, section 4 step 5
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from decimal import ROUND_DOWN, Decimal

from domain.backlog.hours import monday_of
from domain.backlog.terms import Terms, held_on
from domain.backlog.words import PayKind
from domain.policy.backlog import Bonus, OvertimeRules, PayRules, Recovery
from domain.refusals import Invalid

ROUNDING = "half_up_per_line"
WHOLE = 100
_PERCENT_MINUTES = WHOLE * 60
_MINUTES_OF_A_DAY = 24 * 60
_SATURDAY = 5
ENOUGH_TO_CHOOSE = 10
"""Two working weeks: a day off that can be taken on fewer days than these may be one that cannot be taken at all."""

Scale = tuple[Bonus | Recovery, ...]


@dataclass(frozen=True)
class Attended:
    """Somebody was there: `session` names the session, `minutes` are those worked, 0 for who did not come.

    `files_before` are the pay files that were made before it was entered: what it is paid comes after what they paid.
    """

    session: str
    on: date
    minutes: int
    starts_at: time = time()
    files_before: int = 0


@dataclass(frozen=True)
class Work:
    """One person's part in an operation. `terms` are those of its weeks, in their order: a session is paid by those of
    its day. `counted` is what each civil week (its Monday) holds beside the sessions, in minutes: worked, and paid
    leave, which counts towards overtime as work does. `elsewhere` are sessions that have their place in the week, and
    are paid otherwise: those of other operations."""

    terms: tuple[Terms, ...]
    counted: Mapping[date, int]
    attended: tuple[Attended, ...]
    elsewhere: tuple[Attended, ...] = ()


@dataclass(frozen=True)
class PayLine:
    """One line of pay. `on` is the Monday of its week, or its Saturday; days off are taken from `first` to `last`.

    `hourly_cents` is the pay of an hour that it was made of; 0 where it is none of hours, or of several.
    """

    kind: PayKind
    on: date
    minutes: int = 0
    percent: int = 0
    cents: int = 0
    days: int = 0
    first: date | None = None
    last: date | None = None
    hourly_cents: int = field(default=0, compare=False)


@dataclass(frozen=True)
class PaySlip:
    """All that one person is owed for an operation, week by week, then Saturday by Saturday."""

    lines: tuple[PayLine, ...] = ()

    @property
    def cents(self) -> int:
        """The money, gross."""
        return sum(line.cents for line in self.lines)

    @property
    def days(self) -> int:
        """The days off."""
        return sum(line.days for line in self.lines)


@dataclass(frozen=True)
class PayChange:
    """A line that another attendance changes: None where there was none, or is none any more."""

    before: PayLine | None
    after: PayLine | None

    @property
    def cents(self) -> int:
        """What is owed more; below zero, what was owed too much."""
        return (self.after.cents if self.after else 0) - (self.before.cents if self.before else 0)

    @property
    def days(self) -> int:
        """The days off that are owed more."""
        return (self.after.days if self.after else 0) - (self.before.days if self.before else 0)


@dataclass(frozen=True)
class PayDifference:
    """What a corrected attendance changes: the lines that differ, and in all."""

    changes: tuple[PayChange, ...] = field(default=())

    @property
    def cents(self) -> int:
        """What is owed more in all."""
        return sum(change.cents for change in self.changes)

    @property
    def days(self) -> int:
        """The days off that are owed more in all."""
        return sum(change.days for change in self.changes)


def pay_of(work: Work, rules: PayRules, scale: Scale | None = None) -> PaySlip:
    """What this person is owed; `scale` is the plan's own for Saturdays, otherwise the policy's. Raises Invalid.

    Source: procedures, section 4 step 5
    """
    saturdays = of_saturdays(work, rules, rules.saturdays if scale is None else scale)
    return PaySlip((*of_weeks(work, rules), *saturdays))


def of_weeks(work: Work, rules: PayRules) -> Iterator[PayLine]:
    """The hours, week by week: each minute at the rate of its place, and at the pay of an hour that held on its day.

    Raises Invalid. Source: Code du travail (L3121-36); procedures, section 4 step 5
    """
    _check(work, rules)
    for monday in sorted({monday_of(one.on) for one in work.attended}):
        yield from _of_week(monday, work, rules.overtime)


def difference(before: PaySlip, after: PaySlip) -> PayDifference:
    """What changes from one slip to another, line by line; lines that stay are left out."""
    old, new = _by_key(before), _by_key(after)
    keys = sorted({*old, *new}, key=lambda key: (key[0], list(PayKind).index(key[1]), key[2]))
    changes = (PayChange(old.get(key), new.get(key)) for key in keys)
    return PayDifference(tuple(one for one in changes if one.before != one.after))


def amount_cents(minutes: int, hourly_cents: int, percent: int) -> int:
    """So many minutes at so much an hour, at so many hundredths of it: half a cent and more is a cent."""
    return (2 * minutes * hourly_cents * percent + _PERCENT_MINUTES) // (2 * _PERCENT_MINUTES)


def unrounded_cents(minutes: int, hourly_cents: int, percent: int) -> Decimal:
    """The same before it is rounded, cut behind the second decimal of a cent: what a validator computes by hand.

    Source: procedures, section 4 step 5
    """
    return (Decimal(minutes * hourly_cents * percent) / _PERCENT_MINUTES).quantize(Decimal("0.01"), ROUND_DOWN)


def _by_key(slip: PaySlip) -> dict[tuple[date, PayKind, int], PayLine]:
    """The lines by what they are for; several for the same thing are one."""
    found: dict[tuple[date, PayKind, int], PayLine] = {}
    for line in slip.lines:
        key = (line.on, line.kind, line.percent)
        found[key] = _together(found[key], line) if key in found else line
    return found


def _together(one: PayLine, other: PayLine) -> PayLine:
    minutes, cents, days = one.minutes + other.minutes, one.cents + other.cents, one.days + other.days
    hourly_cents = one.hourly_cents if one.hourly_cents == other.hourly_cents else 0
    return replace(one, minutes=minutes, cents=cents, days=days, hourly_cents=hourly_cents)


def _check(work: Work, rules: PayRules) -> None:
    if min(one.hourly_cents for one in work.terms) <= 0:
        raise Invalid(
            "An hour is paid above zero.", "Give the gross pay of an hour, in euro cents.", field="hourly_cents"
        )
    if any(not is_full_time(one, work, rules) for one in work.attended):
        raise Invalid(
            "Hours beyond a part-time contract are not overtime, and are paid by rules of their own.",
            "Have payroll compute what this person is owed.",
            field="contract_minutes",
        )
    sessions = [one.session for one in work.attended]
    if len(set(sessions)) < len(sessions):
        raise Invalid("A session is attended once.", "Keep one attendance of each session.", field="attended")
    for one in work.attended:
        _check_attended(one, work)


def is_full_time(one: Attended, work: Work, rules: PayRules) -> bool:
    """Whether hours beyond the contract of that day are overtime: those beyond a part-time contract are not."""
    return held_on(work.terms, one.on).contract_minutes >= rules.overtime.above.minutes


def _check_attended(one: Attended, work: Work) -> None:
    if not 0 <= one.minutes <= _MINUTES_OF_A_DAY:
        raise Invalid(
            f"Nobody attends a session for {one.minutes} minutes.",
            "Give the minutes that were worked, 0 for who did not come.",
            field="minutes",
        )
    if work.counted.get(monday_of(one.on), -1) < 0:
        raise Invalid(
            f"What was worked in the week of {monday_of(one.on)} beside the sessions is not known.",
            "Give its minutes, paid leave included.",
            field="counted",
        )


def _of_week(monday: date, work: Work, rules: OvertimeRules) -> Iterator[PayLine]:
    """The sessions of a civil week come on top of what it holds already: each minute has the rate of its place.

    Where the pay of an hour changes within the week there is a line of each.
    """
    places = _places(monday, work)
    for percent, begins, ends in _bands(rules):
        by_hour: dict[int, int] = {}
        for on, first, last in places:
            inside, hourly_cents = max(0, min(last, ends) - max(first, begins)), held_on(work.terms, on).hourly_cents
            by_hour[hourly_cents] = by_hour.get(hourly_cents, 0) + inside
        kind = PayKind.OVERTIME if percent > WHOLE else PayKind.ORDINARY
        for hourly_cents, inside in by_hour.items():
            if inside:
                cents = amount_cents(inside, hourly_cents, percent)
                yield PayLine(kind, monday, inside, percent, cents, hourly_cents=hourly_cents)


def _places(monday: date, work: Work) -> list[tuple[date, int, int]]:
    """Each session's day, and from which minute of the week to which it lies; those of other operations have theirs
    between.

    By their start; but what was entered after a pay file had been made comes after all that this file could pay, so
    that no place is given twice, nor any left unpaid, by operations whose pay is made one after the other.
    Source: Code du travail (L3121-36); procedures, section 4 step 5
    """
    mine = [(_order(one), one.minutes, True) for one in work.attended if monday_of(one.on) == monday]
    others = [(_order(one), one.minutes, False) for one in work.elsewhere if monday_of(one.on) == monday]
    done, found = work.counted[monday], []
    for (_, on, _), minutes, is_mine in sorted(mine + others):
        if is_mine:
            found.append((on, done, done + minutes))
        done += minutes
    return found


def _order(one: Attended) -> tuple[int, date, time]:
    return one.files_before, one.on, one.starts_at


def _bands(rules: OvertimeRules) -> tuple[tuple[int, int, int], ...]:
    """The rates of a week's minutes: percent, from which minute, to which. Source: Code du travail (L3121-36)"""
    first, then = rules.above.minutes, rules.above.minutes + rules.first_rate_for.minutes
    week = 7 * _MINUTES_OF_A_DAY
    return (WHOLE, 0, first), (rules.first_rate.percent, first, then), (rules.then_rate.percent, then, 2 * week)


def of_saturdays(work: Work, rules: PayRules, scale: Scale) -> Iterator[PayLine]:
    """The first Saturday that a person works, the second, the third; whichever Saturdays of the operation they are.

    Source: Memo
    """
    worked = sorted({one.on for one in work.attended if one.minutes and one.on.weekday() == _SATURDAY})
    for saturday, grant in zip(worked, scale, strict=False):
        if isinstance(grant, Bonus):
            yield PayLine(PayKind.SATURDAY_BONUS, saturday, cents=grant.bonus_cents)
        if isinstance(grant, Recovery):
            first, last = summer_after(saturday, rules)
            yield PayLine(PayKind.RECOVERY_DAY, saturday, days=grant.recovery_days, first=first, last=last)


def summer_after(day: date, rules: PayRules) -> tuple[date, date]:
    """The days on which a day off may be taken: what is left of this summer, if two working weeks are, or the next.

    Source: Memo
    """
    for year in (day.year, day.year + 1):
        first = date(year, rules.recovery_from.month, 1)
        last = _last_of_month(year, rules.recovery_until.month)
        begins = max(first, day + timedelta(days=1))
        if _weekdays(begins, last) >= ENOUGH_TO_CHOOSE:
            return begins, last
    raise AssertionError("a summer of the next year is after any day of this one")


def _weekdays(first: date, last: date) -> int:
    """The days from Monday to Friday among these, holidays too."""
    return sum((first + timedelta(days=ahead)).weekday() < _SATURDAY for ahead in range((last - first).days + 1))


def _last_of_month(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)
