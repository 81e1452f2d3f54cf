"""What one version of the policy says of claims.

Source: procedures, section 2
"""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, NonNegativeInt, PositiveInt, StringConstraints, field_validator, model_validator

from domain.claim.letters import PARAGRAPHS
from domain.claim.words import CareCategory, ClaimKind, ClaimLetter, DocumentKind, DocumentsRung, ItemKind
from domain.policy.parts import Days, Model, Slug, Text, TimeOfDay, WorkingDays, check_known, check_unique
from domain.roles import Role
from domain.sources import Source

CONTROLLERS = 2
RELEASERS = 2
WHOLE = 10_000
"""All of them, in ten-thousandths."""

Login = Annotated[str, StringConstraints(pattern=r"^[a-z0-9._-]+$")]


class CentsAbove(Model):
    """Above this amount, strictly, in euro cents: 1,000.00 € is not above 1,000 €."""

    above_cents: NonNegativeInt
    source: Source


class CentsAtMost(Model):
    """Up to this amount, included, in euro cents."""

    at_most_cents: PositiveInt
    source: Source


class Months(Model):
    """Months, date to date."""

    months: PositiveInt
    source: Source


class Percent(Model):
    """Hundredths of an amount."""

    percent: Annotated[int, Field(gt=0, le=100)]
    source: Source


class Rate(Model):
    """So many of ten thousand: 300 are 3 %."""

    per_ten_thousand: Annotated[int, Field(ge=0, le=WHOLE)]
    source: Source


class IntakeRules(Model):
    """What a benefit request may ask for.

    Source: procedures, section 2 step 1
    """

    maximum: CentsAtMost
    oldest_care: Months
    planned_care: Days


class Thresholds(Model):
    """From where on a claim is controlled, and by two.

    Source: procedures, section 2 step 3
    """

    control: CentsAbove
    second_controller: CentsAbove

    @model_validator(mode="after")
    def the_second_joins_the_first(self) -> Self:
        """Two control where one does already."""
        if self.second_controller.above_cents < self.control.above_cents:
            raise ValueError("the second controller joins the first: raise second_controller to control at least")
        return self


class SampleRates(Model):
    """The share of the claims up to the threshold that is controlled: a handler's own, else the pole's, else this.

    Source: procedures, section 2
    """

    default: Rate
    poles: Mapping[Slug, Rate] = Field(default_factory=dict)
    handlers: Mapping[Login, Rate] = Field(default_factory=dict)

    def rate(self, pole: str, handler: str | None) -> int:
        """How many of ten thousand claims are drawn of those that this handler of this pole has entered."""
        own = self.handlers.get(handler) if handler else None
        return (own or self.poles.get(pole) or self.default).per_ten_thousand


class DuplicateRules(Model):
    """How alike two claims of one act are: within so much of the larger amount, and so many days.

    Source: procedures, section 2 step 2
    """

    amount_within: Percent
    care_within: Days


class ContributionRules(Model):
    """High consumption with unpaid contributions: both are above their limit.

    Source: Memo
    """

    consumption: CentsAbove
    consumed_within: Days
    unpaid: CentsAbove


class CheckRules(Model):
    """The limits of the automatic checks.

    Source: procedures, section 2 step 2
    """

    duplicate: DuplicateRules
    iban_changed_within: Days
    contributions: ContributionRules


class ClaimDeadlines(Model):
    """By when a claim is decided: our own targets.

    Source: procedures, section 2 step 6
    """

    decision: WorkingDays
    hospital_commitment: WorkingDays

    def rule(self, category: CareCategory, kind: ClaimKind) -> WorkingDays:
        """A hospital waits for its commitment: it has a target of its own."""
        hospital = category is CareCategory.HOSPITAL and kind is ClaimKind.COMMITMENT
        return self.hospital_commitment if hospital else self.decision


class AfterRequest(Model):
    """Civil days after the member was asked."""

    after_days: PositiveInt
    source: Source


