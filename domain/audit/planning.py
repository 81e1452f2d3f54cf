"""Plan an audit: of a delegate that we know, on contracts that it manages, launched on a working day to come.

Source: procedures, section 3 step 1
"""

from collections.abc import Collection
from datetime import date

from domain.audit.commands import Plan
from domain.calendar import Calendar
from domain.refusals import Invalid


def check_scope(plan: Plan, contracts: Collection[str]) -> None:
    """The contracts are the delegate's own, each named once; so are the domains. Raises Invalid."""
    if len(set(plan.themes)) < len(plan.themes):
        raise Invalid("The same domain is named twice.", "Name each domain once.", field="themes")
    if len(set(plan.contracts)) < len(plan.contracts):
        raise Invalid("The same contract is named twice.", "Name each contract once.", field="contracts")
    if strange := sorted(set(plan.contracts) - set(contracts)):
        raise Invalid(
            f"{plan.delegate} does not manage {', '.join(strange)}: an audit concerns the delegate's own contracts.",
            f"Take one of: {', '.join(sorted(contracts))}.",
            field="contracts",
        )


def check_meets_on(on: date, today: date, calendar: Calendar, field: str) -> None:
    """A meeting is held on a working day, today or later. Raises Invalid. Source: policy"""
    if on < today:
        raise Invalid(f"A meeting cannot be fixed in the past ({on}).", "Give a working day to come.", field=field)
    if not calendar.is_working_day(on):
        raise Invalid(f"{on} is no working day.", f"Give the next one: {calendar.next_working_day(on)}.", field=field)
