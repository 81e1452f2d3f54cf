"""What one version of the policy says of complaints."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Annotated

from pydantic import Field, PositiveInt, field_validator

from domain.complaint.letters import PARAGRAPHS, LetterKind
from domain.complaint.words import Category, Channel, ComplainantKind, RequalifiedAs
from domain.policy.parts import (
    Days,
    Limit,
    Model,
    Text,
    WorkingDays,
    check_known,
    check_unique,
)
from domain.policy.timing import ComplaintDeadlines, Ladder
from domain.roles import Role
from domain.sources import Source

LINKS_OF_A_CHAIN = 2


class Alternative(Model):
    """Somebody who may hold a link: a role, of the case's own pole or of any."""

    role: Role
    of_case_pole: bool = False


class Link(Model):
    """One validator of a chain: any of the alternatives may be it."""

    any_of: Annotated[tuple[Alternative, ...], Field(min_length=1)]


Chain = tuple[Link, ...]


class ChainRule(Model):
    """The validators of an answer, in order; the last one signs."""

    links: Chain
    source: Source


class Chains(Model):
    """The chain of each category: two validators, because an answer is controlled before it leaves.

    Source: procedures, section 1, step 7; Sheet.
    """

    business: ChainRule
    sensitive: ChainRule

    @field_validator("business", "sensitive")
    @classmethod
    def two_links(cls, rule: ChainRule) -> ChainRule:
        """Fewer than two would be no second pair of eyes."""
        if len(rule.links) != LINKS_OF_A_CHAIN:
            raise ValueError(f"a chain has {LINKS_OF_A_CHAIN} validators, not {len(rule.links)}: list them all")
        return rule


class Threshold(Model):
    """Above this amount, strictly and in euro cents, the last link is held by this role."""

    above_cents: PositiveInt
    last_link: Role
    source: Source


class SameDayCircuit(Model):
    """A business complaint without compensation, answered on its day of arrival, needs one validator only.

    Source: Memo.
    """

    link: Link
    source: Source


class LetterRule(Model):
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


LetterRules = Mapping[LetterKind, LetterRule]


class Signals(Model):
    """What speaks for a category: a channel, a kind of complainant, or words, told apart without regard to case."""

    channels: tuple[Channel, ...]
    complainants: tuple[ComplainantKind, ...]
    words: tuple[Text, ...]
    source: Source


class CategorySignals(Model):
    """What makes the system propose a category: sensitive wins over business, business needs no signal.

    Source: procedures, section 1, step 2; Memo.
    """

    business: Signals
    sensitive: Signals


class Definition(StrEnum):
    """What makes a complaint: dissatisfaction alone or, before July 2022, a demand for redress too.

    Source: Memo.
    """

    DISSATISFACTION = "dissatisfaction"
    DISSATISFACTION_AND_REDRESS = "dissatisfaction_and_redress"


class ComplaintPolicy(Model):
    """What one version of the policy says of complaints.

    Source: procedures, section 1.
    """

    definition: Definition
    exceptions: tuple[RequalifiedAs, ...]
    deadlines: ComplaintDeadlines
    holding_letters: Limit
    progress_call_every: WorkingDays
    duplicates_within: Days
    survey_after: Days
    ladder: Ladder
    signals: CategorySignals
    chains: Chains
    thresholds: tuple[Threshold, ...]
    same_day_circuit: SameDayCircuit | None
    letters: LetterRules

    @field_validator("thresholds")
    @classmethod
    def thresholds_ascend(cls, thresholds: tuple[Threshold, ...]) -> tuple[Threshold, ...]:
        """The last threshold that is passed decides, so that they must ascend."""
        if any(low.above_cents >= high.above_cents for low, high in pairwise(thresholds)):
            raise ValueError("thresholds ascend: order them by above_cents, each amount once")
        return thresholds

    @field_validator("letters")
    @classmethod
    def every_letter_has_its_rule(cls, letters: LetterRules) -> LetterRules:
        """A letter without a rule would leave unchecked."""
        if missing := [kind for kind in LetterKind if kind not in letters]:
            raise ValueError(f"every letter has its mandatory paragraphs: add {', '.join(missing)}")
        return letters

    def chain(self, category: Category, compensation_cents: int = 0) -> Chain:
        """The validators of an answer; a compensation above a threshold raises the last one.

        Source: procedures, section 1, step 7.
        """
        links: Chain = getattr(self.chains, category.value).links
        role = self.raised_to(compensation_cents)
        return links if role is None else (*links[:-1], Link(any_of=(Alternative(role=role),)))

    def raised_to(self, compensation_cents: int) -> Role | None:
        """Who holds the last link for this compensation, or None when no threshold is passed."""
        passed = [t.last_link for t in self.thresholds if compensation_cents > t.above_cents]
        return passed[-1] if passed else None

    def mandatory_paragraphs(self, kind: LetterKind) -> tuple[str, ...]:
        """The names of the paragraphs that this letter cannot leave without."""
        return self.letters[kind].paragraphs
