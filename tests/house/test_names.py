"""One name per thing, the same in every layer; one French word per name."""

import inspect
import re
from collections import defaultdict
from enum import StrEnum
from types import ModuleType

import pytest

import domain.accounts
import domain.ailments
import domain.audit.states
import domain.audit.words
import domain.backlog.states
import domain.backlog.words
import domain.board
import domain.claim.piles
import domain.claim.states
import domain.claim.words
import domain.commands
import domain.complaint.diagram
import domain.complaint.letters
import domain.complaint.reassignment
import domain.complaint.states
import domain.complaint.words
import domain.finding.states
import domain.finding.words
import domain.hold
import domain.lending
import domain.payment.bank_words
import domain.payment.effects
import domain.payment.states
import domain.payment.words
import domain.policy.timing
import domain.recommended
import domain.reference.against
import domain.reference.words
import domain.risk
import domain.roles
import domain.sources
from tests.house.tree import files, read, sources


def vocabularies(module: ModuleType) -> list[type[StrEnum]]:
    """The vocabularies that a module defines."""
    classes = [one for _, one in inspect.getmembers(module, inspect.isclass)]
    return [one for one in classes if issubclass(one, StrEnum) and one.__module__ == module.__name__]


PROCEDURES = ["audit", "backlog", "claim", "complaint", "finding", "payment"]
"""Those that have a workflow; a new one is found by `test_every_procedure_is_listed`."""
NO_PROCEDURE = {"__init__", "canary", "mailroom", "options", "steps", "upkeep"}

LAYERS = {
    "domain": "domain/{name}(/__init__)?.py",
    "db/models": "db/models/{name}.py",
    "db/queries": "db/queries/{name}.py",
    "db/commands": "db/commands/{name}.py",
    "workflows": "workflows/{name}.py",
    "api": "api/{name}s?.py",
    "letters": "templates/letters/{name}/.*",
    "docs": "docs/procedures/{name}.md",
    "stories": "tests/stories/test_{name}.*.py",
}
"""Where a procedure is found under its own name. A router speaks of many, and may be in the plural."""

VOCABULARIES = (
    *(*vocabularies(domain.complaint.words), *vocabularies(domain.complaint.states)),
    *(*vocabularies(domain.complaint.letters), *vocabularies(domain.policy.timing)),
    *(*vocabularies(domain.roles), *vocabularies(domain.sources), *vocabularies(domain.commands)),
    *(*vocabularies(domain.reference.words), *vocabularies(domain.reference.against)),
    *(*vocabularies(domain.ailments), *vocabularies(domain.accounts), *vocabularies(domain.board)),
    *(*vocabularies(domain.hold), *vocabularies(domain.complaint.diagram)),
    *(*vocabularies(domain.complaint.reassignment), *vocabularies(domain.backlog.words)),
    *(*vocabularies(domain.backlog.states), *vocabularies(domain.lending)),
    *(*vocabularies(domain.finding.words), *vocabularies(domain.finding.states)),
    *(*vocabularies(domain.payment.words), *vocabularies(domain.payment.states)),
    *(*vocabularies(domain.payment.bank_words), *vocabularies(domain.payment.effects)),
    *(*vocabularies(domain.claim.words), *vocabularies(domain.claim.states), *vocabularies(domain.claim.piles)),
    *(*vocabularies(domain.audit.words), *vocabularies(domain.audit.states), *vocabularies(domain.risk)),
    *vocabularies(domain.recommended),
)


def test_every_procedure_is_listed() -> None:
    found = {source.path.split("/")[1].removesuffix(".py") for source in sources("workflows")}
    assert sorted(found - NO_PROCEDURE) == PROCEDURES


WITHOUT = {
    ("payment", "letters"): "the letters about a payment are those of its claims",
    ("audit", "letters"): "its report is a document of its own, and reminders are messages",
    ("backlog", "letters"): "its people are told by tasks and messages; members have letters of their own cases",
    ("finding", "letters"): "a finding is told in the delegate's space and by messages, not by letters",
}
"""What a procedure does without."""


@pytest.mark.parametrize("name", PROCEDURES)
@pytest.mark.parametrize("layer", LAYERS)
def test_a_procedure_has_the_same_name_in_every_layer(name: str, layer: str) -> None:
    if (name, layer) in WITHOUT:
        return
    assert any(re.fullmatch(LAYERS[layer].format(name=name), path) for path in files())


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda one: one.__name__)
def test_the_glossary_knows_every_word_of_the_domain(vocabulary: type[StrEnum]) -> None:
    known = glossary()
    missing = [word.value for word in vocabulary if not any(french_of(word) in one for one in known.get(word, ()))]
    assert missing == [], "add them to docs/glossary.md, with the French word that people are shown"


def french_of(word: StrEnum) -> str:
    """The French word that pages show for it; empty where none is laid down in code."""
    return str(getattr(word, "label", "")).casefold()


def glossary() -> dict[str, list[str]]:
    """The glossary: identifier → its French words, in small letters."""
    known: dict[str, list[str]] = defaultdict(list)
    for french, names, _ in re.findall(
        r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", read("docs/glossary.md"), re.MULTILINE
    ):
        for name in re.findall(r"`([^`]+)`", names):
            known[name].append(french.casefold())
    return known
