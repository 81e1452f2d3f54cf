"""What the shipped policy says of claims, and every mistake that it refuses, with its place and the remedy."""

import pytest
from pydantic import ValidationError

from db.policy_file import DEFAULT_PATH, PolicyFileError, parse
from domain.claim.letters import PARAGRAPHS
from domain.claim.words import CareCategory, ClaimKind, ClaimLetter, DocumentsRung, ItemKind
from domain.policy.claim import ClaimPolicy, ControlLink
from domain.policy.told import told
from domain.roles import Role
from domain.sources import Source
from tests.factories.rules import the_book

SHIPPED = DEFAULT_PATH.read_text(encoding="utf-8")
EXPERTS = {CareCategory.OPTICAL, CareCategory.DENTAL, CareCategory.HOSPITAL}
POLICIES = [version.claim for version in the_book().versions]
BOTH = pytest.mark.parametrize("policy", POLICIES, ids=["procedure-1", "procedure-2"])


@BOTH
def test_the_numbers_of_the_procedure(policy: ClaimPolicy) -> None:
    assert policy.thresholds.control.above_cents == 100_000
    assert policy.thresholds.control.source is Source.MEMO
    assert policy.thresholds.second_controller.above_cents == 500_000
    assert policy.sample.rate("benefits", "claire.morvan") == 300
    assert policy.intake.oldest_care.months == 24
    assert policy.intake.oldest_care.source is Source.MUTUALITE_L221_11
    assert policy.checks.duplicate.amount_within.percent == 1
    assert policy.checks.duplicate.care_within.days == 3
    assert policy.checks.iban_changed_within.days == 30
    assert [policy.documents.days_to(rung) for rung in DocumentsRung] == [10, 20, 60]


@BOTH
@pytest.mark.parametrize("kind", ClaimKind)
@pytest.mark.parametrize("category", CareCategory)
def test_only_a_hospitals_commitment_has_two_days(policy: ClaimPolicy, category: CareCategory, kind: ClaimKind) -> None:
    is_urgent = category is CareCategory.HOSPITAL and kind is ClaimKind.COMMITMENT
    assert policy.deadlines.rule(category, kind).working_days == (2 if is_urgent else 5)


@BOTH
@pytest.mark.parametrize("category", CareCategory)
def test_experts_control_their_own_category_and_the_pole_the_others(
    policy: ClaimPolicy, category: CareCategory
) -> None:
    first, second = policy.chains[category].links
    if category in EXPERTS:
        assert who(first) == who(second) == [(Role.EXPERT_HANDLER, False, category.value)]
    else:
        assert who(first) == [(Role.TECHNICAL_REFERENT, True, None)]
        assert who(second) == [(Role.POLE_MANAGER, True, None)]


def who(link: ControlLink) -> list[tuple[Role, bool, str | None]]:
    """Who may hold a link."""
    return [(one.role, one.of_case_pole, one.skill) for one in link.any_of]


@BOTH
@pytest.mark.parametrize("category", CareCategory)
def test_a_checklist_looks_at_documents_coding_guarantee_and_calculation(
    policy: ClaimPolicy, category: CareCategory
) -> None:
    items = policy.checklists[category].items
    assert {item.kind for item in items} == set(ItemKind)
    assert all(item.label.fr != item.label.en for item in items)
    assert all((item.document is not None) is (item.kind is ItemKind.DOCUMENT) for item in items)


def test_two_checklists_of_one_version_are_one_checklist() -> None:
    lists = [checklist for policy in POLICIES for checklist in policy.checklists.values()]
    assert len({one.version for one in lists}) == len({one.model_dump_json() for one in lists})


@BOTH
def test_whoever_is_refused_or_paid_less_is_told_how_to_contest_it(policy: ClaimPolicy) -> None:
    for kind in (ClaimLetter.CLAIM_REFUSED, ClaimLetter.CLAIM_CORRECTED, ClaimLetter.CLAIM_CLOSED):
        assert {"recourse", "mediator"} <= set(policy.mandatory_paragraphs(kind))
    for kind in ClaimLetter:
        assert set(policy.mandatory_paragraphs(kind)) <= set(PARAGRAPHS)


def test_the_policy_cannot_be_changed_after_it_was_read() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        POLICIES[0].thresholds.control.above_cents = 1  # type: ignore[misc]


