"""The insurer's own facts, and the dated versions of its policy."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Annotated, Self

from pydantic import ConfigDict, Field, StringConstraints, field_validator, model_validator
from pydantic.dataclasses import dataclass

from domain.letters import LANGUAGES, Insurer, Mediator
from domain.policy.audit import AuditPolicy
from domain.policy.backlog import BacklogPolicy
from domain.policy.claim import ClaimPolicy, InBothLanguages, check_known_to_the_insurer
from domain.policy.complaint import ComplaintPolicy
from domain.policy.finding import FindingPolicy
from domain.policy.office import Office
from domain.policy.parts import Model, Slug, Text, check_known, check_unique
from domain.reference.iban import Iban
from domain.roles import Role

MEDIATOR_IN_ALL_LETTERS_FROM = date(2022, 7, 1)


class PolicyVersion(Model):
    """One state of the policy, from a day on. `name` is what a case keeps; `label` is what pages show."""

    name: Slug
    label: Text
    in_force_from: date
    note: Text
    office: Office
    complaint: ComplaintPolicy
    claim: ClaimPolicy
    audit: AuditPolicy
    finding: FindingPolicy
    backlog: BacklogPolicy

    @model_validator(mode="after")
    def mediator_in_all_letters(self) -> Self:
        """From July 2022 on, the mediator is named in every letter.

        Source: Memo.
        """
        rules = self.complaint.letters.items()
        silent = [kind for kind, rule in rules if "mediator" not in rule.paragraphs]
        if silent and self.in_force_from >= MEDIATOR_IN_ALL_LETTERS_FROM:
            raise ValueError(
                f"from {MEDIATOR_IN_ALL_LETTERS_FROM} on the mediator is named in every letter: "
                f"add mediator to {', '.join(silent)}"
            )
        return self

    def is_retroactive_on(self, day: date) -> bool:
        """Whether the version handles what was received before it was in force; pages then say so."""
        return day < self.in_force_from


class Named(Model):
    """Something the insurer has a list of: an identifier for programs, a French label for people."""

    id: Slug
    label: Text


class Skill(Named):
    """What a complaint can ask of its handler; some files go to expert handlers only.

    Source: procedures, section 1, step 3; Protélis, Memo.
    """

    expert: bool = False


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Letterhead(Insurer):
    """Who writes, exactly as a letter shows it."""


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class NamedMediator(Mediator):
    """The mediator, exactly as a letter quotes him."""


class BankAccount(Model):
    """The account that benefits are paid from, as a bank file names it.

    Source: procedures, section 2 step 5
    """

    holder: Text
    iban: Iban
    bic: Annotated[str, StringConstraints(pattern=r"^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$")] | None = None


class ClaimsDesk(Model):
    """Who answers a member about a claim, and where documents are sent: not to where complaints are.

    `department` is what each language of letters calls it.
    """

    department: InBothLanguages
    phone: Text
    email: Text


class InsurerFacts(Model):
    """The insurer's own facts; unlike the rules they are not dated."""

    letterhead: Letterhead
    mediator: NamedMediator
    bank_account: BankAccount
    claims_desk: ClaimsDesk
    alsace_moselle: bool
    languages: Annotated[tuple[str, ...], Field(min_length=1)]
    poles: Annotated[tuple[Named, ...], Field(min_length=1)]
    skills: tuple[Skill, ...]
    one_level_up: Mapping[Role, Role]

    @field_validator("languages")
    @classmethod
    def letters_are_written_in_it(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        """Whoever is registered in a language gets letters in it.

        Source: procedures, section 1, step 9.
        """
        check_known(languages, LANGUAGES, "language of letters")
        return languages

    @field_validator("poles", "skills")
    @classmethod
    def ids_are_unique(cls, things: tuple[Named, ...]) -> tuple[Named, ...]:
        """Two poles of one name could not be told apart."""
        check_unique((thing.id for thing in things), "id")
        return things

    @field_validator("one_level_up")
    @classmethod
    def the_way_up_ends(cls, up: Mapping[Role, Role]) -> Mapping[Role, Role]:
        """Escalation that goes in a circle would never find anybody."""
        for role in up:
            _check_ends(role, up)
        return up


class PolicyBook(Model):
    """The insurer and all the versions of its policy, the oldest first."""

    insurer: InsurerFacts
    versions: Annotated[tuple[PolicyVersion, ...], Field(min_length=1)]

    @field_validator("versions")
    @classmethod
    def versions_follow_each_other(cls, versions: tuple[PolicyVersion, ...]) -> tuple[PolicyVersion, ...]:
        """The version of a day must be one and only one."""
        check_unique((version.name for version in versions), "version")
        if any(old.in_force_from >= new.in_force_from for old, new in pairwise(versions)):
            raise ValueError("versions follow each other: order them by in_force_from, each day once")
        return versions

    @model_validator(mode="after")
    def the_insurer_has_what_claims_need(self) -> Self:
        """A chain that asks for a skill that the insurer does not list would be left to nobody."""
        skills = frozenset(skill.id for skill in self.insurer.skills)
        poles = frozenset(pole.id for pole in self.insurer.poles)
        for version in self.versions:
            check_known_to_the_insurer(version.claim, skills, poles)
        return self

    def in_force_on(self, day: date) -> PolicyVersion:
        """The version in force on the day of reception; before the first version, the first.

        Whether it had to reach back is told by `PolicyVersion.is_retroactive_on`.
        Source: procedures, section 0.
        """
        reached = [version for version in self.versions if version.in_force_from <= day]
        return reached[-1] if reached else self.versions[0]

    def version(self, name: str) -> PolicyVersion:
        """The version that a case has kept; KeyError when the file has dropped it."""
        for version in self.versions:
            if version.name == name:
                return version
        raise KeyError(name)


def _check_ends(role: Role, up: Mapping[Role, Role]) -> None:
    passed = [role]
    while (role := up.get(role, role)) not in passed:
        passed.append(role)
    if role in up:
        raise ValueError(f"the way up goes in a circle at {role}: let it end at the general director")
