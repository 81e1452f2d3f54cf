"""Nobody is told half in French: every sentence and every name has its words, and none is left over."""

import re
from collections import Counter
from enum import StrEnum
from string import Formatter

import pytest

import domain.complaint.letters
import domain.complaint.words
import domain.roles
import domain.tasks
from api.pages.choices import LISTS
from domain.complaint.commands import CASE_COMMANDS, OUTCOMES
from domain.complaint.intake import Intake
from domain.complaint.states import ComplaintState
from tests.api.pages.sentences import (
    forms_of,
    names_in,
    of_the_code,
    of_the_rules,
    of_the_templates,
    phrases,
    said_in,
)
from tests.house.tree import source

FROM_ELSEWHERE = {
    *("Method Not Allowed", "Not Found"),
    "Give the risk where the recommendation is lowered, and only there.",
    *("Write a whole number such as 120.", "Write a number such as 12 or 0.40.", "The year lies outside 1900 to 2199."),
}
"""What Starlette says, what a form says of two fields together, and what values say of themselves."""
FOR_PROGRAMS = re.compile(r"/api/v1|Idempotency|\b[a-z]+_[a-z]+\b|\b(GET|POST|PUT|DELETE) ")


def test_every_sentence_of_the_pages_has_its_french() -> None:
    assert (of_the_templates() | of_the_code()) - said_in("fr", rules=False) == set()


def test_no_sentence_of_the_pages_is_left_over() -> None:
    assert said_in("fr", rules=False) - of_the_templates() - of_the_code() == set()


def test_every_sentence_of_the_rules_has_its_french() -> None:
    known = said_in("fr", rules=True)
    assert {where: said for said, where in of_the_rules().items() if said not in known} == {}


def test_no_sentence_of_the_rules_is_left_over() -> None:
    for language in ("fr", "en"):
        assert said_in(language, rules=True) - set(of_the_rules()) - FROM_ELSEWHERE == set()


def test_what_the_rules_say_to_programs_is_said_to_people_otherwise() -> None:
    known = said_in("en", rules=True)
    assert {said for said in of_the_rules() if FOR_PROGRAMS.search(said)} - known == set()
    told = [str(one.string) for language in ("fr", "en") for one in phrases(language, rules=True)]
    assert [one for one in told if FOR_PROGRAMS.search(one)] == []


@pytest.mark.parametrize("rules", [True, False])
def test_nothing_is_said_in_two_ways(rules: bool) -> None:
    for language in ("fr", "en"):
        said = Counter((one.context, str(one.id)) for one in phrases(language, rules=rules))
        assert [one for one, times in said.items() if times > 1] == []


@pytest.mark.parametrize("rules", [True, False])
def test_a_sentence_has_the_same_values_in_every_language(rules: bool) -> None:
    different = [
        one.id
        for language in ("fr", "en")
        for one in phrases(language, rules=rules)
        if isinstance(one.id, str) and not one.context and values_of(one.id) != values_of(str(one.string))
    ]
    assert different == []


def values_of(sentence: str) -> set[str]:
    """The names of the values in a sentence."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_french_typography_is_kept() -> None:
    told = [form for rules in (True, False) for one in phrases("fr", rules=rules) for form in forms_of(one.string)]
    assert [one for one in told if "'" in one or re.search(r"\w[;!?»]", one)] == []


VOCABULARIES: dict[str, type[StrEnum]] = {
    one.__name__: one
    for module in (domain.complaint.words, domain.complaint.letters, domain.roles, domain.tasks)
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, StrEnum) and one is not StrEnum
} | {"ComplaintState": ComplaintState}


def test_every_word_of_a_vocabulary_that_pages_name_has_its_french() -> None:
    named = {vocabulary for vocabulary, _ in names_in("fr")}
    words = {(name, word.value) for name in named & set(VOCABULARIES) for word in VOCABULARIES[name]}
    assert words - names_in("fr") == set()
    offered = {one.__name__ for one in LISTS.values() if "label" not in vars(one)}
    assert offered - named == set()


def test_every_line_of_a_complaint_s_journal_has_its_french() -> None:
    events = {("Event", one.name) for one in source("domain/complaint/events.py").classes if one.bases}
    assert events - names_in("fr") == set()


def test_whatever_can_be_done_is_said_when_it_is_done() -> None:
    outcomes = {form.model_fields["outcome"].default for forms in OUTCOMES.values() for form in forms}
    done = {("Said", one) for one in {*outcomes, *CASE_COMMANDS, "registered", "kept"}}
    assert done - names_in("fr") == set()


def test_whatever_can_be_typed_has_its_name() -> None:
    """For what is shown again after a session has ended, or when somebody else was faster."""
    forms = [form for forms in OUTCOMES.values() for form in forms]
    typed = {name for form in [*forms, *CASE_COMMANDS.values()] for name in form.model_fields}
    typed |= set(Intake.model_fields) - {"complainant"}
    assert {("Field", name) for name in typed - {"outcome", "version_hash", "from_owner"}} - names_in("fr") == set()
