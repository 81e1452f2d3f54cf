"""The policy as one flat list: nothing is left out, each number has its unit and its source, every word is French."""

from typing import Any

from domain.policy.parts import Model
from domain.policy.told import told
from domain.sources import Source
from tests.factories.rules import the_book


def test_the_numbers_stand_with_their_unit_and_their_source() -> None:
    lines = {line.path: line for line in told(the_book().version("procedure-2"))}
    answer = lines["complaint.deadlines.answer"]
    assert (answer.value, answer.unit, answer.source) == ("10", "working_days", Source.RULES_17_2)
    assert answer.label == "échéances – réponse"
    limit = lines["complaint.deadlines.acknowledgement_limit"]
    assert (limit.value, limit.unit, limit.source) == ("10", "jours_ouvrables", Source.ACPR)
    threshold = lines["complaint.thresholds.2"]
    assert (threshold.value, threshold.unit) == ("150000", "cents")
    assert lines["complaint.thresholds.2.last_link"].value == "general_director"
    assert lines["complaint.ladder.rungs.day_before.at"].value == "-1"
    assert lines["complaint.ladder.rungs.day_before.at"].unit == "working_days"
    assert lines["office.due_time.at"].value == "17:00"
    major = lines["finding.remediation.major"]
    assert (major.value, major.unit, major.label) == ("30", "days", "délai de remédiation selon le risque – majeur")
    assert (lines["finding.ladder.rungs.days_before"].value, lines["finding.confirmed_by.role"].value) == (
        "-5",
        "internal_control",
    )
    assert lines["complaint.chains.business.links.1"].value == "technical_referent | pole_manager@pole"


def test_every_source_of_a_version_is_told() -> None:
    def sources(part: Any) -> int:
        if isinstance(part, Model):
            inner = [getattr(part, name) for name in type(part).model_fields]
            return ("source" in type(part).model_fields) + sum(map(sources, inner))
        if isinstance(part, dict):
            return sum(map(sources, part.values()))
        return sum(map(sources, part)) if isinstance(part, tuple) else 0

    for version in the_book().versions:
        lines = told(version)
        assert len({line.path for line in lines}) == len(lines)
        assert sum(line.source is not None for line in lines) >= sources(version.complaint) + sources(version.finding)


def test_every_word_of_a_path_has_its_french_one_but_the_names_of_rungs() -> None:
    for version in the_book().versions:
        ladders = (version.complaint.ladder, version.finding.ladder, version.backlog.ladder)
        rungs = {rung.name for ladder in ladders for rung in ladder.rungs}
        for line in told(version):
            words = zip(line.path.split(".")[1:], line.label.split(" – "), strict=True)
            assert [word for word, label in words if word == label and not word.isdecimal() and word not in rungs] == []
