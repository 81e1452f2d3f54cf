"""What a plan would cost, before anybody has signed up: at most, and as is likely. Its budget covers the most.

Source: procedures, section 4 step 3
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from domain.backlog.projection import PlannedSession
from domain.policy.backlog import Bonus, PayRules
from domain.refusals import BeyondBudget

SATURDAY = 5
FEWEST_PEOPLE = 3
"""Of one or two people, what a plan would cost tells what they earn."""
_PERCENT_MINUTES = 100 * 60


@dataclass(frozen=True)
class Prices:
    """The dearest gross hour of all volunteers, and their mean, in cents and up to the next whole euro: an estimate
    tells nobody's pay. How it is paid."""

    dearest_hour: int
    usual_hour: int
    rules: PayRules


@dataclass(frozen=True)
class Estimate:
    """What a plan costs with every place taken, at the dearest; and with as many as it counts on, at the usual."""

    at_most_cents: int
    likely_cents: int


def prices_of(hourly_cents: Sequence[int], rules: PayRules) -> Prices | None:
    """What an hour costs; None where the pay of too few people is known to tell it.

    Source: procedures, section 4 step 3
    """
    if len(hourly_cents) < FEWEST_PEOPLE:
        return None
    mean = Fraction(sum(hourly_cents), len(hourly_cents))
    return Prices(_whole_euros(Fraction(max(hourly_cents))), _whole_euros(mean), rules)


def estimate(sessions: Iterable[PlannedSession], prices: Prices) -> Estimate:
    """The most: every place, at the dearest hour, as the dearest overtime, with the dearest Saturday. What is likely:
    the places that the plan counts on, at the usual hour, as the first overtime, each Saturday as it comes.

    Source: procedures, section 4 steps 3 and 5
    """
    listed = tuple(sessions)
    most = sum((at_most(one, one.places, one.full, prices.dearest_hour, prices.rules) for one in listed), Fraction(0))
    return Estimate(_up(most), _up(sum((_likely(one, listed, prices) for one in listed), Fraction(0))))


def at_most(one: PlannedSession, people: int, minutes: int, hour: int, rules: PayRules) -> Fraction:
    """What so many people cost who work so many minutes together, at this hour, as dear as can be. In cents."""
    dearest = max((each.bonus_cents for each in rules.saturdays if isinstance(each, Bonus)), default=0)
    bonus = dearest if one.on.weekday() == SATURDAY else 0
    return Fraction(minutes * hour * rules.overtime.then_rate.percent, _PERCENT_MINUTES) + people * bonus


def _likely(one: PlannedSession, all_of_them: Iterable[PlannedSession], prices: Prices) -> Fraction:
    people = one.places * (1 - Fraction(one.no_show))
    paid = people * one.minutes * prices.usual_hour * prices.rules.overtime.first_rate.percent / _PERCENT_MINUTES
    return paid + people * _bonus(one.on, {other.on for other in all_of_them}, prices.rules)


def _bonus(on: date, days: Iterable[date], rules: PayRules) -> int:
    """What this Saturday of the plan is worth to who comes to all of them; a day off costs nothing here."""
    if on.weekday() != SATURDAY:
        return 0
    before = sum(day.weekday() == SATURDAY and day < on for day in days)
    worth = rules.saturdays[before] if before < len(rules.saturdays) else None
    return worth.bonus_cents if isinstance(worth, Bonus) else 0


def check_budget(budget_cents: int, sessions: Iterable[PlannedSession], prices: Prices | None) -> None:
    """A budget covers its own plan, every place taken: as it binds the places that are added later.

    Where nobody can say what it would cost nothing is refused. Raises BeyondBudget.
    Source: procedures, section 4 step 3
    """
    if prices is None:
        return
    most = estimate(sessions, prices).at_most_cents
    if most > budget_cents:
        raise BeyondBudget(
            f"With every place taken this plan could cost {euros_up(most)} €; its budget is {budget_cents // 100} €.",
            "Give it a budget that covers all of its places, or plan fewer of them.",
            field="budget_cents",
        )


def euros_up(cents: int) -> int:
    """Whole euros that are enough."""
    return -(-cents // 100)


def _whole_euros(cents: Fraction) -> int:
    return -(-cents // 100) * 100


def _up(cents: Fraction) -> int:
    return -(-cents.numerator // cents.denominator)
