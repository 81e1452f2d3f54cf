"""Plan an audit: of a delegate that we know, on contracts that it manages, launched on a working day to come.

Source: procedures, section 3 step 1
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.audit.commands import Plan
from domain.calendar import Calendar
from domain.policy import PolicyVersion
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


def check_launch_is_near(on: date, today: date) -> None:
    """An audit is launched within twelve months of the day on which it is planned. Raises Invalid. Source: policy"""
    # A 29 February has its anniversary on the 28th.
    last = today.replace(year=today.year + 1, day=28 if (today.month, today.day) == (2, 29) else today.day)
    if on > last:
        raise Invalid(
            f"An audit is launched within twelve months, and {on} is later.",
            f"Give a day up to {last}.",
            field="launch_at",
        )


def check_meets_at(at: datetime, version: PolicyVersion, field: str) -> None:
    """A meeting begins within the hours of the policy, where the insurer is. Raises Invalid. Source: policy"""
    begins, hours = at.astimezone(ZoneInfo(version.office.zone)).time(), version.audit.meetings
    earliest, latest = hours.earliest, hours.latest
    if not earliest <= begins <= latest:
        raise Invalid(
            f"A meeting begins between {earliest:%H:%M} and {latest:%H:%M}, not at {begins:%H:%M}.",
            f"Give a time between {earliest:%H:%M} and {latest:%H:%M}.",
            field=field,
        )


def check_within(on: date, counted_from: date, version: PolicyVersion, field: str) -> None:
    """By when something is put right is not planned further ahead than the policy allows. Raises Invalid.

    Source: policy
    """
    last = counted_from + timedelta(days=version.audit.expected_within.days)
    if on > last:
        raise Invalid(f"{on} is too far ahead.", f"Give a day up to {last}.", field=field)
