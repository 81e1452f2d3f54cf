"""`echeance size`: what it prints, and how it refuses."""

import json

import pytest
from typer.testing import CliRunner, Result

from cli.size import size_app

FILES = {"volume": "300", "minutes": "12", "hours": "7", "absence": "0.40"}
CALLS = {"per-hour": "60", "seconds": "300", "target-seconds": "20", "service": "0.80"}


def run(what: str, options: dict[str, str], *flags: str) -> Result:
    return CliRunner().invoke(size_app, [what, *(f"--{name}={value}" for name, value in options.items()), *flags])


def test_files_are_told_step_by_step() -> None:
    result = run("files", FILES)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "1. 300 files a day × 12 minutes = 60 hours of work.",
        "2. 7 hours a day × (1 − 40% of absence) = 4.2 hours per person.",
        "3. 60 hours ÷ 4.2 hours = 14.29 full-time staff, rounded up to 15.",
        "Source: Mémoire de la direction des opérations (2022)",
    ]


def test_the_json_has_the_numbers_and_the_steps() -> None:
    told = json.loads(run("files", FILES, "--json").stdout)
    assert list(told) == ["asked", "staff", "people", "steps", "source"]
    assert (told["staff"], told["people"]) == (14.29, 15)
    assert [step["name"] for step in told["steps"]] == ["work", "time_per_person", "staff"]


def test_calls_are_told_in_french() -> None:
    told = run("calls", CALLS, "--language", "fr").stdout.splitlines()
    assert told[1] == "2. Répondre à 80\u00a0% des appels en 20 secondes prend 8 téléconseillers (Erlang C)."


def test_a_french_comma_is_a_decimal_point() -> None:
    assert run("files", FILES | {"absence": "0,40"}, "--json").stdout == run("files", FILES, "--json").stdout


@pytest.mark.parametrize(
    ("what", "options", "sentence"),
    [
        ("files", FILES | {"absence": "1"}, "--absence: A share of 1 is everybody, and nobody would be left to work. "),
        ("files", FILES | {"absence": "nan"}, "--absence: 'nan' is not a number. Write one such as 12 or 0.40."),
        ("files", FILES | {"volume": "1e9"}, "--volume: '1e9' is not a number. Write one such as 12 or 0.40."),
        ("files", FILES | {"hours": "25"}, "--hours: A day has 24 hours, not 25. "),
        (
            "calls",
            CALLS | {"service": "1"},
            "--service: No number of agents answers a share of 1 of all calls in time.",
        ),
        ("calls", CALLS | {"target-seconds": "-1"}, "--target-seconds: This number cannot be below zero, as -1 is."),
        ("calls", CALLS | {"language": "de"}, "--language: 'de' is not a language of these words. Write en or fr."),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(what: str, options: dict[str, str], sentence: str) -> None:
    result = run(what, options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1
