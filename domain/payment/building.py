"""Build a batch: for a working day that is not past, of what may leave; the rest is left out, with the reason.

Source: procedures, section 2 step 5
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.calendar import Calendar
from domain.policy import PolicyVersion
from domain.refusals import Invalid

FURTHEST_AHEAD = timedelta(days=30)


def check_executes_on(executes_on: date, today: date, calendar: Calendar) -> None:
    """A working day, today or later, within a month. Raises Invalid. Source: policy"""
    if executes_on < today:
        raise Invalid(
            f"A batch cannot be executed in the past ({executes_on} is before {today}).",
            "Give a working day, today or later.",
            field="executes_on",
        )
    if executes_on > today + FURTHEST_AHEAD:
        raise Invalid(
            f"A batch is executed within {FURTHEST_AHEAD.days} days: {executes_on} is later.",
            "Check the date.",
            field="executes_on",
        )
    if not calendar.is_working_day(executes_on):
        raise Invalid(
            f"{executes_on} is no working day: the bank would execute the batch on another.",
            f"Give the next one: {calendar.next_working_day(executes_on)}.",
            field="executes_on",
        )


def proposed_day(now: datetime, calendar: Calendar, version: PolicyVersion) -> date:
    """The day that a batch is proposed for: today, while the bank still executes it today; else the next working day.

    Source: policy
    """
    local = now.astimezone(ZoneInfo(version.office.zone))
    in_time = local.time() < version.claim.bank_cut_off.at and calendar.is_working_day(local.date())
    return local.date() if in_time else calendar.next_working_day(local.date())


def message_id(reference: str) -> str:
    """The name that the bank knows the file by, the same however often it is made."""
    return reference


def end_to_end_id(claim_reference: str, attempt: int) -> str:
    """The name of one order: each attempt to pay a claim has its own."""
    return f"{claim_reference}-{attempt}"
