"""Claims as the rules see them: what arrives, and what is known when it is checked."""

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from domain.claim.checks import CheckedClaim, CheckFinding, Evidence, KnownIban, Rights, check_claim
from domain.claim.intake import ClaimIntake
from domain.claim.words import CheckName
from domain.policy.claim import ClaimPolicy
from tests.factories.rules import the_book

TODAY = date(2026, 11, 23)
CARE = date(2026, 11, 16)
IBAN = "FR1420041010050500013M02606"
SOMEBODY = UUID(int=77)


@cache
def the_policy() -> ClaimPolicy:
    """What the shipped policy says of claims."""
    return the_book().in_force_on(TODAY).claim


def what_is_sent(**changes: Any) -> dict[str, Any]:
    """A line of a batch, as the entering system writes it; a change to None leaves the field out."""
    line = {
        "number": "L-1",
        "member_number": "100200",
        "beneficiary_number": "100200",
        "category": "hearing",
        "act": "APPAREIL-2",
        "care_on": CARE.isoformat(),
        "provider_number": "P-7",
        "amount_cents": 95_000,
        "iban": "FR14 2004 1010 0505 0001 3M02 606",
        "received_on": TODAY.isoformat(),
        "pole": "benefits",
        "entered_by": "claire.morvan",
    }
    return {name: value for name, value in (line | changes).items() if value is not None}


def an_intake(**changes: Any) -> ClaimIntake:
    """A benefit request that is well formed."""
    return ClaimIntake.model_validate(what_is_sent(**changes))


def a_checked_claim(**changes: Any) -> CheckedClaim:
    """A claim of 500 € for hearing aids."""
    claim = CheckedClaim("100200", "100200", None, "APPAREIL-2", CARE, 50_000, IBAN, "hash-of-iban")
    return replace(claim, **changes)


def some_evidence(**changes: Any) -> Evidence:
    """Evidence with which every check passes; what begins with `claim_` changes the claim itself."""
    of_claim = {name.removeprefix("claim_"): changes.pop(name) for name in [*changes] if name.startswith("claim_")}
    evidence = Evidence(
        on=TODAY,
        claim=a_checked_claim(**of_claim),
        rights=(Rights("C-1", date(2026, 1, 1)),),
        iban_members=frozenset({"100200"}),
        known_iban=KnownIban("hash-of-iban", date(2020, 1, 1), is_first=True),
    )
    return replace(evidence, **changes)


def finding(name: CheckName, evidence: Evidence) -> CheckFinding:
    """What one check found."""
    (found,) = [one for one in check_claim(evidence, the_policy()) if one.name is name]
    return found
