"""A line becomes its form, or a refusal that names the field, the rule and the remedy; never what was written there.

Source: procedures, section 2 step 0
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from domain.reference.lines import FORMS, AnyLine, ContractLine, IbanLine, MemberLine
from domain.reference.words import ReferenceKind
from domain.refusals import Invalid

_NUMBER = Invalid(
    "A number is made of capital letters, digits and hyphens, of 20 at most.", "Write it as M0000042, without spaces."
)
_CODE = Invalid(
    "A code is made of capital letters, digits, hyphens, dots and plus signs, of 40 at most.", "Write it as CONFORT-2."
)
_DAY = Invalid("A day is written year first, from 1900 to 2199.", "Write it as 2026-12-31.")
_CENTS = Invalid(
    "An amount is a whole number of cents, not below zero.", "Write 12 euros 50 as 1250, without point or comma."
)
_LOGIN = Invalid("A login is made of small letters, digits, dots and hyphens.", "Write it as claire.morvan.")
_WRONG: dict[str, Invalid] = {
    "name": Invalid("A name has 1 to 200 characters.", "Write it on one line."),
    "email": Invalid("This is no e-mail address.", "Write one address, or leave the field empty."),
    "address": Invalid(
        "An address has up to six lines of 200 characters.", "Part its lines by bars: 3 rue Neuve | 29200 Brest."
    ),
    "language": Invalid("Letters are written in French or English.", "Write fr or en."),
    "vip": Invalid("Whether somebody is a VIP is said by yes or no.", "Write yes or no, or leave the field empty."),
    "company_contact": Invalid(
        "A contact has 1 to 200 characters.", "Write the name of whoever answers for the company."
    ),
    "sensitive": Invalid(
        "A beneficiary is sensitive as an administrator of the insurer or as a decision-maker of a large client.",
        "Write administrator or client_decision_maker, or leave the field empty.",
    ),
    "category": Invalid(
        "There are seven categories of care.",
        "Write optical, dental, hospital, hearing, routine, pharmacy or alternative.",
    ),
    "iban": Invalid(
        "This is no IBAN of the SEPA zone: its length, its country or its check digits are wrong.",
        "Copy it again from the bank's own statement.",
    ),
    "changed_through": Invalid(
        "An IBAN is changed through the member, the staff or a delegate.", "Write member, staff or delegate."
    ),
    "from_at": Invalid(
        "An instant is written year first and with its zone; a day alone begins at midnight.",
        "Write it as 2026-12-31T12:00:00+01:00 or as 2026-12-31.",
    ),
    "period_on": Invalid("A month is named by its first day.", "Write January 2026 as 2026-01-01."),
    **dict.fromkeys(("number", "member_number", "holder", "contract_number"), _NUMBER),
    **dict.fromkeys(("guarantee", "act"), _CODE),
    **dict.fromkeys(("from_on", "until_on"), _DAY),
    **dict.fromkeys(("due_cents", "paid_cents", "ceiling_cents"), _CENTS),
    **dict.fromkeys(("login", "changed_by"), _LOGIN),
}
_PROVIDER_NUMBER = Invalid(
    "A provider has a FINESS number of 9 characters or an RPPS number of 11 digits.",
    "Look it up in the directory of health professionals.",
)


@dataclass(frozen=True)
class Reading:
    """What a file is read as: its kind, the business time, and where the insurer is."""

    kind: ReferenceKind
    at: datetime
    zone: ZoneInfo


def read_line(reading: Reading, values: Mapping[str, Any]) -> AnyLine:
    """The form of a line. Raises Invalid."""
    try:
        line = FORMS[reading.kind].model_validate(values)
    except ValidationError as error:
        raise _invalid(reading.kind, error) from None
    check_line(reading, line)
    return line


def check_line(reading: Reading, line: AnyLine) -> None:
    """What no single field says. Raises Invalid. Source: procedures, section 2 step 0"""
    if isinstance(line, MemberLine):
        _check_member(line)
    elif isinstance(line, ContractLine) and line.until_on is not None and line.until_on <= line.from_on:
        raise Invalid(
            "Rights end after they begin: the second day is the first without rights.",
            "Give a later day, or leave it empty while no end is known.",
            field="until_on",
        )
    elif isinstance(line, IbanLine) and line.since(reading.at, reading.zone) > reading.at:
        raise Invalid(
            "An IBAN is registered once it has been changed, not before.",
            "Import this line again when its day has come.",
            field="from_at",
        )
    elif isinstance(line, IbanLine) and line.changed_through == "staff" and line.changed_by is None:
        raise Invalid(
            "An IBAN that the staff has changed names who has: they neither control nor release what is paid on it.",
            "Give the login of whoever changed it.",
            field="changed_by",
        )


def _check_member(line: MemberLine) -> None:
    if line.holder == line.number:
        raise Invalid(
            "Nobody is a dependant of themselves.",
            "Leave the holder empty for a member; give a dependant a number of their own.",
            field="holder",
        )
    if line.of_members_only is not None:
        raise Invalid(
            "A dependant is written to at the member's: only the name, the number and the sensitivity are theirs.",
            "Leave this field empty on the dependant's line.",
            field=line.of_members_only,
        )


def _invalid(kind: ReferenceKind, error: ValidationError) -> Invalid:
    """The first thing that is wrong, without the value: it may be an IBAN."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = str(first["loc"][0])[:60]
    if first["type"] == "missing":
        return Invalid("A field that every line needs is empty.", "Fill it in.", field=field)
    if first["type"] == "extra_forbidden":
        return Invalid("No field has this name.", "Leave it out, or correct its name.", field=field)
    provider = kind is ReferenceKind.PROVIDERS and field == "number"
    wrong = _PROVIDER_NUMBER if provider else _WRONG[field]
    return Invalid(wrong.rule, wrong.remedy, field=field)
