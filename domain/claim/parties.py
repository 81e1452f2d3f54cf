"""The parties to a claim: what a request says of people, contracts and providers that does not go with the register.

Source: procedures, section 2 step 1
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from domain.claim.intake import ClaimIntake
from domain.claim.words import Sensitive
from domain.refusals import Invalid


@dataclass(frozen=True)
class Covered:
    """A beneficiary: through which member, and whether their claims are always reinforced."""

    member_number: str
    sensitive: Sensitive | None = None


@dataclass(frozen=True)
class Parties:
    """What the register knows of those whom some requests name: `contracts` to their member, `people` from login.

    `own` are the memberships of the staff themselves, by login.
    """

    members: Collection[str]
    beneficiaries: Mapping[str, Covered]
    contracts: Mapping[str, str]
    providers: Collection[str]
    people: Mapping[str, UUID]
    own: Mapping[str, Collection[str]]
    poles: Collection[str]


def problems_with(intake: ClaimIntake, parties: Parties, giver: str | None) -> Iterator[Invalid]:
    """Everything that the register contradicts, each with its field, its rule and its remedy; `giver` is the login of
    whoever gives the requests, if it is somebody.

    Source: procedures, section 2 step 1
    """
    yield from _of_insured(intake, parties)
    if intake.provider_number not in parties.providers:
        yield Invalid(
            "No provider has this number.", "Import the providers first, or correct it.", field="provider_number"
        )
    if intake.pole not in parties.poles:
        poles = ", ".join(sorted(parties.poles))
        yield Invalid("The policy knows no such pole.", f"Take one of: {poles}.", field="pole")
    yield from _of_entering(intake, parties, giver)


def _of_insured(intake: ClaimIntake, parties: Parties) -> Iterator[Invalid]:
    if intake.member_number not in parties.members:
        yield Invalid("No member has this number.", "Import the members first, or correct it.", field="member_number")
        return
    covered = parties.beneficiaries.get(intake.beneficiary_number)
    if covered is None:
        yield Invalid(
            "No beneficiary has this number.", "Import the members first, or correct it.", field="beneficiary_number"
        )
    elif covered.member_number != intake.member_number:
        yield Invalid(
            "This beneficiary is not covered through this member.",
            "Give the number of the member through whom they are covered.",
            field="beneficiary_number",
        )
    if intake.contract_number is not None and parties.contracts.get(intake.contract_number) != intake.member_number:
        yield Invalid(
            "This member has no contract of this number.",
            "Correct it, or leave it empty: the rights of all the member's contracts are then looked at.",
            field="contract_number",
        )


def _of_entering(intake: ClaimIntake, parties: Parties, giver: str | None) -> Iterator[Invalid]:
    """Whoever entered it is known: the line names them, or else it is whoever gives the file.

    Source: procedures, section 2 step 3 (a controller other than who entered it)
    """
    login = intake.entered_by or giver
    if login is None:
        yield Invalid(
            "A claim names who entered it: they do not control it.",
            "Give the login of whoever entered it, or send the file under your own account.",
            field="entered_by",
        )
    elif login not in parties.people:
        yield Invalid("Nobody of the staff has this login.", "Correct it; a login stays for ever.", field="entered_by")
    elif any(_is_own(intake, parties, one) for one in (login, giver) if one is not None):
        yield Invalid(
            "Nobody enters a benefit request of which they are the member or the beneficiary.",
            "Ask a colleague to enter it.",
            field="entered_by",
        )


def _is_own(intake: ClaimIntake, parties: Parties, login: str) -> bool:
    """Whether somebody is the member or the beneficiary, be it under a colleague's name that they give the file."""
    return not {intake.member_number, intake.beneficiary_number}.isdisjoint(parties.own.get(login, ()))
