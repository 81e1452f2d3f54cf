"""The policy file: every mistake is told with its line, its place and what to do."""

from pathlib import Path

import pytest

from db.policy_file import DEFAULT_PATH, PolicyFileError, load, parse, versions_in_use

SHIPPED = DEFAULT_PATH.read_text(encoding="utf-8")


def problems(text: str) -> list[str]:
    """What is wrong with this text, one sentence per mistake."""
    with pytest.raises(PolicyFileError) as caught:
        parse(text)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return list(caught.value.problems)


def told_on(text: str, words: str) -> int:
    """The line, from 1, on which these words stand first."""
    return text.count("\n", 0, text.index(words)) + 1


def test_the_shipped_file_is_right() -> None:
    assert [version.name for version in load().versions] == ["procedure-1", "procedure-2"]


MISTAKES = {
    "a word for a number": (
        "{count: 10, unit: working_days",
        "{count: ten, unit: working_days",
        "versions.procedure-1.complaint.deadlines.answer.count: should be a valid integer, not 'ten'",
    ),
    "a number below one": (
        "{days: 60,",
        "{days: 0,",
        "versions.procedure-1.complaint.duplicates_within.days: should be greater than 0, not 0",
    ),
    "an unknown unit": (
        "unit: months",
        "unit: weeks",
        "versions.procedure-1.complaint.deadlines.answer_limit.unit: "
        "should be 'working_days', 'jours_ouvrables', 'months' or 'days', not 'weeks'",
    ),
    "an unknown source": (
        "starts_on: reception, source: memo",
        "starts_on: reception, source: rumour",
        "versions.procedure-1.complaint.deadlines.acknowledgement_limit.source: should be 'sheet'",
    ),
    "a number without its source": (
        "{days: 7, source: policy}",
        "{days: 7}",
        "versions.procedure-1.complaint.survey_after.source: is missing: add it",
    ),
    "an unknown field": (
        "alsace_moselle: false",
        "alsace_mosele: false",
        "insurer.alsace_mosele: is not known here: correct its name, or remove it",
    ),
    "an unknown field of the letterhead": (
        "site: https://www.mutuelle",
        "web: https://www.mutuelle",
        "insurer.letterhead.web: is not known here",
    ),
    "yes for true": (
        "alsace_moselle: false",
        "alsace_moselle: yes",
        "insurer.alsace_moselle: should be a valid boolean, not 'yes'",
    ),
    "a date that does not exist": (
        "2022-07-01",
        "2022-06-31",
        "versions.procedure-2.in_force_from: should be a valid date",
    ),
    "a zone that does not exist": (
        "Europe/Paris",
        "Europe/Pari",
        "versions.procedure-1.office.zone: 'Europe/Pari' is no time zone: write one such as Europe/Paris",
    ),
    "an hour that does not exist": (
        'due_time: {at: "17:00"',
        'due_time: {at: "25:00"',
        "versions.procedure-1.office.due_time.at: should be in a valid time format",
    ),
    "a post that closes too late": (
        'post_closes: {at: "16:30"',
        'post_closes: {at: "17:00"',
        "the post closes before the due time: bring mail.post_closes forward",
    ),
    "a window turned round": (
        'opens_at: "08:00", closes_at: "18:00"',
        'opens_at: "18:00", closes_at: "08:00"',
        "versions.procedure-1.office.mail.staff_messages: "
        "a window opens before it closes: exchange opens_at and closes_at",
    ),
    "a rung at 0 working days": (
        "at: -10",
        "at: 0",
        "rungs.ten_days_before.at: a rung on the due day is the due instant: write due_instant instead of 0",
    ),
    "a rung at an unknown moment": (
        "at: -10",
        "at: soon",
        "should be 'half_way' or 'due_instant', not 'soon'; or should be a valid integer, not 'soon'",
    ),
    "a rung for nobody": (
        "at: -10, to: [general_director]",
        "at: -10, to: []",
        "rungs.ten_days_before.to: is empty: give one at least",
    ),
    "two rungs of one name": (
        "name: day_after",
        "name: day_before",
        "ladder.rungs: rung given twice: day_before; keep one",
    ),
    "an unknown role": (
        "- any_of: [{role: pole_manager}]",
        "- any_of: [{role: boss}]",
        "chains.business.links.2.any_of.1.role: should be 'handler'",
    ),
    "a link without anybody": (
        "- any_of: [{role: pole_manager}]",
        "- any_of: []",
        "chains.business.links.2.any_of: is empty: give one at least",
    ),
    "thresholds that descend": (
        "above_cents: 150000",
        "above_cents: 1500",
        "thresholds: thresholds ascend: order them by above_cents, each amount once",
    ),
    "a paragraph that no letter has": (
        "paragraphs: [reception, handler, answer_due]",
        "paragraphs: [reception, handler, answer_dew]",
        "letters.acknowledgement.paragraphs: unknown paragraph answer_dew: use ",
    ),
    "a kind of letter that does not exist": (
        "answer_founded:\n",
        "answer_found:\n",
        "letters.answer_found: should be 'acknowledgement'",
    ),
    "a language that letters are not written in": (
        "languages: [fr, en]",
        "languages: [fr, br]",
        "insurer.languages: unknown language of letters br: use fr, en",
    ),
    "two poles of one name": (
        "{id: support,",
        "{id: benefits,",
        "insurer.poles: id given twice: benefits; keep one",
    ),
    "a way up in a circle": (
        "operations_director: general_director",
        "operations_director: pole_manager",
        "insurer.one_level_up: the way up goes in a circle at pole_manager: let it end at the general director",
    ),
    "versions out of order": (
        "2022-07-01",
        "2020-07-01",
        "versions: versions follow each other: order them by in_force_from, each day once",
    ),
    "two versions of one name": (
        "name: procedure-2",
        "name: procedure-1",
        "versions: version given twice: procedure-1; keep one",
    ),
    "a key given twice": (
        "{count: 2, unit: working_days",
        "{count: 2, count: 3, unit: working_days",
        "count: is given twice, first on line",
    ),
    "a tab": (
        "  chains:",
        "\tchains:",
        "the file: is not YAML: while scanning for the next token found character '\\t'",
    ),
    "an anchor that does not exist": (
        "<<: *deadlines_1",
        "<<: *deadlines_0",
        "the file: is not YAML: found undefined alias 'deadlines_0'",
    ),
    "a character that YAML does not allow": (
        "Mutuelle des Embruns",
        "Mutuelle des \x07Embruns",
        "the file: holds a character that YAML does not allow",
    ),
}


