"""`echeance deadlines complaint`: what it prints, and how it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.deadlines import deadlines_app
from db.policy_file import DEFAULT_PATH


def run(*arguments: str) -> Result:
    return CliRunner().invoke(deadlines_app, ["complaint", *arguments])


def told(*arguments: str) -> dict[str, dict[str, Any]]:
    """The deadlines of the JSON, by name."""
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return {deadline["name"]: deadline for deadline in json.loads(result.stdout)["deadlines"]}


def test_the_json_has_the_five_deadlines_in_their_order() -> None:
    result = run("--received", "2025-04-29", "--sent", "2025-04-29", "--channel", "letter", "--json")
    told = json.loads(result.stdout)
    assert list(told) == ["deadlines"]
    assert [(each["name"], each["due_on"]) for each in told["deadlines"]] == [
        ("acknowledgement", "2025-05-02"),
        ("acknowledgement_limit", "2025-05-13"),
        ("answer", "2025-05-15"),
        ("answer_limit", "2025-06-29"),
        ("answer_target", "2025-06-27"),
    ]


def test_each_deadline_has_these_fields() -> None:
    (deadline, *_) = told("--received", "2025-04-29").values()
    assert list(deadline) == [
        *("name", "due_on", "due_at", "unit", "count", "starts_on", "source"),
        "explanation",
    ]
    assert deadline["due_at"] == "2025-05-02T17:00:00+02:00"
    assert [day["counted"] for day in deadline["explanation"]] == [None, 1, None, 2]


def test_the_policy_is_that_of_the_day_of_reception() -> None:
    before = told("--received", "2022-06-30", "--sent", "2022-06-24")
    after = told("--received", "2022-07-01", "--sent", "2022-06-24")
    assert before["acknowledgement_limit"]["starts_on"] == "2022-06-30"
    assert after["acknowledgement_limit"]["starts_on"] == "2022-06-24"


def test_the_policy_of_another_day_can_be_asked_for() -> None:
    found = told("--received", "2025-04-29", "--sent", "2025-04-24", "--policy-on", "2021-01-01")
    assert found["acknowledgement_limit"]["starts_on"] == "2025-04-29"


def test_what_is_older_than_the_first_policy_says_so_beside_the_json() -> None:
    result = run("--received", "2019-12-31", "--json")
    assert json.loads(result.stdout)["deadlines"]
    assert result.stderr == (
        "2019-12-31 is before the first policy: handled under procedure-1, in force from 2020-07-01.\n"
    )


def test_the_text_has_a_table_and_the_days() -> None:
    result = run("--received", "2025-04-29", "--sent", "2025-04-29")
    assert result.exit_code == 0
    assert "answer                Thu 2025-05-15 17:00   10 working days from 2025-04-29" in result.stdout
    assert "  Thursday 1 May 2025: public holiday (Fête du Travail), does not count" in result.stdout
    assert "  Source: Règlement mutualiste, article 17.2" in result.stdout


def test_an_unknown_sent_date_is_told() -> None:
    assert "sent date unknown" in run("--received", "2025-04-29").stdout


def test_the_holidays_of_alsace_moselle_follow_the_policy_file(tmp_path: Path) -> None:
    local = tmp_path / "local.yaml"
    text = DEFAULT_PATH.read_text(encoding="utf-8").replace("alsace_moselle: false", "alsace_moselle: true")
    local.write_text(text, encoding="utf-8")
    found = told("--received", "2025-12-24", "--policy", str(local))
    assert found["acknowledgement"]["due_on"] == "2025-12-30"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--received", "29/04/2025"],
            "--received '29/04/2025' is not a date: write year-month-day, such as 2025-04-29.",
        ),
        (["--received", ""], "--received '' is not a date: write year-month-day, such as 2025-04-29."),
        (
            ["--received", "2025-04-29", "--sent", ""],
            "--sent '' is not a date: write year-month-day, such as 2025-04-29.",
        ),
        (
            ["--received", "20250429"],
            "--received '20250429' is not a date: write year-month-day, such as 2025-04-29.",
        ),
        (["--received", "2025-02-29"], "--received 2025-02-29 does not exist: check the month and the day."),
        (
            ["--received", "2025-04-29", "--sent", "2025-04-31"],
            "--sent 2025-04-31 does not exist: check the month and the day.",
        ),
        (
            ["--received", "2025-04-29", "--policy-on", "2025-13-01"],
            "--policy-on 2025-13-01 does not exist: check the month and the day.",
        ),
        (
            ["--received", "2025-04-29", "--sent", "2025-04-30"],
            "A complaint cannot be received (2025-04-29) before it was sent (2025-04-30): "
            "check the postmark, or leave the sent date out where it is unknown.",
        ),
        (
            ["--received", "2100-12-31"],
            "The public holidays of 2100 to 2101 are not all known: keep to 1983 to 2100.",
        ),
        (
            ["--received", "2025-04-29", "--channel", "fax"],
            "--channel 'fax' is not known: write one of letter, email, web_form, social_network, delegate, "
            "phone, branch, messenger, whatsapp.",
        ),
        (
            ["--received", "2025-04-29", "--policy", "nowhere.yaml"],
            "nowhere.yaml:1: the file: cannot be read (No such file or directory): check its path and rights",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(arguments: list[str], sentence: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stderr == f"{sentence}\n"
    assert result.stdout == ""


def test_the_day_of_reception_is_needed() -> None:
    result = run()
    assert result.exit_code == 2
    assert "--received" in result.stderr
