"""What an operation may cost: the budget that two directors have approved covers every place of its sessions.

Source: procedures, section 4 step 4
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from domain.backlog.case import HeldSession
from domain.backlog.cost import at_most
from domain.backlog.projection import PlannedSession
from domain.policy.backlog import PayRules
from domain.refusals import BeyondBudget, WrongStep


@dataclass(frozen=True)
class Budget:
    """What was approved, in cents; the dearest hour of all volunteers, None where no pay is known; how it is paid."""

    cents: int
    dearest_hour: int | None
    rules: PayRules


def check_paid_for(held: Iterable[HeldSession], more: Iterable[PlannedSession], budget: Budget) -> None:
    """All sessions together cost no more than was approved, whoever takes the places: at the dearest hour, as the
    dearest overtime, with the dearest Saturday. Of a session that was held, what was worked counts.

    Raises BeyondBudget, WrongStep. Source: procedures, section 4 step 4
    """
    if budget.dearest_hour is None:
        raise WrongStep(
            "Nobody can say what more sessions would cost: no volunteer's pay is known.",
            "Have volunteers entered by an administrator or by accounting; then add them.",
        )
    hour = budget.dearest_hour
    costs = [_of_held(one, hour, budget.rules) for one in held]
    costs += [at_most(one, one.places, one.full, hour, budget.rules) for one in more]
    if sum(costs) > budget.cents:
        raise BeyondBudget(
            f"The directors have approved {budget.cents // 100} €: with every place taken, these sessions could cost "
            "more.",
            "Add fewer places; for the others propose an operation of its own, which the directors approve.",
        )


def _of_held(one: HeldSession, hour: int, rules: PayRules) -> Fraction:
    if not one.entered:
        return at_most(one.planned, one.planned.places, one.planned.full, hour, rules)
    came = sum(minutes > 0 for minutes in one.attended.values())
    return at_most(one.planned, came, sum(one.attended.values()), hour, rules)