def test_what_pages_tell_of_claims_is_whole() -> None:
    lines = {line.path: line for line in told(the_book().versions[-1])}
    threshold = lines["claim.thresholds.second_controller"]
    assert (threshold.value, threshold.unit, threshold.source) == ("500000", "cents", Source.POLICY)
    assert lines["claim.sample.default"].value == "300"
    assert lines["claim.sample.default"].unit == "per_ten_thousand"
    assert lines["claim.checks.duplicate.amount_within"].unit == "percent"
    assert lines["claim.documents.closing"].label == "attente de pièces – clôture sans paiement"
    assert lines["claim.chains.dental.links.1"].value == "expert_handler+dental"
    assert lines["claim.chains.routine.links.2"].value == "pole_manager@pole"
    assert lines["claim.checklists.dental.items.2"].value == (
        "document | Devis signé avant les soins | Quote signed before the care"
    )


MISTAKES = {
    "thresholds the wrong way round": (
        "second_controller: {above_cents: 500000",
        "second_controller: {above_cents: 99999",
        "claim.thresholds: the second controller joins the first: raise second_controller to control at least",
    ),
    "a threshold below zero": (
        "control: {above_cents: 100000",
        "control: {above_cents: -1",
        "claim.thresholds.control.above_cents: should be greater than or equal to 0, not -1",
    ),
    "more than all": (
        "default: {per_ten_thousand: 300",
        "default: {per_ten_thousand: 10001",
        "claim.sample.default.per_ten_thousand: should be less than or equal to 10000, not 10001",
    ),
    "a rate for a pole that there is not": (
        "poles: {}",
        "poles: {moon: {per_ten_thousand: 1, source: policy}}",
        "unknown pole moon: use benefits, member_relations, memberships, support",
    ),
    "a number without its source": (
        "care_within: {days: 3, source: policy}",
        "care_within: {days: 3}",
        "claim.checks.duplicate.care_within.source: is missing: add it",
    ),
    "reminders that do not follow each other": (
        "second_reminder: {after_days: 20",
        "second_reminder: {after_days: 10",
        "claim.documents: first_reminder, second_reminder and closing follow each other: order their days",
    ),
    "closed before the last reminder": (
        "closing: {after_days: 60",
        "closing: {after_days: 19",
        "claim.documents: first_reminder, second_reminder and closing follow each other: order their days",
    ),
    "one controller": (
        "            - any_of: [{role: pole_manager, of_case_pole: true}]\n          source: policy\n        routine",
        "          source: policy\n        routine",
        "claim.chains.hearing.links: a chain has 2 controllers, not 1: list them all",
    ),
    "one releaser": (
        "          - any_of: [{role: operations_director}]\n        source: policy\n\n      bank_cut_off",
        "        source: policy\n\n      bank_cut_off",
        "claim.release.links: a batch has 2 releasers, not 1: list them all",
    ),
    "a skill that nobody has": (
        "skill: dental}",
        "skill: magic}",
        "unknown skill magic: use arabic, dental",
    ),
    "a category without controllers": (
        "        pharmacy: *controlled_in_the_pole\n",
        "",
        "claim.chains: every category has its controllers: add pharmacy",
    ),
    "an item given twice": (
        "            - *invoice\n            - *prescription\n            - *act_code\n",
        "            - *invoice\n            - *invoice\n            - *act_code\n",
        "claim.checklists.pharmacy.items: item given twice: invoice; keep one",
    ),
    "a checklist without calculation": (
        "            - *act_code\n            - *ceiling\n            - *calculation\n        alternative",
        "            - *act_code\n            - *ceiling\n        alternative",
        "claim.checklists.pharmacy: a checklist looks at everything: add an item of kind calculation",
    ),
    "a document that is a calculation": (
        "              kind: document\n              document: prescription",
        "              kind: coding\n              document: prescription",
        "item prescription names a document: make its kind document, or remove the document",
    ),
    "a letter that is missing": (
        "        claim_paid:\n          paragraphs: [request, decision, amount, contact]\n          source: policy\n",
        "",
        "claim.letters: every letter has its mandatory paragraphs: add claim_paid",
    ),
    "a refusal that cannot be contested": (
        "[request, decision, reasons, mediator, recourse]",
        "[request, decision, reasons, mediator]",
        "claim.letters: a refusal says how to contest it: add recourse to claim_refused",
    ),
    "a paragraph that no template has": (
        "[request, documents, answer_by, contact]",
        "[request, documents, weather, contact]",
        "claim.letters.documents_request.paragraphs: unknown paragraph weather: use salutation",
    ),
    "a maximum that no threshold is below": (
        "maximum: {at_most_cents: 10000000",
        "maximum: {at_most_cents: 500000",
        "claim: intake.maximum stands above the thresholds: raise it",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_place_and_the_remedy(mistake: str) -> None:
    old, new, sentence = MISTAKES[mistake]
    assert old in SHIPPED
    with pytest.raises(PolicyFileError) as refused:
        parse(SHIPPED.replace(old, new, 1))
    assert [problem for problem in refused.value.problems if sentence in problem]
