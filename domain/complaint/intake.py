"""Intake: what a complaint must say to be registered, and the category that is proposed for it."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints, field_serializer

from domain.civil import Day
from domain.complaint.words import Category, Channel, ComplainantKind
from domain.forms import Email, Form, Line, Text, Writable
from domain.policy.complaint import Signals
from domain.refusals import Invalid

OLDEST_YEARS = 10


class Complainant(Form):
    """Who complains. A member's number is enough: name and addresses then come from the register."""

    kind: ComplainantKind = ComplainantKind.MEMBER
    member_number: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9A-Z-]{1,20}$")] | None = None
    name: Line | None = None
    email: Email | None = None
    address: Annotated[tuple[Line, ...], Field(max_length=6)] = ()


class Intake(Form):
    """A written complaint as it arrives. `sent_on` is the postmark's date, where it is known.

    Source: procedures, section 1 step 1
    """

    channel: Channel
    received_on: Day
    sent_on: Day | None = None
    complainant: Complainant
    subject: Line
    text: Text
    pole: str
    skills: Annotated[frozenset[str], Field(max_length=8)] = frozenset()
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "fr"
    about: Annotated[str, StringConstraints(max_length=60), Writable] | None = Field(
        default=None, description="login of the member of staff that the complaint is about, if any"
    )

    @field_serializer("skills")
    def in_one_order(self, skills: frozenset[str]) -> list[str]:
        """The same skills are the same request, whichever process reads them."""
        return sorted(skills)


def check_channel(channel: Channel) -> None:
    """An oral or chat complaint is not a written one: the person is invited to write. Raises Invalid.

    Source: ACPR
    """
    if not channel.is_written:
        raise Invalid(
            "A complaint by telephone, at a branch or by chat is not a written complaint.",
            "Invite the person to write, then enter the letter or e-mail that they send.",
            field="channel",
        )


def check_dates(received_on: date, sent_on: date | None, today: date) -> None:
    """Received today or earlier, at most ten years ago, and not before it was sent. Raises Invalid.

    Source: policy
    """
    if received_on > today:
        raise Invalid(
            f"A complaint cannot be received in the future ({received_on} is after {today}).",
            "Give the date on which it reached us.",
            field="received_on",
        )
    if sent_on is not None and sent_on > received_on:
        raise Invalid(
            f"A complaint cannot be received ({received_on}) before it was sent ({sent_on}).",
            "Check the postmark and the date stamp; leave sent_on out where it is unknown.",
            field="sent_on",
        )
    earliest = min(received_on, sent_on or received_on)
    if earliest < _years_before(today, OLDEST_YEARS):
        raise Invalid(
            f"A date more than {OLDEST_YEARS} years back ({earliest}) is taken for a mistake.",
            "Check the year.",
            field="received_on" if earliest == received_on else "sent_on",
        )


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def propose_category(intake: Intake, signals: Signals) -> Category:
    """Sensitive when channel, complainant or wording says so; when both apply, sensitive wins. Source: Memo"""
    words = f"{intake.subject} {intake.text}".casefold()
    sensitive = (
        intake.channel in signals.channels
        or intake.complainant.kind in signals.complainants
        or any(word.casefold() in words for word in signals.words)
    )
    return Category.SENSITIVE if sensitive else Category.BUSINESS
