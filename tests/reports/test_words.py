"""The words of reports: every sentence has its French, and no French is left over."""

import ast
import re
from importlib import import_module
from itertools import chain

import pytest

from domain.audit import words as audit
from domain.backlog import words as backlog
from domain.risk import RiskLevel
from reports.words import catalog, words_in
from tests.house.tree import read, sources

DOCUMENTS = ("reports.audit.document", "reports.operation.document")


def said() -> set[str]:
    """Every sentence that the reports' code says."""
    calls = (node for one in sources("reports") for node in ast.walk(one.tree) if isinstance(node, ast.Call))
    spoken = (call for call in calls if getattr(call.func, "attr", getattr(call.func, "id", "")) in SPEAKING)
    texts = (text for call in spoken for text in call.args if isinstance(text, ast.Constant))
    frames = (import_module(document).FRAME.values() for document in DOCUMENTS)
    return {*chain.from_iterable(frames), *(str(text.value) for text in texts if isinstance(text.value, str))}


SPEAKING = {"say", "say_many"}


def translated() -> set[str]:
    """Every sentence that has its French."""
    found = re.findall(r'^msgid(?:_plural)? "(.+)"$', read("templates/reports/fr.po"), re.MULTILINE)
    assert len(found) == len(set(found))
    return set(found)


def test_every_sentence_has_its_french_and_no_french_is_left_over() -> None:
    assert said() == translated()


def test_the_same_values_stand_in_both_languages() -> None:
    for sentence in translated():
        french = catalog("fr").ugettext(sentence)
        if french != sentence:
            assert set(re.findall(r"\{\w+\}", french)) == set(re.findall(r"\{\w+\}", sentence))


@pytest.mark.parametrize(
    "vocabulary",
    [
        *(audit.AuditDomain, audit.Criterion, audit.Grade, audit.Reply, audit.Ruling, RiskLevel),
        *(backlog.DecisionKind, backlog.EndReason),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_word_of_a_report_reads_well(language: str, vocabulary: type[RiskLevel]) -> None:
    for word in vocabulary:
        assert re.fullmatch(r"[a-zà-ÿ ’]+", words_in(language).label(word))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_layout_says_no_word_that_has_no_french(document: str) -> None:
    module = import_module(document)
    layout = read(f"templates/{module.LAYOUT}")
    assert set(re.findall(r"\bsay\.([a-z_]+)", layout)) == set(module.FRAME)


def test_french_marks_keep_with_their_words() -> None:
    assert words_in("fr").typed("Vu ?\r\n\r\nOui : 5 %") == "Vu\u202f?\n\nOui\u00a0: 5\u00a0%"
    assert words_in("en").typed("Vu ?") == "Vu ?"