class DocumentRules(Model):
    """What happens while a claim waits for the member's documents; it is closed at the due time of the last day.

    Source: procedures, section 2 step 3
    """

    first_reminder: AfterRequest
    second_reminder: AfterRequest
    closing: AfterRequest
    fires_at: TimeOfDay

    @model_validator(mode="after")
    def one_after_the_other(self) -> Self:
        """Nobody is closed before they were reminded."""
        days = [self.first_reminder.after_days, self.second_reminder.after_days, self.closing.after_days]
        if days != sorted(set(days)):
            raise ValueError("first_reminder, second_reminder and closing follow each other: order their days")
        return self

    def days_to(self, rung: DocumentsRung) -> int:
        """The civil days from the request to this rung."""
        rule: AfterRequest = getattr(self, rung.value)
        return rule.after_days


class Controller(Model):
    """Somebody who may hold a link: a role, of the claim's own pole or of any, with a skill or without."""

    role: Role
    of_case_pole: bool = False
    skill: Slug | None = None


class ControlLink(Model):
    """One controller or releaser of a chain: any of the alternatives may be it."""

    any_of: Annotated[tuple[Controller, ...], Field(min_length=1)]


class ControlChain(Model):
    """The first controller and the second; small claims need the first alone.

    Source: procedures, section 2 step 3
    """

    links: tuple[ControlLink, ...]
    source: Source

    @field_validator("links")
    @classmethod
    def two_links(cls, links: tuple[ControlLink, ...]) -> tuple[ControlLink, ...]:
        """A claim above the second threshold would have nobody to confirm it."""
        if len(links) != CONTROLLERS:
            raise ValueError(f"a chain has {CONTROLLERS} controllers, not {len(links)}: list them all")
        return links


class ReleaseChain(Model):
    """Who releases a bank batch: two people, neither of whom has had a hand in it.

    Source: procedures, section 2 step 5
    """

    links: tuple[ControlLink, ...]
    source: Source

    @field_validator("links")
    @classmethod
    def two_links(cls, links: tuple[ControlLink, ...]) -> tuple[ControlLink, ...]:
        """One alone could send money."""
        if len(links) != RELEASERS:
            raise ValueError(f"a batch has {RELEASERS} releasers, not {len(links)}: list them all")
        return links


class BankAnswerRules(Model):
    """By when the bank has to have answered for every line of a batch, and when the operations director is told.

    Source: policy
    """

    within: WorkingDays
    escalated_after: WorkingDays
    fires_at: TimeOfDay


class InBothLanguages(Model):
    """The words of something, in the languages of the pages."""

    fr: Text
    en: Text


class ChecklistItem(Model):
    """One thing that the first controller looks at. A document may be what is looked at."""

    id: Slug
    kind: ItemKind
    label: InBothLanguages
    document: DocumentKind | None = None

    @model_validator(mode="after")
    def documents_are_documents(self) -> Self:
        """A document that is looked at as a calculation would be asked of nobody."""
        if self.document is not None and self.kind is not ItemKind.DOCUMENT:
            raise ValueError(f"item {self.id} names a document: make its kind document, or remove the document")
        return self


class Checklist(Model):
    """What is gone through for one category. A decision keeps `version`: it says what was asked of it.

    Source: procedures, section 2 step 3
    """

    version: Slug
    items: Annotated[tuple[ChecklistItem, ...], Field(min_length=1)]
    source: Source

    @field_validator("items")
    @classmethod
    def items_are_told_apart(cls, items: tuple[ChecklistItem, ...]) -> tuple[ChecklistItem, ...]:
        """An answer names its item."""
        check_unique((item.id for item in items), "item")
        return items

    @model_validator(mode="after")
    def looks_at_everything(self) -> Self:
        """Documents, coding, guarantee table, calculation: a checklist that leaves one out controls nothing whole."""
        if missing := [kind for kind in ItemKind if kind not in {item.kind for item in self.items}]:
            raise ValueError(f"a checklist looks at everything: add an item of kind {', '.join(missing)}")
        return self