TOLD_WHERE_IT_BEGINS = {
    "a post that closes too late": "office: &office",
    "two rungs of one name": "rungs:",
    "thresholds that descend": "thresholds:",
    "two poles of one name": "poles:",
    "a way up in a circle": "one_level_up:",
    "versions out of order": "versions:",
    "two versions of one name": "versions:",
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_line_its_place_and_the_remedy(mistake: str) -> None:
    old, new, sentence = MISTAKES[mistake]
    text = SHIPPED.replace(old, new, 1)
    line = told_on(text, TOLD_WHERE_IT_BEGINS.get(mistake, new))
    told = [problem for problem in problems(text) if sentence in problem]
    assert told
    assert told[0].startswith(f"policy.yaml:{line}: ")


def test_what_a_version_takes_over_is_told_where_it_is_written() -> None:
    text = SHIPPED.replace("duplicates_within: {days: 60,", "duplicates_within: {days: 0,")
    line = told_on(text, "duplicates_within: {days: 0,")
    assert problems(text) == [
        f"policy.yaml:{line}: versions.procedure-{n}.complaint.duplicates_within.days: should be greater than 0, not 0"
        for n in (1, 2)
    ]


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = SHIPPED.replace("city: Brest", "town: Brest").replace("days: 7,", "days: -7,")
    lines = [int(problem.split(":")[1]) for problem in problems(text)]
    assert lines == sorted(lines)
    assert {told_on(text, "town: Brest"), told_on(text, "days: -7,")} <= set(lines)


def test_from_july_2022_on_the_mediator_is_in_every_letter() -> None:
    text = SHIPPED.replace("[reception, handler, answer_due, mediator]", "[reception, handler, answer_due]")
    line = told_on(text, "- name: procedure-2")
    assert problems(text) == [
        f"policy.yaml:{line}: versions.procedure-2: from 2022-07-01 on the mediator is named in every letter: "
        "add mediator to acknowledgement"
    ]


def test_before_july_2022_it_need_not_be() -> None:
    assert parse(SHIPPED.replace("2022-07-01", "2022-06-30").replace(", mediator]", "]")).versions


def test_a_chain_has_two_validators() -> None:
    text = SHIPPED.replace("            - any_of: [{role: operations_director}]\n", "", 1)
    line = told_on(text, "        sensitive:\n          links:")
    assert problems(text)[0] == (
        f"policy.yaml:{line}: versions.procedure-1.complaint.chains.sensitive: "
        "a chain has 2 validators, not 1: list them all"
    )


def test_every_letter_has_its_paragraphs() -> None:
    text = SHIPPED.replace("        answer_unfounded: *answer_with_mediator\n", "")
    assert "every letter has its mandatory paragraphs: add answer_unfounded" in problems(text)[0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "policy.yaml:1: the file: is empty: write the policy in it"),
        ("# only a comment\n", "policy.yaml:1: the file: is empty: write the policy in it"),
        ("insurer: [", "policy.yaml:1: the file: is not YAML: "),
        ("just words", "policy.yaml:1: the file: should be an object, not 'just words'"),
        ("- a\n- list", "policy.yaml:1: the file: should be an object"),
        ("insurer: {}\nversions: []", "policy.yaml:2: versions: is empty: give one at least"),
        ("a: 1\nb: 2\na: 3", "policy.yaml:3: a: is given twice, first on line 1: keep one"),
        ("a: &a [*a]", "policy.yaml:1: the file: contains itself: "),
        ("a: 1\n---\nb: 2", "policy.yaml:2: the file: is not YAML: "),
        ("? [1, 2]\n: 3", "policy.yaml:1: the file: is not YAML: "),
        ("a: !!python/object/apply:os.getcwd []", "policy.yaml:1: the file: is not YAML: "),
    ],
)
def test_texts_that_are_no_policy(text: str, sentence: str) -> None:
    assert any(problem.startswith(sentence) for problem in problems(text))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PolicyFileError, match=r"^none\.yaml:1: the file: cannot be read"):
        load(tmp_path / "none.yaml")


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_text("insurer: Mutualité", encoding="latin-1")
    with pytest.raises(PolicyFileError, match=r"^latin\.yaml:1: the file: is not UTF-8: save it as UTF-8$"):
        load(latin)


def test_a_file_that_keeps_the_versions_in_use_is_accepted() -> None:
    versions_in_use(load(), ["procedure-1", "procedure-2"])
    versions_in_use(load(), [])


def test_a_file_that_drops_a_version_in_use_is_refused() -> None:
    with pytest.raises(PolicyFileError) as caught:
        versions_in_use(load(), ["procedure-2", "procedure-0", "procedure-1b", "procedure-0"])
    assert caught.value.problems == (
        "policy.yaml:1: versions.procedure-0: is missing, and cases keep it for life: put it back",
        "policy.yaml:1: versions.procedure-1b: is missing, and cases keep it for life: put it back",
    )
