"""Intake: what a benefit request must say, and what is refused with its field, its rule and its remedy.

Source: procedures, section 2 step 1
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from json import dumps
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from domain.calendar import add_months
from domain.civil import Day
from domain.claim.words import CareCategory, ClaimKind
from domain.forms import Form, Line, Writable
from domain.policy.claim import ClaimPolicy
from domain.refusals import Invalid

CURRENCY = "EUR"

Number = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9A-Za-z/_-]{1,40}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,59}$")]
IbanAsTyped = Annotated[
    str,
    StringConstraints(min_length=1, max_length=60),
    AfterValidator(lambda typed: "".join(typed.split()).upper()),
    Writable,
]
"""Kept plainly, right or wrong: whether it can be paid is one of the checks, which a person may have to answer."""
Whole = Annotated[int, Field(strict=True, description="euro cents, a whole number")]


class ClaimIntake(Form):
    """One benefit request. `number` is the entering system's own; who enters one by hand may leave it out.

    `care_on` is the day of the care, for a commitment the day on which it is to begin; `received_on` the day on which
    the request reached us; `entered_by` the login of whoever entered it, in a batch that somebody else sends.
    Source: procedures, section 2 step 1
    """

    number: Number | None = None
    member_number: Number
    beneficiary_number: Number
    contract_number: Number | None = None
    category: CareCategory
    kind: ClaimKind = ClaimKind.REIMBURSEMENT
    act: Number
    care_on: Day
    provider_number: Number
    amount_cents: Whole
    currency: Annotated[str, StringConstraints(max_length=10), Writable] = CURRENCY
    iban: IbanAsTyped
    received_on: Day
    pole: Slug
    entered_by: Line | None = None

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over all that it says: the same line twice is one claim.

        Two lines that differ in their number alone are two claims, and each other's duplicate.
        """
        told = self.model_dump(mode="json")
        return sha256(dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def check_intake(intake: ClaimIntake, today: date, policy: ClaimPolicy) -> None:
    """Raises Invalid for the first thing in it that cannot be right."""
    for problem in problems_of(intake, today, policy):
        raise problem


def read_line(line: Mapping[str, Any], today: date, policy: ClaimPolicy) -> ClaimIntake | tuple[Invalid, ...]:
    """One line of a batch: a benefit request, or everything that is wrong with it.

    Source: procedures, section 2 step 1 (a batch reports line by line)
    """
    intake = read_shape(line)
    return intake if isinstance(intake, tuple) else tuple(problems_of(intake, today, policy)) or intake


def read_shape(line: Mapping[str, Any]) -> ClaimIntake | tuple[Invalid, ...]:
    """A benefit request as it is written, or what in it cannot be read. Never what was written there: it may be an
    IBAN.
    """
    try:
        return ClaimIntake.model_validate(line)
    except ValidationError as error:
        return tuple(_misshapen(one) for one in error.errors(include_url=False, include_input=False))


def problems_of(intake: ClaimIntake, today: date, policy: ClaimPolicy) -> Iterator[Invalid]:
    """Everything in a well-formed request that cannot be right, each with its field, its rule and its remedy."""
    yield from _of_amount(intake, policy)
    yield from _of_reception(intake, today)
    yield from _of_care(intake, policy)


def _of_amount(intake: ClaimIntake, policy: ClaimPolicy) -> Iterator[Invalid]:
    maximum = policy.intake.maximum.at_most_cents
    if intake.currency != CURRENCY:
        yield Invalid("Benefits are paid in euros only.", "Convert the amount, and give EUR.", field="currency")
    if intake.amount_cents <= 0:
        yield Invalid("An amount is above zero.", "Give it in euro cents: 4550 is 45.50 €.", field="amount_cents")
    if intake.amount_cents > maximum:
        yield Invalid(
            f"An amount above {maximum // 100} € is taken for a mistake.",
            "Check the amount: it is in euro cents. If it is right, the policy has to allow it.",
            field="amount_cents",
        )


def _of_reception(intake: ClaimIntake, today: date) -> Iterator[Invalid]:
    if intake.received_on > today:
        yield Invalid(
            f"A request cannot be received in the future ({intake.received_on} is after {today}).",
            "Give the date on which it reached us.",
            field="received_on",
        )


def _of_care(intake: ClaimIntake, policy: ClaimPolicy) -> Iterator[Invalid]:
    """Care that was given lies behind, care that is promised may lie ahead; two years after it, it has lapsed.

    The day of reception decides: a request that reached us in time and was entered late is in time.
    Source: Code de la mutualité, L221-11; policy
    """
    latest = _latest_care(intake, policy)
    if intake.care_on > latest:
        yield Invalid(
            f"The care date ({intake.care_on}) is after {latest}, the last day that can be asked for.",
            "Give the day of the care; care that is still to come is asked for as a commitment.",
            field="care_on",
        )
    lapsed_after = add_months(intake.care_on, policy.intake.oldest_care.months)
    if intake.received_on > lapsed_after:
        yield Invalid(
            f"Care of {intake.care_on} could be asked for until {lapsed_after}: the claim has lapsed.",
            "Check the year; if it is right, tell the member that the claim has lapsed.",
            field="care_on",
        )


def _latest_care(intake: ClaimIntake, policy: ClaimPolicy) -> date:
    if intake.kind is ClaimKind.COMMITMENT:
        return intake.received_on + timedelta(days=policy.intake.planned_care.days)
    return intake.received_on


def _misshapen(wrong: Mapping[str, Any]) -> Invalid:
    """What a line's shape lacks, in words: a value that is missing, unknown, or not of its kind."""
    name = str(wrong["loc"][0]) if wrong["loc"] else None
    if wrong["type"] == "missing":
        return Invalid("This value is missing.", "Give it.", field=name)
    if wrong["type"] == "extra_forbidden":
        return Invalid("This field is not known.", "Correct its name, or leave it out.", field=name)
    told = _SAID_OF.get(name or "")
    if told is None:
        return Invalid("This value cannot be read.", "Correct it; the API's schema says how it is written.", field=name)
    return Invalid(told.rule, told.remedy, field=name)


_NUMBER = Invalid(
    "A number is made of letters without accents, digits, hyphens, slashes and underscores, of 40 at most.",
    "Write it as L-2026-000042, without spaces.",
)
_DAY = Invalid("A day is written year first.", "Write it as 2026-12-31.")
_SAID_OF: Mapping[str, Invalid] = {
    **dict.fromkeys(
        ("number", "member_number", "beneficiary_number", "contract_number", "act", "provider_number"), _NUMBER
    ),
    **dict.fromkeys(("care_on", "received_on"), _DAY),
    "category": Invalid(
        "There are seven categories of care.",
        "Write optical, dental, hospital, hearing, routine, pharmacy or alternative.",
    ),
    "kind": Invalid(
        "A request is for a reimbursement or for a commitment.", "Write reimbursement or commitment, or leave it empty."
    ),
    "amount_cents": Invalid(
        "An amount is a whole number of euro cents.", "Write 45 euros 50 as 4550, without point, comma or spaces."
    ),
    "currency": Invalid("Benefits are paid in euros only.", "Convert the amount, and give EUR."),
    "iban": Invalid("An IBAN has 1 to 60 characters, spaces included.", "Copy it from the bank's own statement."),
    "pole": Invalid(
        "A pole is named by its identifier in the policy: small letters, digits, hyphens and underscores.",
        "Write it as benefits.",
    ),
    "entered_by": Invalid("Whoever entered it is named by their login.", "Write it as claire.morvan."),
}