class ClaimLetterRule(Model):
    """The paragraphs without which a letter of this kind cannot leave."""

    paragraphs: Annotated[tuple[str, ...], Field(min_length=1)]
    source: Source

    @field_validator("paragraphs")
    @classmethod
    def paragraphs_exist(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        """A paragraph that no template has would hold the letter back for ever."""
        check_known(names, PARAGRAPHS, "paragraph")
        check_unique(names, "paragraph")
        return names


class ClaimPolicy(Model):
    """What one version of the policy says of claims.

    Source: procedures, section 2
    """

    intake: IntakeRules
    thresholds: Thresholds
    sample: SampleRates
    checks: CheckRules
    deadlines: ClaimDeadlines
    documents: DocumentRules
    chains: Mapping[CareCategory, ControlChain]
    release: ReleaseChain
    bank_cut_off: TimeOfDay
    bank_answer: BankAnswerRules
    checklists: Mapping[CareCategory, Checklist]
    letters: Mapping[ClaimLetter, ClaimLetterRule]

    @field_validator("chains")
    @classmethod
    def every_category_has_controllers(
        cls, chains: Mapping[CareCategory, ControlChain]
    ) -> Mapping[CareCategory, ControlChain]:
        """A claim of a category without a chain would wait for nobody."""
        if missing := [category for category in CareCategory if category not in chains]:
            raise ValueError(f"every category has its controllers: add {', '.join(missing)}")
        return chains

    @field_validator("checklists")
    @classmethod
    def every_category_has_its_checklist(
        cls, checklists: Mapping[CareCategory, Checklist]
    ) -> Mapping[CareCategory, Checklist]:
        """A claim without a checklist would be paid unseen."""
        if missing := [category for category in CareCategory if category not in checklists]:
            raise ValueError(f"every category has its checklist: add {', '.join(missing)}")
        return checklists

    @field_validator("letters")
    @classmethod
    def every_letter_has_its_rule(
        cls, letters: Mapping[ClaimLetter, ClaimLetterRule]
    ) -> Mapping[ClaimLetter, ClaimLetterRule]:
        """A letter without a rule would leave unchecked. A refusal says how to contest it."""
        if missing := [kind for kind in ClaimLetter if kind not in letters]:
            raise ValueError(f"every letter has its mandatory paragraphs: add {', '.join(missing)}")
        lacking = [
            name for name in ("recourse", "mediator") if name not in letters[ClaimLetter.CLAIM_REFUSED].paragraphs
        ]
        if lacking:
            raise ValueError(f"a refusal says how to contest it: add {', '.join(lacking)} to claim_refused")
        return letters

    @model_validator(mode="after")
    def the_threshold_can_be_reached(self) -> Self:
        """A maximum below the threshold would leave nothing to control."""
        if self.intake.maximum.at_most_cents <= self.thresholds.second_controller.above_cents:
            raise ValueError("intake.maximum stands above the thresholds: raise it")
        return self

    def mandatory_paragraphs(self, kind: ClaimLetter) -> tuple[str, ...]:
        """The names of the paragraphs that this letter cannot leave without."""
        return self.letters[kind].paragraphs


def check_known_to_the_insurer(policy: ClaimPolicy, skills: frozenset[str], poles: frozenset[str]) -> None:
    """Raises ValueError for a skill that nobody can have, and for the rate of a pole that there is not.

    Source: the policy file
    """
    links = [link for chain in policy.chains.values() for link in chain.links] + list(policy.release.links)
    needed = [who.skill for link in links for who in link.any_of if who.skill]
    check_known(sorted(set(needed)), sorted(skills), "skill")
    check_known(policy.sample.poles, sorted(poles), "pole")
