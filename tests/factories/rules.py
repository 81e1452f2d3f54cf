"""Calendars, policies and deadlines for tests, as plain functions."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from db.holidays_source import calendar_from_library
from db.policy_file import load
from domain.calendar import Calendar
from domain.complaint.deadlines import ComplaintDates, complaint_deadlines
from domain.complaint.words import Channel
from domain.deadlines import Deadline
from domain.policy import DeadlineName, PolicyBook, PolicyVersion
from domain.policy.claim import Rate, SampleRates
from domain.sources import Source


@cache
def the_book() -> PolicyBook:
    """The policy file that the project ships."""
    return load()


@cache
def a_book_that_draws(per_ten_thousand: int) -> PolicyBook:
    """The same, with another share of the claims in the day's sample."""
    sample = SampleRates(default=Rate(per_ten_thousand=per_ten_thousand, source=Source.POLICY))
    versions = [
        one.model_copy(update={"claim": one.claim.model_copy(update={"sample": sample})}) for one in the_book().versions
    ]
    return the_book().model_copy(update={"versions": tuple(versions)})


@cache
def a_calendar(*, alsace_moselle: bool = False) -> Calendar:
    """France from 2018 to 2040."""
    return calendar_from_library(2018, 2040, alsace_moselle=alsace_moselle)


def a_calendar_closed_on(closing_days: Mapping[date, str]) -> Calendar:
    """France, with closing days of the insurer's own."""
    france = a_calendar()
    return Calendar(france.public_holidays, france.first_day, france.last_day, closing_days)


def a_version(name: str = "procedure-2", **complaint: Any) -> PolicyVersion:
    """A version of the shipped policy; keyword arguments replace fields of its complaint policy."""
    version = the_book().version(name)
    return version.model_copy(update={"complaint": version.complaint.model_copy(update=complaint)})


def deadlines_of(
    received: date,
    sent: date | None = None,
    *,
    channel: Channel = Channel.LETTER,
    calendar: Calendar | None = None,
    version: PolicyVersion | None = None,
) -> dict[DeadlineName, Deadline]:
    """The five deadlines of a complaint, by name."""
    dates = ComplaintDates(received, sent, channel)
    found = complaint_deadlines(dates, calendar or a_calendar(), version or the_book().in_force_on(received))
    return {DeadlineName(deadline.name): deadline for deadline in found}
